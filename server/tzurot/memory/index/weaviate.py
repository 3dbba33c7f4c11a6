"""The engine for large installations: a Weaviate server, one tenant for each persona.

Objects have the memory's id, its stems and the vector from Postgres; no words of people are stored
here. This is the only module that knows Weaviate's client.
"""

# The client's types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import asyncio
import logging
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from itertools import groupby
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID

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
from tzurot.memory.index.port import CANDIDATES, Forgotten, IndexEntry
from tzurot.memory.question import Question
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.venues import Venue, audible_at

log = logging.getLogger(__name__)

SEARCH_SECONDS = 1.0  # a turn waits no longer; a search takes some 2 ms
WRITE_SECONDS = 30.0
REST_SECONDS = 5.0  # after a failure turns ask Postgres at once; then one tries again

_COLLECTION = "Memory"
_VECTOR = "exchange"
_BY_MEANING = 0.6  # hybrid's alpha; the order of candidates is the business of scoring

Collection = Any  # CollectionAsync, whose type parameters are unknown


class WeaviateIndex:
    """Candidates by Weaviate's hybrid search."""

    def __init__(self, url: str, grpc_port: int, api_key: str | None) -> None:
        self._address = urlsplit(url)
        self._grpc_port = grpc_port
        self._api_key = api_key
        self._preparing = asyncio.Lock()
        self._client: weaviate.WeaviateAsyncClient | None = None
        self._prepared = False
        self._rest_until = 0.0  # on the event loop's clock

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, *, grpc_port: int, api_key: str | None) -> AsyncGenerator[Self]:
        """The engine at `url` (`http://host:port`); its collection is created if it is missing.

        A server that is away now is no error: it is tried again with each use.
        """
        index = cls(url, grpc_port, api_key)
        with suppress(IndexUnavailable):  # it is in the log
            async with index._reach(WRITE_SECONDS):
                pass
        try:
            yield index
        finally:
            if index._client:
                await index._client.close()

    async def candidates(
        self, owner: Owner, question: Question, *, limit: int = CANDIDATES
    ) -> Sequence[MemoryId]:
        """By hybrid search within the tenant of the persona, and of each that shares with it."""
        if asyncio.get_running_loop().time() < self._rest_until:
            raise IndexUnavailable
        owners = [Owner(it, owner.personality_id) for it in (owner.persona_id, *owner.others)]
        async with self._reach(SEARCH_SECONDS) as memories:
            searches = (_search(memories, it, question, limit) for it in owners)
            found = await asyncio.gather(*searches)
        return [memory_id for each in found for memory_id in each]

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """One batch for each persona; an object with the same id is replaced."""
        by_persona = sorted(entries, key=lambda entry: entry.owner.persona_id)
        for persona_id, group in groupby(by_persona, key=lambda entry: entry.owner.persona_id):
            async with self._reach(WRITE_SECONDS) as memories:
                tenant = memories.with_tenant(str(persona_id))
                stored = await tenant.data.insert_many([_object(entry) for entry in group])
                if stored.has_errors:
                    raise WeaviateQueryError(f"{len(stored.errors)} objects refused", "batch")

    async def delete(self, forgotten: Sequence[Forgotten]) -> None:
        """One batch for each persona."""
        by_persona = sorted(forgotten, key=lambda gone: gone.persona_id)
        for persona_id, group in groupby(by_persona, key=lambda gone: gone.persona_id):
            async with self._reach(WRITE_SECONDS) as memories:
                tenant = memories.with_tenant(str(persona_id))
                ids = [gone.memory_id for gone in group]
                with _no_tenant_is_empty():
                    await tenant.data.delete_many(where=Filter.by_id().contains_any(ids))

    @asynccontextmanager
    async def _reach(self, seconds: float) -> AsyncGenerator[Collection]:
        """The collection, for at most `seconds`: that also ends the client's own retries.

        Raises:
            IndexUnavailable: whatever Weaviate or the way to it did wrong.
        """
        try:
            async with asyncio.timeout(seconds):
                yield await self._collection()
            self._rest_until = 0.0
        except (WeaviateBaseError, TimeoutError) as error:
            self._prepared = False  # it may come back empty
            self._rest_until = asyncio.get_running_loop().time() + REST_SECONDS
            log.warning("Weaviate failed: %s", type(error).__name__)
            raise IndexUnavailable from error

    async def _collection(self) -> Collection:
        async with self._preparing:
            client = self._client or await self._connect()
            if not self._prepared and not await client.collections.exists(_COLLECTION):
                await _create(client)
            self._client, self._prepared = client, True
        return client.collections.get(_COLLECTION)

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
    memories: Collection, owner: Owner, question: Question, limit: int
) -> Sequence[MemoryId]:
    with _no_tenant_is_empty():
        found = await memories.with_tenant(str(owner.persona_id)).query.hybrid(
            query=" ".join(question.terms),
            query_properties=["words"],
            vector=question.meaning.vector.tolist(),
            target_vector=_VECTOR,
            alpha=_BY_MEANING,
            filters=_askable(owner, question),
            limit=limit,
            return_properties=False,
        )
        return [MemoryId(UUID(int=each.uuid.int)) for each in found.objects]
    return ()


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
    askable = Filter.by_property("personality_id").equal(str(owner.personality_id)) & heard
    if question.excluded_turns:
        excluded = [str(turn_id) for turn_id in question.excluded_turns]
        askable = askable & Filter.by_property("turn_id").contains_none(excluded)
    return askable


def _venue(venue: Venue, *, age_restricted: bool) -> str:
    """Where it was said and who was let in, in one property, which old collections have, too."""
    return f"{venue.value} of adults" if age_restricted else venue.value


def _object(entry: IndexEntry) -> DataObject[Any, None]:
    return DataObject(
        uuid=entry.memory_id,
        properties={
            "words": entry.words,
            "personality_id": str(entry.owner.personality_id),
            "turn_id": str(entry.turn_id or ""),
            "venue": _venue(entry.venue, age_restricted=entry.age_restricted),
            "platform": entry.platform,
            "channel_id": entry.channel_id,
        },
        vector={_VECTOR: list(entry.vector)},
    )


async def _create(client: weaviate.WeaviateAsyncClient) -> None:
    exact = ("personality_id", "turn_id", "venue", "platform", "channel_id")
    await client.collections.create(
        _COLLECTION,
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
            *(
                Property(
                    name=name,
                    data_type=DataType.TEXT,
                    tokenization=Tokenization.FIELD,
                    index_searchable=False,
                )
                for name in exact
            ),
        ],
    )
