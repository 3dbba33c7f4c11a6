"""One server for all tests of presets; its model is one that can be told how much to think."""

from collections.abc import AsyncIterator

import grpc.aio
import pytest

from tests.conftest import Served, a_database, a_server
from tests.fakes.keys import FakeInternet
from tests.fakes.provider import FakeProvider

MODEL = "gpt-5-house"


@pytest.fixture(scope="package")
async def internet(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FakeInternet]:
    """The providers of keys, who know all of them."""
    folder = tmp_path_factory.mktemp("authority")
    async with FakeInternet.open(folder, all_good=True) as internet:
        yield internet


@pytest.fixture(scope="package")
async def house(
    postgres: str, internet: FakeInternet, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """A server whose model wants no key: it answers everybody."""
    async with (
        a_database(postgres) as url,
        FakeProvider.start() as provider,
        a_server(
            url,
            tmp_path_factory.mktemp("home"),
            internet.fetcher,
            model=MODEL,
            model_base_url=provider.base_url,
            ollama_url="http://127.0.0.1:1",
        ) as running,
        grpc.aio.insecure_channel(running.address) as channel,
    ):
        yield Served(running, provider, channel)


@pytest.fixture(autouse=True)
def _quiet(house: Served, internet: FakeInternet) -> None:  # pyright: ignore[reportUnusedFunction] - pytest's to call
    house.provider.reset()
    internet.model.reset()
    internet.seen.clear()
