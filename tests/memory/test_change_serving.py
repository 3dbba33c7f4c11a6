"""A whole server on another embedding model: it takes over by itself, and the operator sees it."""

import asyncio
from pathlib import Path

from tests.conftest import a_server
from tests.fakes.embeddings import FakeEmbeddings
from tests.fakes.provider import FakeProvider, Gate
from tests.memory.test_weaviate_serving import cited, say, until_indexed
from tzurot_client import Client, connect
from tzurot_client.gen.tzurot.account.v1 import GetServerInfoRequest, GetServerInfoResponse

WAIT_SECONDS = 60


async def info(client: Client) -> GetServerInfoResponse:
    return await client.admin.get_server_info(GetServerInfoRequest())


async def until_read_by(client: Client, model: str) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while (await info(client)).embedding_model != model:
            await asyncio.sleep(0.1)


async def test_a_server_changes_its_model_while_it_talks(
    database_url: str, provider: FakeProvider, endpoint: FakeEmbeddings, tmp_path: Path
) -> None:
    speaking = {"model": "scripted", "model_base_url": provider.base_url}
    reading = {
        "embedding_model": "wide",
        "embedding_base_url": endpoint.base_url,
        "embedding_api_key": endpoint.key,
    }
    async with (
        a_server(database_url, tmp_path, **speaking) as server,
        connect(server.address, server.token) as client,
    ):
        await say(client, "My name is Ada and I keep bees.", "monday")
        await until_indexed(client)
        told = await info(client)
        assert (told.embedding_model, told.next_embedding_model) == ("multilingual-e5-small", "")
        assert told.index_complete
    endpoint.gate = Gate()
    endpoint.gate.release(1)  # what it is measured by
    async with (
        a_server(database_url, tmp_path, **speaking, **reading) as server,
        connect(server.address, server.token) as client,
    ):
        async with asyncio.timeout(WAIT_SECONDS):
            while not (told := await info(client)).next_embedding_model:
                await asyncio.sleep(0.1)
        assert (told.next_embedding_model, told.unread_count) == ("wide", 1)
        meanwhile = await say(client, "What is my name?", "tuesday")
        assert cited(meanwhile)[0].excerpt == "My name is Ada and I keep bees."
        endpoint.gate.release(100)
        await until_read_by(client, "wide")
        assert (await info(client)).next_embedding_model == ""
        after = await say(client, "Do I keep bees?", "wednesday")
        assert cited(after)[0].excerpt == "My name is Ada and I keep bees."
        await until_indexed(client)
    assert any("Do I keep bees?" in text for text in endpoint.texts("wide"))
