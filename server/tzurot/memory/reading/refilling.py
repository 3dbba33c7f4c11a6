"""Another model takes over, while all goes on: the job that fills its slot and makes it live.

    configured model is not the live one's → the other slot is filling → nothing is missing in it,
    nor in the engine → in one transaction it is live and the first one leaving → that is emptied

Where to go on after a kill, the rows themselves say: what lacks a reading gets one.
"""

import logging
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.llm.embedding_endpoint import EmbeddingUnavailable
from tzurot.memory.index import collection_store
from tzurot.memory.index.port import MemoryIndex
from tzurot.memory.meaning import Slot
from tzurot.memory.reading import reading, reading_store, slot_store
from tzurot.memory.reading.holding import Holding, SlotState
from tzurot.memory.reading.slots import GRACE, Slots, SlotsChanged
from tzurot.storage.database import Database

log = logging.getLogger(__name__)

REFILL_JOB = "memory.refill"

_BATCH = 64  # memories; some 2 s of reading
_EMPTIED = 1000  # in one transaction
_FIRST = UUID(int=0)


class Shelf(Protocol):
    """Something of which a slot has readings: memories, or passages of documents."""

    async def fill(self, holdings: Sequence[Holding]) -> None:
        """Read what is read into the live slot (the first) into the filling one, too.

        Raises:
            EmbeddingUnavailable, SlotsChanged: by their names.
        """
        ...

    async def lacking(self, tx: AsyncSession, live: Slot, filling: Slot) -> int:
        """How much `fill` still has to do."""
        ...

    async def empty(self, slot: Slot) -> None:
        """Delete what was read into a slot."""
        ...

    async def requeue(self, tx: AsyncSession, slot: Slot) -> None:
        """Let whoever reads what is new read what is not read into the slot."""
        ...


class Refilling:
    """The job. One runs at a time (its lock, in wiring); two would only do things twice."""

    def __init__(
        self,
        database: Database,
        slots: Slots,
        shelves: Sequence[Shelf],
        index: MemoryIndex,
    ) -> None:
        self._database = database
        self._slots = slots
        self._shelves = shelves
        self._index = index
        self._followed = False

    async def run(self) -> None:
        """Go on with whatever there is to do; what a model refuses now waits for the next run."""
        try:
            if await self._empty():
                self._followed = False  # now there is room for another model
            if not self._followed:
                await self._follow()
                self._followed = True
            await self._fill()
        except EmbeddingUnavailable:
            log.warning("the model to be changed to can't be asked; the change waits")
        except SlotsChanged:
            log.info("the change of models goes on otherwise")

    async def _follow(self) -> None:
        """Compare the configured model with those that have slots; once for each process.

        Not each time: of two processes that are configured differently the one that started last
        counts.
        """
        wanted = self._slots.configured
        model, dimensions = wanted.model, await wanted.dimensions()
        async with self._database.transaction() as tx:
            live, *others = await slot_store.all_of(tx, changing=True)
            filling = next((it for it in others if it.state is SlotState.FILLING), None)
            if filling and (filling.model, filling.dimensions) == (model, dimensions):
                return
            if filling:
                log.info("%s will not read what is remembered after all", filling.model.name)
                await self._drop(tx, live, filling)
            elif (live.model, live.dimensions) != (model, dimensions) and not others:
                log.info("%s begins to read what is remembered", model.name)
                await slot_store.begin(tx, _other(live.slot), model, dimensions)

    async def _drop(self, tx: AsyncSession, live: Holding, filling: Holding) -> None:
        await slot_store.become(tx, filling.slot, SlotState.LEAVING)
        for shelf in self._shelves:
            await shelf.requeue(tx, live.slot)

    async def _empty(self) -> bool:
        """Empty a slot that was live, once no search reads it any more; whether there was one."""
        async with self._database.reading() as tx:
            found = await slot_store.all_of(tx)
        leaving = next((it for it in found if it.state is SlotState.LEAVING), None)
        if leaving is None or clock.now() < leaving.change_time + GRACE:
            return False
        for shelf in self._shelves:
            await shelf.empty(leaving.slot)
        async with self._database.transaction() as tx:
            await collection_store.leave(tx, leaving.slot)
            await slot_store.end(tx, leaving.slot)
        log.info("what %s read is gone", leaving.model.name)
        return True

    async def _fill(self) -> None:
        holdings = await self._slots.holdings()
        if len(holdings) == 1:
            return
        live, filling = holdings
        for shelf in self._shelves:
            await shelf.fill(holdings)
        async with self._database.reading() as tx:
            if await self._lacking(tx, live.slot, filling.slot):
                return
        if await self._index.is_complete(filling.slot):
            await self._switch(holdings)
        else:
            await self._begin_collection(filling.slot)

    async def _switch(self, holdings: Sequence[Holding]) -> None:
        live, filling = holdings
        async with self._database.transaction() as tx:
            if list(await slot_store.all_of(tx, changing=True)) != list(holdings):
                raise SlotsChanged
            if await self._lacking(tx, live.slot, filling.slot):
                return  # what came in the meantime; the next run goes on
            await slot_store.become(tx, live.slot, SlotState.LEAVING)
            await slot_store.become(tx, filling.slot, SlotState.LIVE)
        log.info("%s has read all that is remembered: from now on it is asked", filling.model.name)

    async def _begin_collection(self, slot: Slot) -> None:
        """Have the engine's collection, too; reindexing.py fills it."""
        async with self._database.transaction() as tx:
            await collection_store.begin(tx, slot)

    async def _lacking(self, tx: AsyncSession, live: Slot, filling: Slot) -> int:
        return sum([await shelf.lacking(tx, live, filling) for shelf in self._shelves])


class MemoryShelf:
    """Memories."""

    def __init__(self, database: Database, slots: Slots) -> None:
        self._database = database
        self._slots = slots

    async def fill(self, holdings: Sequence[Holding]) -> None:
        """In batches, in the order of their ids."""
        live, filling = holdings
        after, done = _FIRST, 0
        while batch := await self._unread(live, filling, after):
            await reading.read(self._slots, batch, filling, holdings)
            after, done = batch[-1].id, done + len(batch)
            log.info("%s has read %d memories more", filling.model.name, done)

    async def lacking(self, tx: AsyncSession, live: Slot, filling: Slot) -> int:
        """Memories that only the live model has read."""
        return await reading_store.unread_count(tx, live, filling)

    async def empty(self, slot: Slot) -> None:
        """Vectors, token states and later parts."""
        after = _FIRST
        while True:
            async with self._database.transaction() as tx:
                gone = await reading_store.empty(tx, slot, after=after, limit=_EMPTIED)
            if not gone:
                return
            after = max(gone)

    async def requeue(self, tx: AsyncSession, slot: Slot) -> None:
        """By the outbox."""
        await reading_store.requeue(tx, slot)

    async def _unread(self, live: Holding, filling: Holding, after: UUID):
        async with self._database.reading() as tx:
            return await reading_store.unread(
                tx, live.slot, filling.slot, after=after, limit=_BATCH
            )


def _other(slot: Slot) -> Slot:
    return Slot.B if slot is Slot.A else Slot.A
