"""Words that come up again: rare ones, in any form, and whole where there are no spaces."""

import pytest

from tzurot.llm.embeddings import commonness
from tzurot.memory.graph.topics import topics


def found(*texts: str, known: tuple[str, ...] = ()) -> dict[str, int]:
    return {it.label: len(it.memories) for it in topics(texts, commonness, known)}


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (
            ("The lighthouse was dark.", "I love lighthouses.", "A lighthouse at the sea."),
            {"lighthouse": 3},
        ),
        (("Our beehives.", "Three beehives.", "The beehive hums."), {"beehives": 3}),
        (("Der Leuchtturm.", "Am Leuchtturm.", "Leuchtturm!"), {"Leuchtturm": 3}),
        (("Маяк был тёмный.", "Я люблю маяки.", "У маяка."), {"Маяк": 3}),
        (("小李今天去公园散步", "昨天小李说公园很好", "小李的公园"), {"公园": 3, "小李": 3}),
        (("昨日ラーメンを食べた", "ラーメンが好き", "田中とラーメン"), {"ラーメン": 3}),
    ],
)
def test_what_comes_up_in_three_memories_is_a_topic(
    texts: tuple[str, ...], told: dict[str, int]
) -> None:
    assert found(*texts) == told


@pytest.mark.parametrize(
    "text",
    [
        "I really like this and think it is good.",
        "Yeah, awesome! I'm so excited, wow.",
        "I will be at home next Monday in October.",
        "lighthouse",  # twice only
        "x xx 12345 67",
        "",
    ],
)
def test_everyday_words_are_none(text: str) -> None:
    assert found(*[text] * (2 if text == "lighthouse" else 5)) == {}


def test_one_memory_counts_a_word_once() -> None:
    assert found("lighthouse " * 9, "nothing", "else") == {}


def test_a_name_is_no_topic() -> None:
    assert found(*["We saw the lighthouse keeper."] * 3, known=("keeper",)) == {"lighthouse": 3}


def test_among_many_memories_it_has_to_come_up_more_often() -> None:
    many = ["Nothing."] * 2000
    assert found(*["A lighthouse."] * 9, *many) == {}
    assert found(*["A lighthouse."] * 10, *many) == {"lighthouse": 10}
