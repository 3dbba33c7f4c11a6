"""One server for all tests of keys, whose internet has nothing but providers."""

from collections.abc import AsyncIterator

import grpc.aio
import pytest

from tests.conftest import Served, a_database, a_server
from tests.fakes.keys import FakeInternet
from tests.fakes.provider import FakeProvider


@pytest.fixture(scope="package")
async def internet(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FakeInternet]:
    """The providers of keys."""
    async with FakeInternet.open(tmp_path_factory.mktemp("authority")) as internet:
        yield internet


@pytest.fixture(scope="package")
async def vault(
    postgres: str, internet: FakeInternet, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """A server that keeps keys, with a model of its operator's, who shares it with nobody."""
    home = tmp_path_factory.mktemp("home")
    async with (
        a_database(postgres) as url,
        FakeProvider.start() as provider,
        a_server(
            url,
            home,
            internet.fetcher,
            model="operators",
            model_base_url=provider.base_url,
            model_api_key="sk-of-the-operator",
            ollama_url="http://127.0.0.1:1",
        ) as running,
        grpc.aio.insecure_channel(running.address) as channel,
    ):
        yield Served(running, provider, channel)
