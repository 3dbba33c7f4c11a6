"""When budgets begin anew, and how much of one is spent."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tzurot.wallet.budgets.periods import Period, began, next_start, reached

EAST = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("period", "now", "first", "anew"),
    [
        (Period.DAY, datetime(2026, 11, 30, 23, 59, tzinfo=UTC), (2026, 11, 30), (2026, 12, 1)),
        (Period.MONTH, datetime(2026, 11, 30, 23, 59, tzinfo=UTC), (2026, 11, 1), (2026, 12, 1)),
        (Period.MONTH, datetime(2026, 12, 31, tzinfo=UTC), (2026, 12, 1), (2027, 1, 1)),
        (Period.MONTH, datetime(2028, 2, 29, tzinfo=UTC), (2028, 2, 1), (2028, 3, 1)),
        (Period.DAY, datetime(2026, 12, 1, 8, 59, tzinfo=EAST), (2026, 11, 30), (2026, 12, 1)),
    ],
)
def test_periods_are_those_of_utc(
    period: Period, now: datetime, first: tuple[int, int, int], anew: tuple[int, int, int]
) -> None:
    assert began(period, now) == date(*first)
    assert next_start(period, date(*first)) == datetime(*anew, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spent", "cap", "percent"),
    [(0, 10, 0), (4, 10, 0), (5, 10, 50), (79, 100, 50), (80, 100, 80), (11, 10, 100), (0, 0, 100)],
)
def test_what_is_reached_of_a_cap(spent: int, cap: int, percent: int) -> None:
    assert reached(spent, cap) == percent
