"""What is read of a model's output: thoughts, names, turns, echoes, repeats and marks are not."""

from collections import Counter
from pathlib import Path

import pytest

from tests.session.replies import (
    BEES,
    FALSELY_CUT,
    LONG,
    OTHERS,
    OUTPUTS,
    OWN,
    Habit,
    Output,
    counts,
)
from tzurot.llm.streaming import TextDelta
from tzurot.llm.thoughts import ThoughtSeparator
from tzurot.session.cleaning import Cut, ReplyCleaner, Why, told_why

PAGE = Path(__file__).parent.parent.parent / "docs/reference/replies.md"
WHYS = {
    Habit.NAME: Why.NAME,
    Habit.TURN: Why.TURN,
    Habit.ECHO: Why.ECHO,
    Habit.REPEAT: Why.REPEAT,
    Habit.MARK: Why.MARK,
}


def read(*deltas: str, said: str = "", before: str = "") -> tuple[str, list[Cut]]:
    """The reply as a person reads it at its end, and what was cut."""
    separator = ThoughtSeparator()
    cleaner = ReplyCleaner(OWN, OTHERS, answers=said, before=before)
    told = [it for delta in deltas for it in separator.feed(delta)] + separator.end()
    pieces = [cleaner.feed(it.text) for it in told if isinstance(it, TextDelta)]
    return "".join([*pieces, cleaner.finish()]).strip(), cleaner.cuts


@pytest.mark.parametrize("it", (*OUTPUTS, *FALSELY_CUT), ids=lambda it: it.written[:30])
def test_what_is_to_be_read_is_read_however_the_stream_is_cut(it: Output) -> None:
    assert read(it.written, said=it.said)[0] == it.read
    assert read(*it.written, said=it.said)[0] == it.read
    for at in range(0, len(it.written), 1 + len(it.written) // 12):
        assert read(it.written[:at], it.written[at:], said=it.said)[0] == it.read


@pytest.mark.parametrize("it", OUTPUTS, ids=lambda it: it.written[:30])
def test_what_is_cut_is_noted_and_nothing_else(it: Output) -> None:
    cuts = {cut.why for cut in read(it.written, said=it.said)[1]}
    if it.habit is Habit.NONE:
        assert cuts == set()
    elif it.habit in WHYS:
        assert WHYS[it.habit] in cuts


def test_the_table_is_large_enough_and_the_page_has_its_counts() -> None:
    found = Counter(it.habit for it in OUTPUTS)
    assert len(OUTPUTS) + len(FALSELY_CUT) >= 60
    assert found[Habit.NONE] >= 25
    assert min(found.values()) >= 5
    assert counts() in PAGE.read_text()
    assert all(told_why(why) for why in Why)


def test_what_was_said_before_a_skill_is_not_said_again() -> None:
    assert read(f"{LONG}\n\nBees.", before=LONG)[0] == "Bees."
    assert read("Let me look.\n\nBees.", before="Let me look.")[0] == "Let me look.\n\nBees."


def test_an_echo_that_is_all_leaves_nothing() -> None:
    assert read(BEES, said=BEES)[0] == ""


@pytest.mark.parametrize(
    ("delta", "told"),
    [
        ("I keep", ""),  # what was said begins like this
        ("I kept", "I kept"),
        (f"{BEES}", ""),
        (f"{BEES} ", ""),
        (f"{BEES} Y", f"{BEES} Y"),
        (f"{BEES}\n", ""),
        ("Ada: I keep", ""),
    ],
)
def test_only_what_could_still_be_an_echo_waits(delta: str, told: str) -> None:
    assert ReplyCleaner(OWN, OTHERS, answers=BEES).feed(delta) == told


@pytest.mark.parametrize(
    ("delta", "told"),
    [
        (f"{LONG}\n\n*She", LONG),
        (f"{LONG}\n\n*She l", f"{LONG}\n\n*She l"),
        (f"{LONG}\n\n{LONG}\n\nYes", f"{LONG}\n\nYes"),
    ],
)
def test_only_what_could_still_be_a_repetition_waits(delta: str, told: str) -> None:
    assert ReplyCleaner(OWN, OTHERS).feed(delta) == told
