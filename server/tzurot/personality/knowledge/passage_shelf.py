"""Reading passages: what they mean goes into the slots (memory/reading/slots.py)."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.llm.embedding_endpoint import EmbeddingUnavailable
from tzurot.llm.embeddings import Vector
from tzurot.memory.meaning import Slot
from tzurot.memory.reading.holding import Holding
from tzurot.memory.reading.slots import Slots, SlotsChanged
from tzurot.personality.knowledge import knowledge_store
from tzurot.storage.database import Database

BATCH = 8  # passages between two writes; a long one takes a second
_EMPTIED = 1000  # in one transaction


class PassageShelf:
    """Passages of documents, as the change from one model to another sees them."""

    def __init__(self, database: Database, slots: Slots) -> None:
        self._database = database
        self._slots = slots

    async def read_new(self) -> int:
        """Have those read that nobody has read; how many that were.

        Raises:
            EmbeddingUnavailable: the model is away.
        """
        done = 0
        while True:
            live, *_ = holdings = await self._slots.holdings()
            async with self._database.reading() as tx:
                batch = await knowledge_store.without_meaning(tx, live.slot, BATCH)
            if not batch or self._slots.reader(live) is None:
                return done
            with suppress(SlotsChanged):
                await self._read(batch, live, holdings)
                done += len(batch)

    async def fill(self, holdings: Sequence[Holding]) -> None:
        """Read what is read into the live slot into the filling one, too."""
        live, filling = holdings
        while True:
            async with self._database.reading() as tx:
                batch = await knowledge_store.without_meaning(
                    tx, filling.slot, BATCH, read_into=live.slot
                )
            if not batch or self._slots.reader(filling) is None:
                return
            await self._read(batch, filling, holdings)

    async def lacking(self, tx: AsyncSession, live: Slot, filling: Slot) -> int:
        """Passages that only the live model has read."""
        return await knowledge_store.without_meaning_count(tx, filling, live)

    async def empty(self, slot: Slot) -> None:
        """Delete what was read into a slot."""
        gone = _EMPTIED
        while gone == _EMPTIED:
            async with self._database.transaction() as tx:
                gone = await knowledge_store.take_meaning(tx, slot, _EMPTIED)

    async def requeue(self, tx: AsyncSession, slot: Slot) -> None:
        """Nothing: what is not read is found by that."""

    async def _read(
        self,
        batch: Sequence[tuple[UUID, str, str]],
        into: Holding,
        holdings: Sequence[Holding],
    ) -> None:
        reader = self._slots.reader(into)
        assert reader is not None  # noqa: S101 - the caller's business
        vectors = await reader.of_passages([(title, words) for _, title, words in batch])
        if any(len(it) != into.dimensions for it in vectors):
            raise EmbeddingUnavailable(f"{reader.model.name} is another model by now")
        read: dict[UUID, Vector] = {id_: it for (id_, _, _), it in zip(batch, vectors, strict=True)}
        async with self._slots.keeping(holdings) as tx:
            await knowledge_store.give_meaning(tx, into.slot, read)
