"""Memories and facts that go elsewhere: all that is known, in batches, as their person may have it.

All of it takes part in one transaction of an export, so that it is of one moment.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory import outgoing, store
from tzurot.memory.arrivals import Origin
from tzurot.memory.facts import leaving_store
from tzurot.memory.facts.fact import Fact
from tzurot.memory.fading import Recalls
from tzurot.memory.filters import Whose
from tzurot.memory.remembering import MemoryId, Remembered

_BATCH = 500  # memories that are in memory at once


@dataclass(frozen=True, slots=True)
class Departure:
    """A memory, and what stands beside it."""

    memory: Remembered
    platform: str
    channel_id: str
    age_restricted: bool
    dormant: bool
    """Whether it is not recalled: it is not on the chosen path of its conversation, or gathered."""
    recalls: Recalls | None
    source_ids: tuple[MemoryId, ...]
    """What a reflection was gathered from, the oldest first."""
    origin: Origin | None


async def count(tx: AsyncSession, whose: Whose) -> int:
    """How many memories go."""
    return await outgoing.count(tx, whose)


async def batches(tx: AsyncSession, whose: Whose) -> AsyncIterator[list[Departure]]:
    """All of them, persona by persona, by their ids: about in the order of time."""
    for persona_id in sorted(whose.persona_ids):
        of_one = replace(whose, persona_ids=[persona_id])
        after, more = None, True
        while more:
            rows = await outgoing.page(tx, of_one, after=after, limit=_BATCH)
            more = len(rows) == _BATCH
            if batch := [_departure(row) for row in rows]:
                after = batch[-1].memory.memory_id
                yield batch


async def count_facts(tx: AsyncSession, whose: Whose) -> int:
    """How many facts go with them; none where sectors or locks of memories are meant."""
    return await leaving_store.count(tx, whose)


def facts(tx: AsyncSession, whose: Whose) -> AsyncIterator[list[Fact]]:
    """All of these, the oldest first."""
    return leaving_store.batches(tx, whose)


def _departure(row: Sequence[Any]) -> Departure:
    said, beside = row[: len(store.READ)], row[len(store.READ) :]
    platform, channel_id, age_restricted, dormant, *recalls, source_ids, origin, origin_row = beside
    return Departure(
        memory=store.remembered_from(said),
        platform=platform,
        channel_id=channel_id,
        age_restricted=age_restricted,
        dormant=dormant,
        recalls=Recalls(*recalls) if recalls[0] is not None else None,
        source_ids=tuple(MemoryId(it) for it in sorted(source_ids or ())),
        origin=Origin(origin, origin_row) if origin else None,
    )
