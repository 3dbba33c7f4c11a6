"""A whole server on a real Weaviate: remembers, goes on while it is away, and catches up."""

import asyncio
import signal
from pathlib import Path

from tests.conftest import RunningServer, a_server
from tests.fakes.provider import FakeProvider
from tests.weaviate_server import OwnServer, program
from tzurot_client import Client, connect
from tzurot_client.gen.tzurot.account.v1 import GetServerInfoRequest
from tzurot_client.gen.tzurot.common.v1 import ErrorReason, Venue
from tzurot_client.gen.tzurot.memory.v1 import DeleteMemoryRequest
from tzurot_client.gen.tzurot.personality.v1 import PersonalityRef
from tzurot_client.gen.tzurot.session.v1 import (
    ChatEvent,
    ChatRequest,
    MemoryCited,
    Place,
    Utterance,
)

WAIT_SECONDS = 60


async def say(client: Client, text: str, channel: str) -> list[ChatEvent]:
    request = ChatRequest(
        place=Place(platform="terminal", channel_id=channel, venue=Venue.DIRECT),
        utterance=Utterance(text=text),
        addressees=[PersonalityRef(slug="tzu")],
    )
    return [event async for event in client.chat(request)]


def cited(events: list[ChatEvent]) -> list[MemoryCited]:
    return [event.memory_cited for event in events if event.memory_cited]


def index_is_away(events: list[ChatEvent]) -> bool:
    notices = [event.notice.failure for event in events if event.notice]
    return any(n and n.reason == ErrorReason.INDEX_UNAVAILABLE for n in notices)


async def until_indexed(client: Client) -> None:
    """Wait until the jobs have told Weaviate everything."""
    async with asyncio.timeout(WAIT_SECONDS):
        while (await client.admin.get_server_info(GetServerInfoRequest())).index_backlog_count:
            await asyncio.sleep(0.2)


async def test_a_server_on_weaviate_remembers_with_it_and_without_it(
    database_url: str, provider: FakeProvider, tmp_path: Path
) -> None:
    own = OwnServer(program(), tmp_path)
    await asyncio.to_thread(own.start)
    settings = {
        "model": "scripted",
        "model_base_url": provider.base_url,
        "weaviate_url": own.listening.url,
        "weaviate_grpc_port": own.listening.grpc_port,
        "weaviate_api_key": own.listening.api_key,
    }
    try:
        async with (
            a_server(database_url, tmp_path, **settings) as server,
            connect(server.address, server.token) as client,
        ):
            info = await client.admin.get_server_info(GetServerInfoRequest())
            assert info.index_engine == "weaviate"
            await say(client, "My name is Ada and I keep bees.", "monday")
            await until_indexed(client)
            there = await say(client, "What is my name?", "tuesday")
            assert cited(there)[0].excerpt == "My name is Ada and I keep bees."
            assert not index_is_away(there)

            await asyncio.to_thread(own.stop, signal.SIGKILL)
            away = await say(client, "Which animals do I keep?", "wednesday")
            assert index_is_away(away)
            assert away[-1].finished and away[-1].finished.message
            assert "My name is Ada and I keep bees." in [hit.excerpt for hit in cited(away)]

            await asyncio.to_thread(own.start)
            await back(client, server)
            ada = cited(there)[0].memory_id
            await client.memory.delete_memory(DeleteMemoryRequest(memory_id=ada))
            await until_indexed(client)
            again = await say(client, "What is my name?", "thursday")
            assert not index_is_away(again)
            assert ada not in [hit.memory_id for hit in cited(again)]
    finally:
        await asyncio.to_thread(own.stop)


async def back(client: Client, server: RunningServer) -> None:
    """Wait until the outbox has caught up; the minute's own job is not waited for."""
    async with server.parts.database.transaction() as tx:
        await server.parts.jobs.defer(tx, "memory.index")
    await until_indexed(client)
