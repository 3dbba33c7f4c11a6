"""The engine for large installations: a Weaviate server, one tenant for each persona.

Each slot has a collection of its own, under a name that only Postgres knows: so one of another
model is simply dropped, and an engine that comes back empty, or is another one, has none of that
name. Objects have the memory's id, its stems and the vector from Postgres; no words of people are
stored here. A later part of a long memory is an object of its own.

What a person can change about a memory without changing what it says (that it is locked), or what
is judged anew (what it tells), is not stored here either: for a question with a filter Postgres
gives the candidates, exactly. Turns ask without one.

This is the only module that knows Weaviate's client.
"""

# The client's types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import asyncio
import logging
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from itertools import groupby
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID, uuid5

import weaviate
from weaviate.classes.config import (
    Configure,
    DataType,
    Property,
    Tokenization,
    VectorDistances,
)
from weaviate.classes.data import DataObject
from weaviate.classes.init import AdditionalConfig, Auth, Timeout
from weaviate.classes.query import Filter
from weaviate.exceptions import WeaviateBaseError, WeaviateQueryError

from tzurot.errors import IndexUnavailable
from tzurot.memory.filters import ALL
from tzurot.memory.index import collection_store
from tzurot.memory.index.collection_store import CollectionState, Kept
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.port import CANDIDATES, Forgotten, IndexEntry
from tzurot.memory.keywords import Vocabulary
from tzurot.memory.meaning import Slot
from tzurot.memory.question import Question
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.venues import Venue, audible_at
from tzurot.storage.database import Database

log = logging.getLogger(__name__)

SEARCH_SECONDS = 1.0  # a turn waits no longer; a search takes some 2 ms
WRITE_SECONDS = 30.0
REST_SECONDS = 5.0  # after a failure turns ask Postgres at once; then one tries again

_NAMES_SECONDS = 5.0  # which collection is searched is not asked more often

_VECTOR = "exchange"
_MEMORY = "memory_id"  # of a later part; the memory itself has it as its id
_BY_MEANING = 0.6  # hybrid's alpha; the order of candidates is the business of scoring

Collection = Any  # CollectionAsync, whose type parameters are unknown


class _CollectionLost(IndexUnavailable):
    """A collection that had memories is not there."""


class WeaviateIndex:
    """Candidates by Weaviate's hybrid search."""

    def __init__(self, url: str, grpc_port: int, api_key: str | None, database: Database) -> None:
        self._address = urlsplit(url)
        self._grpc_port = grpc_port
        self._api_key = api_key
        self._database = database
        self._in_database = PgVectorIndex(database)
        self._preparing = asyncio.Lock()
        self._client: weaviate.WeaviateAsyncClient | None = None
        self._known: set[str] = set()  # collections that are there
        self._searched: dict[Slot, Kept] = {}
        self._searched_until = 0.0  # on the event loop's clock
        self._rest_until = 0.0

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, *, grpc_port: int, api_key: str | None, database: Database
    ) -> AsyncGenerator[Self]:
        """The engine at `url` (`http://host:port`); `database` says which collections it has.

        A server that is away now is no error: it is tried again with each use.
        """
        index = cls(url, grpc_port, api_key, database)
        try:
            yield index
        finally:
            if index._client:
                await index._client.close()

    async def candidates(
        self, owner: Owner, question: Question, *, limit: int = CANDIDATES
    ) -> Sequence[MemoryId]:
        """By hybrid search within the tenant of the persona, and of each that shares with it."""
        if question.filter != ALL:
            return await self._in_database.candidates(owner, question, limit=limit)
        if asyncio.get_running_loop().time() < self._rest_until:
            raise IndexUnavailable
        kept = await self._complete(question.meaning.slot)
        if kept is None or question.meaning.vector is None:
            raise IndexUnavailable  # Postgres finds all, and by words alone, too
        async with self._reach(SEARCH_SECONDS, kept) as memories:
            searches = (
                _search(memories.with_tenant(str(persona_id)), owner, question, limit)
                for persona_id in owner.persona_ids
            )
            found = await asyncio.gather(*searches)
        return [memory_id for each in found for memory_id in each]

    async def candidates_with_vocabulary(
        self, owner: Owner, question: Question
    ) -> tuple[Sequence[MemoryId], Vocabulary]:
        """The same, while Postgres counts the question's terms."""
        counting = asyncio.create_task(self._in_database.vocabulary(owner, question))
        try:
            return await self.candidates(owner, question), await counting
        finally:
            counting.cancel()
            await asyncio.wait({counting})

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """One batch for each slot and persona; an object with the same id is replaced."""
        try:
            await self._upsert(entries)
        except _CollectionLost:
            await self._upsert(entries)  # into the one in its place

    async def delete(self, forgotten: Sequence[Forgotten]) -> None:
        """One batch for each slot and persona."""
        try:
            await self._delete(forgotten)
        except _CollectionLost:
            await self._delete(forgotten)

    async def is_complete(self, slot: Slot) -> bool:
        """Whether all memories are in the slot's collection."""
        kept = (await self._kept()).get(slot)
        return kept is not None and kept.state is CollectionState.COMPLETE

    async def look(self) -> None:
        """See that each collection is there; one that was lost is begun anew."""
        self._known.clear()
        try:
            for kept in (await self._kept()).values():
                async with self._reach(WRITE_SECONDS, kept):
                    pass
        except _CollectionLost:
            await self.look()

    async def drop(self, name: str) -> None:
        """Delete a collection; one that is not there is no error."""
        async with self._trying(WRITE_SECONDS), self._preparing:
            self._known.discard(name)
            self._searched.clear()
            await (await self._connected()).collections.delete(name)

    async def _upsert(self, entries: Sequence[IndexEntry]) -> None:
        kept = await self._kept()
        ordered = sorted(entries, key=_whose)
        for (slot, persona_id), group in groupby(ordered, key=_whose):
            if slot not in kept:
                continue  # it will get all at once
            async with self._reach(WRITE_SECONDS, kept[slot]) as memories:
                tenant, stored = memories.with_tenant(str(persona_id)), list(group)
                await _drop_windows(tenant, [entry.memory_id for entry in stored])
                objects = [it for entry in stored for it in _objects(entry)]
                answer = await tenant.data.insert_many(objects)
                if answer.has_errors:
                    raise WeaviateQueryError(f"{len(answer.errors)} objects refused", "batch")

    async def _delete(self, forgotten: Sequence[Forgotten]) -> None:
        by_persona = sorted(forgotten, key=lambda gone: gone.persona_id)
        for kept in (await self._kept()).values():
            for persona_id, group in groupby(by_persona, key=lambda gone: gone.persona_id):
                async with self._reach(WRITE_SECONDS, kept) as memories:
                    tenant = memories.with_tenant(str(persona_id))
                    ids = [gone.memory_id for gone in group]
                    await _drop_windows(tenant, ids)
                    with _no_tenant_is_empty():
                        await tenant.data.delete_many(where=Filter.by_id().contains_any(ids))

    async def _kept(self) -> dict[Slot, Kept]:
        """The collections that are to have all that happens."""
        async with self._database.reading() as tx:
            kept = await collection_store.all_of(tx)
        return {it.slot: it for it in kept if it.state is not CollectionState.LEAVING}

    async def _complete(self, slot: Slot) -> Kept | None:
        """The collection to search, as it is or was a moment ago."""
        now = asyncio.get_running_loop().time()
        if slot not in self._searched or self._searched_until < now:
            kept = (await self._kept()).values()
            self._searched = {it.slot: it for it in kept if it.state is CollectionState.COMPLETE}
            self._searched_until = now + _NAMES_SECONDS
        return self._searched.get(slot)

    @asynccontextmanager
    async def _reach(self, seconds: float, kept: Kept) -> AsyncGenerator[Collection]:
        """A collection, for at most `seconds`: that also ends the client's own retries.

        Raises:
            IndexUnavailable: whatever Weaviate or the way to it did wrong, or it is lost.
        """
        async with self._trying(seconds):
            yield await self._collection(kept)

    @asynccontextmanager
    async def _trying(self, seconds: float) -> AsyncGenerator[None]:
        try:
            async with asyncio.timeout(seconds):
                yield
            self._rest_until = 0.0
        except (WeaviateBaseError, TimeoutError) as error:
            self._known.clear()  # it may come back empty
            self._rest_until = asyncio.get_running_loop().time() + REST_SECONDS
            log.warning("Weaviate failed: %s", type(error).__name__)
            raise IndexUnavailable from error

    async def _collection(self, kept: Kept) -> Collection:
        async with self._preparing:
            client = await self._connected()
            if kept.name not in self._known:
                await self._find(client, kept)
                self._known.add(kept.name)
        return client.collections.get(kept.name)

    async def _find(self, client: weaviate.WeaviateAsyncClient, kept: Kept) -> None:
        """See that a collection is there, or create it if nothing was in it yet.

        Raises:
            _CollectionLost: another one is begun in its place.
        """
        if await client.collections.exists(kept.name):
            await _complete_schema(client.collections.get(kept.name))
        elif kept.is_new:
            await _create(client, kept.name)
        else:
            log.warning("Weaviate does not have what it should have: it is filled anew")
            self._searched_until = 0.0
            async with self._database.transaction() as tx:
                await collection_store.leave(tx, kept.slot, name=kept.name)
                await collection_store.begin(tx, kept.slot)
            raise _CollectionLost

    async def _connected(self) -> weaviate.WeaviateAsyncClient:
        self._client = self._client or await self._connect()
        return self._client

    async def _connect(self) -> weaviate.WeaviateAsyncClient:
        host, secure = self._address.hostname or "", self._address.scheme == "https"
        client = weaviate.use_async_with_custom(
            http_host=host,
            http_port=self._address.port or (443 if secure else 80),
            http_secure=secure,
            grpc_host=host,
            grpc_port=self._grpc_port,
            grpc_secure=secure,
            auth_credentials=Auth.api_key(self._api_key) if self._api_key else None,
            additional_config=AdditionalConfig(timeout=Timeout(init=2, query=5, insert=30)),
            skip_init_checks=True,  # they ask the internet for the newest version
        )
        async with AsyncExitStack() as undo:
            undo.push_async_callback(client.close)  # whatever ends the attempt, our time limit too
            await client.connect()
            undo.pop_all()
        return client


async def _search(
    tenant: Collection, owner: Owner, question: Question, limit: int
) -> Sequence[MemoryId]:
    assert question.meaning.vector is not None  # noqa: S101 - the caller's business
    with _no_tenant_is_empty():
        found = await tenant.query.hybrid(
            query=" ".join(question.terms),
            query_properties=["words"],
            vector=question.meaning.vector.tolist(),
            target_vector=_VECTOR,
            alpha=_BY_MEANING,
            filters=_askable(owner, question),
            limit=limit,
            return_properties=[_MEMORY],
        )
        ids = (each.properties.get(_MEMORY) or each.uuid for each in found.objects)
        return list(dict.fromkeys(MemoryId(UUID(str(each))) for each in ids))
    return ()


async def _drop_windows(tenant: Collection, ids: Sequence[MemoryId]) -> None:
    """Delete the later parts of memories: how many there were is not known."""
    parts = Filter.by_property(_MEMORY).contains_any([str(memory_id) for memory_id in ids])
    with _no_tenant_is_empty():
        await tenant.data.delete_many(where=parts)


@contextmanager
def _no_tenant_is_empty() -> Generator[None]:
    """A persona of which nothing was stored has no tenant; Weaviate tells that by words only."""
    try:
        yield
    except WeaviateQueryError as error:
        if "tenant not found" not in str(error):
            raise


def _askable(owner: Owner, question: Question) -> Any:
    """The rule of venues.py and the excluded turns as a filter; the tenant is the persona."""
    audible = audible_at(question.here)
    restricted = (False, True) if audible.age_restricted else (False,)

    def said_in(*venues: Venue) -> Any:
        names = [_venue(venue, age_restricted=it) for venue in venues for it in restricted]
        return Filter.by_property("venue").contains_any(names)

    heard = said_in(*audible.venues)
    if there := audible.channel:
        heard = heard | (
            said_in(there.venue)
            & Filter.by_property("platform").equal(there.platform)
            & Filter.by_property("channel_id").equal(there.channel_id)
        )
    askable = _remembered_by(owner) & heard
    if question.excluded_turns:
        excluded = [str(turn_id) for turn_id in question.excluded_turns]
        askable = askable & Filter.by_property("turn_id").contains_none(excluded)
    return askable


def _remembered_by(owner: Owner) -> Any:
    its = Filter.by_property("personality_id")
    if not owner.elsewhere:
        return its.equal(str(owner.personality_id))
    elsewhere = (personality_id for _, personality_id in owner.elsewhere)
    return its.contains_any(list({str(it) for it in (owner.personality_id, *elsewhere)}))


def _venue(venue: Venue, *, age_restricted: bool) -> str:
    """Where it was said and who was let in, in one property, which old collections have, too."""
    return f"{venue.value} of adults" if age_restricted else venue.value


def _objects(entry: IndexEntry) -> Generator[DataObject[Any, None]]:
    """The memory, which has its words, and later parts of it, which come up by meaning only."""
    properties = {
        "personality_id": str(entry.owner.personality_id),
        "turn_id": str(entry.turn_id or ""),
        "venue": _venue(entry.venue, age_restricted=entry.age_restricted),
        "platform": entry.platform,
        "channel_id": entry.channel_id,
    }
    yield DataObject(
        uuid=entry.memory_id,
        properties=properties | {"words": entry.words},
        vector={_VECTOR: list(entry.vector)},
    )
    for position, vector in enumerate(entry.windows):
        yield DataObject(
            uuid=uuid5(entry.memory_id, str(position)),
            properties=properties | {_MEMORY: str(entry.memory_id)},
            vector={_VECTOR: list(vector)},
        )


def _whose(entry: IndexEntry) -> tuple[Slot, UUID]:
    return entry.slot, entry.owner.persona_id


async def _complete_schema(collection: Collection) -> None:
    """Let a collection of an earlier release know of later parts."""
    config = await collection.config.get(simple=True)
    if _MEMORY not in {it.name for it in config.properties}:
        await collection.config.add_property(_exact(_MEMORY))


async def _create(client: weaviate.WeaviateAsyncClient, name: str) -> None:
    exact = (_MEMORY, "personality_id", "turn_id", "venue", "platform", "channel_id")
    await client.collections.create(
        name,
        multi_tenancy_config=Configure.multi_tenancy(
            enabled=True, auto_tenant_creation=True, auto_tenant_activation=True
        ),
        # Flat is exact, and fast enough within one tenant.
        vector_config=Configure.Vectors.self_provided(
            name=_VECTOR,
            vector_index_config=Configure.VectorIndex.flat(distance_metric=VectorDistances.COSINE),
        ),
        properties=[
            Property(
                name="words",
                data_type=DataType.TEXT,
                tokenization=Tokenization.WHITESPACE,
                index_filterable=False,
            ),
            *map(_exact, exact),
        ],
    )


def _exact(name: str) -> Property:
    return Property(
        name=name,
        data_type=DataType.TEXT,
        tokenization=Tokenization.FIELD,
        index_searchable=False,
    )
