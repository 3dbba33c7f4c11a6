"""The SQL of memories that go elsewhere. See departures.py, and store.py for all others."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory import store
from tzurot.memory.filters import Whose
from tzurot.memory.reflection.reflection_tables import MemorySource
from tzurot.memory.tables import Memory, MemoryOrigin, MemoryRecall

_SOURCES = (
    select(func.array_agg(MemorySource.source_id))
    .where(MemorySource.memory_id == Memory.id)
    .scalar_subquery()
)
_BESIDE = (
    Memory.platform,
    Memory.channel_id,
    Memory.age_restricted,
    Memory.dormant,
    MemoryRecall.salience,
    MemoryRecall.recall_count,
    MemoryRecall.last_recall_time,
    _SOURCES,
    MemoryOrigin.format,
    MemoryOrigin.row,
)


async def count(tx: AsyncSession, whose: Whose) -> int:
    """How many memories fit."""
    query = select(func.count()).select_from(Memory).where(*whose.conditions)
    return await tx.scalar(query) or 0


async def page(
    tx: AsyncSession, whose: Whose, *, after: UUID | None, limit: int
) -> Sequence[Sequence[Any]]:
    """At most `limit` memories that fit, by their ids; `store.READ` and what stands beside."""
    query = (
        select(*store.READ, *_BESIDE)
        .outerjoin(MemoryRecall, MemoryRecall.memory_id == Memory.id)
        .outerjoin(MemoryOrigin, MemoryOrigin.memory_id == Memory.id)
        .where(*whose.conditions)
    )
    if after:
        query = query.where(Memory.id > after)
    return (await tx.execute(query.order_by(Memory.id).limit(limit))).all()
