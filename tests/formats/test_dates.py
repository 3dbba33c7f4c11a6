"""The dates of chat programs, each with the moment that it means."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tzurot.formats import dates
from tzurot.formats.chats.rows import iso

AT = datetime(2026, 3, 1, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        (1772359260000, AT),  # 20,513 days × 86,400 s + 36,060 s = 1,772,359,260 s
        (1772359260, AT),  # seconds
        (Decimal("1772359260000.0"), AT),
        ("1772359260000", AT),
        ("2026-03-01T10:01:00.000Z", AT),
        ("2026-03-01T12:01:00+02:00", AT),
        ("2026-03-01T10:01:00", AT),  # no zone: UTC
        ("2026-03-01 10:01:00", AT),
        ("March 1, 2026 10:01am", AT),
        ("March 1, 2026 10:01 AM", AT),
        ("Mar 1, 2026 10:01:00", AT),
        ("March 1, 2026 12:01am", AT.replace(hour=0)),
        ("March 1, 2026 12:01pm", AT.replace(hour=12)),
        ("March 1, 2026 10:01pm", AT.replace(hour=22)),
        ("2026-03-01 @10h 01m 00s 120ms", AT.replace(microsecond=120_000)),
        ("2026-3-1 @10h 1m 0s 5ms", AT.replace(microsecond=5_000)),
        ("2026-03-01@10h01m00s", AT),
        ("2026-03-01@10h01m00s120ms", AT.replace(microsecond=120_000)),
        ("February 30, 2026 10:01am", None),
        ("Smarch 1, 2026 10:01am", None),
        ("2026-03-01 @25h 01m 00s", None),
        ("yesterday", None),
        ("", None),
        (0, None),
        (-5, None),
        (True, None),
        (10**400, None),
        (Decimal("1e400"), None),
        (Decimal("NaN"), None),
        (None, None),
        ([], None),
    ],
)
def test_a_date_means_one_moment(written: object, moment: datetime | None) -> None:
    assert dates.moment(written) == moment


@given(st.datetimes(datetime(1970, 1, 2), timezones=st.just(UTC)))
def test_what_we_write_is_read(moment: datetime) -> None:
    assert dates.moment(iso(moment)) == moment


@given(st.text() | st.integers() | st.decimals())
def test_nothing_breaks_it(written: object) -> None:
    moment = dates.moment(written)
    assert moment is None or moment.tzinfo is UTC
