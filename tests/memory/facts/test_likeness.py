"""Facts in other words, and facts that are only near: two tables, and how many are told apart."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

import pytest
import yaml

from tzurot.memory.facts.forgetting import forgotten
from tzurot.memory.facts.sense import sense_of
from tzurot.memory.facts.words import Kind
from tzurot.memory.meaning import Meaning

_HERE = Path(__file__).parent
_NAMES = ["Ada"]


class Pair(NamedTuple):
    """A fact that was forgotten, and another one."""

    fact: str
    other: str
    is_same: bool


def _pairs(name: str) -> Iterator[Pair]:
    tables = cast("list[dict[str, list[str]]]", yaml.safe_load((_HERE / name).read_text()))
    for it in tables:
        fact = cast("str", it["fact"])
        yield from (Pair(fact, other, True) for other in it["same"])
        yield from (Pair(fact, other, False) for other in it["other"])


async def _wrong(name: str, meaning: Meaning) -> tuple[list[Pair], list[Pair]]:
    """Paraphrases that are not recognized, and others that are."""
    missed: list[Pair] = []
    false: list[Pair] = []
    for pair in _pairs(name):
        gone = forgotten(pair.fact, await meaning.of_statement(pair.fact), _NAMES)
        sense, vector = sense_of(pair.other, _NAMES), await meaning.of_statement(pair.other)
        recognized = gone.recognizes(sense, vector)
        if recognized != pair.is_same:
            (missed if pair.is_same else false).append(pair)
    return missed, false


@pytest.mark.parametrize(
    ("name", "facts", "same", "missed", "others", "false"),
    [
        # 36 facts: 151 of 159 paraphrases (95 %) are recognized, 3 of 132 others (2 %).
        ("paraphrases.yaml", 36, 159, 8, 132, 3),
        # 15 facts that nothing was fitted to: 39 of 47 (83 %), and 2 of 40 (5 %).
        ("unseen_paraphrases.yaml", 15, 47, 8, 40, 2),
    ],
)
async def test_other_words_are_recognized_and_other_facts_are_not(
    meaning: Meaning, name: str, facts: int, same: int, missed: int, others: int, false: int
) -> None:
    pairs = list(_pairs(name))
    assert len({it.fact for it in pairs}) == facts
    assert (sum(it.is_same for it in pairs), sum(not it.is_same for it in pairs)) == (same, others)
    not_recognized, falsely = await _wrong(name, meaning)
    assert len(not_recognized) <= missed, not_recognized
    assert len(falsely) <= false, falsely


async def test_a_fact_is_the_same_as_itself(meaning: Meaning) -> None:
    for fact in sorted({it.fact for it in _pairs("paraphrases.yaml")}):
        vector = await meaning.of_statement(fact)
        assert forgotten(fact, vector, _NAMES).recognizes(sense_of(fact, _NAMES), vector)


def test_what_is_kept_has_none_of_the_words() -> None:
    text = "Ada's brother is called Tom."
    gone = forgotten(text, [1.0], _NAMES)  # pyright: ignore[reportArgumentType] - any vector
    again = forgotten(text, [1.0], _NAMES)  # pyright: ignore[reportArgumentType]
    assert gone.marks
    assert not gone.marks & again.marks  # each has a salt of its own


@pytest.mark.parametrize(
    ("text", "kind", "members"),
    [
        ("Ada is thirty-four years old.", Kind.NUMBER, {"34"}),
        ("Ada ist 34 Jahre alt.", Kind.NUMBER, {"34"}),
        ("Ada can't stand cilantro.", Kind.FEELING, {"dislike"}),
        ("Ada doesn't like cilantro.", Kind.FEELING, {"dislike"}),
        ("Ada mag keinen Koriander.", Kind.FEELING, {"dislike"}),
        ("A Ada no le gusta el cilantro.", Kind.FEELING, {"dislike"}),
        ("Ada is a mother of two.", Kind.KIN, {"child"}),
        ("Ada and her husband divorced.", Kind.KIN, {"divorced"}),
        ("Adas Bruder heißt Tom.", Kind.KIN, {"brother"}),
        ("Ada's birthday is on the 12th of May.", Kind.MONTH, {"may"}),
        ("Ada gave up coffee.", Kind.NOT, {"not"}),
        ("Ada keeps bees.", Kind.NOT, set()),
    ],
)
def test_words_of_a_class_mean_the_same_in_three_languages(
    text: str, kind: Kind, members: set[str]
) -> None:
    assert sense_of(text, _NAMES).of(kind) == members
