"""The SQL of memories. Everything here takes the owner, or the persona that memories belong to."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.filters import Whose
from tzurot.memory.remembering import Kind, Remembered
from tzurot.memory.sectors import Sector
from tzurot.memory.tables import Memory
from tzurot.memory.venues import Venue

# After a longer silence it is another talk: what stands before has nothing to do with it.
PAUSE = timedelta(hours=3)

READ = (
    Memory.id,
    Memory.persona_id,
    Memory.personality_id,
    Memory.turn_id,
    Memory.venue,
    Memory.person_name,
    Memory.person_text,
    Memory.personality_name,
    Memory.personality_text,
    Memory.occur_time,
    Memory.create_time,
    Memory.kind,
    Memory.sector,
    Memory.other_sectors,
    Memory.salience,
    Memory.locked,
    Memory.edit_time,
)


def remembered_from(row: Sequence[Any]) -> Remembered:
    """The memory of a row that begins with READ."""
    memory_id, persona_id, personality_id, turn_id, venue, *rest = row[: len(READ)]
    *said, kind, sector, others, salience, locked, edit_time = rest
    return Remembered(
        memory_id,
        persona_id,
        personality_id,
        turn_id,
        Venue(venue),
        *said,
        kind=Kind(kind),
        sector=Sector(sector),
        other_sectors=tuple(map(Sector, others)),
        salience=salience,
        locked=locked,
        edit_time=edit_time,
    )


async def reach(tx: AsyncSession, personality_id: UUID) -> tuple[int, int]:
    """How many memories a character that the caller owns has, and of how many personas."""
    query = select(func.count(Memory.persona_id), func.count(Memory.persona_id.distinct())).where(
        Memory.personality_id == personality_id
    )
    memories, personas = (await tx.execute(query)).one()
    return memories, personas


async def get(
    tx: AsyncSession, persona_ids: Collection[UUID], memory_ids: Collection[UUID]
) -> Sequence[Remembered]:
    """The personas' memories among `memory_ids`, in no particular order."""
    rows = await tx.execute(
        select(*READ).where(Memory.persona_id.in_(persona_ids), Memory.id.in_(memory_ids))
    )
    return [remembered_from(row) for row in rows]


async def page(
    tx: AsyncSession, whose: Whose, *, before: UUID | None, limit: int
) -> Sequence[Remembered]:
    """At most `limit` memories older than `before`, newest first."""
    query = select(*READ).where(*whose.conditions)
    if before:
        query = query.where(Memory.id < before)
    rows = await tx.execute(query.order_by(Memory.id.desc()).limit(limit))
    return [remembered_from(row) for row in rows]


async def add(
    tx: AsyncSession, values: dict[str, object], request_id: UUID | None
) -> Remembered | None:
    """A new memory; None if the persona's `request_id` made one before. A twin is waited for."""
    columns = {name: value for name, value in values.items() if name != "stems"}
    words = func.array_to_tsvector(cast(values["stems"], ARRAY(Text)))
    row = (
        await tx.execute(
            insert(Memory)
            .values(**columns, words=words, request_id=request_id)
            .on_conflict_do_nothing(index_elements=["persona_id", "request_id"])
            .returning(*READ)
        )
    ).one_or_none()
    return remembered_from(row) if row else None


async def requested(tx: AsyncSession, persona_id: UUID, request_id: UUID) -> Remembered | None:
    """The memory that a request of the persona's made."""
    row = (
        await tx.execute(
            select(*READ).where(Memory.persona_id == persona_id, Memory.request_id == request_id)
        )
    ).one_or_none()
    return remembered_from(row) if row else None


async def hold(tx: AsyncSession, persona_ids: Collection[UUID], memory_id: UUID) -> Memory | None:
    """A memory of one of the personas, which nobody else changes until the transaction ends."""
    query = select(Memory).where(Memory.persona_id.in_(persona_ids), Memory.id == memory_id)
    return (await tx.scalars(query.with_for_update())).one_or_none()


async def lock(tx: AsyncSession, memory_id: UUID, *, locked: bool) -> None:
    """Set whether its person wants to keep a memory."""
    await tx.execute(update(Memory).where(Memory.id == memory_id).values(locked=locked))


async def remove(tx: AsyncSession, persona_ids: Collection[UUID], memory_id: UUID) -> bool:
    """Delete a memory of one of the personas; whether there was one."""
    gone = await tx.execute(
        delete(Memory)
        .where(Memory.persona_id.in_(persona_ids), Memory.id == memory_id)
        .returning(Memory.id)
    )
    return gone.one_or_none() is not None
