"""Filling an engine's collections with all memories, while all goes on.

A collection is filled when it is new: at first, when its engine lost it, for another model, and
when an operator wants it. All memories go through the outbox once more, in batches, so that new
ones don't wait; how far it got stands in the collection's row. Until then it is not searched.
"""

import logging

from tzurot.memory.index import collection_store
from tzurot.memory.index.collection_store import CollectionState, Kept
from tzurot.memory.index.outbox import Relay
from tzurot.memory.index.port import CollectingIndex
from tzurot.memory.reading.slots import Slots
from tzurot.storage.database import Database

log = logging.getLogger(__name__)

REINDEX_JOB = "memory.reindex"

_BATCH = 640  # memories that new ones may have to wait for; some 2 s


async def begin_anew(database: Database) -> None:
    """Let the engine's collections be filled anew, under other names, and the old ones dropped."""
    async with database.transaction() as tx:
        for kept in await collection_store.all_of(tx):
            if kept.state is not CollectionState.LEAVING:
                await collection_store.leave(tx, kept.slot)
                await collection_store.begin(tx, kept.slot)


class Reindexing:
    """The job. One runs at a time (its lock, in wiring)."""

    def __init__(
        self, database: Database, slots: Slots, engine: CollectingIndex | None, relay: Relay
    ) -> None:
        """`engine` is None where Postgres itself searches."""
        self._database = database
        self._slots = slots
        self._engine = engine
        self._relay = relay

    async def run(self) -> None:
        """Fill what is not full, drop what is not needed.

        Raises:
            IndexUnavailable: the engine is away; the next run goes on where this one stopped.
        """
        if self._engine is None:
            async with self._database.transaction() as tx:
                await collection_store.none_kept(tx)
            return
        live, *_ = await self._slots.holdings()
        async with self._database.transaction() as tx:
            await collection_store.begin(tx, live.slot)
        await self._engine.look()
        async with self._database.reading() as tx:
            kept = await collection_store.all_of(tx)
        for it in kept:
            if it.state is CollectionState.LEAVING:
                await self._drop(self._engine, it)
            elif it.state is CollectionState.FILLING:
                await self._fill(it)

    async def _fill(self, kept: Kept) -> None:
        log.info("the search index is filled with what is remembered")
        sent = 0
        while True:
            async with self._database.transaction() as tx:
                count = await collection_store.send(tx, kept.name, _BATCH)
                if not count:
                    await collection_store.all_sent(tx, kept.name)
            await self._relay.drain()
            if not count:
                break
            sent += count
            log.info("%d memories more are in the search index", sent)
        async with self._database.transaction() as tx:
            if await collection_store.complete(tx, kept.name):
                log.info("the search index is complete")

    async def _drop(self, engine: CollectingIndex, kept: Kept) -> None:
        await engine.drop(kept.name)
        async with self._database.transaction() as tx:
            await collection_store.gone(tx, kept.name)
