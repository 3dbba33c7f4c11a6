"""Models behind a fake endpoint, and the change from one to another as jobs do it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from pydantic import SecretStr
from sqlalchemy import text

from tests.fakes.embeddings import FakeEmbeddings
from tests.memory.talk import Talk
from tzurot.llm.embedding_endpoint import EmbeddingEndpoint
from tzurot.llm.openai_compatible import connections
from tzurot.memory.index.outbox import Relay
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.port import CollectingIndex, MemoryIndex
from tzurot.memory.index.reindexing import Reindexing
from tzurot.memory.meaning import Model, Reader
from tzurot.memory.reading.dense_meaning import DenseMeaning
from tzurot.memory.reading.refilling import MemoryShelf, Refilling
from tzurot.memory.reading.slots import Slots
from tzurot.personality.knowledge.passage_shelf import PassageShelf


@dataclass(frozen=True, slots=True)
class Changing:
    """Servers that are configured for this model or that."""

    talk: Talk
    endpoint: FakeEmbeddings
    reader: Callable[[str], Reader]
    """The reader of a model of the endpoint's."""

    def slots(self, model: str | None = None, *, bundled_too: bool = True) -> Slots:
        """Of a server that is configured for `model`; None: for the bundled one.

        Without `bundled_too` it can't ask any other.
        """
        if model is None:
            return Slots(self.talk.database, self.talk.meaning)
        others = self.talk.meaning if bundled_too else None

        def other(wanted: Model) -> Reader | None:
            return others if wanted == self.talk.meaning.model else None

        return Slots(self.talk.database, self.reader(model), other)

    def job(self, slots: Slots, index: MemoryIndex | None = None) -> Refilling:
        """A worker's job, as it is at the worker's start."""
        database = self.talk.database
        shelves = (MemoryShelf(database, slots), PassageShelf(database, slots))
        return Refilling(database, slots, shelves, index or PgVectorIndex(database))

    async def run(self, model: str | None, index: MemoryIndex, *, rounds: int = 4) -> None:
        """What a worker does in some minutes: the relay, an engine's collections, the change."""
        slots, database = self.slots(model), self.talk.database
        relay = Relay(database, slots, index)
        engine = None if isinstance(index, PgVectorIndex) else cast("CollectingIndex", index)
        reindexing, refilling = (
            Reindexing(database, slots, engine, relay),
            self.job(slots, index),
        )
        for _ in range(rounds):
            await self.grace_is_over()
            await relay.drain()
            await reindexing.run()
            await refilling.run()

    async def states(self) -> dict[str, tuple[str, str]]:
        """Model and state of each slot."""
        query = text("SELECT slot, model, state FROM embedding_slots ORDER BY slot")
        async with self.talk.database.reading() as tx:
            return {slot: (model, state) for slot, model, state in await tx.execute(query)}

    async def vectors(self, column: str = "embedding_b") -> int:
        """How many memories have one there."""
        query = text(f"SELECT count({column}) FROM memories")  # noqa: S608 - ours
        async with self.talk.database.reading() as tx:
            return int(await tx.scalar(query) or 0)

    async def grace_is_over(self) -> None:
        """Let the slot that was live be emptied."""
        query = "UPDATE embedding_slots SET change_time = change_time - interval '2 minutes'"
        async with self.talk.database.transaction() as tx:
            await tx.execute(text(query))


@asynccontextmanager
async def changing(talk: Talk, endpoint: FakeEmbeddings) -> AsyncIterator[Changing]:
    """All of it, on the talk's database."""
    async with connections() as http:

        def reader(model: str) -> Reader:
            key = SecretStr(endpoint.key)
            return DenseMeaning(EmbeddingEndpoint(model, endpoint.base_url, key, http))

        yield Changing(talk, endpoint, reader)
