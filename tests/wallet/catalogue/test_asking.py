"""Lists are read in the background, kept through outages, and known to every server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from tests.fakes.provider import FakeProvider, openrouter_model
from tzurot.llm.openai_compatible import connections
from tzurot.storage.database import Database
from tzurot.storage.signals import Signals
from tzurot.wallet.catalogue.asking import Address, Asking
from tzurot.wallet.catalogue.catalogue import Catalogue
from tzurot.wallet.catalogue.following import following
from tzurot.wallet.catalogue.price import Price

SECRET = SecretStr("sk-of-the-operator")


@dataclass(frozen=True, slots=True)
class Reader:
    """A server that reads lists, and another one that only hears of it."""

    database: Database
    asking: Asking
    catalogue: Catalogue
    elsewhere: Catalogue

    async def reads(self, ago: timedelta = timedelta(hours=1)) -> None:
        """Have all lists read, those that were read `ago` too."""
        async with self.database.transaction() as tx:
            await tx.execute(
                text("UPDATE model_lists SET read_time = read_time - :ago"), {"ago": ago}
            )
        await self.asking.read()


@pytest.fixture
async def reader(
    database_url: str, database: Database, provider: FakeProvider
) -> AsyncIterator[Reader]:
    catalogue, elsewhere = Catalogue(), Catalogue()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(connections())

        async def addresses() -> Sequence[Address]:
            gone = Address("Gone", "http://127.0.0.1:1/v1", http)
            return [gone, Address("Fake", provider.base_url, http, SECRET)]

        signals = await stack.enter_async_context(Signals.open(database_url, database))
        others = await stack.enter_async_context(Signals.open(database_url, database))
        await stack.enter_async_context(following(catalogue, signals, database))
        await stack.enter_async_context(following(elsewhere, others, database))
        yield Reader(database, Asking(database, signals, addresses), catalogue, elsewhere)


async def until(known: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not known():
            await asyncio.sleep(0.005)


async def test_what_is_read_is_known_everywhere(reader: Reader, provider: FakeProvider) -> None:
    provider.models = ["some/model", "plain"]
    provider.details = {"some/model": openrouter_model("Some", context=9_000)}
    await reader.asking.read()
    for catalogue in (reader.catalogue, reader.elsewhere):
        await until(lambda catalogue=catalogue: catalogue.listed("Fake") is not None)
        assert catalogue.price("fake", "some/model") == Price(1_000_000, 2_000_000, 500_000)
        assert catalogue.listed("Gone") is None
    entry = reader.elsewhere.entry("Fake", "some/model")
    assert entry
    assert entry.context_tokens == 9_000
    assert reader.elsewhere.price("Fake", "plain") is None


async def test_a_list_is_asked_for_once_an_hour(reader: Reader, provider: FakeProvider) -> None:
    await reader.asking.read()
    await reader.asking.read()
    await reader.reads(ago=timedelta(minutes=50))
    assert provider.listed == 1
    await reader.reads(ago=timedelta(minutes=10))
    assert provider.listed == 2


@pytest.mark.parametrize("outage", ["status", "empty"])
async def test_the_last_good_list_survives_an_outage(
    outage: str, reader: Reader, provider: FakeProvider
) -> None:
    provider.models = ["first"]
    await reader.asking.read()
    provider.lists_models, provider.models = outage != "status", []
    await reader.reads()
    assert provider.listed == 2
    late = Catalogue()
    signals = Signals("", reader.database)  # nothing is told to it
    async with following(late, signals, reader.database):  # a server that was started just now
        assert late.entry("Fake", "first")
    provider.lists_models, provider.models = True, ["second"]
    await reader.reads()
    await until(lambda: reader.catalogue.entry("Fake", "second") is not None)
    assert reader.catalogue.entry("Fake", "first") is None


async def test_no_list_is_endless(reader: Reader, provider: FakeProvider) -> None:
    provider.models = ["m" * 199 + str(it) for it in range(9)]
    provider.details = {it: {"description": "x" * 1024 * 1024} for it in provider.models}
    await reader.asking.read()
    assert provider.listed == 1
    async with reader.database.reading() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM model_lists")) == 0


async def test_who_asks_is_not_told_in_what_is_logged(
    reader: Reader, provider: FakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.lists_models = False
    await reader.asking.read()
    assert SECRET.get_secret_value() not in caplog.text
    async with httpx2.AsyncClient() as http:
        assert SECRET.get_secret_value() not in repr(Address("p", "https://x", http, SECRET))
