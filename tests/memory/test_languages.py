"""Questions in one language on memories in another one: the embedding knows many, so recall does.

How many may be wrong is part of the test, so that a change for the worse fails.
"""

from tests.memory.talk import Talk

# fmt: off
TOLD = {
    "en": [
        "We adopted a grey cat called Momo.", "I am allergic to peanuts.",
        "My sister Clara will marry in June.", "I broke my leg skiing last winter.",
        "I work as a nurse in a children's hospital.", "My grandmother taught me to bake bread.",
        "I am afraid of flying.", "We spent the summer on a boat in Croatia.",
    ],
    "de": [
        "Wir haben eine graue Katze namens Momo.", "Ich vertrage keine Erdnüsse.",
        "Meine Schwester Clara heiratet im Juni.", "Ich habe mir im Winter das Bein gebrochen.",
        "Ich arbeite als Krankenschwester in einer Kinderklinik.",
        "Meine Großmutter hat mir das Brotbacken beigebracht.",
        "Ich habe Angst vor dem Fliegen.", "Den Sommer haben wir auf einem Boot verbracht.",
    ],
    "es": [
        "Adoptamos un gato gris que se llama Momo.", "Soy alérgica a los cacahuetes.",
        "Mi hermana Clara se casa en junio.", "Me rompí la pierna esquiando el invierno pasado.",
        "Trabajo de enfermera en un hospital infantil.", "Mi abuela me enseñó a hacer pan.",
        "Me da miedo volar en avión.", "Pasamos el verano en un barco en Croacia.",
    ],
}
ASKED = {
    "en": [
        "What pet do I have?", "Which food must I avoid?", "When is the wedding?",
        "How did I get hurt?", "What is my job?", "Who showed me how to bake?",
        "What am I scared of?", "Where were we on holiday?",
    ],
    "de": [
        "Welches Haustier habe ich?", "Was darf ich nicht essen?", "Wann ist die Hochzeit?",
        "Wie habe ich mich verletzt?", "Was ist mein Beruf?", "Wer hat mir das Backen gezeigt?",
        "Wovor fürchte ich mich?", "Wo waren wir im Urlaub?",
    ],
    "es": [
        "¿Qué mascota tengo?", "¿Qué comida debo evitar?", "¿Cuándo es la boda?",
        "¿Cómo me lastimé?", "¿En qué trabajo?", "¿Quién me enseñó a hornear?",
        "¿De qué tengo miedo?", "¿Dónde estuvimos de vacaciones?",
    ],
}
# fmt: on
PAIRS = (("de", "en"), ("es", "en"), ("en", "de"), ("en", "es"), ("de", "es"), ("es", "de"))
NOT_FIRST_AT_MOST = 10  # of 48


async def test_the_answer_comes_first_in_another_language(talk: Talk) -> None:
    missed: list[tuple[str, str, str]] = []
    for language, of in PAIRS:
        ada = await talk.owner()
        told = await talk.say_all(ada, TOLD[of])
        await talk.relay_all()
        for question, memory_id in zip(ASKED[language], told, strict=True):
            hits = await talk.asks(ada, question)
            if not hits or hits[0].memory_id != memory_id:
                missed.append((language, of, question))
    assert len(missed) <= NOT_FIRST_AT_MOST, missed
