"""How what is remembered fades, and grows when it is recalled. Pure.

What stood out when it was said fades from then on, fast or slowly by its sector, and never to
nothing; what its person has locked does not fade at all. Nothing is rewritten at night: what is
stored is a value and its time, and what it is worth now is told when it is read. Rates and formulas
are OpenMemory's defaults, of its one table.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from typing import Protocol

from tzurot.memory.sectors import Sector

# For each day: e^-.015 of an episode is left after one, a half after 46.
RATES = {
    Sector.EPISODIC: 0.015,
    Sector.SEMANTIC: 0.005,
    Sector.PROCEDURAL: 0.008,
    Sector.EMOTIONAL: 0.020,
    Sector.REFLECTIVE: 0.001,
}

FLOOR = 0.08  # what is left of any memory, however long ago

_PLAIN = 0.4  # salience of what tells one kind of thing
_RICH = 0.1  # more for each further kind
_REINFORCED = 0.1  # of what is missing to 1, each time that it is recalled

_RECENT_DAYS = 7.0  # after which recency is e times less
_LATELY_DAYS = 60.0  # after which there is none


class Fading(Protocol):
    """What of a memory decides how it fades."""

    @property
    def salience(self) -> float:
        """How much it stood out when it was said: 0..1."""
        ...

    @property
    def sector(self) -> Sector:
        """What it tells above all."""
        ...

    @property
    def occur_time(self) -> datetime:
        """When it was said."""
        ...

    @property
    def locked(self) -> bool:
        """Whether its person wants to keep it."""
        ...


@dataclass(frozen=True, slots=True)
class Recalls:
    """How often a memory was cited."""

    salience: float
    """0..1, at `last_time`."""
    count: int
    last_time: datetime


def at_first(kinds: int) -> float:
    """The salience of something just said that tells so many kinds of things: 0..1."""
    return min(1.0, _PLAIN + _RICH * max(0, kinds - 1))


def days_between(then: datetime, now: datetime) -> float:
    """Days from `then` to `now`; 0 if the clock went back."""
    return max(0.0, (now - then) / timedelta(days=1))


def now(it: Fading, recalls: Recalls | None, moment: datetime) -> float:
    """How much a memory stands out at a moment: 0..1.

    What was recalled fades from then on. What is locked does not fade: it stands out as it did when
    it was said, or as when it was recalled last, if that is more.
    """
    if it.locked:
        return max(it.salience, recalls.salience if recalls else 0.0)
    if recalls:
        return faded(recalls.salience, it.sector, days_between(recalls.last_time, moment))
    return faded(it.salience, it.sector, days_between(it.occur_time, moment))


def faded(salience: float, sector: Sector, days: float) -> float:
    """What is left of a salience after so many days: 0..1.

    s·e^(-λd) + .08·(1 - e^(-λd)), λ the sector's rate: it nears .08, from above or from below.
    """
    left = exp(-RATES[sector] * max(0.0, days))
    return min(1.0, max(0.0, salience * left + FLOOR * (1 - left)))


def reinforced(salience: float) -> float:
    """The salience of what was just recalled: s + .1·(1 - s), so that it never passes 1."""
    return salience + _REINFORCED * (1 - salience)


def recency(days: float) -> float:
    """How lately something was said so many days ago: 1 just now, 0 after sixty days.

    e^(-d/7)·max(0, 1 - d/60).
    """
    days = max(0.0, days)
    return exp(-days / _RECENT_DAYS) * max(0.0, 1 - days / _LATELY_DAYS)
