"""What our own cards have in `extensions.tzurot` that is no plain text, read and written.

The custom fields, and whether the character is only for adults. Nonsense stays in the card.
"""

from collections.abc import Mapping

from tzurot.formats import custom_fields
from tzurot.formats.cards.notes import Notes
from tzurot.formats.custom_fields import Collected
from tzurot.formats.documents import Json
from tzurot.formats.found import Character, CustomField
from tzurot.formats.narrowing import is_list

NAMES = frozenset({"custom_fields", "age_restricted"})


def fields(ours: Mapping[str, Json], source: str, notes: Notes) -> tuple[CustomField, ...]:
    """The custom fields; `source` is where `ours` is."""
    source, value = f"{source}.custom_fields", ours.get("custom_fields")
    if not is_list(value):
        notes.keep(source, value, "It is no list.")
        return ()
    found = Collected()
    problems = found.add_rows(value)
    for number, problem in problems.items():
        sentence = f"{problem[0].upper()}{problem[1:]}."
        notes.keep(f"{source}[{number}]", value[number], sentence)
    if found.fields:
        notes.map(source, "custom_fields")
    return found.fields


def restriction(ours: Mapping[str, Json], source: str, notes: Notes) -> bool | None:
    """Whether the card is only for adults; None if it does not say."""
    source, value = f"{source}.age_restricted", ours.get("age_restricted")
    if not isinstance(value, bool):
        notes.keep(source, value, "It is neither true nor false.")
        return None
    if value:
        notes.map(source, "age_restricted")
    return value


def said(character: Character) -> dict[str, Json]:
    """What a card says of these, by our names; what is empty is not said."""
    rows: list[Json] = [*custom_fields.rows_of(character.custom_fields)]
    return {"custom_fields": rows, "age_restricted": bool(character.age_restricted)}
