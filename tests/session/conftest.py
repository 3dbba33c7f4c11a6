"""The stage of these tests: one server for all of them, cleared between two tests."""

from collections.abc import AsyncIterator, Callable
from functools import partial

import pytest

from tests.conftest import RunningServer, a_database, a_server
from tests.fakes.provider import FakeProvider
from tests.session.stage import Person, Stage, set_up, until
from tzurot_client import connect
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import Place


@pytest.fixture(scope="package")
async def model() -> AsyncIterator[FakeProvider]:
    """The provider that the shared server asks."""
    async with FakeProvider.start() as fake:
        yield fake


@pytest.fixture(scope="package")
async def shared_server(
    postgres: str, model: FakeProvider, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[RunningServer]:
    """A server with a database that no test has to itself."""
    home = tmp_path_factory.mktemp("home")
    async with (
        a_database(postgres) as url,
        a_server(url, home, model="scripted", model_base_url=model.base_url) as running,
    ):
        yield running


@pytest.fixture
async def stage(shared_server: RunningServer, model: FakeProvider) -> AsyncIterator[Stage]:
    """See stage.py."""
    async with (
        connect(shared_server.address, shared_server.token) as client,
        set_up(shared_server, model, client) as stage,
    ):
        yield stage


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
