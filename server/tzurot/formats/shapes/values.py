"""Single values of a shapes.inc file, read as what they should be or as nothing. Nothing raises."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tzurot.formats import narrowing
from tzurot.formats.documents import Json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 100_000_000_000  # as seconds it would be the year 5138
_SECONDS = re.compile(r"\d{9,13}(?:\.\d+)?")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_BIRTHDAY = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})(?:T.*)?")
_NAMED = 10  # positions that a remark names


def name(value: Json) -> str:
    """A name or id without space around it."""
    return narrowing.text(value).strip()


def strings(value: Json) -> tuple[str, ...]:
    """What isn't blank of a list of texts or of a comma list, each once."""
    found: dict[str, str] = {}
    for text in narrowing.texts(value):
        found.setdefault(text.strip().casefold(), text.strip())
    return tuple(found.values())


def moment(value: Json) -> datetime | None:
    """Seconds (or milliseconds) since 1970, ISO 8601 or `MM/DD/YYYY`; without a zone it is UTC."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        return _since_epoch(value)
    written = name(value)
    if _SECONDS.fullmatch(written):
        return _since_epoch(Decimal(written))
    if us := _US_DATE.fullmatch(written):
        written = f"{us[3]}-{int(us[1]):02}-{int(us[2]):02}"
    try:
        parsed = datetime.fromisoformat(written)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def birthday(value: Json) -> str:
    """`MM-DD` or `YYYY-MM-DD` as it is written or with a time behind; else empty."""
    match = _BIRTHDAY.fullmatch(name(value))
    if match is None:
        return ""
    year, month, day = match[1], int(match[2]), int(match[3])
    try:
        date(int(year or 2000), month, day)  # 2000 has a 29 February
    except ValueError:
        return ""
    return f"{year}-{month:02}-{day:02}" if year else f"{month:02}-{day:02}"


def _since_epoch(value: float | Decimal) -> datetime | None:
    try:
        seconds = float(value)
        if seconds >= _MILLISECONDS_FROM:
            seconds /= 1000
        return _EPOCH + timedelta(seconds=seconds) if seconds > 0 else None
    except (ValueError, OverflowError):  # not a number, or a year beyond 9999
        return None


class Remarks:
    """What was odd about rows: one sentence for each kind of oddity, with the rows' positions."""

    def __init__(self) -> None:
        self._positions: dict[str, list[int]] = {}

    def add(self, sentence: str, position: int) -> None:
        """Note something about the row at `position`, counted from 1."""
        self._positions.setdefault(sentence, []).append(position)

    def sentences(self) -> tuple[str, ...]:
        """The remarks in the order in which each was first made."""
        return tuple(
            f"{sentence} ({_listed(positions)})" for sentence, positions in self._positions.items()
        )


def _listed(positions: list[int]) -> str:
    listed = ", ".join(str(position) for position in positions[:_NAMED])
    more = len(positions) - _NAMED
    word = "row" if len(positions) == 1 else "rows"
    return f"{word} {listed} and {more:,} more" if more > 0 else f"{word} {listed}"
