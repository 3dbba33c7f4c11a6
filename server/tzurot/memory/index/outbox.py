"""The relay: tells the index what happened to memories, and only then clears the outbox.

Nothing is locked while it embeds or calls the engine, so that a slow engine holds up nobody. Why a
deleted memory cannot come back, and none is lost:

- What to do is read from the memories themselves: one that exists is stored in the engine, one that
  doesn't is deleted there, and so is a dormant one. Doing it twice ends the same.
- After storing, the relay looks whether the memories still exist and takes back those that don't.
  A deletion that commits before this look is seen by it; one that commits after it has its own
  outbox row, whose delete comes after this store. One that has other words by now is done again:
  another relay may have been faster with them.
- Outbox rows are cleared last. A relay that dies, or an engine that is away, leaves them; their
  claim, which only keeps two relays from embedding the same texts, is given back or runs out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, func, or_, select, update

from tzurot.errors import IndexUnavailable
from tzurot.memory import store
from tzurot.memory.index.port import Forgotten, IndexEntry, MemoryIndex
from tzurot.memory.meaning import Meaning, Side
from tzurot.memory.remembering import MemoryId, Owner, terms_of
from tzurot.memory.tables import IndexOutbox, Memory
from tzurot.memory.venues import Venue
from tzurot.storage.database import Database

BATCH = 64  # outbox rows; some 2 s of embedding
CLAIM = timedelta(seconds=60)  # of a relay that may have died; far longer than a batch takes


@dataclass(frozen=True, slots=True)
class _Claimed:
    """One outbox row that this relay is working on."""

    outbox_id: int
    memory_id: MemoryId
    persona_id: UUID


class Relay:
    """Carries memories to the index. Any number may run."""

    def __init__(self, database: Database, meaning: Meaning, index: MemoryIndex) -> None:
        self._database = database
        self._meaning = meaning
        self._index = index

    async def drain(self) -> int:
        """Carry out all that waits; how many outbox rows that were.

        Raises:
            IndexUnavailable: the engine is away; the rows wait for the next run.
        """
        cleared = 0
        while claimed := await self._claim():
            try:
                await self._carry(claimed)
            except IndexUnavailable:
                await self._give_back(claimed)
                raise
            cleared += len(claimed)
        return cleared

    async def backlog(self) -> int:
        """How many outbox rows wait."""
        async with self._database.transaction() as tx:
            return await tx.scalar(select(func.count()).select_from(IndexOutbox)) or 0

    async def _carry(self, claimed: Sequence[_Claimed]) -> None:
        persona_of = {row.memory_id: row.persona_id for row in claimed}
        memories = await self._read(persona_of)
        vectors = await self._embed([m for m in memories if m.embedding is None])
        stored = [_entry(m, vectors.get(m.id, m.embedding)) for m in memories]
        await self._index.upsert(stored)
        now = await self._as_now(persona_of)
        await self._index.delete(
            [Forgotten(id_, persona) for id_, persona in persona_of.items() if id_ not in now]
        )
        told = {m.id: _said(m) for m in memories}
        outdated = {id_ for id_, said in now.items() if told.get(id_) != said}
        await self._give_back([row for row in claimed if row.memory_id in outdated])
        await self._clear([row for row in claimed if row.memory_id not in outdated])

    async def _claim(self) -> Sequence[_Claimed]:
        free = or_(IndexOutbox.claim_time.is_(None), IndexOutbox.claim_time < func.now() - CLAIM)
        next_rows = (
            select(IndexOutbox.id)
            .where(free)
            .order_by(IndexOutbox.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        async with self._database.transaction() as tx:
            rows = await tx.execute(
                update(IndexOutbox)
                .where(IndexOutbox.id.in_(next_rows))
                .values(claim_time=func.now())
                .returning(IndexOutbox.id, IndexOutbox.memory_id, IndexOutbox.persona_id)
            )
            return [_Claimed(id_, MemoryId(memory), persona) for id_, memory, persona in rows]

    async def _read(self, memory_ids: Collection[MemoryId]) -> Sequence[Memory]:
        query = select(Memory).where(Memory.id.in_(memory_ids), ~Memory.dormant)
        async with self._database.transaction() as tx:
            return (await tx.scalars(query)).all()

    async def _embed(self, memories: Sequence[Memory]) -> dict[UUID, list[float]]:
        """Vectors for memories that have none, stored in their rows if these say the same still."""
        if not memories:
            return {}
        understood = await self._meaning.of_exchanges([_sides(memory) for memory in memories])
        meant = {m.id: it for m, it in zip(memories, understood, strict=True)}
        vectors = {id_: it.vector.tolist() for id_, it in meant.items()}
        unchanged = (
            Memory.id == bindparam("memory_id"),
            Memory.person_text == bindparam("said"),
            Memory.personality_text == bindparam("answered"),
        )
        async with self._database.transaction() as tx:
            connection = await tx.connection()
            await connection.execute(
                update(Memory).where(*unchanged).values(embedding=bindparam("vector")),
                [
                    {
                        "memory_id": m.id,
                        "said": m.person_text,
                        "answered": m.personality_text,
                        "vector": vectors[m.id],
                    }
                    for m in memories
                ],
            )
            await store.keep_states(tx, [(m.id, _said(m), meant[m.id]) for m in memories])
        return vectors

    async def _as_now(self, memory_ids: Collection[MemoryId]) -> dict[MemoryId, tuple[str, str]]:
        """What those say that exist and are not dormant."""
        query = select(Memory.id, Memory.person_text, Memory.personality_text).where(
            Memory.id.in_(memory_ids), ~Memory.dormant
        )
        async with self._database.transaction() as tx:
            return {MemoryId(id_): (said, told) for id_, said, told in await tx.execute(query)}

    async def _clear(self, claimed: Sequence[_Claimed]) -> None:
        async with self._database.transaction() as tx:
            await tx.execute(
                delete(IndexOutbox).where(IndexOutbox.id.in_([row.outbox_id for row in claimed]))
            )

    async def _give_back(self, claimed: Sequence[_Claimed]) -> None:
        async with self._database.transaction() as tx:
            await tx.execute(
                update(IndexOutbox)
                .where(IndexOutbox.id.in_([row.outbox_id for row in claimed]))
                .values(claim_time=None)
            )


def _said(memory: Memory) -> tuple[str, str]:
    return memory.person_text, memory.personality_text


def _sides(memory: Memory) -> tuple[Side, Side]:
    return (
        (memory.person_name, memory.person_text),
        (memory.personality_name, memory.personality_text),
    )


def _entry(memory: Memory, vector: list[float] | None) -> IndexEntry:
    stems = terms_of(*_sides(memory))
    return IndexEntry(
        memory_id=MemoryId(memory.id),
        owner=Owner(memory.persona_id, memory.personality_id),
        turn_id=memory.turn_id,
        venue=Venue(memory.venue),
        platform=memory.platform,
        channel_id=memory.channel_id,
        age_restricted=memory.age_restricted,
        words=" ".join(stems),
        vector=vector or [],
    )
