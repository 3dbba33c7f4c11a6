"""Where people's clocks are: zones by their names, and the time there."""

from datetime import UTC, datetime

import pytest

from tests.calling import request_for
from tests.conftest import Served
from tzurot.account import time_zones

NOON = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "there"),
    [
        ("Europe/Berlin", "2026-05-17 14:30"),
        ("America/St_Johns", "2026-05-17 10:00"),
        ("Pacific/Kiritimati", "2026-05-18 02:30"),
        ("Nowhere/Land", None),
        ("", None),
    ],
)
def test_a_moment_has_its_hour_there(zone: str, there: str | None) -> None:
    found = time_zones.local(NOON, zone)
    assert (f"{found:%Y-%m-%d %H:%M}" if found else None) == there


@pytest.mark.parametrize(
    ("typed", "first"),
    [("berlin", "Europe/Berlin"), ("new york", "America/New_York"), ("UTC", "UTC")],
)
def test_a_zone_is_found_by_its_city(typed: str, first: str) -> None:
    assert time_zones.alike(typed, 5)[0] == first


async def test_a_zone_is_kept_and_forgotten(served: Served) -> None:
    (ada,) = served.people("ada")
    told = await ada.call("SetTimeZone", request_for("SetTimeZone", time_zone="europe/BERLIN"))
    assert told.person.time_zone == "Europe/Berlin"
    assert (await ada.call("GetMe")).person.time_zone == "Europe/Berlin"
    told = await ada.call("SetTimeZone", request_for("SetTimeZone"))
    assert told.person.time_zone == ""


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "localtime ", "+02:00", "🌍"])
async def test_no_other_name_is_a_zone(served: Served, name: str) -> None:
    (ada,) = served.people("ada")
    request = request_for("SetTimeZone", time_zone=name)
    refusal = await ada.refused("SetTimeZone", request)
    assert refusal.reason == "INVALID_FIELD"
    assert refusal.fields == ("time_zone",)
