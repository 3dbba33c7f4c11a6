"""The SQL of settings: one row for each decision, found by one lookup a tier."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event, text

from tzurot import clock
from tzurot.session.settings import deciding, setting_store
from tzurot.session.settings.cascade import Row, Tier, explained
from tzurot.session.settings.deciding import Passing
from tzurot.session.settings.setting_store import SYSTEM, Whose
from tzurot.session.settings.settings import SETTINGS, Value
from tzurot.storage.database import Database

CHANNEL = Whose(platform="discord", channel_id="7")


async def found(
    database: Database, channel_id: str | None = None, parent_channel_id: str | None = None
) -> list[Row]:
    platform = "discord" if channel_id else None
    async with database.transaction() as tx:
        whose = Whose(platform=platform, channel_id=channel_id)
        return await setting_store.decided(tx, whose, parent_channel_id)


async def put(database: Database, whose: Whose, value: Value) -> None:
    async with database.transaction() as tx:
        await setting_store.put(tx, whose, "reply_limit", value)


async def test_off_comes_back_as_it_was_decided(database: Database) -> None:
    await put(database, SYSTEM, None)
    assert await found(database) == [Row("reply_limit", Tier.SYSTEM, None)]


async def test_a_channel_is_one_of_a_platform(database: Database) -> None:
    await put(database, CHANNEL, 16)
    assert await found(database, "7") == [Row("reply_limit", Tier.CHANNEL, 16)]
    assert await found(database, "8") == []
    assert await found(database) == []
    async with database.transaction() as tx:
        assert await setting_store.decided(tx, replace(CHANNEL, platform="matrix")) == []


async def test_what_a_thread_has_not_decided_it_has_from_the_channel_above(
    database: Database,
) -> None:
    await put(database, CHANNEL, 16)
    above = [Row("reply_limit", Tier.CHANNEL, 16)]
    assert await found(database, "8", parent_channel_id="7") == above
    await put(database, replace(CHANNEL, channel_id="8"), 32)
    assert await found(database, "8", parent_channel_id="7") == [
        Row("reply_limit", Tier.CHANNEL, 32)
    ]
    assert await found(database, "7") == above


async def test_clearing_takes_back_that_decision_alone(database: Database) -> None:
    await put(database, SYSTEM, 16)
    await put(database, CHANNEL, 32)
    async with database.transaction() as tx:
        await setting_store.clear(tx, SYSTEM, "reply_limit")
        await setting_store.clear(tx, SYSTEM, "reply_limit")
    assert await found(database, "7") == [Row("reply_limit", Tier.CHANNEL, 32)]


async def test_what_is_decided_for_a_while_counts_before_what_is_decided_for_good(
    database: Database,
) -> None:
    until = clock.now() + timedelta(hours=1)
    await put(database, SYSTEM, 16)
    async with database.transaction() as tx:
        await setting_store.put_until(tx, SYSTEM, "reply_limit", 32, until)
    rows = await found(database)
    assert sorted(rows, key=lambda row: row.expire_time is None) == [
        Row("reply_limit", Tier.SYSTEM, 32, False, until),
        Row("reply_limit", Tier.SYSTEM, 16),
    ]
    assert explained(rows).chosen.reply_limit == 32
    assert explained(reversed(rows)).chosen.reply_limit == 32
    assert explained(rows).outcomes["reply_limit"].counts.expire_time == until


async def test_when_it_is_over_what_was_decided_for_good_counts_again(database: Database) -> None:
    await put(database, SYSTEM, 16)
    async with database.transaction() as tx:
        over = clock.now() - timedelta(microseconds=1)
        await setting_store.put_until(tx, SYSTEM, "reply_limit", 32, over)
    assert await found(database) == [Row("reply_limit", Tier.SYSTEM, 16)]
    await Passing(database).sweep()
    async with database.transaction() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM settings")) == 1


async def test_a_decision_for_good_ends_one_for_a_while(database: Database) -> None:
    until = clock.now() + timedelta(hours=1)
    async with database.transaction() as tx:
        await setting_store.put_until(tx, SYSTEM, "reply_limit", 32, until)
        await setting_store.put_until(tx, SYSTEM, "reply_limit", 64, until)
    assert await found(database) == [Row("reply_limit", Tier.SYSTEM, 64, False, until)]
    await put(database, SYSTEM, 16)
    assert await found(database) == [Row("reply_limit", Tier.SYSTEM, 16)]


async def test_the_previous_release_decides_for_good_beside_it(database: Database) -> None:
    until = clock.now() + timedelta(hours=1)
    previous = text("""
        INSERT INTO settings (id, key, value, bound)
        VALUES (gen_random_uuid(), 'reply_limit', CAST(:value AS jsonb), false)
        ON CONFLICT ON CONSTRAINT settings_decided_key
            DO UPDATE SET value = excluded.value, bound = excluded.bound
    """)
    async with database.transaction() as tx:
        await setting_store.put_until(tx, SYSTEM, "reply_limit", 32, until)
        for value in ("16", "17"):
            await tx.execute(previous, {"value": value})
    assert {row.value for row in await found(database)} == {17, 32}


async def test_twins_leave_one_decision(database: Database) -> None:
    await asyncio.gather(*(put(database, SYSTEM, number) for number in range(20, 28)))
    assert len(await found(database)) == 1


async def test_all_tiers_are_one_statement(database: Database) -> None:
    statements: list[str] = []
    engine = database.engine.sync_engine
    async with database.transaction() as tx:
        await tx.connection()
        event.listen(engine, "before_cursor_execute", lambda *it: statements.append(it[2]))
        await deciding.settings_for(tx, None, None, None)
    assert len(statements) == 1


async def test_each_tier_is_a_lookup_however_much_is_decided_elsewhere(database: Database) -> None:
    many = """
        INSERT INTO settings (id, key, platform, channel_id, value, bound)
        SELECT uuidv7(), key, 'discord', number, '16', false
        FROM unnest(CAST(:keys AS text[])) AS key, generate_series(1, 3000) AS number
    """
    keys = [setting.key for setting in SETTINGS]
    async with database.transaction() as tx:
        await tx.execute(text(many), {"keys": keys})
        await tx.execute(text("ANALYZE settings"))
        explaining = text(f"EXPLAIN {setting_store.DECIDED.text}")
        values = {"keys": keys, "platform": "discord", "channel_id": "7"}
        ids = {"personality_id": None, "person_id": None, "parent_channel_id": "8"}
        plan = "\n".join((await tx.scalars(explaining, values | ids)).all())
    assert "Seq Scan" not in plan
    assert "settings_decided_key" in plan
