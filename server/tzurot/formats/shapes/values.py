"""Single values of a shapes.inc file, read as what they should be or as nothing. Nothing raises."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import cast

from tzurot.formats.documents import Json

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 100_000_000_000  # as seconds it would be the year 5138
_SECONDS = re.compile(r"\d{9,13}(?:\.\d+)?")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_NAMED = 10  # positions that a remark names


def members(value: Json) -> dict[str, Json]:
    """The members of an object; none for anything else."""
    return cast("dict[str, Json]", value) if isinstance(value, dict) else {}  # keys of JSON


def rows(value: Json) -> list[Json]:
    """The elements of an array; none for anything else."""
    return cast("list[Json]", value) if isinstance(value, list) else []  # whatever is in it


def text(value: Json) -> str:
    """A text as it is, a number in its digits; empty for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    return ""


def name(value: Json) -> str:
    """A name or id without space around it."""
    return text(value).strip()


def strings(value: Json) -> tuple[str, ...]:
    """What isn't blank of an array of texts or of a comma list, each once."""
    parts = cast("list[Json]", value.split(",")) if isinstance(value, str) else rows(value)
    found = (name(part) for part in parts)
    return tuple({part.casefold(): part for part in found if part}.values())


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
