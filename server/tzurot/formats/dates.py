"""When something was said, in all the ways that chat programs wrote it down over the years.

Without a zone a time is taken as UTC: the files don't say where they were written.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tzurot.formats.documents import Json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The first and the last day of the calendar are another year's somewhere, which none is left for.
_FIRST = datetime(1, 1, 2, tzinfo=UTC)
_LAST = datetime(9999, 12, 31, tzinfo=UTC)
_MILLISECONDS_FROM = 100_000_000_000  # as seconds it would be the year 5138
_NUMBER = re.compile(r"\d{9,16}(?:\.\d+)?")

# SillyTavern: "2024-01-15 @14h 30m 15s 123ms", "2024-1-5@14h30m15s".
_HUMANIZED = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2}) ?@ ?(\d{1,2})h ?(\d{1,2})m ?(\d{1,2})s(?: ?(\d{1,3})ms)?"
)
# SillyTavern: "March 1, 2026 10:01am", "Mar 1, 2026 10:01 PM", "March 1, 2026 22:01".
_SPOKEN = re.compile(
    r"([A-Za-z]{3,9})\.? (\d{1,2}), (\d{4}),? (\d{1,2}):(\d{2})(?::(\d{2}))? ?([AaPp][Mm])?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def moment(value: Json) -> datetime | None:
    """The time that a value tells, in UTC; none if it tells none that every time zone has."""
    try:
        found = _told(value)
    except (ValueError, OverflowError, ArithmeticError):  # such as February 30, or the year 20000
        return None
    return found if found and _FIRST <= found < _LAST else None


def _told(value: Json) -> datetime | None:
    if isinstance(value, str):
        return _written(value.strip())
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _since_epoch(value)
    return None


def _written(value: str) -> datetime | None:
    if _NUMBER.fullmatch(value):
        return _since_epoch(Decimal(value))
    if found := _HUMANIZED.fullmatch(value):
        year, month, day, hour, minute, second, ms = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, second, ms * 1000, tzinfo=UTC)
    if found := _SPOKEN.fullmatch(value):
        return _spoken(found)
    parsed = datetime.fromisoformat(value)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)


def _spoken(found: re.Match[str]) -> datetime:
    name, day, year, hour, minute, second, half = found.groups()
    month = _MONTHS.index(name[:3].lower()) + 1
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    return datetime(int(year), month, int(day), hours, int(minute), int(second or 0), tzinfo=UTC)


def _since_epoch(value: int | Decimal) -> datetime | None:
    unit = 1000 if value < _MILLISECONDS_FROM else 1
    return _EPOCH + timedelta(milliseconds=float(value) * unit) if value > 0 else None
