"""A character that is imported again: the file's news, and what was edited here since. Pure.

For each field there are three values: what the last import brought, what the file says now, and
what it is here. A field that nobody changed here follows the file; one that was changed here stays,
unless its person wants the file's.
"""

import json
from collections.abc import Mapping
from typing import Any, cast

from tzurot.formats import custom_fields
from tzurot.formats.found import Character
from tzurot.personality.fields import LISTS, TEXTS, Value
from tzurot.transfer.plans import Merged, OwnEdit

_NOTE = ("depth_prompt_depth", "depth_prompt_role")
FIELDS = ("name", *TEXTS, *LISTS, *_NOTE, "regex_scripts", "custom_fields", "age_restricted")
BLANK: Mapping[str, Value] = {
    **dict[str, Value].fromkeys(("name", *TEXTS), ""),
    **{name: list[str]() for name in LISTS},
    "depth_prompt_depth": 4,
    "depth_prompt_role": "system",
    "regex_scripts": list[str](),
    "custom_fields": list[str](),
    "age_restricted": False,
}
"""What a character that was made by hand had before: all of it is an edit of its person."""
_SHOWN = 200  # characters of a value in a preview


def values_of(character: Character) -> dict[str, Value]:
    """The fields that a character has here, from what was found in a file.

    Without `age_restricted`, if the file does not say: it never lifts what was decided here.
    """
    texts: dict[str, Value] = {
        name: storable(getattr(character, name)) for name in ("name", *TEXTS)
    }
    lists: dict[str, Value] = {
        name: [storable(text) for text in getattr(character, name)] for name in LISTS
    }
    others: dict[str, Value] = {name: getattr(character, name) for name in _NOTE}
    others["regex_scripts"] = [_storable_row(row) for row in character.regex_scripts]
    rows = custom_fields.rows_of(character.custom_fields)
    others["custom_fields"] = [_storable_row(row) for row in rows]
    if character.age_restricted is not None:
        others["age_restricted"] = character.age_restricted
    return texts | lists | others


def merge(
    before: Mapping[str, Value],
    imported: Mapping[str, Value],
    current: Mapping[str, Value],
    *,
    overwrite: bool,
) -> Merged:
    """What changes of `current`. `before`: what the last import brought, by field."""
    values: dict[str, Value] = {}
    edits: list[OwnEdit] = []
    for name in filter(imported.__contains__, FIELDS):
        now, new = current[name], imported[name]
        if now == new:
            continue
        if name in before and now != before[name] and not overwrite:
            edits.append(OwnEdit(name, _shown(now), _shown(new)))
        else:
            values[name] = new
    return Merged(values, tuple(edits))


def storable(text: str) -> str:
    """The text as Postgres can hold it: without U+0000 and lone surrogates, which no text needs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _storable_row(row: Mapping[str, object]) -> dict[str, Any]:
    return {storable(key): _storable_value(value) for key, value in row.items()}


def _storable_value(value: Any) -> Any:  # JSON
    match value:
        case str():
            return storable(value)
        case list():
            return [_storable_value(it) for it in cast(list[Any], value)]
        case dict():
            return _storable_row(cast(dict[str, Any], value))
        case _:
            return value


def _shown(value: Value) -> str:
    if isinstance(value, list):
        parts = (it if isinstance(it, str) else json.dumps(it, ensure_ascii=False) for it in value)
        text = " | ".join(parts)
    else:
        text = str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
