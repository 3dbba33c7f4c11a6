"""What finds memories and documents: the models that read them, the engines, the jobs between."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from tzurot.config import Settings
from tzurot.errors import StartupError
from tzurot.llm.embedding_endpoint import EmbeddingEndpoint
from tzurot.llm.openai_compatible import connections
from tzurot.memory import meaning as memory_meaning
from tzurot.memory.facts.withholding import Withholding
from tzurot.memory.index import collection_store
from tzurot.memory.index.collection_store import CollectionState
from tzurot.memory.index.outbox import Relay
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.port import CollectingIndex
from tzurot.memory.index.reindexing import REINDEX_JOB, Reindexing
from tzurot.memory.meaning import Meaning, Reader
from tzurot.memory.reading import reading_store, slot_store
from tzurot.memory.reading.dense_meaning import DenseMeaning
from tzurot.memory.reading.refilling import REFILL_JOB, MemoryShelf, Refilling, Shelf
from tzurot.memory.reading.slots import Slots, in_use
from tzurot.memory.recall import Recall
from tzurot.memory.remembering import INDEX_JOB
from tzurot.personality.knowledge import knowledge_store
from tzurot.personality.knowledge.passage_shelf import PassageShelf
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs


@dataclass(frozen=True, slots=True)
class Progress:
    """How far what keeps memories found has got."""

    engine: str
    is_index_complete: bool
    model: str
    """What reads memories."""
    next_model: str
    """What is to take over; empty: nothing is."""
    unread_count: int
    """How much that one still has to read."""


async def finding(
    database: Database,
    jobs: Jobs,
    slots: Slots,
    engine: CollectingIndex | None,
    withholding: Withholding,
) -> tuple[Recall, Relay]:
    """What finds memories, and what keeps them found."""
    in_database = PgVectorIndex(database)
    index = engine or in_database
    relay = Relay(database, slots, index, withholding.look)
    jobs.register(INDEX_JOB, relay.drain)
    jobs.register(f"{INDEX_JOB}.all", relay.drain, cron="* * * * *")
    reindex = Reindexing(database, slots, engine, relay).run
    refill = Refilling(database, slots, _shelves(database, slots), index).run
    for name, work in ((REINDEX_JOB, reindex), (REFILL_JOB, refill)):
        jobs.register(name, work, lock=name)
        jobs.register(f"{name}.all", work, cron="* * * * *", lock=name)
    async with database.transaction() as tx:  # another engine or model may be configured now
        await jobs.defer(tx, REINDEX_JOB)
        await jobs.defer(tx, REFILL_JOB)
    return Recall(database, slots, index, fallback=in_database), relay


def withholding_of(database: Database, bundled: Meaning, slots: Slots) -> Withholding:
    """What finds exchanges that say what is forgotten."""
    return Withholding(database, bundled, slots, PgVectorIndex(database))


def _shelves(database: Database, slots: Slots) -> Sequence[Shelf]:
    return MemoryShelf(database, slots), PassageShelf(database, slots)


async def slots_of(
    settings: Settings, database: Database, bundled: Meaning, stack: AsyncExitStack
) -> Slots:
    """The configured model, and those that this process can ask while it takes over."""
    name, base_url = settings.embedding_model, settings.embedding_base_url
    if not name and not base_url:
        return Slots(database, bundled)
    if not name or not base_url:
        raise StartupError("Set both TZUROT_EMBEDDING_MODEL and TZUROT_EMBEDDING_BASE_URL.")
    http = await stack.enter_async_context(connections())

    def at_endpoint(model: str) -> Reader:
        return DenseMeaning(EmbeddingEndpoint(model, base_url, settings.embedding_api_key, http))

    def other(model: memory_meaning.Model) -> Reader | None:
        if model == bundled.model:
            return bundled
        return at_endpoint(model.name) if model.base_url == base_url else None

    return Slots(database, at_endpoint(name), other)


async def engine_of(
    settings: Settings, database: Database, stack: AsyncExitStack
) -> CollectingIndex | None:
    """Weaviate if it is configured."""
    if settings.weaviate_url is None:
        return None
    from tzurot.memory.index.weaviate import WeaviateIndex

    if settings.weaviate_url.rstrip("/").endswith(f":{settings.weaviate_grpc_port}"):
        raise StartupError("TZUROT_WEAVIATE_GRPC_PORT must not be the port of TZUROT_WEAVIATE_URL.")
    key = settings.weaviate_api_key
    opening = WeaviateIndex.open(
        settings.weaviate_url,
        grpc_port=settings.weaviate_grpc_port,
        api_key=key.get_secret_value() if key else None,
        database=database,
    )
    return await stack.enter_async_context(opening)


async def progress(database: Database, settings: Settings) -> Progress:
    """How far what keeps memories found has got."""
    async with database.transaction() as tx:
        live, *filling = in_use(await slot_store.all_of(tx))
        complete = settings.weaviate_url is None or any(
            it.slot is live.slot and it.state is CollectionState.COMPLETE
            for it in await collection_store.all_of(tx)
        )
        unread = 0
        for it in filling:
            unread += await reading_store.unread_count(tx, live.slot, it.slot)
            unread += await knowledge_store.without_meaning_count(tx, it.slot, live.slot)
    return Progress(
        engine="weaviate" if settings.weaviate_url else "postgres",
        is_index_complete=complete,
        model=live.model.name,
        next_model=filling[0].model.name if filling else "",
        unread_count=unread,
    )
