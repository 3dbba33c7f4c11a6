"""What a stranger's JSON value is, if it is that; else the empty value of its kind, never an error.

Texts come without what Postgres can't keep (U+0000, lone surrogates); the document beside them
still has it.
"""

import math
from decimal import Decimal
from typing import TypeGuard

from tzurot.formats.documents import Json


def text(value: Json) -> str:
    """A text, a number as its digits, or empty."""
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(value)
    return ""


def is_object(value: Json) -> TypeGuard[dict[str, Json]]:
    """Whether it is an object; the keys of a JSON object are texts."""
    return isinstance(value, dict)


def is_list(value: Json) -> TypeGuard[list[Json]]:
    """Whether it is a list, of anything."""
    return isinstance(value, list)


def members(value: Json) -> dict[str, Json]:
    """An object, or an empty one."""
    return value if is_object(value) else {}


def items(value: Json) -> list[Json]:
    """A list, or an empty one."""
    return value if is_list(value) else []


def rows(value: Json) -> list[dict[str, Json]]:
    """The objects in a list."""
    return [item for item in items(value) if is_object(item)]


def numbered(value: Json) -> list[tuple[str | int, Json]]:
    """What is in a list or an object, each with its index or name."""
    return [*members(value).items(), *enumerate(items(value))]


def texts(value: Json) -> tuple[str, ...]:
    """The texts in a list that aren't blank; a single text counts as a comma list."""
    if isinstance(value, str):
        return tuple(part.strip() for part in text(value).split(",") if part.strip())
    return tuple(found for item in items(value) if (found := text(item)).strip())


def flag(value: Json, default: bool = False) -> bool:
    """A truth, also as 0, 1 or a word."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        return value != 0
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    return default


def number(value: Json) -> float | None:
    """A finite number, also as text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def count(value: Json) -> int | None:
    """A whole number, 0 to 2^31 - 1."""
    found = number(value)
    return int(found) if found is not None and 0 <= found < 2**31 else None


def plain(value: Json) -> Json:
    """The same with numbers as `float` instead of `Decimal`, and with texts that can be kept."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, Decimal):
        return number(value)
    if is_object(value):
        return {_storable(name): plain(inner) for name, inner in value.items()}
    if is_list(value):
        return [plain(item) for item in value]
    return value


def is_empty(value: Json) -> bool:
    """Whether it says nothing: null, or a text, list or object with nothing in it."""
    return value is None or value in ("", [], {})


def _storable(value: str) -> str:
    if "\0" in value:
        value = value.replace("\0", "")
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return value
