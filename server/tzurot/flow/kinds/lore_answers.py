"""What was entered in the forms of lorebooks, as changes. Pure.

A change names only what was entered otherwise than it was shown: the rest stays as it is, to the
last sign.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tzurot.flow.kind import Answers, Refused
from tzurot.flow.kinds import lore_forms
from tzurot.flow.kinds.lore_forms import NEW_BOOK, NEW_ENTRY
from tzurot.formats.found import LoreEntry
from tzurot.formats.lorebooks.v3 import is_regex
from tzurot.formats.narrowing import number
from tzurot.personality.lore.settings import Logic
from tzurot.personality.lore.verdicts import Where
from tzurot.personality.lore_editing import EntryChange

# As lorebook.proto has them.
_KEYS, _KEY = 500, 1000  # of them, and characters of each
_MESSAGES = 1_000_000


@dataclass(frozen=True, slots=True)
class _Whole:
    """A whole number that may be left out."""

    least: int
    most: int


_WHOLES = {
    "token_budget": _Whole(0, 10_000_000),
    "scan_depth": _Whole(0, 1000),
    "depth": _Whole(0, 10_000),
    "probability": _Whole(0, 100),
    "sticky": _Whole(0, _MESSAGES),
    "cooldown": _Whole(0, _MESSAGES),
    "delay": _Whole(0, _MESSAGES),
}


def book_values(answers: Answers) -> dict[str, str | int | bool | None]:
    """What the form of a book says.

    Raises:
        Refused: a number is none.
    """
    entered = {key: _entered(answers, key) for key in answers}
    _refuse(entered)
    values: dict[str, str | int | bool | None] = {
        key: entered[key] for key in NEW_BOOK if key in entered
    }
    for key in ("token_budget", "scan_depth"):
        if key in entered:
            values[key] = _as_whole(entered[key])
    if said := entered.get("recursive_scanning"):
        values["recursive_scanning"] = None if said == "default" else said == "true"
    return values


def new_entry(answers: Answers) -> EntryChange:
    """The entry that a form describes.

    Raises:
        Refused: there are too many keys, or too long ones.
    """
    entered = {key: _entered(answers, key) for key in NEW_ENTRY}
    _refuse(entered)
    keys = _lines(entered["new_keys"])
    return EntryChange(
        {
            "name": entered["new_name"],
            "keys": keys,
            "content": entered["new_content"],
            "constant": entered["new_constant"] == "true",
            "use_regex": any(map(is_regex, keys)),
        }
    )


def entry_change(entry: LoreEntry, answers: Answers, etag: str) -> EntryChange:
    """What a form says otherwise than the entry does.

    Raises:
        Refused: a number is none, or there are too many keys, or too long ones.
    """
    shown = lore_forms.shown(entry)
    entered = {key: value for key in answers if (value := _entered(answers, key)) != shown[key]}
    _refuse(entered)
    fields, settings = dict[str, object](), dict[str, object]()
    for key, value in entered.items():
        if key in _FIELDS:
            fields |= _field(entry, key, value)
        elif key != "place":
            settings |= _setting(key, value)
    place = Where(entered["place"]) if "place" in entered else None
    return EntryChange(fields, settings, place, etag)


_FIELDS = frozenset({"keys", "secondary_keys", "enabled", "constant", "content", "name", "order"})


def _field(entry: LoreEntry, key: str, value: str) -> dict[str, object]:
    match key:
        case "keys" | "secondary_keys":
            keys = _lines(value)
            fields: dict[str, object] = {key: keys}
            if not entry.use_regex and any(map(is_regex, keys)):
                # Beside patterns, secondary keys count only if it is said how: lore_editing does.
                fields = {"secondary_keys": entry.secondary_keys, **fields, "use_regex": True}
            return fields
        case "enabled" | "constant":
            return {key: value == "true"}
        case "order":
            return {"insertion_order": float(value)}
        case _:
            return {key: value}


def _setting(key: str, value: str) -> dict[str, object]:
    """By SillyTavern's names; None takes one out."""
    match key:
        case "logic":
            return {"selectiveLogic": int(Logic[value.upper()])}
        case "group":
            return {"group": value}
        case "probability":
            return {key: _as_whole(value), "useProbability": True if value else None}
        case _:
            return {key: _as_whole(value)}


def _refuse(entered: Mapping[str, str]) -> None:
    errors = dict(_problems(entered))
    if errors:
        raise Refused(errors=errors)


def _problems(entered: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, value in entered.items():
        if (whole := _WHOLES.get(key)) and value and not _fits(value, whole):
            yield key, f"A whole number from {whole.least:,} to {whole.most:,} fits here."
        if key == "order" and number(value) is None:
            yield key, "A number fits here."
        if key.endswith("keys"):
            keys = _lines(value)
            if len(keys) > _KEYS:
                yield key, f"At most {_KEYS} keys fit; these are {len(keys):,}."
            elif any(len(it) > _KEY for it in keys):
                yield key, f"A key has at most {_KEY:,} characters."


def _fits(value: str, whole: _Whole) -> bool:
    found = number(value)
    return found is not None and found.is_integer() and whole.least <= found <= whole.most


def _as_whole(value: str) -> int | None:
    return int(float(value)) if value else None


def _entered(answers: Answers, key: str) -> str:
    return "".join(answers.get(key, ()))


def _lines(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(it.strip() for it in value.splitlines() if it.strip()))
