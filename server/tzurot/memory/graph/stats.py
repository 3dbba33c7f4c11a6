"""Memories in numbers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tzurot.memory.sectors import Sector


@dataclass(frozen=True, slots=True)
class OfSector:
    """How many memories tell one kind of thing above all."""

    sector: Sector
    memory_count: int
    mean_salience: float
    """Now: 0..1."""


@dataclass(frozen=True, slots=True)
class OfPersonality:
    """How many memories a character has."""

    personality_id: UUID
    memory_count: int


@dataclass(frozen=True, slots=True)
class Stats:
    """The numbers of somebody's memories."""

    sectors: tuple[OfSector, ...]
    """The most first; those without memories are missing."""
    personalities: tuple[OfPersonality, ...]
    """The most first, at most 50."""
    reflection_count: int
    recalled_count: int
    """How many were ever cited."""
    waiting_count: int
    """Of how many the meaning isn't known yet."""
    waypoint_count: int
    first_time: datetime | None
    last_time: datetime | None

    @property
    def memory_count(self) -> int:
        """How many there are."""
        return sum(it.memory_count for it in self.sectors)
