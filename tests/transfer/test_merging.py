"""Three values of a field, and which of them it has afterwards: a table."""

import pytest

from tzurot.formats.found import Character
from tzurot.transfer import merging
from tzurot.transfer.plans import OwnEdit

# What the last import brought (None: there was none), what the file says, what it is here, whether
# own edits are overwritten; what is set then (None: it stays), and whether it is told as own edit.
ROWS = [
    ("a", "a", "a", False, None, False),
    ("a", "b", "a", False, "b", False),  # nobody changed it here: it follows the file
    ("a", "b", "c", False, None, True),  # both changed it: it stays
    ("a", "b", "c", True, "b", False),
    ("a", "a", "c", False, None, True),  # only changed here
    ("a", "a", "c", True, "a", False),
    ("a", "b", "b", False, None, False),  # both came to the same
    ("a", "", "a", False, "", False),  # taken out of the file
    (None, "b", "c", False, "b", False),  # made here, and named by its person
]


@pytest.mark.parametrize(("before", "imported", "current", "overwrite", "value", "told"), ROWS)
def test_a_field_follows_the_file_unless_it_was_changed_here(
    before: str | None, imported: str, current: str, overwrite: bool, value: str | None, told: bool
) -> None:
    merged = merging.merge(
        {} if before is None else _fields(before),
        _fields(imported),
        _fields(current),
        overwrite=overwrite,
    )
    assert merged.values == ({} if value is None else {"greeting": value})
    assert merged.own_edits == ((OwnEdit("greeting", current, imported),) if told else ())


def test_an_own_edit_is_shown_with_200_characters() -> None:
    merged = merging.merge(_fields("a"), _fields("b" * 900), _fields("c" * 900), overwrite=False)
    (edit,) = merged.own_edits
    assert edit == OwnEdit("greeting", "c" * 199 + "…", "b" * 199 + "…")


@pytest.mark.parametrize(
    ("text", "stored"),
    [("plain", "plain"), ("a\0b", "ab"), ("\ud83d", "?"), ("\U0001f600", "\U0001f600")],
)
def test_a_text_is_stored_without_what_postgres_can_not_hold(text: str, stored: str) -> None:
    assert merging.storable(text) == stored


def _fields(greeting: str) -> dict[str, str | list[str]]:
    return merging.values_of(Character(name="Io", greeting=greeting, tags=("moon",)))
