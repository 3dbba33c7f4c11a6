"""Small talk about nothing that anybody will look for: what others are measured by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Everyday:
    """An exchange of two, and a question that it answers."""

    person: tuple[str, str]
    """Who, and what they say."""
    reply: tuple[str, str]
    question: str


EVERYDAY = (
    Everyday(
        ("Sam", "The weather was nice today, so I walked home."),
        ("Kim", "That sounds pleasant. Did you see anything interesting on the way?"),
        "How did Sam get home?",
    ),
    Everyday(
        ("Kim", "What did you do at the weekend?"),
        ("Sam", "Not much, I cleaned the flat and watched a film."),
        "How did Sam spend the weekend?",
    ),
    Everyday(
        ("Lee", "I think the meeting went well, but I am tired now."),
        ("Ana", "Then get some rest. We can talk tomorrow."),
        "How was Lee's meeting?",
    ),
    Everyday(
        ("Ana", "Can you help me with something?"),
        ("Lee", "Of course, tell me what you need."),
        "Who asked for help?",
    ),
    Everyday(
        ("Jonas", "Ich war gestern einkaufen und habe gekocht."),
        ("Mia", "Klingt gut! Was gab es denn?"),
        "Wann war Jonas einkaufen?",
    ),
    Everyday(
        ("Mia", "Wie geht es dir heute?"),
        ("Jonas", "Ganz gut, danke. Und dir?"),
        "Wie geht es Jonas?",
    ),
    Everyday(
        ("Luis", "Ayer llegué tarde porque perdí el tren."),
        ("Eva", "¡Qué mala suerte! ¿Y qué hiciste?"),
        "¿Por qué llegó tarde Luis?",
    ),
    Everyday(
        ("Chloé", "J'ai lu un livre toute la journée."),
        ("Paul", "De quoi parle-t-il ?"),
        "Qu'a fait Chloé toute la journée ?",
    ),
    Everyday(
        ("Олег", "Сегодня я долго работал и устал."),
        ("Нина", "Отдохни немного, завтра будет легче."),
        "Почему Олег устал?",
    ),
    Everyday(
        ("小李", "今天天气很好，我去公园散步了。"),
        ("小王", "听起来不错，你一个人去的吗？"),
        "小李去哪里散步了？",
    ),
    Everyday(
        ("健", "昨日は友達と映画を見ました。"),
        ("花", "楽しかったですか？"),
        "健は誰と映画を見ましたか？",
    ),
    Everyday(
        ("Rita", "Preciso de comprar pão e leite."),
        ("João", "Eu vou contigo."),
        "O que precisa a Rita de comprar?",
    ),
)

# How people greet, ask how it goes and ask back, thank and take leave: remarks that bring nothing
# to mind.
PLEASANTRIES = (
    *("Hello!", "Hi, how are you?", "Good morning!", "Good night!", "Thank you!", "Okay."),
    *("Bye, see you later!", "And you?"),
    *("Hallo!", "Wie geht es dir?", "Guten Morgen!", "Gute Nacht!", "Vielen Dank!"),
    *("Tschüss, bis später!", "Und dir?"),
    *("¡Hola!", "¿Cómo estás?", "¡Buenos días!", "¡Buenas noches!", "¡Gracias!", "¡Hasta luego!"),
    "¿Y tú?",
    *("Bonjour !", "Comment ça va ?", "Bonne nuit !", "Merci !", "À bientôt !", "Et toi ?"),
    *("Привет!", "Как дела?", "Доброе утро!", "Спасибо!", "Пока!", "А ты?"),
    *("Ciao!", "Buongiorno!", "Grazie!", "Olá!", "Bom dia!", "Obrigado!"),
    *("你好！", "谢谢！", "再见！", "こんにちは！", "ありがとう！", "おやすみなさい！"),
)
