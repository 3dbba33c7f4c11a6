"""Waypoints: weighted links between two memories of one owner, without direction. Pure.

    similarity         they mean alike; as strong as they do
    across_sectors     they mean alike and tell different kinds of things; half as strong
    conversation       one was said right before the other
    recalled_together  they were cited in the same turns; stronger each time

The first three are set when a memory's meaning becomes known, the last grows. All fade when nothing
strengthens them; what is too faint is pruned, and of too many the weakest go. The kinds, their
weights and how they grow are OpenMemory's. Its factor e^(-Δt/1 h) for memories that come up at
different times is 1 here: what one turn cites comes up at one moment.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from math import exp
from uuid import UUID

from tzurot.memory import fading
from tzurot.memory.fading import days_between
from tzurot.memory.remembering import MemoryId
from tzurot.memory.sectors import Sector

MOST_SIMILAR = 3  # other memories that one is linked with because they mean alike
MOST_RECALLED = 8  # memories of one turn: 28 pairs
MOST_LINKS = 20  # of one memory, of all kinds

# Cosine of centred vectors. In a conversation of LoCoMo's one of 40 pairs taken at random is as
# near, and two of three exchanges have another one that is (OpenMemory's .75 is of raw vectors).
SIMILAR = 0.7
_ACROSS = 0.5  # of the weight that it would have within one sector
_CONVERSATION = 0.3
_TOGETHER = 0.1  # of what is missing to 1, each time
WEAKEST = _TOGETHER  # that a link is when it is formed

_HOP = 0.8  # what is left of a path's weight after each step
_LEAST = 0.1  # that a memory gets from a path

# A link says that two things belong together: it fades as what is known does, by a half in 139
# days. After those the weakest are pruned.
FADING_RATE = fading.RATES[Sector.SEMANTIC]
FAINTEST = 0.05


class WaypointKind(StrEnum):
    """What links two memories."""

    SIMILARITY = "similarity"
    CONVERSATION = "conversation"
    RECALLED_TOGETHER = "recalled_together"
    ACROSS_SECTORS = "across_sectors"


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A link, as it was when it was last set or strengthened."""

    first_id: MemoryId
    """The lesser of both ids."""
    second_id: MemoryId
    kind: WaypointKind
    weight: float
    """0..1, at `update_time`."""
    update_time: datetime

    @classmethod
    def between(
        cls, one: MemoryId, other: MemoryId, kind: WaypointKind, weight: float, now: datetime
    ) -> "Waypoint":
        """A link of two memories, in whatever order they are named."""
        first, second = sorted((one, other))
        return cls(first, second, kind, min(1.0, max(0.0, weight)), now)

    @property
    def key(self) -> tuple[MemoryId, MemoryId, WaypointKind]:
        """What it is known by."""
        return self.first_id, self.second_id, self.kind

    def weight_at(self, now: datetime) -> float:
        """How strong it is now: 0..1; w·e^(-λd), λ = .005 a day."""
        return self.weight * exp(-FADING_RATE * days_between(self.update_time, now))

    def other(self, memory_id: UUID) -> MemoryId:
        """The other end."""
        return self.second_id if memory_id == self.first_id else self.first_id


@dataclass(frozen=True, slots=True)
class Near:
    """Two memories of one owner, and how alike they mean."""

    memory_id: MemoryId
    sector: Sector
    other_id: MemoryId
    other_sector: Sector
    cosine: float
    """-1..1."""


def by_meaning(pairs: Iterable[Near], now: datetime) -> Iterator[Waypoint]:
    """The links of those that mean alike enough."""
    for it in pairs:
        if it.cosine < SIMILAR:
            continue
        across = it.sector is not it.other_sector
        kind = WaypointKind.ACROSS_SECTORS if across else WaypointKind.SIMILARITY
        weight = _ACROSS * it.cosine if across else it.cosine
        yield Waypoint.between(it.memory_id, it.other_id, kind, weight, now)


def by_conversation(
    pairs: Iterable[tuple[MemoryId, MemoryId]], now: datetime
) -> Iterator[Waypoint]:
    """The links of memories and what was said right before them."""
    for memory_id, before_id in pairs:
        kind = WaypointKind.CONVERSATION
        yield Waypoint.between(memory_id, before_id, kind, _CONVERSATION, now)


def by_recall(
    memory_ids: Sequence[MemoryId],
    known: Mapping[tuple[MemoryId, MemoryId], Waypoint],
    now: datetime,
) -> list[Waypoint]:
    """The links of each two memories that one turn cited: w + .1·(1 - w), w what is left of it.

    `known` has those that there are, by their ends. Only the first eight memories count.
    """
    links: list[Waypoint] = []
    for first, second in combinations(sorted(memory_ids[:MOST_RECALLED]), 2):
        link = known.get((first, second))
        left = link.weight_at(now) if link else 0.0
        weight = left + _TOGETHER * (1 - left)
        kind, time = WaypointKind.RECALLED_TOGETHER, max(now, link.update_time) if link else now
        links.append(Waypoint.between(first, second, kind, weight, time))
    return links


def surplus(
    memory_ids: Iterable[MemoryId], links: Sequence[Waypoint], now: datetime
) -> list[Waypoint]:
    """The weakest links of memories that have more than twenty; `links` has all of theirs."""
    of_memory: dict[MemoryId, list[Waypoint]] = defaultdict(list)
    for link in links:
        of_memory[link.first_id].append(link)
        of_memory[link.second_id].append(link)
    gone: dict[tuple[MemoryId, MemoryId, WaypointKind], Waypoint] = {}
    for memory_id in memory_ids:
        strongest = sorted(of_memory[memory_id], key=lambda it: (-it.weight_at(now), it.key))
        gone |= {link.key: link for link in strongest[MOST_LINKS:]}
    return list(gone.values())


def spread(
    seeds: Mapping[MemoryId, float], links: Iterable[Waypoint], now: datetime
) -> dict[MemoryId, float]:
    """What memories get from those that they are linked with, one hop away: weight·path·.8.

    `seeds` have the weight of the path that leads to each, 0..1. The best path counts; what would
    get less than .1 is left out.
    """
    reached: dict[MemoryId, float] = {}
    for link in links:
        for seed in (link.first_id, link.second_id):
            other = link.other(seed)
            gets = seeds.get(seed, 0.0) * link.weight_at(now) * _HOP
            if gets >= _LEAST and gets > reached.get(other, 0.0):
                reached[other] = gets
    return reached
