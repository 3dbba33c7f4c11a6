"""What stood out fades, and grows when it is recalled: with the clock moved by years, too."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tzurot.memory import fading
from tzurot.memory.fading import FLOOR, RATES, Recalls
from tzurot.memory.sectors import Sector

THEN = datetime(2024, 3, 1, 12, tzinfo=UTC)
YEARS = 100 * 365.25
SECTORS = some.sampled_from(Sector)
SALIENCES = some.floats(0, 1)
DAYS = some.floats(0, YEARS)


@dataclass(frozen=True)
class Told:
    """What of a memory decides how it fades."""

    salience: float
    sector: Sector
    occur_time: datetime = THEN
    locked: bool = False


def test_each_sector_has_one_rate_and_feelings_fade_fastest() -> None:
    assert set(RATES) == set(Sector)
    by_rate = sorted(Sector, key=lambda sector: RATES[sector])
    assert by_rate == [
        Sector.REFLECTIVE,
        Sector.SEMANTIC,
        Sector.PROCEDURAL,
        Sector.EPISODIC,
        Sector.EMOTIONAL,
    ]


@pytest.mark.parametrize(
    ("sector", "days", "left"),
    [
        # s = .6: .6·e^-λd + .08·(1 - e^-λd) = .08 + .52·e^-λd.
        (Sector.EPISODIC, 0, 0.6),
        (Sector.EPISODIC, 1, 0.08 + 0.52 * exp(-0.015)),
        (Sector.SEMANTIC, 100, 0.08 + 0.52 * exp(-0.5)),
        (Sector.PROCEDURAL, 125, 0.08 + 0.52 * exp(-1)),
        (Sector.EMOTIONAL, 50, 0.08 + 0.52 * exp(-1)),
        (Sector.REFLECTIVE, 1000, 0.08 + 0.52 * exp(-1)),
        (Sector.EMOTIONAL, 10 * 365, 0.08),
        (Sector.REFLECTIVE, 10 * 365, 0.08 + 0.52 * exp(-3.65)),
    ],
)
def test_salience_fades_at_its_sectors_rate(sector: Sector, days: float, left: float) -> None:
    assert fading.faded(0.6, sector, days) == pytest.approx(left, abs=1e-9)


@given(SALIENCES, SECTORS, DAYS, DAYS)
def test_what_stood_out_never_grows_by_waiting_and_never_falls_below_the_floor(
    salience: float, sector: Sector, one: float, other: float
) -> None:
    sooner, later = sorted((one, other))
    first, last = (fading.faded(salience, sector, days) for days in (sooner, later))
    assert 0 <= first <= 1
    if salience >= FLOOR:
        assert FLOOR - 1e-9 <= last <= first + 1e-9 <= salience + 2e-9
    else:  # what hardly stood out nears the floor from below
        assert salience - 1e-9 <= first <= last + 1e-9 <= FLOOR + 2e-9


@given(SALIENCES, SECTORS, some.floats(-YEARS, 0))
def test_a_clock_that_went_back_changes_nothing(
    salience: float, sector: Sector, days: float
) -> None:
    assert fading.faded(salience, sector, days) == pytest.approx(salience)
    assert fading.days_between(THEN, THEN + timedelta(days=days)) == 0
    assert fading.recency(days) == 1


@given(SALIENCES)
def test_what_is_recalled_gains_a_tenth_of_what_is_missing(salience: float) -> None:
    grown = fading.reinforced(salience)
    assert salience <= grown <= 1
    assert 1 - grown == pytest.approx(0.9 * (1 - salience))


def test_recalled_a_thousand_times_it_is_not_above_1() -> None:
    salience = 0.4
    for _ in range(1000):
        salience = fading.reinforced(salience)
    assert 0.999 < salience <= 1


def test_what_was_recalled_fades_from_then_on() -> None:
    recalled = Recalls(0.7, 2, THEN + timedelta(days=365))
    moment = recalled.last_time + timedelta(days=10)
    told = Told(0.4, Sector.EPISODIC)
    now = fading.now(told, recalled, moment)
    assert now == pytest.approx(fading.faded(0.7, Sector.EPISODIC, 10))
    assert now > fading.now(told, None, moment)


def test_the_moment_may_be_before_anything_was_said() -> None:
    long_ago = THEN - timedelta(days=5 * 365)
    told = Told(0.4, Sector.EMOTIONAL)
    assert fading.now(told, None, long_ago) == 0.4
    assert fading.now(told, Recalls(0.9, 1, THEN), long_ago) == 0.9


@given(SALIENCES, SECTORS, DAYS)
def test_what_is_locked_does_not_fade(salience: float, sector: Sector, days: float) -> None:
    moment = THEN + timedelta(days=days)
    assert fading.now(Told(salience, sector, locked=True), None, moment) == salience


@given(SALIENCES, SALIENCES, SECTORS, DAYS)
def test_what_is_locked_stands_out_at_least_as_when_it_was_said(
    salience: float, recalled: float, sector: Sector, days: float
) -> None:
    told, moment = Told(salience, sector, locked=True), THEN + timedelta(days=days)
    now = fading.now(told, Recalls(recalled, 1, THEN + timedelta(days=1)), moment)
    assert now == max(salience, recalled)


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (0, 1.0),
        (7, exp(-1) * (1 - 7 / 60)),
        (30, exp(-30 / 7) / 2),
        (60, 0.0),
        (61, 0.0),  # 1 - d/60 would be negative
        (20 * 365, 0.0),
    ],
)
def test_recency_is_gone_after_sixty_days(days: float, left: float) -> None:
    assert fading.recency(days) == pytest.approx(left)


@given(DAYS, DAYS)
def test_recency_only_falls(one: float, other: float) -> None:
    sooner, later = sorted((one, other))
    assert 0 <= fading.recency(later) <= fading.recency(sooner) <= 1


@pytest.mark.parametrize(("kinds", "first"), [(0, 0.4), (1, 0.4), (2, 0.5), (5, 0.8), (99, 1.0)])
def test_what_tells_several_kinds_of_things_stands_out_more(kinds: int, first: float) -> None:
    assert fading.at_first(kinds) == pytest.approx(first)
