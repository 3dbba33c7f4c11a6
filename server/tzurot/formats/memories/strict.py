"""What a value of our own lines is; one that is something else is said, never guessed."""

from collections.abc import Mapping
from datetime import datetime

from tzurot.formats import dates, narrowing
from tzurot.formats.documents import Json


class Wrong(Exception):
    """A value that can't be used: a part of a sentence that says why."""


def text(row: Mapping[str, Json], name: str, most: int) -> str:
    """A text of at most so many characters, as it can be kept; empty if there is none."""
    value = row.get(name)
    if not isinstance(value, str | None):
        raise Wrong(f"`{name}` is no text")
    if len(value or "") > most:
        raise Wrong(f"`{name}` has more than {most:,} characters")
    return narrowing.text(value)


def texts(row: Mapping[str, Json], name: str) -> list[str]:
    """The texts of a list; none if there is no list."""
    value = row.get(name)
    if value is None:
        return []
    if not narrowing.is_list(value) or not all(isinstance(it, str) for it in value):
        raise Wrong(f"`{name}` is no list of texts")
    return [narrowing.text(it) for it in value]


def one_of(row: Mapping[str, Json], name: str, words: tuple[str, ...]) -> str:
    """One of these words; empty if there is none."""
    value = row.get(name)
    if value is None or (isinstance(value, str) and value in words):
        return value or ""
    raise Wrong(f"`{name}` is none of {', '.join(words)}")


def flag(row: Mapping[str, Json], name: str) -> bool:
    """A truth; not, if it isn't said."""
    value = row.get(name)
    if not isinstance(value, bool | None):
        raise Wrong(f"`{name}` is neither true nor false")
    return bool(value)


def share(row: Mapping[str, Json], name: str) -> float | None:
    """A number from 0 to 1; None if there is none."""
    value = row.get(name)
    if value is None:
        return None
    found = None if isinstance(value, str) else narrowing.number(value)
    if found is None or not 0 <= found <= 1:
        raise Wrong(f"`{name}` is no number from 0 to 1")
    return found


def time(row: Mapping[str, Json], name: str) -> datetime | None:
    """A time in UTC; None if there is none."""
    return None if row.get(name) is None else needed_time(row, name)


def needed_time(row: Mapping[str, Json], name: str) -> datetime:
    """A time in UTC."""
    value = row.get(name)
    found = dates.moment(value) if isinstance(value, str) else None
    if found is None:
        raise Wrong(f"`{name}` is no time that can be kept, such as 2026-03-01T10:00:00Z")
    return found


def members(row: Mapping[str, Json], name: str) -> Mapping[str, Json] | None:
    """An object; None if there is none."""
    value = row.get(name)
    if value is not None and not narrowing.is_object(value):
        raise Wrong(f"`{name}` is no object")
    return value
