"""Cutting a text into passages: nothing is lost, none is too long, no word is cut."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.personality.knowledge.passages import LONGEST, OVERLAP, spans, split

SENTENCE = "The old harbor of Ys lies under the sea, and its bells ring on quiet nights. "
pieces = st.sampled_from([SENTENCE, "word ", "\n", "\n\n", "。", "x" * 300, "Ende! ", "\r\n", "é "])
texts = st.lists(pieces | st.text(max_size=40), max_size=120).map("".join)


@given(texts)
def test_all_of_the_text_is_in_its_passages_in_order(text: str) -> None:
    covered = 0
    for start, end in spans(text):
        assert start <= covered < end
        covered = end
    assert not text[covered:].strip()


@given(texts)
def test_no_passage_is_too_long_and_overlaps_are_short(text: str) -> None:
    before = 0
    for start, end in spans(text):
        assert 0 < end - start <= LONGEST
        assert before - start <= OVERLAP
        before = end
    assert all(0 < len(passage) <= LONGEST for passage in split(text))


@given(texts)
def test_no_word_is_cut_unless_it_is_longer_than_a_passage(text: str) -> None:
    if max(map(len, text.split()), default=0) > LONGEST - OVERLAP or "。" in text:
        return
    words = set(text.split())
    assert all(set(passage.split()) <= words for passage in split(text))


def test_a_short_text_is_one_passage() -> None:
    assert split("  The harbor is old.\n\nIt is quiet. ") == ["The harbor is old.\n\nIt is quiet."]


@pytest.mark.parametrize("blank", ["", "  ", "\n\n \n"])
def test_a_blank_text_has_none(blank: str) -> None:
    assert split(blank) == []


def test_a_passage_ends_with_its_paragraph_if_that_is_long_enough() -> None:
    paragraph = (SENTENCE * 10).strip()  # 780 characters
    first, second, *_ = split("\n\n".join([paragraph] * 3))
    assert first == paragraph
    assert second.endswith(paragraph)


def test_a_long_paragraph_is_cut_at_the_end_of_a_sentence() -> None:
    passages = split(SENTENCE * 40)
    assert len(passages) > 2
    assert all(passage.endswith("nights.") for passage in passages)
    assert all(passage.startswith("The old harbor") for passage in passages)


def test_each_begins_with_the_last_sentence_of_the_one_before() -> None:
    text = "".join(f"This is sentence number {number} of a long story. " for number in range(99))
    passages = split(text)
    assert len(passages) > 2
    for one, other in pairwise(passages):
        assert re.split(r"(?<=\.) ", other)[0] in one


def test_a_script_without_spaces_is_cut_at_its_full_stops() -> None:
    passages = split("今天天气很好我们去公园散步了。" * 200)
    assert all(passage.endswith("。") for passage in passages)


def test_something_endless_is_cut_anywhere() -> None:
    assert "".join(split("x" * 5000)) == "x" * 5000
