"""A Weaviate that is killed and comes back: recall goes on in Postgres and says so."""

import asyncio
import signal
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.memory.conftest import refilled
from tests.memory.talk import DIRECT, Talk
from tests.weaviate_server import OwnServer, WeaviateServer, program
from tzurot.errors import IndexUnavailable
from tzurot.memory.index.outbox import Relay
from tzurot.memory.index.weaviate import WeaviateIndex
from tzurot.memory.recall import Recalled

BACK_SECONDS = 60


async def until_back(relay: Relay) -> None:
    """Drain as the job does: again and again until the engine is there."""
    async with asyncio.timeout(BACK_SECONDS):
        while True:
            try:
                await relay.drain()
            except IndexUnavailable:
                await asyncio.sleep(0.2)
            else:
                return


def opened(server: WeaviateServer, talk: Talk) -> AbstractAsyncContextManager[WeaviateIndex]:
    return WeaviateIndex.open(
        server.url,
        grpc_port=server.grpc_port,
        api_key=server.api_key,
        database=talk.database,
    )


async def test_a_killed_weaviate_costs_nothing_and_catches_up(talk: Talk, tmp_path: Path) -> None:
    own = OwnServer(program(), tmp_path)
    await asyncio.to_thread(own.start)
    try:
        async with opened(own.listening, talk) as index:
            await refilled(index, talk)
            ada, recall, relay = await talk.owner(), talk.recall(index), talk.relay(index)

            async def asks(query: str) -> Recalled:
                return await recall.search(query, ada, where=DIRECT, limit=5)

            first = await talk.say(ada, "My name is Ada and I keep bees.")
            await relay.drain()
            assert await asks("What do I keep?") == Recalled(
                await talk.asks(ada, "What do I keep?"), degraded=False
            )

            await asyncio.to_thread(own.stop, signal.SIGKILL)
            while_away = await talk.say(ada, "I also keep hens.")
            recalled = await asks("What do I keep?")
            assert recalled.degraded
            assert {hit.memory_id for hit in recalled.hits} == {first, while_away}
            with pytest.raises(IndexUnavailable):
                await relay.drain()
            assert await relay.backlog() == 1

            await asyncio.to_thread(own.start)
            await until_back(relay)
            assert await relay.backlog() == 0
            question = await talk.question("What do I keep?")
            assert set(await index.candidates(ada, question)) == {first, while_away}
            assert not (await asks("What do I keep?")).degraded
    finally:
        await asyncio.to_thread(own.stop)


async def test_a_server_starts_and_recalls_while_weaviate_is_away(talk: Talk) -> None:
    nowhere = WeaviateServer("http://127.0.0.1:9", 7, "key")  # privileged ports: nobody listens
    async with opened(nowhere, talk) as index:
        ada = await talk.owner()
        told = await talk.say(ada, "My name is Ada and I keep bees.")
        recalled = await talk.recall(index).search("Do I keep bees?", ada, where=DIRECT, limit=5)
        assert recalled.degraded
        assert [hit.memory_id for hit in recalled.hits] == [told]


async def test_a_wrong_key_is_an_index_that_is_away(
    talk: Talk, weaviate_server: WeaviateServer
) -> None:
    wrong = WeaviateServer(weaviate_server.url, weaviate_server.grpc_port, "wrong")
    async with opened(wrong, talk) as index:
        ada = await talk.owner()
        with pytest.raises(IndexUnavailable):
            await index.candidates(ada, await talk.question("bees"))
