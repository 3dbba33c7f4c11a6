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

from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from tzurot.errors import IndexUnavailable
from tzurot.llm.embedding_endpoint import EmbeddingUnavailable
from tzurot.memory.index.port import Forgotten, IndexEntry, MemoryIndex
from tzurot.memory.meaning import Slot
from tzurot.memory.reading import reading, reading_store
from tzurot.memory.reading.holding import Holding
from tzurot.memory.reading.slots import Slots, SlotsChanged
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


Look = Callable[[Collection[MemoryId]], Awaitable[None]]


async def _as_they_are(_: Collection[MemoryId]) -> None:
    pass


class Relay:
    """Carries memories to the index. Any number may run."""

    def __init__(
        self, database: Database, slots: Slots, index: MemoryIndex, look: Look = _as_they_are
    ) -> None:
        """`look` withholds those that are not to be found, before they are read."""
        self._database = database
        self._slots = slots
        self._index = index
        self._look = look

    async def drain(self) -> int:
        """Carry out all that waits; how many outbox rows that were.

        Raises:
            IndexUnavailable: the engine is away; the rows wait for the next run, but are read.
            EmbeddingUnavailable: the model that reads is away; the rows wait for the next run.
        """
        cleared = 0
        while claimed := await self._claim():
            try:
                cleared += await self._carry(claimed)
            except (IndexUnavailable, EmbeddingUnavailable, SlotsChanged) as failure:
                await self._give_back(claimed)
                if isinstance(failure, IndexUnavailable):
                    await self._read_ahead()
                if not isinstance(failure, SlotsChanged):
                    raise
        return cleared

    async def backlog(self) -> int:
        """How many outbox rows wait."""
        async with self._database.transaction() as tx:
            return await tx.scalar(select(func.count()).select_from(IndexOutbox)) or 0

    async def _carry(self, claimed: Sequence[_Claimed]) -> int:
        """One batch; how many rows of it are done."""
        persona_of = {row.memory_id: row.persona_id for row in claimed}
        holdings = await self._slots.holdings()
        await self._look(persona_of)
        memories = await self._read(persona_of)
        await self._give_meaning(memories, holdings)
        await self._index.upsert(await self._entries(persona_of, holdings))
        now = await self._as_now(persona_of)
        await self._index.delete(
            [Forgotten(id_, persona) for id_, persona in persona_of.items() if id_ not in now]
        )
        told = {m.id: reading.said(m) for m in memories}
        outdated = {id_ for id_, said in now.items() if told.get(id_) != said}
        if outdated:
            await self._give_back([row for row in claimed if row.memory_id in outdated])
        done = [row for row in claimed if row.memory_id not in outdated]
        await self._clear(done)
        return len(done)

    async def _give_meaning(self, memories: Sequence[Memory], holdings: Sequence[Holding]) -> None:
        """Have read what is not read yet: for the live slot first, for one that is filled, too."""
        live, *others = holdings
        await reading.read(self._slots, _unread(memories, live), live, holdings)
        for filling in others:
            with suppress(EmbeddingUnavailable):  # whoever fills it comes back to these
                await reading.read(self._slots, _unread(memories, filling), filling, holdings)

    async def _read_ahead(self) -> None:
        """Have read what waits for an engine: meanwhile Postgres finds it by its meaning."""
        holdings, after = await self._slots.holdings(), 0
        while True:
            async with self._database.reading() as tx:
                after, memories = await reading_store.waiting(
                    tx, holdings[0].slot, after=after, limit=BATCH
                )
            if not memories:
                return
            with suppress(SlotsChanged):
                await self._give_meaning(memories, holdings)

    async def _entries(
        self, memory_ids: Collection[MemoryId], holdings: Sequence[Holding]
    ) -> list[IndexEntry]:
        """What the engine is to have of memories, for each slot that they are read into."""
        entries: list[IndexEntry] = []
        async with self._database.transaction() as tx:
            query = select(Memory).where(Memory.id.in_(memory_ids), ~Memory.dormant)
            memories = (await tx.scalars(query)).all()
            for it in holdings:
                windows = await reading_store.windows_of(tx, it.slot, memory_ids)
                entries += [
                    _entry(memory, vector, windows.get(memory.id, []), it.slot)
                    for memory in memories
                    if (vector := _vector(memory, it.slot)) is not None
                ]
        return entries

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


def _unread(memories: Sequence[Memory], into: Holding) -> list[Memory]:
    return [memory for memory in memories if _vector(memory, into.slot) is None]


def _vector(memory: Memory, slot: Slot) -> list[float] | None:
    return memory.embedding if slot is Slot.A else memory.embedding_b


def _entry(
    memory: Memory, vector: Sequence[float], windows: Sequence[Sequence[float]], slot: Slot
) -> IndexEntry:
    stems = terms_of(*reading.sides(memory))
    return IndexEntry(
        memory_id=MemoryId(memory.id),
        owner=Owner(memory.persona_id, memory.personality_id),
        turn_id=memory.turn_id,
        venue=Venue(memory.venue),
        platform=memory.platform,
        channel_id=memory.channel_id,
        age_restricted=memory.age_restricted,
        words=" ".join(stems),
        vector=vector,
        windows=windows,
        slot=slot,
    )
