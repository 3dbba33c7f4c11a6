"""Birthdays of personas: `MM-DD`, or `YYYY-MM-DD` if the year is meant."""

import re
from datetime import date

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_HIDDEN = {1, 4}  # PluralKit's year for "no year": 4 is a leap year, 1 was used before
_LEAP = 4


def with_year(written: str) -> str | None:
    """The birthday, without its year if that is PluralKit's hidden one; none if it isn't one."""
    return _birthday(written, hidden=_HIDDEN)


def without_year(written: str) -> str | None:
    """The day alone, for a source that makes up the years; none if it isn't one."""
    return _birthday(written, hidden=None)


def has_hidden_year(written: str) -> bool:
    """Whether the year is PluralKit's hidden one."""
    found = _DATE.fullmatch(written)
    return found is not None and int(found[1]) in _HIDDEN


def _birthday(written: str, hidden: set[int] | None) -> str | None:
    found = _DATE.fullmatch(written.strip())
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    day_alone = hidden is None or year in hidden
    try:
        checked = date(_LEAP if day_alone else year, month, day)
    except ValueError:
        return None
    return f"{checked.month:02}-{checked.day:02}" if day_alone else f"{checked:%Y-%m-%d}"
