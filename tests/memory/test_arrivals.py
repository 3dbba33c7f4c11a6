"""Memories that come from elsewhere: once, in their order, and found like all others."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, event, func, select

from tests.memory.talk import Talk
from tzurot.account.tables import Persona
from tzurot.memory import arrivals
from tzurot.memory.arrivals import Arrival, AsItWas, Unclaimed
from tzurot.memory.browsing import Memories
from tzurot.memory.linking import Linking
from tzurot.memory.remembering import Owner
from tzurot.memory.sectors import Sector
from tzurot.memory.tables import ImportedMemory, IndexOutbox, Memory, UnclaimedMemory
from tzurot.memory.venues import Venue, Where
from tzurot.personality.tables import Personality

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
MANY = 2_000


@pytest.fixture
async def ada(talk: Talk) -> Owner:
    return await talk.owner()


def summary(owner: Owner, text: str, *, origin: str = "", minute: int = 0) -> Arrival:
    return Arrival(
        key=arrivals.key_of(owner.personality_id, origin or text),
        person_text=text,
        personality_text="",
        person_name="",
        personality_name="Lilith",
        occur_time=NOON + timedelta(minutes=minute),
    )


def unclaimed(owner: Owner, text: str, *senders: str) -> Unclaimed:
    key = arrivals.key_of(owner.personality_id, text)
    return Unclaimed(key, senders, text, "", "Lilith", "", "", None)


async def arrive(talk: Talk, owner: Owner, *coming: Arrival) -> int:
    """What an import does."""
    async with talk.database.transaction() as tx:
        new = await arrivals.fresh(tx, owner, coming)
        return len(await arrivals.remember(tx, owner, new, talk.jobs))


async def kept(talk: Talk, owner: Owner) -> list[Memory]:
    query = select(Memory).where(Memory.persona_id == owner.persona_id).order_by(Memory.id)
    async with talk.database.transaction() as tx:
        return list(await tx.scalars(query))


async def keeps(talk: Talk, owner: Owner, *rows: Unclaimed) -> int:
    async with talk.database.transaction() as tx:
        return await arrivals.keep_unclaimed(tx, owner.personality_id, rows)


async def test_what_arrives_is_remembered_as_it_is_told(talk: Talk, ada: Owner) -> None:
    arrival = Arrival(
        key=arrivals.key_of(ada.personality_id, "1"),
        person_text="I keep bees.",
        personality_text="How many?",
        person_name="Ada",
        personality_name="Lilith",
        occur_time=NOON,
        venue=Venue.PRIVATE_CHANNEL,
        platform="discord",
        channel_id="42",
    )
    assert await arrive(talk, ada, arrival) == 1
    (memory,) = await kept(talk, ada)
    assert (memory.person_name, memory.person_text) == ("Ada", "I keep bees.")
    assert (memory.personality_name, memory.personality_text) == ("Lilith", "How many?")
    assert (memory.venue, memory.platform, memory.channel_id) == (
        Venue.PRIVATE_CHANNEL,
        "discord",
        "42",
    )
    assert memory.occur_time == NOON


async def test_a_summary_is_found_by_its_words_at_once(talk: Talk, ada: Owner) -> None:
    await arrive(talk, ada, summary(ada, "Ada keeps seven bees in Bern."))
    (hit,) = await talk.asks(ada, "Where are the bees?")
    assert hit.excerpt == "Ada keeps seven bees in Bern."


async def test_a_summary_is_found_by_its_meaning_after_the_job(talk: Talk, ada: Owner) -> None:
    await arrive(talk, ada, summary(ada, "Ada's favorite film is Spirited Away."))
    await talk.relay_all()
    (hit,) = await talk.asks(ada, "Which movie do I like best?")
    assert hit.occur_time == NOON


async def test_the_index_is_told_of_each(talk: Talk, ada: Owner) -> None:
    await arrive(talk, ada, summary(ada, "one"), summary(ada, "two"))
    async with talk.database.transaction() as tx:
        assert await tx.scalar(select(func.count()).select_from(IndexOutbox)) == 2
        queued = await tx.connection()
        jobs = await queued.exec_driver_sql("SELECT task_name FROM procrastinate_jobs")
        assert [row[0] for row in jobs] == ["memory.index"]


async def test_the_oldest_comes_first(talk: Talk, ada: Owner) -> None:
    new = [summary(ada, str(minute), minute=minute) for minute in (3, 1, 2)]
    await arrive(talk, ada, *new)
    assert [memory.person_text for memory in await kept(talk, ada)] == ["1", "2", "3"]


async def test_what_came_once_does_not_come_again(talk: Talk, ada: Owner) -> None:
    await arrive(talk, ada, summary(ada, "I keep bees.", origin="1"))
    edited = summary(ada, "Ada keeps bees.", origin="1")
    new = summary(ada, "new", origin="2", minute=1)
    assert await arrive(talk, ada, edited, new) == 1
    assert [memory.person_text for memory in await kept(talk, ada)] == ["I keep bees.", "new"]


async def test_what_was_forgotten_does_not_come_again(talk: Talk, ada: Owner) -> None:
    arrival = summary(ada, "I keep bees.")
    await arrive(talk, ada, arrival)
    (memory,) = await kept(talk, ada)
    await Memories(talk.database, talk.jobs).delete([ada.persona_id], memory.id)
    assert await arrive(talk, ada, arrival) == 0
    assert await kept(talk, ada) == []


async def test_what_says_the_very_words_of_a_memory_is_known(talk: Talk, ada: Owner) -> None:
    await talk.say(ada, "I keep bees.", "How many?")
    same = replace(summary(ada, "I keep bees.", origin="1"), personality_text="How many?")
    assert await arrive(talk, ada, same) == 0
    assert await arrive(talk, ada, summary(ada, "I keep bees.", origin="2")) == 1


async def test_what_comes_twice_in_one_file_comes_once(talk: Talk, ada: Owner) -> None:
    twice = [summary(ada, "I keep bees.", origin=origin) for origin in ("1", "2", "1")]
    assert await arrive(talk, ada, *twice) == 1


async def test_what_says_nothing_does_not_come(talk: Talk, ada: Owner) -> None:
    assert await arrive(talk, ada, summary(ada, " \n", origin="1")) == 0


async def test_what_another_has_is_new(talk: Talk, ada: Owner) -> None:
    kael = await talk.owner(like=ada)
    assert await arrive(talk, ada, summary(ada, "We met.")) == 1
    assert await arrive(talk, kael, summary(kael, "We met.")) == 1
    assert await talk.asks(kael, "Who met?") != ()


async def test_new_keys_are_those_that_never_came(talk: Talk, ada: Owner) -> None:
    old, new = summary(ada, "old"), summary(ada, "new")
    await arrive(talk, ada, old)
    async with talk.database.transaction() as tx:
        assert await arrivals.new_keys(tx, ada, [old.key, new.key]) == {new.key}
        assert await arrivals.new_keys(tx, ada, []) == set()


async def test_two_imports_at_once_remember_once(talk: Talk, ada: Owner) -> None:
    new = [summary(ada, f"memory {number}") for number in range(50)]
    counts = await asyncio.gather(*(arrive(talk, ada, *order) for order in (new, new[::-1])))
    assert sum(counts) == 50
    assert len(await kept(talk, ada)) == 50


async def test_many_take_a_few_statements(talk: Talk, ada: Owner) -> None:
    statements: list[str] = []
    engine = talk.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    assert await arrive(talk, ada, *(summary(ada, f"memory {n}") for n in range(MANY))) == MANY
    assert len(statements) < MANY / 100


async def test_a_place_is_a_channel_that_hears_what_was_said_there(talk: Talk, ada: Owner) -> None:
    there = Where(Venue.PRIVATE_CHANNEL, "discord", "42")
    said = replace(
        summary(ada, "We planned a party."),
        venue=there.venue,
        platform=there.platform,
        channel_id=there.channel_id,
    )
    await arrive(talk, ada, said)
    assert len(await talk.asks(ada, "the party", where=there)) == 1
    assert await talk.asks(ada, "the party", where=Where(Venue.PUBLIC_CHANNEL)) == ()


class TestDeletion:
    """What is deleted takes along what came with it, and leaves nothing."""

    async def test_of_a_character(self, talk: Talk, ada: Owner) -> None:
        await arrive(talk, ada, summary(ada, "one"))
        await keeps(talk, ada, unclaimed(ada, "two", "old"))
        async with talk.database.transaction() as tx:
            await tx.execute(delete(Personality).where(Personality.id == ada.personality_id))
        assert await _left(talk) == [0, 0, 0]

    async def test_of_a_persona(self, talk: Talk, ada: Owner) -> None:
        await arrive(talk, ada, summary(ada, "one"))
        await keeps(talk, ada, unclaimed(ada, "two", "old"))
        async with talk.database.transaction() as tx:
            await tx.execute(delete(Persona).where(Persona.id == ada.persona_id))
        assert await _left(talk) == [0, 0, 1]  # what is nobody's stays


class TestUnclaimed:
    async def test_is_kept_once(self, talk: Talk, ada: Owner) -> None:
        rows = [unclaimed(ada, "one", "x", "y", "x"), unclaimed(ada, "two", "x")]
        assert await keeps(talk, ada, *rows) == 2
        assert await keeps(talk, ada, *rows, unclaimed(ada, "three", "z")) == 1
        async with talk.database.transaction() as tx:
            stored = (await tx.scalars(select(UnclaimedMemory).order_by(UnclaimedMemory.id))).all()
        assert [row.senders for row in stored] == [["x", "y"], ["x"], ["z"]]
        assert [row.claimed for row in stored] == [[], [], []]

    async def test_without_a_sender_is_not_kept(self, talk: Talk, ada: Owner) -> None:
        assert await keeps(talk, ada, unclaimed(ada, "one")) == 0

    async def test_is_found_by_nobody(self, talk: Talk, ada: Owner) -> None:
        await keeps(talk, ada, unclaimed(ada, "I keep bees.", "x"))
        await talk.relay_all()
        assert await talk.asks(ada, "bees") == ()
        memories = Memories(talk.database, talk.jobs)
        listed = await memories.list([ada.persona_id], personality_id=None, before=None, limit=9)
        assert listed == []


def test_a_key_is_of_its_character() -> None:
    one, two = UUID(int=1), UUID(int=2)
    assert arrivals.key_of(one, "a") == arrivals.key_of(one, "a")
    assert arrivals.key_of(one, "a") != arrivals.key_of(two, "a")
    assert arrivals.key_of(one, "a") != arrivals.key_of(one, "b")


async def _left(talk: Talk) -> list[int]:
    async with talk.database.transaction() as tx:
        return [
            await tx.scalar(select(func.count()).select_from(table)) or 0
            for table in (Memory, ImportedMemory, UnclaimedMemory)
        ]


@pytest.mark.parametrize("told", [(Sector.SEMANTIC, ()), (Sector.EPISODIC, (Sector.REFLECTIVE,))])
async def test_sectors_that_a_file_gives_stay_when_it_is_linked(
    talk: Talk, ada: Owner, told: tuple[Sector, tuple[Sector, ...]]
) -> None:
    sector, others = told
    was = AsItWas(sector=sector, other_sectors=others, salience=0.4)
    feeling = replace(summary(ada, "Ada was scared and sad."), as_it_was=was)
    await arrive(talk, ada, feeling, summary(ada, "Ada was angry and sad.", minute=1))
    await talk.relay_all()
    await Linking(talk.database).tend()
    given, shown = await kept(talk, ada)
    assert (given.sector, tuple(given.other_sectors)) == told
    assert given.salience == pytest.approx(0.4)
    assert shown.sector == Sector.EMOTIONAL
