"""Token buckets: never more than they hold, all or none, told once, and fair."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.session.stage import Person, Stage
from tzurot import clock
from tzurot.account import people
from tzurot.memory.venues import Venue
from tzurot.session.limits import limit_store, limits
from tzurot.session.limits.limit_store import Bucket
from tzurot.session.limits.limits import Buckets
from tzurot.session.said import Place
from tzurot.session.settings.settings import Chosen
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller
from tzurot_client import TzurotError
from tzurot_client.gen.tzurot.session.v1 import Place as AskedPlace
from tzurot_client.gen.tzurot.session.v1 import SetChannelSettingRequest, SettingValue

NOBODY = UUID(int=0)
NOW = clock.now()


def bucket(key: str, capacity: float = 10, rate: float = 1) -> Bucket:
    return Bucket(key, capacity, rate)


async def take(
    database: Database, *buckets: Bucket, tokens: int = 1, at: datetime = NOW
) -> limit_store.Taken:
    """As limits.take does it, at any time."""
    asked = {"person_id": NOBODY, "request_id": uuid4(), "now": at}
    async with database.reading() as tx:
        taken = await limit_store.take(tx, buckets, tokens, asked)
        if not taken.complete:
            await limit_store.fill(tx, buckets, at)
            taken = await limit_store.take(tx, buckets, tokens, asked)
    return taken


async def left(database: Database, key: str) -> float:
    async with database.transaction() as tx:
        found = await tx.scalars(
            text("SELECT tokens FROM token_buckets WHERE key = :key"), {"key": key}
        )
        return float(found.one())


@pytest.mark.parametrize("begun", [False, True], ids=["new", "begun"])
async def test_two_hundred_takers_at_once_get_what_there_is_and_no_more(
    begun: bool, database: Database
) -> None:
    mine = [bucket("person:1", 30), bucket("channel:1", 50)]
    if begun:
        await take(database, *mine, tokens=0)
    taken = await asyncio.gather(*(take(database, *mine) for _ in range(200)))
    assert sum(it.short is None for it in taken) == 30
    assert (await left(database, "person:1"), await left(database, "channel:1")) == (0, 20)


async def test_takers_of_the_same_buckets_in_any_order_never_lock_each_other_out(
    database: Database,
) -> None:
    keys = [f"k{number}" for number in range(6)]
    buckets = [bucket(key, 1_000) for key in keys]
    orders = [buckets, buckets[::-1], buckets[3:] + buckets[:3]]
    taken = await asyncio.gather(*(take(database, *orders[n % 3]) for n in range(150)))
    assert all(it.short is None for it in taken)
    assert [await left(database, key) for key in keys] == [850] * 6


async def test_of_several_buckets_none_is_taken_from_if_one_has_not_enough(
    database: Database,
) -> None:
    empty, full = bucket("person:1", 2), bucket("space:1", 9)
    assert (await take(database, empty, full, tokens=2)).short is None
    refused = await take(database, empty, full)
    assert refused.short
    assert refused.short.key == "person:1"
    assert (await left(database, "person:1"), await left(database, "space:1")) == (0, 7)


async def test_a_bucket_fills_up_with_time_and_no_further_than_its_rim(database: Database) -> None:
    one = bucket("person:1", capacity=4, rate=0.5)
    await take(database, one, tokens=4)
    assert (await take(database, one, at=NOW + timedelta(seconds=1.9))).short
    assert (await take(database, one, at=NOW + timedelta(seconds=2))).short is None
    later = NOW + timedelta(hours=1)
    assert (await take(database, one, tokens=4, at=later)).short is None
    assert await left(database, "person:1") == 0
    assert (await take(database, one, at=later)).short


async def test_time_that_goes_backwards_gives_nothing(database: Database) -> None:
    one = bucket("person:1", capacity=1)
    await take(database, one)
    assert (await take(database, one, at=NOW - timedelta(hours=1))).short
    assert (await take(database, one, at=NOW + timedelta(seconds=0.5))).short


async def test_more_than_a_bucket_holds_is_given_once_it_is_full(database: Database) -> None:
    one = bucket("person:1", capacity=4)
    assert (await take(database, one, tokens=10)).short is None
    assert await left(database, "person:1") == -6
    refused = await take(database, one)
    assert refused.short
    assert refused.short.seconds == pytest.approx(7)


async def test_what_is_refused_is_told_once_until_it_goes_on(database: Database) -> None:
    one = bucket("person:1", capacity=1, rate=0.1)
    await take(database, one)
    seen = [(await take(database, one, at=NOW + timedelta(seconds=n))).short for n in (0, 4, 9)]
    assert [(round(it.seconds), it.told) for it in seen if it] == [
        (10, False),
        (6, True),
        (1, True),
    ]
    at = NOW + timedelta(seconds=10)
    assert (await take(database, one, at=at)).short is None
    again = (await take(database, one, at=at)).short
    assert again
    assert not again.told


async def test_of_many_refused_at_once_one_is_told(database: Database) -> None:
    one = bucket("person:1", capacity=1)
    await take(database, one)
    refused = await asyncio.gather(*(take(database, one) for _ in range(50)))
    assert [it.short.told for it in refused if it.short].count(False) == 1


async def test_whoever_has_to_wait_longest_for_is_named(database: Database) -> None:
    quick, slow = bucket("a", 1, rate=1), bucket("b", 1, rate=0.1)
    await take(database, quick, slow)
    refused = await take(database, quick, slow)
    assert refused.short
    assert refused.short.key == "b"


async def test_buckets_survive_a_restart(database_url: str) -> None:
    one = bucket("person:1", capacity=3)
    async with Database.open(database_url) as before:
        await take(before, one, tokens=3)
    async with Database.open(database_url) as after:
        assert (await take(after, one)).short


async def test_old_buckets_are_swept(database: Database) -> None:
    await take(database, bucket("old"), at=clock.now() - timedelta(hours=2))
    await take(database, bucket("new"), at=clock.now())
    await Buckets(database).sweep()
    async with database.transaction() as tx:
        assert list(await tx.scalars(text("SELECT key FROM token_buckets"))) == ["new"]


def caller(subject: str, person_id: UUID = NOBODY) -> Caller:
    return Caller(person_id, NOBODY, subject, frozenset(), NOBODY)


CHANNEL = Place("discord", "7", "9", Venue.PUBLIC_CHANNEL)


def test_an_answer_takes_from_each_bucket_that_it_concerns_in_the_order_of_keys() -> None:
    chosen = replace(Chosen.default(), payer_rate=120)
    found = limits.buckets_of(CHANNEL, caller("discord:1"), chosen)
    assert [(it.key, it.capacity, round(it.rate, 3)) for it in found] == [
        ("channel:discord:9", 30, 1),
        ("payer:server", 60, 2),
        (f"person:{NOBODY}", 10, 0.333),
        ("space:discord:7", 150, 5),
    ]


def test_who_pays_with_a_key_of_their_own_takes_from_nobody_elses_bucket() -> None:
    chosen = replace(Chosen.default(), payer_rate=120)
    found = limits.buckets_of(CHANNEL, caller("discord:1"), chosen, payer=str(NOBODY))
    keys = [it.key for it in found]
    assert f"payer:{NOBODY}" in keys
    assert "payer:server" not in keys


def test_in_private_there_is_no_channel_to_protect() -> None:
    direct = replace(CHANNEL, venue=Venue.DIRECT)
    found = limits.buckets_of(direct, caller("discord:1"), Chosen.default())
    assert [it.key for it in found] == [f"person:{NOBODY}"]


def test_what_is_off_limits_nothing() -> None:
    off = replace(Chosen.default(), person_rate=None, channel_rate=None, space_rate=None)
    assert limits.buckets_of(CHANNEL, caller("discord:1"), off) == []


def test_whoever_sits_at_the_servers_machine_is_not_limited() -> None:
    local = replace(CHANNEL, platform="local")
    assert limits.buckets_of(local, caller("local:owner"), Chosen.default()) == []


def test_the_slowest_bucket_rests_full_rather_than_forgotten() -> None:
    slowest = limits.buckets_of(
        CHANNEL, caller("discord:1"), replace(Chosen.default(), person_rate=1)
    )
    assert all(it.capacity / it.rate <= 3_600 for it in slowest)


async def asks(who: Person, place: AskedPlace, *to: Any, **fields: object) -> TzurotError | int:
    """How many answered, or the refusal."""
    try:
        return len(await who.says("Hi.", *to, place=place, **fields))
    except TzurotError as error:
        return error


async def empties(stage: Stage, key: str) -> None:
    """As if much had just been said; it fills up as slowly as it does."""
    await stage.execute(
        """INSERT INTO token_buckets (key, tokens, fill_time) VALUES (:key, -100, now())
        ON CONFLICT (key) DO UPDATE SET tokens = -100, fill_time = now()""",
        key=key,
    )


async def person_id(stage: Stage, who: Person) -> UUID:
    async with stage.server.parts.database.transaction() as tx:
        return await people.meet(tx, who.subject)


async def test_who_speaks_too_fast_is_told_once_for_how_long(stage: Stage) -> None:
    ada, lilith = stage.person(platform="discord"), await stage.character()
    place = stage.channel(platform="discord")
    assert await asks(ada, place, lilith) == 1
    await empties(stage, f"person:{await person_id(stage, ada)}")
    first, second = await asks(ada, place, lilith), await asks(ada, place, lilith)
    assert isinstance(first, TzurotError)
    assert isinstance(second, TzurotError)
    assert first.reason.name == second.reason.name == "RATE_LIMITED"
    assert (first.metadata["limit"], first.metadata["told"]) == ("person", "false")
    assert second.metadata["told"] == "true"
    assert 280 <= int(first.metadata["retry_seconds"]) <= 303  # (1 + 100) / (20 / 60 s)


async def test_who_has_used_up_their_own_takes_nothing_from_others(stage: Stage) -> None:
    ada, kim = stage.person(platform="discord"), stage.person(platform="discord")
    lilith, place = await stage.character(), stage.channel(platform="discord")
    await empties(stage, f"person:{await person_id(stage, ada)}")
    for _ in range(40):  # more than the channel's bucket holds
        assert isinstance(await asks(ada, place, lilith), TzurotError)
    assert await asks(kim, place, lilith) == 1


async def test_a_request_that_was_admitted_takes_nothing_again(stage: Stage) -> None:
    ada, lilith = stage.person(platform="discord"), await stage.character()
    place, request_id = stage.channel(platform="discord"), str(uuid4())
    assert await asks(ada, place, lilith, request_id=request_id) == 1
    await empties(stage, f"person:{await person_id(stage, ada)}")
    assert await asks(ada, place, lilith, request_id=request_id) == 1
    assert isinstance(await asks(ada, place, lilith), TzurotError)


async def test_each_character_that_answers_takes_a_token_and_nobody_takes_none(
    stage: Stage,
) -> None:
    ada, place = stage.person(platform="discord"), stage.channel(platform="discord")
    both = await stage.character("Lilith"), await stage.character("Baal")
    key = f"person:{await person_id(stage, ada)}"
    assert await asks(ada, place) == 0
    assert not await stage.rows("SELECT 1 FROM token_buckets WHERE key = :key", key=key)
    assert await asks(ada, place, *both) == 2
    (row,) = await stage.rows("SELECT tokens FROM token_buckets WHERE key = :key", key=key)
    assert row[0] == 8


async def test_a_moderator_lowers_what_a_channel_can_take(stage: Stage) -> None:
    lilith, place = await stage.character(), stage.channel(platform="discord")
    moderator = stage.person(platform="discord")
    request = SetChannelSettingRequest(key="channel_rate", value=SettingValue(whole=2), place=place)
    await moderator.client.setting.set_channel_setting(request)
    everybody = [stage.person(platform="discord") for _ in range(3)]
    outcomes = [await asks(who, place, lilith) for who in everybody]
    assert outcomes[0] == 1  # half of two a minute is one at once
    assert [it.metadata["limit"] for it in outcomes if isinstance(it, TzurotError)] == [
        "channel",
        "channel",
    ]
