"""What kind of thing is told, by cues in four languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tzurot.memory import cues, sectors
from tzurot.memory.sectors import Sector, classify

SAID = {
    Sector.EPISODIC: """
I went to the lighthouse with my cousin yesterday.
We saw a heron by the river on Sunday.
Do you remember when the boiler broke at three in the morning?
My grandfather sold the farm two years ago.
We moved to Lisbon in 2019.
Gestern war ich mit Jonas beim Zahnarzt.
Weißt du noch, wie wir uns im Zug verlaufen haben?
Letzte Woche bin ich mit dem Rad nach Potsdam gefahren.
Am Samstag haben wir die Großeltern besucht.
Ayer fui al mercado con mi tía.
El año pasado viajamos a Oaxaca en autobús.
Hace dos días se rompió la lavadora.
¿Te acuerdas de la tormenta del puerto?
Hier soir nous sommes allés au théâtre.
L'année dernière, j'ai visité le Québec avec mes parents.
Samedi, on a vu un renard dans le jardin.
""",
    Sector.SEMANTIC: """
My name is Ada and I work as a nurse.
I'm allergic to peanuts.
The capital of Australia is Canberra.
My favorite color is green.
A heron is a kind of bird.
Ich heiße Jonas und wohne in Bremen.
Meine Schwester ist Lehrerin.
Wien ist die Hauptstadt von Österreich.
Ich bin allergisch gegen Katzen.
Me llamo Rosa y vivo en Sevilla.
Mi hermano es médico.
Madrid es la capital de España.
Je m'appelle Chloé et j'habite à Lyon.
Mon frère est boulanger.
Je suis allergique aux noix.
The blue mug belongs to Mia.
Two plus two is four.
""",
    Sector.PROCEDURAL: """
How do I bake sourdough without a Dutch oven?
First you preheat the oven, then you mix the flour with water.
Press and hold the button until it blinks.
Can you tell me how to install the printer?
Wie kann ich den Router neu starten?
Zuerst die Zwiebeln schneiden, anschließend alles umrühren.
Schritt für Schritt: klicke auf Einstellungen und installiere das Update.
¿Cómo se hace una tortilla?
Mezcla la harina con el agua y deja reposar la masa.
Para actualizar, haz clic en el icono y descarga el archivo.
Comment faire une pâte à crêpes ?
D'abord tu pétris la pâte, ensuite tu la fais cuire.
Appuyez sur le bouton, puis cliquez sur « Suivant ».
""",
    Sector.EMOTIONAL: """
I feel so lonely in this city.
I'm scared of the operation and I keep crying.
I love my daughter more than anything!!
That makes me furious.
Ich bin so traurig und vermisse meinen Hund.
Ich habe Angst vor der Prüfung.
Ich freue mich riesig!!
Me siento muy triste desde que se fue.
Estoy preocupada y tengo miedo.
¡Te quiero mucho!
Je me sens seule et j'ai peur.
Tu me manques tellement.
Je suis en colère contre mon frère.
My heart is broken 💔
""",
    Sector.REFLECTIVE: """
Looking back, I should have listened to her.
I realize now that silence taught me more than words.
I wonder why I always run away.
Im Nachhinein ist mir klar geworden, worauf es ankommt.
Ich frage mich, was der Sinn des Lebens ist.
Me di cuenta de que corría sin saber por qué.
Aprendí que no todo depende de mí.
Avec le recul, j'aurais dû partir plus tôt.
J'ai compris que je cherchais autre chose.
""",
}
# Each looks as if it told something that it does not tell.
FALSE_FRIENDS = """
Hope is coming over with Joy.
Please feel free to ask.
I'd love to hear that song.
Happy birthday, Sam!
Happy to help.
Das Buch ist hier auf dem Tisch.
Plácido Domingo singt.
Tut mir leid, das weiß ich nicht.
Familie Stolz wohnt nebenan.
Lo siento, no lo sé.
¡Feliz cumpleaños!
J'aimerais un café.
The pump is red.
Rote Weine stehen im Keller.
""".strip().splitlines()
SENTENCES = [
    (sector, sentence)
    for sector, sentences in SAID.items()
    for sentence in sentences.strip().splitlines()
]


def test_a_sentence_tells_what_it_tells_in_four_languages() -> None:
    assert len(SENTENCES) >= 60
    wrong = [
        (sentence, str(found))
        for sector, sentence in SENTENCES
        if (found := classify(sentence).sector) is not sector
    ]
    assert len(wrong) <= 1, wrong


def test_what_only_looks_like_a_cue_is_none() -> None:
    wrong = [it for it in FALSE_FRIENDS if classify(it).sector is not Sector.SEMANTIC]
    assert wrong == []


def test_without_a_cue_it_is_semantic_and_hardly_sure() -> None:
    for nothing in ("", " ", "hm", "今日は寒い。", "\x00"):
        found = classify(nothing)
        assert (found.sector, found.others, found.confidence) == (Sector.SEMANTIC, (), 0.2)


def test_each_cue_counts_once_times_its_sectors_weight() -> None:
    # Two emotional cues, 2 · 1.3; one episodic, 1.2: at least 1 and .3 · 2.6, so it stands beside.
    found = classify("Yesterday: happy, happy, so happy and excited.")
    assert found == sectors.Classified(
        Sector.EMOTIONAL, (Sector.EPISODIC,), pytest.approx(2.6 / (2.6 + 1.2 + 1))
    )


def test_a_single_faint_cue_does_not_stand_beside() -> None:
    # One reflective cue counts .8: less than 1.
    assert classify("Yesterday we went to the sea, and I regret it.").others == ()


def test_the_person_is_heard_before_the_reply() -> None:
    reply = "I'm so happy for you!! I feel proud."
    assert classify("How do I prune a rose?", reply).sector is Sector.PROCEDURAL
    assert classify("The rose is red.", reply).sector is Sector.EMOTIONAL


def test_what_is_said_explicitly_wins() -> None:
    found = classify("I feel sad.", explicit=Sector.REFLECTIVE)
    assert (found.sector, found.others) == (Sector.REFLECTIVE, (Sector.EMOTIONAL,))
    assert classify("", explicit=Sector.EPISODIC).sector is Sector.EPISODIC


def test_no_phrase_is_a_cue_of_two_sectors() -> None:
    lists = (cues.EPISODIC, cues.SEMANTIC, cues.PROCEDURAL, cues.EMOTIONAL, cues.REFLECTIVE)
    phrases = [
        set(each.replace("\n", ",").replace(", ", ",").strip(",").split(",")) - {""}
        for each in (*lists, cues.NO_CUES)
    ]
    assert sum(map(len, phrases)) == len(set().union(*phrases))


@given(some.text())
def test_any_text_has_a_sector(text: str) -> None:
    found = classify(text)
    assert found.sector not in found.others
    assert 0 < found.confidence < 1


@given(some.sampled_from(SENTENCES), some.integers(0, 30))
def test_words_that_are_no_cues_change_nothing(told: tuple[Sector, str], count: int) -> None:
    _, sentence = told
    assert classify(f"{sentence} {'lamp ' * count}") == classify(sentence)
