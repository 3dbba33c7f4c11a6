"""A worker that dies at a step of the jobs that keep memories found, and the next one.

Nothing is lost, nothing is in the engine twice, and what was deleted is nowhere.
"""

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text
from sqlalchemy.engine import make_url

from tests.conftest import a_database
from tests.executable import PATIENCE, started
from tests.fakes.embeddings import FakeEmbeddings
from tests.memory.changing import Changing, changing
from tests.memory.conftest import refilled
from tests.memory.doomed_worker import place_of, stopping
from tests.memory.talk import DIRECT, Talk
from tests.reading import Rereading
from tests.weaviate_server import WeaviateServer
from tzurot.memory.index.outbox import Relay
from tzurot.memory.index.reindexing import Reindexing
from tzurot.memory.index.weaviate import WeaviateIndex
from tzurot.memory.meaning import Meaning
from tzurot.memory.recall import Recall
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.tables import Memory
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs

INDEX, READING = "tzurot.memory.index", "tzurot.memory.reading"

# Of two steps between which nothing is written one is enough.
RELAY = {
    "claimed": f"after:{INDEX}.outbox:Relay._claim",
    "kept": f"after:{READING}.reading_store:keep",
    "to be told": f"before:{INDEX}.weaviate:WeaviateIndex.upsert",
    "told": f"after:{INDEX}.weaviate:WeaviateIndex.upsert",
    "deleted": f"after:{INDEX}.weaviate:WeaviateIndex.delete",
    "cleared": f"after:{INDEX}.outbox:Relay._clear",
}
REINDEX = {
    "begun": f"after:{INDEX}.collection_store:begin",
    "lost": f"before:{INDEX}.collection_store:leave",
    "created": f"after:{INDEX}.weaviate:_create",
    "sent": f"after:{INDEX}.collection_store:send",
    "all sent": f"after:{INDEX}.collection_store:all_sent",
    "to be complete": f"before:{INDEX}.collection_store:complete",
    "dropped": f"after:{INDEX}.weaviate:WeaviateIndex.drop",
}
REFILL = {
    "slot begun": f"after:{READING}.slot_store:begin",
    "read": f"before:{READING}.reading_store:keep",
    "in the slot": f"after:{READING}.reading_store:keep",
    "collection to begin": f"before:{READING}.refilling:Refilling._begin_collection",
    "collection begun": f"after:{READING}.refilling:Refilling._begin_collection",
    "nearly live": f"after:{READING}.slot_store:become",
    "live": f"after:{READING}.refilling:Refilling._switch",
}
EMPTY = {
    "emptied": f"after:{READING}.reading_store:empty",
    "to be ended": f"before:{READING}.slot_store:end",
    "ended": f"after:{READING}.slot_store:end",
}
STEPS = RELAY | REINDEX | REFILL | EMPTY

LIFE = ("I keep bees.", "My sister Clara plays the cello.", "We adopted a grey cat.", "I ski.")


@dataclass(frozen=True, slots=True)
class Place:
    """What all cases share."""

    postgres: str
    server: WeaviateServer
    meaning: Meaning
    endpoint: FakeEmbeddings

    @asynccontextmanager
    async def opened(self, url: str) -> AsyncIterator[tuple[Changing, WeaviateIndex]]:
        """A database, and the engine as it is there."""
        async with (
            Database.open(url) as database,
            Jobs.open(url) as jobs,
            changing(Talk(database, jobs, self.meaning), self.endpoint) as change,
            WeaviateIndex.open(
                self.server.url,
                grpc_port=self.server.grpc_port,
                api_key=self.server.api_key,
                database=database,
            ) as index,
        ):
            yield change, index

    def settings(self, url: str, model: str | None) -> dict[str, str]:
        """Of a worker."""
        settings = {
            "database_url": url.replace("+psycopg", ""),
            "weaviate_url": self.server.url,
            "weaviate_grpc_port": str(self.server.grpc_port),
            "weaviate_api_key": self.server.api_key,
        }
        if model:
            settings |= {
                "embedding_model": model,
                "embedding_base_url": self.endpoint.base_url,
                "embedding_api_key": self.endpoint.key,
            }
        return settings


@dataclass(frozen=True, slots=True)
class Case:
    """What is said, and which model workers are configured for when one of them is killed."""

    owner: Owner
    said: Mapping[MemoryId, str]
    model: str | None


@pytest.fixture(scope="module")
async def place(
    postgres: str, weaviate_server: WeaviateServer, meaning: Meaning
) -> AsyncIterator[Place]:
    embedder = Rereading()
    async with FakeEmbeddings.start(embedder) as endpoint:
        yield Place(postgres, weaviate_server, meaning, endpoint)
    embedder.close()


@pytest.mark.parametrize("step", STEPS)
async def test_after_a_worker_s_death_the_next_one_makes_it_whole(place: Place, step: str) -> None:
    """It ends where it stands: its connections are cut, and nothing of it runs any more."""
    async with a_database(place.postgres) as url:
        case, standing = await _prepared(place, step, url), asyncio.Event()
        when, owner, name = place_of(STEPS[step])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owner, name, stopping(getattr(owner, name), when, standing.set))
            doomed = asyncio.create_task(_worker(place, url, case.model))
            async with asyncio.timeout(PATIENCE):
                await standing.wait()
        await _cut_connections(place.postgres, url)
        await _is_made_whole(place, url, case)
    doomed.cancel()
    await asyncio.gather(doomed, return_exceptions=True)


async def test_after_a_kill_of_its_process_too(place: Place, tmp_path: Path) -> None:
    step = "in the slot"
    async with a_database(place.postgres) as url:
        case = await _prepared(place, step, url)
        settings = place.settings(url, case.model)
        async with started(
            STEPS[step], home=tmp_path, module="tests.memory.doomed_worker", **settings
        ) as worker:
            await worker.says("(stopped)")
            worker.kill()
            await worker.ended()
        await _is_made_whole(place, url, case)


async def _prepared(place: Place, step: str, url: str) -> Case:
    """A life, one memory of it deleted, as far on the way as the step's job needs it."""
    model = "wide" if step in REFILL or step in EMPTY else None
    async with place.opened(url) as (change, index):
        talk = change.talk
        owner = await talk.owner()
        if step not in REINDEX:
            await refilled(index, talk)
        gone, *kept = await talk.say_all(owner, ("Nobody is to know.", *LIFE))
        if model:
            await talk.relay(index).drain()
        if step in EMPTY:
            await _jobs(change, index, model, grace=False)
            await change.grace_is_over()
        async with talk.database.transaction() as tx:
            await tx.execute(delete(Memory).where(Memory.id == gone))
    return Case(owner, dict(zip(kept, LIFE, strict=True)), model)


async def _worker(place: Place, url: str, model: str | None) -> None:
    async with place.opened(url) as (change, index):
        await _jobs(change, index, model, grace=False)


async def _cut_connections(postgres: str, url: str) -> None:
    async with Database.open(postgres) as admin, admin.reading() as tx:
        name = {"name": make_url(url).database}
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        await tx.execute(text(ended), name)


async def _is_made_whole(place: Place, url: str, case: Case) -> None:
    async with place.opened(url) as (change, index):
        await _jobs(change, index, case.model)
        assert await _rows(change, "SELECT * FROM index_outbox") == []
        assert await change.states() == (
            {"b": ("wide", "live")} if case.model else {"a": ("multilingual-e5-small", "live")}
        )
        query = "SELECT name, slot, state FROM index_collections"
        ((name, slot, state),) = await _rows(change, query)
        assert (slot, state) == ("b" if case.model else "a", "complete")
        assert _objects(place.server, name, case.owner) == sorted(map(str, case.said))
        await _each_is_found(change, index, case)
        await _each_is_read_once(change, case)


async def _jobs(
    change: Changing, index: WeaviateIndex, model: str | None, *, grace: bool = True
) -> None:
    """What a worker does in several minutes."""
    slots, database = change.slots(model), change.talk.database
    relay = Relay(database, slots, index)
    reindexing = Reindexing(database, slots, index, relay)
    refilling = change.job(slots, index)
    for _ in range(5 if model else 2):
        async with database.transaction() as tx:
            claims = "UPDATE index_outbox SET claim_time = claim_time - interval '2 minutes'"
            await tx.execute(text(claims))
        if grace:
            await change.grace_is_over()
        await relay.drain()
        await reindexing.run()
        await refilling.run()


async def _each_is_found(change: Changing, index: WeaviateIndex, case: Case) -> None:
    recall = Recall(change.talk.database, change.slots(case.model), index, index)
    for memory_id, words in case.said.items():
        found = await recall.search(words, case.owner, where=DIRECT, limit=10)
        assert not found.degraded
        assert found.hits[0].memory_id == memory_id
        assert len(found.hits) == len({hit.memory_id for hit in found.hits})


async def _each_is_read_once(change: Changing, case: Case) -> None:
    """By the live model, and by no other."""
    read = await _rows(
        change, "SELECT id, embedding IS NOT NULL, embedding_b IS NOT NULL FROM memories"
    )
    in_a, in_b = case.model is None, case.model is not None
    assert sorted(read) == sorted((memory_id, in_a, in_b) for memory_id in case.said)
    states = await _rows(change, "SELECT memory_id FROM memory_states")
    assert len(states) == (len(case.said) if in_a else 0)


async def _rows(change: Changing, query: str) -> list[tuple[Any, ...]]:
    async with change.talk.database.reading() as tx:
        return [tuple(row) for row in await tx.execute(text(query))]


def _objects(server: WeaviateServer, collection: str, owner: Owner) -> list[str]:
    """The ids of all that the engine has of the owner, as it says itself."""
    url = f"{server.url}/v1/objects?class={collection}&tenant={owner.persona_id}"
    asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {server.api_key}"})  # noqa: S310 - loopback
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        return sorted(it["id"] for it in json.load(answer)["objects"])
