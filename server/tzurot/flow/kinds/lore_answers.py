"""What was entered in the forms of lorebooks, as changes. Pure.

A change names only what was entered otherwise than it was shown: the rest stays as it is, to the
last sign.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tzurot.flow.kind import Answers, Refused
from tzurot.flow.kinds import lore_forms
from tzurot.flow.kinds.lore_forms import NEW_BOOK, NEW_ENTRY
from tzurot.formats.found import LoreEntry
from tzurot.formats.lorebooks.v3 import is_regex
from tzurot.formats.narrowing import number
from tzurot.personality.lore.settings import Logic
from tzurot.personality.lore.verdicts import Role, Where
from tzurot.personality.lorebooks.lore_editing import EntryChange

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
    "group_weight": _Whole(0, 1_000_000),
    "delay_until_recursion": _Whole(0, 100),
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


def _field(entry: LoreEntry, key: str, value: str) -> dict[str, object]:
    """By the names of `LoreEntry`."""
    name, parsed = _FIELDS[key]
    fields: dict[str, object] = {name: parsed(value)}
    if key.endswith("keys") and not entry.use_regex and any(map(is_regex, _lines(value))):
        fields["use_regex"] = True
    if fields.get("use_regex") is True:
        # Beside patterns, secondary keys count only if it is said how: lore_editing does.
        return {"secondary_keys": entry.secondary_keys, **fields}
    return fields


def _setting(key: str, value: str) -> dict[str, object]:
    """By SillyTavern's names; None takes one out."""
    if key == "probability":
        return {key: _as_whole(value), "useProbability": True if value else None}
    if key in lore_forms.FLAGS:
        return {key: _is_true(value)}
    name, parsed = _SETTINGS.get(key, (key, _as_whole))
    return {name: parsed(value)}


def _refuse(entered: Mapping[str, str]) -> None:
    errors = dict(_problems(entered))
    if errors:
        raise Refused(errors=errors)


def _problems(entered: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, value in entered.items():
        if (whole := _WHOLES.get(key)) and value and not _fits(value, whole):
            yield key, f"A whole number from {whole.least:,} to {whole.most:,} fits here."
        is_number = key == "order" or (key == "priority" and value)
        if is_number and number(value) is None:
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


def _as_number(value: str) -> float | None:
    return float(value) if value else None


def _is_true(value: str) -> bool:
    return value == "true"


def _as_said(value: str) -> bool | None:
    return None if value == "default" else _is_true(value)


def _as_logic(value: str) -> int:
    return int(Logic[value.upper()])


def _as_role(value: str) -> int:
    return list(Role).index(Role(value))


def _as_round(value: str) -> int:
    """0 and False are the same there."""
    return _as_whole(value) or False


def _entered(answers: Answers, key: str) -> str:
    return "".join(answers.get(key, ()))


def _lines(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(it.strip() for it in value.splitlines() if it.strip()))


_FIELDS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "keys": ("keys", _lines),
    "secondary_keys": ("secondary_keys", _lines),
    "enabled": ("enabled", _is_true),
    "constant": ("constant", _is_true),
    "content": ("content", str),
    "name": ("name", str),
    "order": ("insertion_order", float),
    "use_regex": ("use_regex", _is_true),
    "case_sensitive": ("case_sensitive", _as_said),
    "priority": ("priority", _as_number),
}
_SETTINGS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "logic": ("selectiveLogic", _as_logic),
    "group": ("group", str),
    "match_whole_words": ("match_whole_words", _as_said),
    "delay_until_recursion": ("delay_until_recursion", _as_round),
    "role": ("role", _as_role),
    "outlet": ("outlet_name", str),
}
