"""What both say of a person in a conversation, held against what is forgotten: a table."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import pytest
import yaml

from tzurot.memory.facts import sayings
from tzurot.memory.facts.forgetting import forgotten
from tzurot.memory.facts.sayings import Saying
from tzurot.memory.meaning import Meaning

_TABLE = Path(__file__).parent / "sayings.yaml"
_NAMES = ["Ada"]


class Case(NamedTuple):
    """Something that is said in a conversation, and a fact that was forgotten."""

    fact: str
    parts: Sequence[Saying]
    says_it: bool


def _cases() -> Iterator[Case]:
    tables = cast("list[dict[str, list[str]]]", yaml.safe_load(_TABLE.read_text()))
    for it in tables:
        fact = cast("str", it["fact"])
        for key, says_it in (("answers", True), ("others", False)):
            for text in it[key]:
                yield Case(fact, list(sayings.by_character(text, "Ada", _NAMES)), says_it)
        for key, says_it in (("own", True), ("own_others", False)):
            for text in it[key]:
                yield Case(fact, list(sayings.by_person(text, "Ada", _NAMES)), says_it)


async def test_what_says_it_is_recognized_and_what_is_near_it_is_not(meaning: Meaning) -> None:
    missed: list[Case] = []
    false: list[Case] = []
    cases = list(_cases())
    for case in cases:
        gone = forgotten(case.fact, await meaning.of_statement(case.fact), _NAMES)
        possible = [it for it in case.parts if gone.can_be(it.sense)]
        vectors = [await meaning.of_statement(it.told) for it in possible]
        told = zip(possible, vectors, strict=True)
        if any(gone.recognizes(it.sense, vector) for it, vector in told) != case.says_it:
            (missed if case.says_it else false).append(case)
    assert (sum(it.says_it for it in cases), sum(not it.says_it for it in cases)) == (32, 34)
    assert len(missed) <= 3, missed  # 29 of 32 are recognized
    assert len(false) <= 1, false  # and one of the 34 others


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("You keep bees on your roof.", ["Ada keep bees on Ada's roof."]),
        ("Dein Bruder heißt Tom.", ["Ada's Bruder heißt Tom."]),
        ("How nice, the bees!", ["How nice, the bees!", "How nice", "the bees!"]),
        ("Ada, she told me, keeps bees.", ["Ada, she told me, keeps bees.", "Ada", "keeps bees."]),
        ("My brother is called Tom.", []),
        ("He keeps bees.", []),
    ],
)
def test_of_what_a_character_says_that_counts_which_is_of_the_person(
    text: str, told: list[str]
) -> None:
    assert [it.told for it in sayings.by_character(text, "Ada", _NAMES)] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I keep bees.", ["Ada keep bees."]),
        ("Meine Bienen schwärmen.", ["Ada's Bienen schwärmen."]),
        ("*yawns* Bees again.", ["*yawns* Bees again.", "yawns", "Bees again."]),
        ("She keeps bees.", []),
        ("She told me of my bees.", ["She told Ada of Ada's bees."]),
    ],
)
def test_of_what_a_person_says_that_counts_which_is_of_them(text: str, told: list[str]) -> None:
    assert [it.told for it in sayings.by_person(text, "Ada", _NAMES)] == told
