"""The guess of token counts, beside what the bundled model's tokenizer counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.llm import tokens
from tzurot.llm.streaming import ChatMessage, ModelRequest, Role, Tool, ToolCall

TOOL = Tool("memory_search", "Searches.", {"type": "object", "properties": {"query": {}}})

# Counted by llama.cpp's /tokenize with SmolLM2-135M-Instruct.
COUNTED = [
    (
        "My name is Ada and I keep bees. In spring the hives wake slowly; by Ma"
        "y they are loud enough to hear from the kitchen, and I leave the windo"
        "w open so that I can listen to them while I cook.",
        45,
    ),
    (
        'lol yeah idk tbh, she was like "nope, not today!!" and then we just... left? :D',
        28,
    ),
    (
        "Ich heiße Ada und halte Bienen. Im Frühling "
        "wachen die Völker langsam auf; im Mai sind s"
        "ie so laut, dass ich sie von der Küche aus h"
        "öre, und ich lasse das Fenster offen, währen"
        "d ich koche.",
        74,
    ),
    (
        "Меня зовут Ада, и я держу пчёл. Весной ульи "
        "просыпаются медленно, а к маю они гудят так "
        "громко, что слышно на кухне, и я оставляю ок"
        "но открытым, пока готовлю.",
        127,
    ),
    (
        "我叫艾达，我养蜜蜂。春天蜂箱慢慢醒来，到了五月，它们的嗡嗡声大得在厨房里都能听见，我做饭"
        "的时候总是把窗户开着。",
        108,
    ),
    (
        "제 이름은 에이다이고 꿀벌을 키웁니다. 봄이 되면 벌통이 천천히 깨어납니다.",
        80,
    ),
    (
        "اسمي آدا وأربي النحل. في الربيع تستيقظ الخلايا ببطء، وفي مايو تصبح صاخبة.",
        71,
    ),
    (
        "मेरा नाम एडा है और मैं मधुमक्खियाँ पालती हूँ। वसंत में छत्ते धीरे-धीरे जागते हैं।",
        95,
    ),
    (
        "😀🐝🍯❤️👩\u200d🚀🔥🔥🔥 🏳️\u200d🌈 🥺👉👈",
        48,
    ),
    (
        'def retention(age: timedelta, strength: float) -> float:\n    """Share '
        'still available."""\n    return math.exp(-age.total_seconds() / 86_400 '
        '/ strength)\n\nfor i in range(10):\n    if x[i] != y[i]:\n        print(f"'
        '{i}: {x[i]!r}")\n',
        80,
    ),
    (
        '{\n  "id": "0198c0f2-7a3e-7b1c-9d2e-5f6a7b8c9d0e",\n  "items": [\n    {\n '
        '     "a": 1.5,\n      "b": null\n    },\n    {\n      "a": 2,\n      "b": ['
        "\n        1,\n        2,\n        3\n      ]\n    }\n  ]\n}",
        96,
    ),
    (
        "3.14159265358979323846264338327950288419716939937510",
        52,
    ),
]


@pytest.mark.parametrize(("text", "counted"), COUNTED)
def test_the_guess_is_at_most_a_seventh_too_low_and_half_too_high(text: str, counted: int) -> None:
    assert counted * 6 / 7 <= tokens.estimate(text) <= counted * 1.5


# The same of what it hardly knows: spelled out byte by byte, more or less.
SPELLED_OUT = [
    ("Η κυψέλη ξυπνά αργά την άνοιξη και τον Μάιο βουίζει δυνατά.", 51),
    ("הכוורת מתעוררת לאט באביב ובמאי היא רועשת מאוד.", 49),
    ("გაზაფხულზე სკები ნელა იღვიძებენ და მაისში ხმაურობენ.", 97),
    ("Գարնանը փեթակները դանդաղ են արթնանում։", 72),
    ("នៅនិទាឃរដូវ សំបុកឃ្មុំភ្ញាក់ឡើងយឺតៗ។", 79),
    ("དཔྱིད་ཀར་སྦྲང་ཚང་དལ་བུས་སད།", 64),
    ("በፀደይ ወቅት ቀፎዎቹ ቀስ ብለው ይነቃሉ።", 63),
    ("வசந்த காலத்தில் தேனீக்கள் மெதுவாக விழித்தெழுகின்றன.", 90),
    ("Vào mùa xuân, những tổ ong thức dậy chậm rãi.", 37),
    ("𠀀𠀁𠀂𠀃𠀄𠀅𠀆𠀇", 32),
    ("𒀀𒀁𒀂𒀃𒀄", 20),
]


@pytest.mark.parametrize(("text", "counted"), SPELLED_OUT)
def test_of_scripts_that_the_model_hardly_knows_at_most_a_third_is_missing(
    text: str, counted: int
) -> None:
    assert counted * 2 / 3 <= tokens.estimate(text) <= counted * 1.5


@given(st.text(), st.text())
def test_more_text_never_takes_fewer_tokens(text: str, more: str) -> None:
    assert tokens.estimate(text) <= tokens.estimate(text + more)


@given(st.text(min_size=1))
def test_only_nothing_takes_no_token(text: str) -> None:
    assert tokens.estimate("") == 0
    assert tokens.estimate(text) >= 1


def test_a_prompt_counts_its_messages_calls_and_tools() -> None:
    message = ChatMessage(Role.USER, "I keep bees.")
    call = ChatMessage(Role.ASSISTANT, "", (ToolCall("a", "memory_search", '{"query": "bees"}'),))
    plain = tokens.of_prompt(ModelRequest((message,)))
    assert plain == tokens.TOKENS_PER_MESSAGE + tokens.estimate("I keep bees.")
    assert tokens.of_prompt(ModelRequest((message, call))) > plain + tokens.TOKENS_PER_MESSAGE
    assert tokens.of_prompt(ModelRequest((message,), (TOOL,))) > plain
