"""Filters: in the database and in Python they mean the same."""

import itertools
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.memory.fitting import fits
from tests.memory.talk import DIRECT, Talk
from tzurot import clock
from tzurot.memory import wire
from tzurot.memory.browsing import Memories
from tzurot.memory.filters import ALL, Filter
from tzurot.memory.remembering import Remembered
from tzurot.memory.sectors import Sector
from tzurot.memory.v1 import memory_filter_pb2 as pb
from tzurot.memory.venues import Venue, Where

FIRST = clock.now().replace(microsecond=0) - timedelta(days=100)
TOLD = ("I feel so sad.", "Yesterday we went to Rome.", "First mix it, then bake it.", "It is so.")
PLACES = (DIRECT, Where(Venue.PRIVATE_CHANNEL, "discord", "7"), Where(Venue.PUBLIC_CHANNEL))


async def told(talk: Talk) -> list[Remembered]:
    """What two people said in many ways: newest first."""
    owners = [await talk.owner(), await talk.owner()]
    for number, (owner, where, words) in enumerate(itertools.product(owners, PLACES, TOLD)):
        memory_id = await talk.say(owner, words, where=where)
        columns = {"id": memory_id, "days": number, "locked": number % 3 == 0, "first": FIRST}
        async with talk.database.transaction() as tx:
            await tx.execute(
                text(
                    "UPDATE memories SET locked = :locked,"
                    " occur_time = :first + make_interval(days => :days) WHERE id = :id"
                ),
                columns,
            )
    return await listed(talk, {owner.persona_id for owner in owners}, ALL)


async def listed(talk: Talk, persona_ids: set[UUID], filter: Filter) -> list[Remembered]:
    memories = Memories(talk.database, talk.jobs)
    found = await memories.list(
        persona_ids, personality_id=None, before=None, limit=1000, filter=filter
    )
    return list(found)


async def test_what_fits_is_what_is_listed(talk: Talk) -> None:
    memories = await told(talk)
    both = {it.persona_id for it in memories}
    assert {it.sector for it in memories} > {Sector.SEMANTIC}, "else sectors filter nothing"
    one = min(both)
    choices = itertools.product(
        (frozenset[UUID](), frozenset({one}), frozenset({clock.uuid7()})),
        (frozenset[Sector](), frozenset({Sector.EMOTIONAL, Sector.EPISODIC})),
        (frozenset[Venue](), frozenset({Venue.DIRECT}), frozenset(Venue)),
        (None, FIRST + timedelta(days=5)),
        (None, FIRST + timedelta(days=5), FIRST + timedelta(days=17)),
        (None, True, False),
    )
    seen: set[int] = set()
    for filter in itertools.starmap(Filter, choices):
        found = await listed(talk, both, filter)
        assert found == [it for it in memories if fits(filter, it)], filter
        seen.add(len(found))
    assert {0, 24} < seen


async def test_the_first_moment_counts_and_the_last_does_not(talk: Talk) -> None:
    memories = await told(talk)
    then = FIRST + timedelta(days=5)
    day = timedelta(days=1)
    found = await listed(
        talk, {it.persona_id for it in memories}, Filter(occur_from=then, occur_until=then + day)
    )
    assert [it.occur_time for it in found] == [then]


async def test_a_filter_shows_nothing_that_is_anothers(talk: Talk) -> None:
    memories = await told(talk)
    one, other = sorted({it.persona_id for it in memories})
    assert await listed(talk, {one}, Filter(persona_ids=frozenset({other}))) == []


def test_the_key_is_the_filters_whatever_the_order_it_was_told_in() -> None:
    ids = [str(clock.uuid7()) for _ in range(5)]
    sectors, venues = (
        ["SECTOR_EPISODIC", "SECTOR_SEMANTIC"],
        ["VENUE_DIRECT", "VENUE_PUBLIC_CHANNEL"],
    )
    one = pb.MemoryFilter(persona_ids=ids, sectors=sectors, venues=venues)
    other = pb.MemoryFilter(
        persona_ids=ids[::-1], sectors=sectors[::-1], venues=[*venues[::-1], *venues]
    )
    assert wire.filter_of(one).key == wire.filter_of(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ALL, Filter(locked=False)),
        (Filter(locked=True), Filter(locked=False)),
        (Filter(occur_from=FIRST), Filter(occur_until=FIRST)),
        (Filter(occur_from=FIRST), Filter(occur_from=FIRST + timedelta(microseconds=1))),
        (Filter(sectors=frozenset({Sector.EPISODIC})), Filter(sectors=frozenset(Sector))),
        (Filter(venues=frozenset({Venue.DIRECT})), ALL),
        (
            Filter(persona_ids=frozenset({UUID(int=1)})),
            Filter(persona_ids=frozenset({UUID(int=2)})),
        ),
    ],
)
def test_other_filters_have_other_keys(one: Filter, other: Filter) -> None:
    assert one.key != other.key
