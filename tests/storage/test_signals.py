"""Signals: told to all servers on a database, on commit, and never silently lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from tzurot.storage.database import Database
from tzurot.storage.signals import MAX_PAYLOAD, News, Signals


@pytest.fixture
async def here(database_url: str, database: Database) -> AsyncIterator[Signals]:
    async with Signals.open(database_url, database) as signals:
        yield signals


@pytest.fixture
async def there(database_url: str, database: Database) -> AsyncIterator[Signals]:
    """Another server."""
    async with Signals.open(database_url, database) as signals:
        yield signals


async def heard(news: News) -> str | None:
    async with asyncio.timeout(60):
        return await anext(news)


async def test_all_servers_hear_it_the_one_that_tells_too(here: Signals, there: Signals) -> None:
    async with here.subscribe("bees") as news, there.subscribe("bees") as news_there:
        await here.publish("bees", "They swarm.")
        assert [await heard(news), await heard(news_there)] == ["They swarm."] * 2


async def test_a_subscriber_hears_its_own_topic_only_and_in_order(
    here: Signals, there: Signals
) -> None:
    async with here.subscribe("bees") as news:
        await there.publish("wasps", "no")
        for number in range(3):
            await there.publish("bees", str(number))
        assert [await heard(news) for _ in range(3)] == ["0", "1", "2"]


async def test_in_a_transaction_it_is_told_on_commit(
    here: Signals, there: Signals, database: Database
) -> None:
    async with here.subscribe("bees") as news:
        async with database.transaction() as tx:
            await there.publish("bees", "first published", tx)
            await there.publish("bees", "first told")
            assert await heard(news) == "first told"
        assert await heard(news) == "first published"


async def test_what_rolls_back_is_never_told(here: Signals, database: Database) -> None:
    async with here.subscribe("bees") as news:
        async with database.rehearsal() as tx:
            await here.publish("bees", "never", tx)
        await here.publish("bees", "next")
        assert await heard(news) == "next"


async def test_after_a_lost_connection_a_subscriber_is_told_to_read_again(
    here: Signals, there: Signals, database: Database
) -> None:
    async with here.subscribe("bees") as news:
        async with database.transaction() as tx:
            ends = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'tzurot signals'"""
            await tx.execute(text(ends))
        assert await heard(news) is None
        await there.publish("bees", "They are back.")
        assert await heard(news) == "They are back."


async def test_who_is_too_slow_is_told_that_something_was_missed() -> None:
    news = News()
    for number in range(1001):
        news.add(str(number))
    assert await heard(news) is None
    news.add("next")
    assert await heard(news) == "next"


async def test_the_longest_payload_arrives_and_a_longer_one_is_refused(here: Signals) -> None:
    longest = "ü" * (MAX_PAYLOAD // 2)
    async with here.subscribe("b" * 200) as news:
        await here.publish("b" * 200, longest)
        assert await heard(news) == longest
        with pytest.raises(ValueError, match="7000 bytes"):
            await here.publish("b", longest + "a")


@pytest.mark.parametrize("topic", ["", "two\nlines", "b" * 201])
async def test_what_cannot_be_a_topic_is_refused(here: Signals, topic: str) -> None:
    with pytest.raises(ValueError, match="no topic"):
        await here.publish(topic, "bees")
