"""What every test can ask for: a database of its own, a running server, a scripted provider.

One Postgres serves the whole run; each test gets a clone of a database that is migrated once.
"""

import asyncio
import gc
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc.aio
import hypothesis
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from tests.calling import Client
from tests.fakes.keys import FakeInternet
from tests.fakes.provider import FakeProvider
from tests.reading import Rereading, Spelling
from tests.storage.place import place, sweep
from tzurot import clock
from tzurot.account.subjects import OWNER
from tzurot.account.tokens import ALL_SCOPES, NewToken
from tzurot.config import Settings
from tzurot.fetching.fetcher import Fetcher
from tzurot.home import Home
from tzurot.llm.embeddings import Embedder
from tzurot.personality import starter
from tzurot.storage import embedded, schema
from tzurot.storage.database import Database
from tzurot.transport import server
from tzurot.transport.server import Binding
from tzurot.wiring.parts import Parts, build

_TEMPLATE = "template_migrated"

# What a run leaves behind need not survive anything; copying files is the quicker way then.
_FORGETFUL = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")
_CROWDED = "max_connections = 300"  # servers of several modules, each with two pools
_COPIED = "STRATEGY FILE_COPY"

# Seconds are the machine's matter.
_SLOW = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile("tzurot", deadline=None, suppress_health_check=_SLOW)
hypothesis.settings.load_profile("tzurot")


def pytest_collection_finish() -> None:
    """Look less often, and not through what stays, for cycles: a fifth of the run's seconds."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
async def grpc_stays() -> AsyncIterator[None]:
    """Hold gRPC's core through the run: it can crash when the last user ends it and a next begins.

    https://github.com/grpc/grpc/issues/32481
    """
    held = grpc.aio.insecure_channel("127.0.0.1:9")
    yield
    await held.close()


@pytest.fixture(scope="session")
async def postgres() -> AsyncIterator[str]:
    """The URL of the run's Postgres, with the migrated template in it."""
    with place() as folder:
        async with embedded.start(folder) as url:
            for setting in (*_FORGETFUL, _CROWDED):
                await _execute(url, f"ALTER SYSTEM SET {setting}")
        async with embedded.start(folder) as url:
            await _execute(url, f'CREATE DATABASE "{_TEMPLATE}"')
            template = _named(url, _TEMPLATE)
            await schema.migrate(template)
            yield url


@pytest.fixture(scope="session", autouse=True)
def _databases_of_homes(  # pyright: ignore[reportUnusedFunction] - pytest's to call
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Root's homes have their databases outside; those of tests go with the run."""
    yield
    sweep(tmp_path_factory.getbasetemp())


@pytest.fixture
async def database_url(postgres: str) -> AsyncIterator[str]:
    """The URL of a migrated, empty database of the test's own."""
    async with a_database(postgres) as url:
        yield url


@asynccontextmanager
async def an_empty_database(postgres: str) -> AsyncGenerator[str]:
    """A database without any table, gone afterwards."""
    async with a_database(postgres, template="template1") as url:
        yield url


@asynccontextmanager
async def a_database(postgres: str, template: str = _TEMPLATE) -> AsyncGenerator[str]:
    """A migrated database without rows, gone afterwards."""
    name = f"test_{clock.uuid7().hex}"
    await _execute(postgres, f'CREATE DATABASE "{name}" TEMPLATE "{template}" {_COPIED}')
    try:
        yield _named(postgres, name)
    finally:
        await _execute(postgres, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The test's database, opened."""
    async with Database.open(database_url) as opened:
        yield opened


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    """A scripted OpenAI-compatible provider."""
    async with FakeProvider.start() as fake:
        yield fake


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A real server in this process, on a real port; `token` is the owner's, for all scopes."""

    address: str
    token: str
    parts: Parts
    settings: Settings


ServerFactory = Callable[..., "asyncio.Future[RunningServer]"]


@asynccontextmanager
async def a_server(
    database_url: str,
    home: Path,
    fetcher: Fetcher | None = None,
    embedder: Embedder | None = None,
    **settings: object,
) -> AsyncGenerator[RunningServer]:
    """A server on `database_url` with these settings, its worker and the starter character.

    `fetcher` is its way to the open internet, `embedder` what reads texts, by default the bundled
    model. The bundled model that speaks answers for no other, unless it is asked to.
    """
    loaded = Settings.load(home=home, **{"bundled_model": False, **settings})
    Home.open(home)  # as `serve` does before all else
    async with AsyncExitStack() as stack:
        building = build(loaded, database_url, fetcher, embedder or Rereading())
        parts = await stack.enter_async_context(building)
        await starter.ensure(parts.database)
        new = NewToken("test", ALL_SCOPES, subject=OWNER, acts_for=("*",))
        _, secret = await parts.tokens.create(new)
        await stack.enter_async_context(parts.jobs.working())
        await stack.enter_async_context(parts.leases.held(alone=True))
        listening = await stack.enter_async_context(
            server.serve(
                parts.services, parts.tokens.authenticate, Binding("127.0.0.1", 0, insecure=False)
            )
        )
        yield RunningServer(listening.address, secret, parts, loaded)
        await parts.delivery.drain(1)


@pytest.fixture
async def running_server(
    database_url: str, provider: FakeProvider, tmp_path: Path
) -> AsyncIterator[RunningServer]:
    """A real server whose model is the scripted provider."""
    async with a_server(
        database_url, tmp_path, model="scripted", model_base_url=provider.base_url
    ) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Served:
    """A running server that many tests share, its scripted provider, and a channel to it."""

    running: RunningServer
    provider: FakeProvider
    channel: grpc.aio.Channel

    def client(self, subject: str | None = None, token: str | None = None) -> Client:
        """One who calls for `subject` with `token`, by default the owner's for all scopes."""
        return Client(self.channel, token or self.running.token, subject)

    def people(self, *names: str) -> list[Client]:
        """Clients for people that no other test has met, called something like these names."""
        mark = clock.uuid7().hex[-12:]
        return [self.client(f"local:{name}-{mark}") for name in names]

    async def indexed(self) -> None:
        """Wait until all that was said can be found by its meaning."""
        async with asyncio.timeout(60):
            while (await self.client().call("GetServerInfo")).index_backlog_count:
                await asyncio.sleep(0.05)

    async def settle(self) -> None:
        """End the turns and the replies that a test has left: the next one has its own."""
        delivery = self.running.parts.delivery
        while turns := delivery.running_turns:
            await asyncio.gather(*map(delivery.cancel, turns))
        self.provider.unscript()


_SHARED = pytest.StashKey[list[Served]]()


@pytest.fixture(scope="session")
async def served(
    postgres: str, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> AsyncIterator[Served]:
    """One server for all tests that bring their own people and look only at what is theirs.

    It reads by spelling: what looks at meaning asks for `understanding` in its place.
    """
    async with _shared(postgres, tmp_path_factory, Spelling(), pytestconfig) as shared:
        yield shared


@pytest.fixture(scope="session")
async def understanding(
    postgres: str, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> AsyncIterator[Served]:
    """A `served` that reads with the bundled model."""
    async with _shared(postgres, tmp_path_factory, Rereading(), pytestconfig) as shared:
        yield shared


@asynccontextmanager
async def _shared(
    postgres: str, folders: pytest.TempPathFactory, embedder: Embedder, config: pytest.Config
) -> AsyncGenerator[Served]:
    async with (
        a_database(postgres) as url,
        FakeProvider.start() as provider,
        FakeInternet.open(folders.mktemp("authority"), all_good=True) as internet,
        a_server(
            url,
            folders.mktemp("home"),
            internet.fetcher,
            embedder,
            model="scripted",
            model_base_url=provider.base_url,
        ) as running,
        grpc.aio.insecure_channel(running.address) as channel,
    ):
        shared = Served(running, provider, channel)
        config.stash.setdefault(_SHARED, []).append(shared)
        yield shared
        config.stash[_SHARED].remove(shared)


@pytest.fixture
async def _settled(  # pyright: ignore[reportUnusedFunction] - asked for below
    pytestconfig: pytest.Config,
) -> AsyncIterator[None]:
    yield
    for shared in pytestconfig.stash.get(_SHARED, []):
        await shared.settle()


@pytest.fixture(autouse=True)
def _nothing_goes_on(  # pyright: ignore[reportUnusedFunction] - pytest's to call
    request: pytest.FixtureRequest,
) -> None:
    """Only where somebody is served: a loop for each test that needs none takes longer than it."""
    if {"served", "understanding"} & set(request.fixturenames):
        request.getfixturevalue("_settled")


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


async def _execute(url: str, statement: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.execute(text(statement))
    finally:
        await engine.dispose()
