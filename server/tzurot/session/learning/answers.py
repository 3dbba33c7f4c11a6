"""What a model answers when it is asked for facts, read whatever it is wrapped in. Pure.

Providers that know schemas are given SCHEMA. Others put JSON into fences, say something before it,
leave out the list around it, or are cut in the middle: whole facts are read wherever they stand.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

MOST = 10  # facts of one answer
MAX_TEXT, MAX_ENTITY = 500, 80  # characters

_FIELDS: Mapping[str, object] = {
    "text": {"type": "string"},
    "entity": {"type": "string"},
    "fictional": {"type": "boolean"},
    "supersedes": {"type": ["integer", "null"]},
    "source": {"type": "integer"},
}
_FACT = {
    "type": "object",
    "properties": _FIELDS,
    "required": [*_FIELDS],
    "additionalProperties": False,
}
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {"facts": {"type": "array", "items": _FACT}},
    "required": ["facts"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Found:
    """A fact as a model names it."""

    text: str
    entity: str
    fictional: bool
    supersedes: int | None
    """The number of the known fact that it is so instead of; None: of none."""
    source: int
    """The number of the exchange that says it."""


def found(answer: str) -> list[Found] | None:
    """At most ten facts; None: that is no answer."""
    values = list(values_in(answer))
    if not values:
        return None
    facts = [fact for value in values for it in _facts(value) if (fact := _fact(it))]
    return facts[:MOST]


def values_in(answer: str) -> Iterator[object]:
    """Each JSON object or list in a text; one within another only where that one is broken."""
    decoder, place = json.JSONDecoder(), 0
    while place < len(answer):
        if answer[place] not in "{[":
            place += 1
            continue
        try:
            value, place = decoder.raw_decode(answer, place)
        except (json.JSONDecodeError, RecursionError):
            place += 1
        else:
            yield value


def _facts(value: object) -> Iterator[Mapping[str, Any]]:
    match value:
        case {"text": str()}:
            yield cast("Mapping[str, Any]", value)  # the keys of JSON are strings
        case {"facts": list()}:
            yield from _facts(cast("Mapping[str, object]", value)["facts"])
        case list():
            for item in cast("list[object]", value):
                yield from _facts(item)
        case _:
            pass


def _fact(value: Mapping[str, Any]) -> Found | None:
    text, source = " ".join(value["text"].split()), _number(value.get("source"))
    if source is None or not 0 < len(text) <= MAX_TEXT:
        return None
    entity = value.get("entity")
    return Found(
        text=text,
        entity=" ".join(entity.split())[:MAX_ENTITY] if isinstance(entity, str) else "",
        fictional=value.get("fictional") is True,
        supersedes=_number(value.get("supersedes")),
        source=source,
    )


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
