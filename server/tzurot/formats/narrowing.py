"""What a stranger's JSON value is, if it is that; else the empty value of its kind, never an error.

Texts come without what Postgres can't keep (U+0000, lone surrogates); the document beside them
still has it.
"""

import math
from decimal import Decimal
from typing import cast

from tzurot.formats.documents import Json


def text(value: Json) -> str:
    """A text, a number as its digits, or empty."""
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(value)
    return ""


def members(value: Json) -> dict[str, Json]:
    """An object, or an empty one."""
    return cast("dict[str, Json]", value) if isinstance(value, dict) else {}  # keys of JSON


def items(value: Json) -> list[Json]:
    """A list, or an empty one."""
    return cast("list[Json]", value) if isinstance(value, list) else []  # whatever is in it


def rows(value: Json) -> list[dict[str, Json]]:
    """The objects in a list."""
    return [members(item) for item in items(value) if isinstance(item, dict)]


def texts(value: Json) -> tuple[str, ...]:
    """The texts in a list that aren't blank; a single text counts as a comma list."""
    parts = cast("list[Json]", value.split(",")) if isinstance(value, str) else items(value)
    found = (text(part) for part in parts)
    return tuple(part.strip() if isinstance(value, str) else part for part in found if part.strip())


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
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, dict):
        return {_storable(name): plain(inner) for name, inner in members(value).items()}
    if isinstance(value, list):
        return [plain(item) for item in items(value)]
    return value


def is_empty(value: Json) -> bool:
    """Whether it says nothing: null, or a text, list or object with nothing in it."""
    return value is None or value in ("", [], {})


def _storable(value: str) -> str:
    if "\0" in value:
        value = value.replace("\0", "")
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return value
