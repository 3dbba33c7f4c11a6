"""JSON values of a card as what they should be, a little more forgiving than the specifications.

Texts become what can be stored and sent: no NUL and no half of a surrogate pair.
"""

import re
from decimal import Decimal
from typing import TypeGuard

from tzurot.formats import caps
from tzurot.formats.documents import Json
from tzurot.formats.unreadable import Problem, Unreadable

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def is_object(value: Json) -> TypeGuard[dict[str, Json]]:
    """Whether it is a JSON object."""
    return isinstance(value, dict)


def is_list(value: Json) -> TypeGuard[list[Json]]:
    """Whether it is a JSON list."""
    return isinstance(value, list)


def empty(value: Json) -> bool:
    """Whether nothing is said: null, "", [] or {}. False and 0 are something."""
    return value is None or (isinstance(value, (str, list, dict)) and not value)


def storable(text: str) -> str:
    """`text` with what no database takes replaced by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def text(value: Json, source: str, warnings: list[str]) -> str:
    """The text at `source`; null is empty, a number its digits.

    Raises:
        Unreadable: WRONG_TYPE or TOO_LARGE.
    """
    if value is None:
        return ""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        warnings.append(f"`{source}` is a number and was read as text.")
        value = str(value)
    if not isinstance(value, str):
        raise Unreadable(Problem.WRONG_TYPE, f"`{source}` has to be a text.")
    if len(value) > caps.TEXT:
        raise Unreadable(Problem.TOO_LARGE, f"`{source}` is longer than {caps.TEXT:,} characters.")
    clean = storable(value)
    if clean != value:
        warnings.append(f"`{source}` has characters that can't be stored; they became \ufffd.")
    return clean


def texts(value: Json, source: str, warnings: list[str]) -> tuple[str, ...]:
    """A list of texts, nulls in it as ""; a single text is a list of one.

    Raises:
        Unreadable: WRONG_TYPE, TOO_MANY or TOO_LARGE.
    """
    if empty(value):
        return ()
    if isinstance(value, str):
        warnings.append(f"`{source}` is a text and was read as a list of one.")
        return (text(value, source, warnings),)
    if not is_list(value):
        raise Unreadable(Problem.WRONG_TYPE, f"`{source}` has to be a list of texts.")
    if len(value) > caps.ENTRIES:
        raise Unreadable(Problem.TOO_MANY, f"`{source}` has more than {caps.ENTRIES:,} texts.")
    return tuple(text(item, f"{source}[{n}]", warnings) for n, item in enumerate(value))
