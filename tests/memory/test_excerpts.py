"""What is shown of a memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tzurot.memory.excerpts import MAX_CHARACTERS, excerpt

LONG = (
    "I went to the market in the morning and bought apples, pears and a melon for my aunt. "
    "Then I met Tom, who talked about his new car for an hour and would not stop. "
    "In the evening my bees swarmed! We caught them in a box with my neighbor's help. "
    "After that we were so tired that we fell asleep on the sofa."
)


def test_a_short_text_is_shown_as_it_is() -> None:
    assert excerpt(" My name is Ada and I keep bees. ", ["name"]) == (
        "My name is Ada and I keep bees."
    )


def test_a_long_text_is_shown_from_the_sentence_that_fits() -> None:
    assert excerpt(LONG, ["bee", "swarm"]).startswith("…In the evening my bees swarmed!")


def test_without_a_fitting_sentence_it_is_shown_from_its_start_and_cut_between_words() -> None:
    shown = excerpt(LONG)
    assert shown.startswith("I went to the market")
    assert shown.endswith("…")
    assert LONG.startswith(shown[:-1])
    assert LONG[len(shown) - 1] == " "


def test_a_text_without_spaces_is_cut_too() -> None:
    assert excerpt("猫" * 500) == "猫" * (MAX_CHARACTERS - 1) + "…"


@pytest.mark.parametrize("text", ["", "…", "\n\n", "?" * 1000])
def test_odd_texts_have_excerpts(text: str) -> None:
    assert len(excerpt(text, ["bee"])) <= MAX_CHARACTERS


@given(some.text(min_size=150), some.lists(some.text()))
def test_an_excerpt_is_never_too_long(text: str, terms: list[str]) -> None:
    assert len(excerpt(text, terms)) <= MAX_CHARACTERS
