"""The SQL of facts that go elsewhere, by the filter of memories that go with them.

A fact has a persona, a place and a time: from when on it is so. It has no sector and no lock, so
that who asks for memories of some sectors, or for locked ones, asks for none.
"""

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.facts import fact_store
from tzurot.memory.facts.fact import Fact
from tzurot.memory.facts.fact_tables import Fact as FactRow
from tzurot.memory.filters import Whose

_BATCH = 500  # facts that are in memory at once


async def count(tx: AsyncSession, whose: Whose) -> int:
    """How many facts go."""
    if _means_memories(whose):
        return 0
    query = select(func.count()).select_from(FactRow).where(*_conditions(whose))
    return await tx.scalar(query) or 0


async def batches(tx: AsyncSession, whose: Whose) -> AsyncIterator[list[Fact]]:
    """All of them, the oldest first."""
    after: UUID | None = None
    more = not _means_memories(whose)
    while more:
        query = fact_store.read().where(*_conditions(whose)).order_by(FactRow.id).limit(_BATCH)
        query = query.where(FactRow.id > after) if after else query
        batch = [fact_store.fact_from(row) for row in await tx.execute(query)]
        more = len(batch) == _BATCH
        if batch:
            after = batch[-1].fact_id
            yield batch


def _means_memories(whose: Whose) -> bool:
    return bool(whose.filter.sectors) or whose.filter.locked is not None


def _conditions(whose: Whose) -> list[ColumnElement[bool]]:
    filter = whose.filter
    found: list[ColumnElement[bool]] = [
        FactRow.persona_id.in_(filter.personas_among(whose.persona_ids))
    ]
    if whose.personality_id:
        found.append(FactRow.personality_id == whose.personality_id)
    if filter.venues:
        found.append(FactRow.venue.in_(filter.venues))
    if filter.occur_from is not None:
        found.append(FactRow.valid_from >= filter.occur_from)
    if filter.occur_until is not None:
        found.append(FactRow.valid_from < filter.occur_until)
    return found
