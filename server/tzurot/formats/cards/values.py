"""JSON values of a card as what they should be, a little more forgiving than the specifications.

Texts become what can be stored and sent: no NUL and no half of a surrogate pair.
"""

from decimal import Decimal

from tzurot.formats import caps, narrowing
from tzurot.formats.documents import Json
from tzurot.formats.narrowing import is_empty, is_list
from tzurot.formats.unreadable import Problem, Unreadable


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
    clean = narrowing.text(value)
    if clean != value:
        warnings.append(f"`{source}` has characters that can't be stored.")
    return clean


def texts(value: Json, source: str, warnings: list[str]) -> tuple[str, ...]:
    """A list of texts, nulls in it as ""; a single text is a list of one.

    Raises:
        Unreadable: WRONG_TYPE, TOO_MANY or TOO_LARGE.
    """
    if is_empty(value):
        return ()
    if isinstance(value, str):
        warnings.append(f"`{source}` is a text and was read as a list of one.")
        return (text(value, source, warnings),)
    if not is_list(value):
        raise Unreadable(Problem.WRONG_TYPE, f"`{source}` has to be a list of texts.")
    if len(value) > caps.ENTRIES:
        raise Unreadable(Problem.TOO_MANY, f"`{source}` has more than {caps.ENTRIES:,} texts.")
    return tuple(text(item, f"{source}[{n}]", warnings) for n, item in enumerate(value))
