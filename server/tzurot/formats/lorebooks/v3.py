"""An entry as Character Cards V2 and V3 write it, in a card or in a file of its own."""

import re
from collections.abc import Mapping

from tzurot.formats.documents import Json
from tzurot.formats.found import LoreEntry
from tzurot.formats.narrowing import flag, members, number, plain, text, texts

WORDS = {
    "keys": "keys",
    "content": "content",
    "secondary_keys": "secondary_keys",
    "name": "name",
    "enabled": "enabled",
    "constant": "constant",
    "selective": "selective",
    "use_regex": "use_regex",
    "case_sensitive": "case_sensitive",
    "insertion_order": "insertion_order",
    "priority": "priority",
    "position": "position",
}
IGNORED = frozenset({"id", "comment", "extensions"})

BEFORE = "before_char"
AFTER = "after_char"

# As SillyTavern tells them: no slash inside without a backslash before it.
_REGEX = re.compile(r"/(?:[^/\\]++|\\.)++/[dgimsuvy]*", re.DOTALL)


def is_regex(key: str) -> bool:
    """Whether a key is written `/pattern/flags`."""
    return _REGEX.fullmatch(key) is not None


def read(row: Mapping[str, Json]) -> LoreEntry:
    """What a row says. Without `use_regex` (V2) keys written as patterns make it one."""
    keys = texts(row.get("keys"))
    extensions = members(plain(row.get("extensions")))
    return LoreEntry(
        keys=keys,
        content=text(row.get("content")),
        secondary_keys=texts(row.get("secondary_keys")),
        name=text(row.get("name")) or text(row.get("comment")),
        enabled=flag(row.get("enabled"), True),
        constant=flag(row.get("constant")),
        selective=flag(row.get("selective")),
        use_regex=flag(row.get("use_regex"), any(map(is_regex, keys))),
        case_sensitive=_case(row, extensions),
        insertion_order=number(row.get("insertion_order")) or 0.0,
        priority=number(row.get("priority")),
        position=_position(row, extensions),
        extensions=extensions,
    )


def written(entry: LoreEntry) -> dict[str, Json]:
    """A new row."""
    row: dict[str, Json] = {
        "keys": list(entry.keys),
        "content": entry.content,
        "extensions": dict(entry.extensions),
        "enabled": entry.enabled,
        "insertion_order": digits(entry.insertion_order),
        "use_regex": entry.use_regex,
        "constant": entry.constant,
        "selective": entry.selective,
        "secondary_keys": list(entry.secondary_keys),
        "name": entry.name,
        "position": entry.position,
    }
    if entry.case_sensitive is not None:
        row["case_sensitive"] = entry.case_sensitive
    if entry.priority is not None:
        row["priority"] = digits(entry.priority)
    return row


def blank() -> dict[str, Json]:
    """The row of an entry with nothing in it."""
    return written(LoreEntry(keys=(), content=""))


def put(row: dict[str, Json], name: str, entry: LoreEntry) -> None:
    """Make one field of the row say what the entry says."""
    value = written(entry).get(name)
    if name == "extensions":
        row[name] = with_changes(members(row.get(name)), entry.extensions)
    elif name == "name" and text(row.get("comment")) and not text(row.get("name")):
        row["comment"] = value
        row.pop("name", None)
    elif value is None:
        row.pop(name, None)
    else:
        row[name] = value
    if name in {"position", "case_sensitive"}:
        _put_beside(row, name, entry)
    if name == "name" and not value:
        row.pop("comment", None)


def with_changes(old: Mapping[str, Json], new: Mapping[str, object]) -> dict[str, Json]:
    """`new`, with the values of `old` as they were written where they are the same."""
    return {
        name: old[name] if name in old and plain(old[name]) == value else value
        for name, value in new.items()
    }


def digits(value: float) -> Json:
    """A number without `.0`."""
    return int(value) if float(value).is_integer() else value


def _case(row: Mapping[str, Json], extensions: Mapping[str, Json]) -> bool | None:
    for value in (row.get("case_sensitive"), extensions.get("case_sensitive")):
        if isinstance(value, bool):
            return value
    return None


def _position(row: Mapping[str, Json], extensions: Mapping[str, Json]) -> str:
    match number(extensions.get("position")):
        case 0:
            return BEFORE
        case 1:
            return AFTER
        case _:
            return AFTER if row.get("position") == AFTER else BEFORE


def _put_beside(row: dict[str, Json], name: str, entry: LoreEntry) -> None:
    """SillyTavern writes the same among its extensions, and reads it from there."""
    extensions = members(row.get("extensions"))
    if extensions.get(name) is None or (
        name == "position" and number(extensions[name]) not in (0, 1)
    ):
        return
    value = entry.case_sensitive if name == "case_sensitive" else int(entry.position == AFTER)
    row["extensions"] = {**extensions, name: value}
