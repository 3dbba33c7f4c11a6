"""Days and months of budgets: those of UTC, so that they are the same for everybody. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

THRESHOLDS = (50, 80, 100)  # percent of which somebody is told


class Period(StrEnum):
    """After what time a budget starts anew."""

    DAY = "day"
    MONTH = "month"


def began(period: Period, now: datetime) -> date:
    """The first day of the period in which a moment is."""
    today = now.astimezone(UTC).date()
    return today if period is Period.DAY else today.replace(day=1)


def start(first: date) -> datetime:
    """When the period that has this first day starts."""
    return datetime.combine(first, time(), UTC)


def next_start(period: Period, first: date) -> datetime:
    """When the period after the one with this first day starts."""
    if period is Period.DAY:
        return start(first + timedelta(days=1))
    return start((first + timedelta(days=31)).replace(day=1))


def reached(spent: int, cap: int) -> int:
    """The highest threshold that is reached; 0: none."""
    if cap == 0:
        return THRESHOLDS[-1]
    return max((it for it in THRESHOLDS if spent * 100 >= it * cap), default=0)
