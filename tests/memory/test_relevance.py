"""What is near enough to be cited: pairs in nine languages, measured with the bundled model.

Each row is something that a person once said, a question that it answers, and a remark that has
nothing to do with it. The formula and its floor are right for most, not for all: how many may be
wrong is part of the test, so that a change for the worse fails.
"""

from tests.memory.talk import Talk

# fmt: off
PAIRS = [
    ("My name is Ada and I keep bees.", "What is my name?", "Hello!"),
    ("My name is Ada and I keep bees.", "What do I keep?", "Can you tell me a joke?"),
    ("I am allergic to peanuts, so no satay.", "Which foods should I avoid?", "Good morning!"),
    ("My sister Clara will marry in June.", "When is the wedding?", "Who won the election?"),
    ("I broke my leg skiing last winter.", "How did I hurt myself?", "How are you?"),
    ("We adopted a grey cat called Momo.", "What is my pet called?", "Thanks, that helped."),
    ("I start my new job at the bakery on Monday.", "Where do I work now?", "Do you like dragons?"),
    ("My favorite film is Spirited Away.", "Which movie do I like best?", "It is raining today."),
    ("I failed my driving test twice.", "How often did I fail?", "Write a poem about the sea."),
    ("I grew up in a small village near Porto.", "Where am I from?", "ok"),
    ("I play the cello in an orchestra.", "Which instrument do I play?", "What's 17 times 23?"),
    ("My grandmother taught me to bake bread.", "Who taught me baking?", "Good night, sleep well."),
    ("Ich habe zwei Hunde, Max und Bello.", "Wie heißen meine Hunde?", "Hallo!"),
    ("Ich arbeite als Krankenschwester in Hamburg.", "Was arbeite ich?", "Erzähl mir einen Witz."),
    ("Meine Tochter geht jetzt in die Schule.", "Was macht meine Tochter?", "Danke, gute Nacht!"),
    ("Ich mag keinen Kaffee, nur Tee.", "Was trinke ich gern?", "Wie ist das Wetter heute?"),
    ("Mi madre vive en Sevilla.", "¿Dónde vive mi madre?", "¡Hola!"),
    ("Me llamo Lucía y estudio medicina.", "¿Cómo me llamo?", "¿Qué hora es?"),
    ("Tengo miedo a volar en avión.", "¿De qué tengo miedo?", "Cuéntame un chiste."),
    ("Меня зовут Иван, и я люблю рыбалку.", "Как меня зовут?", "Привет!"),
    ("Мой брат живёт в Казани.", "Где живёт мой брат?", "Расскажи анекдот."),
    ("Я пишу роман о море.", "О чём мой роман?", "Спасибо, пока!"),
    ("J'ai peur des araignées.", "De quoi ai-je peur ?", "Bonjour !"),
    ("Mon anniversaire est le 3 mai.", "C'est quand mon anniversaire ?", "Merci beaucoup."),
    ("Ho comprato una barca a vela.", "Che cosa ho comprato?", "Buongiorno!"),
    ("Moro em Lisboa com a minha avó.", "Com quem moro?", "Bom dia!"),
    ("我养了一只叫小白的猫。", "我的猫叫什么名字？", "你好！"),
    ("我在上海当老师。", "我的工作是什么？", "谢谢！"),
    ("私は京都に住んでいます。", "私はどこに住んでいますか？", "こんにちは！"),
    ("Ich habe zwei Hunde, Max und Bello.", "What are my dogs called?", "Hi there"),
    ("Mi madre vive en Sevilla.", "Where does my mother live?", "lol"),
    ("I broke my leg skiing last winter.", "Was habe ich mir gebrochen?", "Guten Tag!"),
]
# fmt: on
MISSED_AT_MOST = 1
CITED_IN_VAIN_AT_MOST = 0


async def test_what_was_said_is_cited_where_it_answers_and_nowhere_else(talk: Talk) -> None:
    missed: list[str] = []
    in_vain: list[str] = []
    for said, question, remark in PAIRS:
        ada = await talk.owner()
        await talk.say(ada, said, "How lovely! Tell me more about it.")
        await talk.relay_all()
        if not await talk.asks(ada, question):
            missed.append(question)
        if await talk.asks(ada, remark):
            in_vain.append(remark)
    assert len(missed) <= MISSED_AT_MOST, missed
    assert len(in_vain) <= CITED_IN_VAIN_AT_MOST, in_vain


async def test_a_greeting_cites_nothing_of_a_life(talk: Talk) -> None:
    ada = await talk.owner()
    for said in dict.fromkeys(said for said, _, _ in PAIRS):
        await talk.say(ada, said, "How lovely! Tell me more about it.")
    await talk.relay_all()
    for greeting in ("Hello!", "Hi there", "Good morning!", "Hallo!", "Thanks, that helped."):
        assert not await talk.asks(ada, greeting), greeting
    best, *_ = await talk.asks(ada, "What is my name?")
    assert best.person_text == "My name is Ada and I keep bees."


async def test_a_question_after_a_greeting_is_a_question(talk: Talk) -> None:
    ada = await talk.owner()
    await talk.say(ada, "We adopted a grey cat called Momo.", "How lovely!")
    await talk.relay_all()
    for greeting in ("Good morning!", "Hej!", "Guten Tag!", "Okay."):
        assert not await talk.asks(ada, greeting), greeting
    assert await talk.asks(ada, "Good morning! What is my cat called?")
    assert await talk.asks(ada, "Hallo! Wie heißt meine Katze?")
