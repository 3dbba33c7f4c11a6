"""The stage of these tests: one server for all of them, cleared between two tests."""

import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial

import httpcore2
import pytest

from tests.conftest import RunningServer, a_database, a_server
from tests.fakes.pluralkit import FakePluralKit
from tests.fakes.provider import FakeProvider
from tests.fetching.conftest import PUBLIC, Authority
from tests.session.stage import Person, Stage, set_up, until
from tzurot.fetching import fetcher
from tzurot.fetching.fetcher import Fetcher
from tzurot_client import connect
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import Place

PLURALKIT = "api.pluralkit.me"


@pytest.fixture(scope="package")
async def model() -> AsyncIterator[FakeProvider]:
    """The provider that the shared server asks."""
    async with FakeProvider.start() as fake:
        yield fake


@pytest.fixture(scope="package")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who says that a certificate is PluralKit's."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="package")
async def kit(authority: Authority) -> AsyncIterator[FakePluralKit]:
    """The PluralKit that the shared server asks."""
    async with FakePluralKit.start(authority.server(PLURALKIT)) as fake:
        yield fake


@pytest.fixture(scope="package")
async def shared_server(
    postgres: str,
    model: FakeProvider,
    kit: FakePluralKit,
    authority: Authority,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[RunningServer]:
    """A server with a database that no test has to itself."""
    home = tmp_path_factory.mktemp("home")
    way = _way_to(kit, authority)
    async with (
        a_database(postgres) as url,
        a_server(url, home, way, model="scripted", model_base_url=model.base_url) as running,
    ):
        yield running


def _way_to(kit: FakePluralKit, authority: Authority) -> Fetcher:
    """An internet on which there is nothing but PluralKit."""

    async def resolve(name: str) -> list[str]:
        if name != PLURALKIT:
            raise OSError(f"no {name}")
        return [PUBLIC]

    async def connect(address: str, port: int) -> httpcore2.AsyncNetworkStream:
        return await fetcher.connect("127.0.0.1", kit.port)

    trust = ssl.create_default_context(cafile=authority.file)
    return Fetcher(resolve=resolve, connect=connect, ssl_context=trust)


@pytest.fixture
async def stage(
    shared_server: RunningServer, model: FakeProvider, kit: FakePluralKit
) -> AsyncIterator[Stage]:
    """See stage.py."""
    async with (
        connect(shared_server.address, shared_server.token) as client,
        set_up(shared_server, model, client) as stage,
    ):
        yield replace(stage, kit=kit)


@pytest.fixture
def ada(stage: Stage) -> Person:
    """Somebody whom no other test has met."""
    return stage.person("Ada")


@pytest.fixture
async def lilith(stage: Stage) -> Personality:
    """A character of this test's own."""
    return await stage.character("Lilith")


@pytest.fixture
def meadow(stage: Stage) -> Place:
    """A channel in which nobody has spoken yet."""
    return stage.channel()


@pytest.fixture(scope="package")
async def other_server(
    shared_server: RunningServer, model: FakeProvider, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningServer]:
    """Another server on the same database. Nothing runs when it starts."""
    url = shared_server.parts.database.engine.url.render_as_string(hide_password=False)
    home = tmp_path_factory.mktemp("other")
    async with a_server(url, home, model="scripted", model_base_url=model.base_url) as running:
        yield running


@pytest.fixture
async def elsewhere(
    stage: Stage, other_server: RunningServer
) -> AsyncIterator[Callable[[Person], Person]]:
    """The same person at the other server: `elsewhere(ada)`."""
    async with connect(other_server.address, other_server.token) as client:
        yield partial(stage.elsewhere, client)

        async def quiet() -> bool:
            return not other_server.parts.delivery.running_turns

        await until(quiet)
