"""What people type for values of a character that are no plain texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.flow.kinds.entering import text_of, value_of

# Greetings as they are stored: not blank, without empty lines around them.
greetings = st.lists(
    st.lists(
        st.sampled_from(["", "---", "--- ", "\\---", "----", " ---", "a", "\\", "Sit."]), max_size=5
    )
    .map("\n".join)
    .map(lambda text: text.strip("\n"))
    .filter(lambda text: bool(text.strip())),
    max_size=4,
)


@given(greetings)
def test_greetings_come_back_as_they_were_shown(stored: list[str]) -> None:
    shown = text_of("alternate_greetings", stored)
    assert value_of("alternate_greetings", shown) == stored


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", []),
        ("---", []),
        ("Sit.", ["Sit."]),
        ("Sit.\r\n---\r\nGo.", ["Sit.", "Go."]),
        ("\n\nSit.\n\n---  \n\n---\n\nGo.\n", ["Sit.", "Go."]),
        ("Sit.\n\\---\nGo.", ["Sit.\n---\nGo."]),
        ("Sit --- down.\n----\nNow.", ["Sit --- down.\n----\nNow."]),
    ],
)
def test_greetings_are_parted_by_lines_of_three_dashes(typed: str, read: list[str]) -> None:
    assert value_of("alternate_greetings", typed) == read


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("tags", ["calm", "old"], "calm, old"),
        ("definition_visible", True, "true"),
        ("definition_visible", False, "false"),
        ("depth_prompt_depth", 0, "0"),
        ("name", "Lilith", "Lilith"),
    ],
)
def test_a_value_is_typed_as_it_is_shown(key: str, value: object, text: str) -> None:
    assert text_of(key, value) == text  # type: ignore[arg-type] - of its own type
    assert value_of(key, text) == value


def test_an_empty_depth_is_the_usual_one() -> None:
    assert value_of("depth_prompt_depth", "") == 4


def test_what_is_no_number_is_no_depth() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        value_of("depth_prompt_depth", "many")
