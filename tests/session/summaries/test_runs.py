"""Which messages are summarized together."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.session.composing import line
from tzurot.session.summaries.naming import named
from tzurot.session.summaries.runs import LEAST, MOST, TOLD, Passed, runs
from tzurot.session.turns import Line


def talk(count: int) -> list[Passed]:
    """Messages of a person and a character in turn."""
    return [
        Passed(line(f"L{it}", by_person=it % 2 == 0), None, withheld=False) for it in range(count)
    ]


def summarized(passed: list[Passed], start: int, end: int) -> list[Passed]:
    """The same, some of it with a summary."""
    known = uuid4()
    return [
        replace(it, summary_id=known) if start <= place < end else it
        for place, it in enumerate(passed)
    ]


def sizes(passed: list[Passed]) -> list[int]:
    return [len(it) for it in runs(passed)]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, []),
        (LEAST - 1, []),
        (LEAST, [LEAST]),
        (MOST, [MOST]),
        (MOST + 1, [16, 17]),
        (100, [24, 26, 24, 26]),
    ],
)
def test_enough_of_it_in_as_few_as_there_can_be(count: int, expected: list[int]) -> None:
    assert sizes(talk(count)) == expected


def test_what_lies_between_summaries_is_one_however_short() -> None:
    passed = summarized(summarized(talk(40), 0, 18), 20, 36)
    (between,) = runs(passed)
    assert [it.text for it in between] == ["L18", "L19"]


def test_a_single_one_between_them_waits() -> None:
    assert runs(summarized(summarized(talk(40), 0, 19), 20, 40)) == []


def test_what_lies_within_one_is_together_and_waits_until_it_is_enough() -> None:
    """Of two who talk in turn only one had wanted it."""
    known = uuid4()
    passed = [
        replace(it, summary_id=known if place % 4 < 2 else None)
        for place, it in enumerate(talk(LEAST * 2 + 2))
    ]
    (within,) = runs(passed)
    assert [it.text for it in within][:4] == ["L2", "L3", "L6", "L7"]
    assert len(within) == LEAST
    assert runs(passed[4:]) == []


def test_one_that_others_talk_into_counts_once() -> None:
    known = uuid4()
    split = [
        replace(it, summary_id=known if place % 4 < 2 else None)
        for place, it in enumerate(talk(LEAST * 2 - 4))
    ]
    assert sizes([*talk(MOST * TOLD), *split]) == [MOST] * (TOLD - 1)


def test_each_begins_with_what_somebody_says() -> None:
    assert all(run[0].by_person for run in runs(talk(101)))


def test_no_more_are_made_than_could_be_told() -> None:
    found = runs(talk(MOST * (TOLD + 3)))
    assert len(found) == TOLD
    assert found[-1][-1].text == f"L{MOST * (TOLD + 3) - 1}"
    known = talk(MOST * (TOLD + 3))
    for number in range(3, TOLD + 3):
        known = summarized(known, MOST * number, MOST * (number + 1))
    assert runs(known) == []


def test_of_a_round_of_which_something_is_withheld_nothing_is_told() -> None:
    passed = talk(20)
    passed[5] = replace(passed[5], withheld=True)
    (run,) = runs(passed)
    assert [it.text for it in run][3:5] == ["L3", "L6"]


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from([None, 1, 2]), st.booleans()), max_size=200)
)
def test_no_message_is_in_two_runs_nor_in_another_order(
    shape: list[tuple[bool, int | None, bool]],
) -> None:
    passed = [
        Passed(line(f"{place}", by_person=by), UUID(int=known) if known else None, withheld)
        for place, (by, known, withheld) in enumerate(shape)
    ]
    ids = [it.message_id for run in runs(passed) for it in run]
    free = [it.line.message_id for it in passed if not it.summary_id and not it.withheld]
    assert ids == [it for it in free if it in set(ids)]
    assert all(2 <= len(run) <= MOST + MOST // 4 for run in runs(passed))


def said_by(name: str, who: int = 0) -> Line:
    return replace(line("…"), author_name=name, persona_id=UUID(int=who), person_id=UUID(int=who))


def test_two_of_one_name_are_told_apart_and_one_keeps_one_name() -> None:
    lines = [said_by("Ada", 2), said_by("ada", 1), said_by("Ada: x", 3), said_by("Ada B.", 2)]
    assert named(lines) == ["Ada (2)", "ada", "Ada x", "Ada (2)"]
    assert named([line("…", by_person=False), said_by("Lilith", 1)]) == ["Lilith", "Lilith (2)"]
    assert named([said_by("\u200b:", 1)]) == ["User"]
