"""The SQL of what an engine beside Postgres keeps: which collections, and whether they are whole.

What an engine itself says doesn't count: it may come back empty, or be another one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory.meaning import Slot
from tzurot.memory.reading.slot_tables import IndexCollection
from tzurot.memory.tables import IndexOutbox

_FIRST = UUID(int=0)


class CollectionState(StrEnum):
    """What becomes of a collection."""

    FILLING = "filling"  # memories are on their way into it
    COMPLETE = "complete"  # it is searched
    LEAVING = "leaving"  # it is to be dropped


@dataclass(frozen=True, slots=True)
class Kept:
    """A collection."""

    name: str
    slot: Slot
    state: CollectionState
    last_memory_id: UUID | None
    """Up to which memory all were put into the outbox for it."""
    last_outbox_id: int | None
    """When this one is carried out, too, it is complete."""

    @property
    def is_new(self) -> bool:
        """Whether nothing was meant to be in it yet."""
        return self.state is CollectionState.FILLING and self.last_memory_id is None


async def all_of(tx: AsyncSession) -> Sequence[Kept]:
    """All collections, in no particular order."""
    rows = await tx.scalars(select(IndexCollection).execution_options(populate_existing=True))
    return [
        Kept(
            row.name,
            Slot(row.slot),
            CollectionState(row.state),
            row.last_memory_id,
            row.last_outbox_id,
        )
        for row in rows
    ]


async def begin(tx: AsyncSession, slot: Slot) -> None:
    """Have a new collection for a slot, if it has none. A twin is waited for."""
    await tx.execute(
        insert(IndexCollection)
        .values(
            name=f"Memory_{clock.uuid7().hex}",
            slot=slot,
            state=CollectionState.FILLING,
            create_time=clock.now(),
        )
        .on_conflict_do_nothing()
    )


# Memories in the order of their ids, those that nobody recalls left out; the collection's row is
# locked, so that two who do this take turns.
_SEND = text("""
    WITH filled AS (
        SELECT name, coalesce(last_memory_id, CAST(:first AS uuid)) AS last FROM index_collections
        WHERE name = :name AND state = 'filling' AND last_outbox_id IS NULL FOR UPDATE
    ), next AS (
        SELECT m.id, m.persona_id FROM memories m, filled
        WHERE m.id > filled.last AND NOT m.dormant ORDER BY m.id LIMIT :limit
    ), sent AS (
        INSERT INTO index_outbox (memory_id, persona_id, create_time)
        SELECT id, persona_id, now() FROM next ORDER BY id RETURNING memory_id
    ), moved AS (
        UPDATE index_collections SET last_memory_id = (SELECT max(memory_id::text)::uuid FROM sent)
        WHERE name = (SELECT name FROM filled) AND EXISTS (SELECT FROM sent)
    )
    SELECT count(*) FROM sent
""")


async def send(tx: AsyncSession, name: str, limit: int) -> int:
    """Put the next memories for a collection into the outbox; how many."""
    wanted = {"name": name, "limit": limit, "first": _FIRST}
    return await tx.scalar(_SEND, wanted) or 0


async def all_sent(tx: AsyncSession, name: str) -> None:
    """Note that it is complete once what is in the outbox now is carried out."""
    newest = select(func.coalesce(func.max(IndexOutbox.id), 0)).scalar_subquery()
    await tx.execute(
        update(IndexCollection)
        .where(IndexCollection.name == name, IndexCollection.last_outbox_id.is_(None))
        .values(last_outbox_id=newest)
    )


async def complete(tx: AsyncSession, name: str) -> bool:
    """Let a collection be searched if what was sent to it has arrived; whether it has."""
    waiting = (
        select(IndexOutbox.id).where(IndexOutbox.id <= IndexCollection.last_outbox_id).exists()
    )
    filled = (
        IndexCollection.name == name,
        IndexCollection.state == CollectionState.FILLING,
        IndexCollection.last_outbox_id.is_not(None),
        ~waiting,
    )
    row = await tx.execute(
        update(IndexCollection)
        .where(*filled)
        .values(state=CollectionState.COMPLETE)
        .returning(IndexCollection.name)
    )
    return row.one_or_none() is not None


async def leave(tx: AsyncSession, slot: Slot, *, name: str | None = None) -> None:
    """Have a slot's collection dropped, or only if it is the one of this name."""
    its = IndexCollection.slot == slot
    query = update(IndexCollection).where(its).values(state=CollectionState.LEAVING)
    await tx.execute(query.where(IndexCollection.name == name) if name else query)


async def gone(tx: AsyncSession, name: str) -> None:
    """Note that a collection was dropped."""
    await tx.execute(delete(IndexCollection).where(IndexCollection.name == name))


async def none_kept(tx: AsyncSession) -> None:
    """Note that no engine is told any more: what one still has is not whole."""
    await tx.execute(update(IndexCollection).values(state=CollectionState.LEAVING))
