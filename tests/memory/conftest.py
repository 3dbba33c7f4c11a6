"""What tests of the memory room share: the real embedder, a real Weaviate, people who talk."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.conftest import Served
from tests.fakes.embeddings import FakeEmbeddings
from tests.memory.changing import Changing, changing
from tests.memory.talk import Talk
from tests.reading import Rereading
from tests.weaviate_server import WeaviateServer, running
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.port import CollectingIndex, MemoryIndex
from tzurot.memory.index.reindexing import Reindexing
from tzurot.memory.index.weaviate import WeaviateIndex
from tzurot.memory.meaning import Meaning
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs


@pytest.fixture(scope="session")
def meaning() -> Iterator[Meaning]:
    """The bundled model, with its vectors centred."""
    embedder = Rereading()
    yield Meaning(embedder)
    embedder.close()


@pytest.fixture(scope="session")
def served(understanding: Served) -> Served:
    """What is remembered is found by its meaning here."""
    return understanding


@pytest.fixture(scope="session")
def weaviate_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WeaviateServer]:
    """One for the whole run: each test has a tenant of its own."""
    with running(tmp_path_factory.mktemp("weaviate")) as server:
        yield server


@pytest.fixture
async def jobs(database_url: str) -> AsyncIterator[Jobs]:
    """The queue of the test's database; nothing works on it."""
    async with Jobs.open(database_url) as opened:
        yield opened


@pytest.fixture
def talk(database: Database, jobs: Jobs, meaning: Meaning) -> Talk:
    """People and characters who say things that are remembered."""
    return Talk(database, jobs, meaning)


@pytest.fixture
async def endpoint() -> AsyncIterator[FakeEmbeddings]:
    """Two models behind an address, of other widths than the bundled one."""
    embedder = Rereading()
    async with FakeEmbeddings.start(embedder) as fake:
        fake.widths = {"wide": 512, "narrow": 200}
        yield fake
    embedder.close()


@pytest.fixture
async def change(talk: Talk, endpoint: FakeEmbeddings) -> AsyncIterator[Changing]:
    """Servers that are configured for this model or that."""
    async with changing(talk, endpoint) as made:
        yield made


@pytest.fixture(params=["postgres", "weaviate"])
async def index(
    request: pytest.FixtureRequest, database: Database, talk: Talk
) -> AsyncIterator[MemoryIndex]:
    """Each engine in turn."""
    if request.param == "postgres":
        yield PgVectorIndex(database)
        return
    server: WeaviateServer = request.getfixturevalue("weaviate_server")
    async with WeaviateIndex.open(
        server.url, grpc_port=server.grpc_port, api_key=server.api_key, database=database
    ) as opened:
        await refilled(opened, talk)
        yield opened


async def refilled(index: CollectingIndex, talk: Talk) -> None:
    """Put all memories into an engine, as the job does."""
    await Reindexing(talk.database, talk.slots, index, talk.relay(index)).run()
