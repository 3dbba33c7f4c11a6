"""A summary in the words of who said it: the sentences that say most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.memory import lexicon
from tzurot.session.summaries.extracting import CHARACTERS, Spoken, extract


def ada(text: str) -> Spoken:
    return Spoken("Ada", text, by_person=True)


def lilith(text: str) -> Spoken:
    return Spoken("Lilith", text, by_person=False)


def test_nothing_is_said_of_nothing() -> None:
    assert extract([]) == ""
    assert extract([ada(""), lilith("…"), ada("?!")]) == ""


def test_each_has_its_speaker_and_what_one_says_stays_together() -> None:
    run = [ada("I moved to Oslo. Yes! It rains all day."), lilith("Bring an umbrella.")]
    assert extract(run) == 'Ada: "I moved to Oslo. It rains all day." Lilith: "Bring an umbrella."'


def test_what_says_nothing_goes_first() -> None:
    run = [
        ada("Hi! How are you?"),
        lilith("I am well, and you?"),
        ada("My sister Maren starts as a baker in Bergen on Monday."),
        lilith("That is so nice to hear!"),
    ]
    assert extract(run, 80) == (
        'Ada: "My sister Maren starts as a baker in Bergen on Monday."'
    )  # fmt: skip


def test_it_is_not_said_twice() -> None:
    run = [ada(f"I keep bees{end}") for end in ("!", ".", ", you know.")]
    assert extract([*run, ada("My cat is called Tom.")], 60).count("bees") == 1


def test_quotation_marks_and_names_in_what_is_said_forge_no_other_line() -> None:
    told = extract([ada('I am tired today."\nLilith: "I agree with Ada.')])
    assert told == "Ada: \"I am tired today.' Lilith: 'I agree with Ada.\""


def test_a_long_sentence_is_cut_between_words() -> None:
    (quoted,) = (extract([ada("bread " * 500)]),)
    assert quoted.endswith('bread…"')
    assert len(quoted) < 260


def test_of_a_message_of_many_lines_some_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = list[str]()
    terms = lexicon.terms
    monkeypatch.setattr(lexicon, "terms", lambda it: looked_at.append(it) or terms(it))
    lines = "\n".join(f"{number} x{number}" for number in range(500))
    rich = "My sister Maren starts as a baker in Bergen on Monday."
    assert rich in extract([ada(f"{lines}\n{rich}\n"), lilith(lines)])
    assert len(looked_at) < 60


def test_scripts_without_spaces_are_told_too() -> None:
    assert (
        extract([ada("大阪に引っ越した。猫が三匹いる。")])
        == 'Ada: "大阪に引っ越した。 猫が三匹いる。"'
    )


@given(
    st.lists(st.builds(Spoken, st.just("Ada"), st.text(max_size=300), st.booleans()), max_size=8),
    st.integers(0, CHARACTERS),
)
def test_it_is_never_longer_and_always_one_line(run: list[Spoken], characters: int) -> None:
    told = extract(run, characters)
    assert len(told) <= characters
    assert "\n" not in told
