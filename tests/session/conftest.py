"""The stage of these tests: one server for all of them, cleared between two tests."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import RunningServer, a_database, a_server
from tests.fakes.provider import FakeProvider
from tests.session.stage import Stage, set_up
from tzurot_client import connect


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
