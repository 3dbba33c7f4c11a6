"""One database and one collection for all tests of a file: each brings its own people."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import a_database
from tests.memory.conftest import refilled
from tests.memory.talk import Talk
from tests.weaviate_server import WeaviateServer
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.port import MemoryIndex
from tzurot.memory.index.weaviate import WeaviateIndex
from tzurot.memory.meaning import Meaning
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs


@pytest.fixture(scope="module")
async def talk(postgres: str, meaning: Meaning) -> AsyncIterator[Talk]:
    """People and characters who say things that are remembered."""
    async with (
        a_database(postgres) as url,
        Database.open(url) as database,
        Jobs.open(url) as jobs,
    ):
        yield Talk(database, jobs, meaning)


@pytest.fixture(scope="module", params=["postgres", "weaviate"])
async def index(request: pytest.FixtureRequest, talk: Talk) -> AsyncIterator[MemoryIndex]:
    """Each engine in turn."""
    if request.param == "postgres":
        yield PgVectorIndex(talk.database)
        return
    server: WeaviateServer = request.getfixturevalue("weaviate_server")
    async with WeaviateIndex.open(
        server.url, grpc_port=server.grpc_port, api_key=server.api_key, database=talk.database
    ) as opened:
        await refilled(opened, talk)
        yield opened
