"""A purge as its readers see it: gone for all of them at once, and when its worker dies, too."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.executable import started
from tests.memory.facts.knowing import Known
from tests.memory.purger import BUT_NONE, EVERYTHING, Purger, purger, rows
from tests.memory.reflection.gathering import CANARY, gathered, reflections, tables_with
from tests.memory.talk import Talk
from tzurot import clock
from tzurot.errors import ConfirmationUsed
from tzurot.memory import (
    departures,
    owner_store,
    purge_store,
    recalled_store,
    store,
    waypoint_store,
)
from tzurot.memory.filters import ALL, Filter, Whose
from tzurot.memory.graph import graph_store
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.meaning import Slot
from tzurot.memory.purging import Purge, Purging
from tzurot.memory.reading import reading_store
from tzurot.memory.reflection.dreams import Dreams
from tzurot.memory.reflection.dreamt import Gathered
from tzurot.memory.remembering import MemoryId
from tzurot.memory.sectors import Sector

AGAIN = "My honeybees swarmed again."
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
async def ada(talk: Talk) -> Purger:
    """Somebody of whom much is known: memories, what was gathered from them, a dream."""
    ada = await purger(talk)
    await gathered(talk, ada.owner)
    await talk.relay_all()
    (it,) = await reflections(talk.database, ada.owner)
    told = [Gathered(MemoryId(it.id), ada.owner, "")]
    await Dreams(talk.database).keep(ada.owner, f"A dream of {CANARY}.", told, clock.now())
    return ada


async def seen(talk: Talk, ada: Purger) -> dict[str, object]:
    """What each of its readers has of somebody; nothing of it is worth anything if empty."""
    owner, own = ada.owner, [ada.owner.persona_id]
    whose = Whose(own, None, ALL)
    asked = await talk.question("Where do my honeybees live?")
    async with talk.database.reading() as tx:
        exported = [it async for batch in departures.batches(tx, whose) for it in batch]
        nodes, count = await graph_store.weightiest(tx, own, None, now=clock.now(), limit=9)
        stats = await graph_store.stats(tx, own, None, clock.now())
        reach = await store.reach(tx, owner.personality_id)
        of_whom = await owner_store.owners(tx, own, owner.personality_id)
    return {
        "list": await ada.memories.list(own, personality_id=None, before=None, limit=9),
        "any": await ada.memories.any(own, owner.personality_id),
        "recall": await talk.asks(owner, "Where do my honeybees live?"),
        "candidates": await PgVectorIndex(talk.database).candidates(owner, asked),
        "export": exported,
        "graph": nodes or count,
        "stats": stats.memory_count,
        "reach": any(reach),
        "owners": of_whom,
        "dreams": await rows(talk, "SELECT * FROM dreams WHERE persona_id = :id", id=own[0]),
        "preview": (await ada.looks()).memory_count,
    }


async def test_it_is_gone_for_every_reader_before_any_row_is(talk: Talk, ada: Purger) -> None:
    assert all((await seen(talk, ada)).values())
    count = len(await ada.has())
    assert (await ada.purges((await ada.looks()).confirmation)).memory_count == count
    assert not any((await seen(talk, ada)).values())
    ((left,),) = await rows(talk, "SELECT count(*) FROM memories")
    assert left == count
    assert await tables_with(talk.database, CANARY) == set()


async def test_what_stays_is_as_it_was_and_what_comes_is_remembered(
    talk: Talk, ada: Purger
) -> None:
    kept, *_ = await talk.say_all(ada.owner, ["I keep snakes.", "I keep cats."])
    await ada.lock(kept)
    await ada.purges((await ada.looks()).confirmation)
    new = await talk.say(ada.owner, AGAIN)
    await talk.relay_all()
    for question, found in (("Do I keep snakes?", kept), ("Did my honeybees swarm?", new)):
        hits = [hit.memory_id for hit in await talk.asks(ada.owner, question)]
        assert (hits[0], {*hits} <= {kept, new}) == (found, True)
    await ada.purging.clear()
    assert await ada.has() == {kept, new}


async def test_its_rows_go_with_all_that_hangs_on_them(talk: Talk, ada: Purger) -> None:
    stranger = await purger(talk, like=ada.owner)
    kept = await talk.say(stranger.owner, "I keep bees, too.")
    count = len(await ada.has())
    await ada.purges((await ada.looks()).confirmation)
    told = {it for (it,) in await rows(talk, "SELECT memory_id FROM index_outbox")}
    assert await ada.purging.clear() == count
    assert {it for (it,) in await rows(talk, "SELECT id FROM memories")} == {kept}
    assert {it for (it,) in await rows(talk, "SELECT memory_id FROM index_outbox")} == told
    for table in ("memory_states", "memory_sources", "ungathered_memories", "waypoints"):
        assert await rows(talk, f"SELECT * FROM {table}") == [], table  # noqa: S608


async def test_a_reflection_that_is_meant_alone_is_not_gathered_again(
    talk: Talk, ada: Purger
) -> None:
    (it,) = await reflections(talk.database, ada.owner)
    only = Purge(None, Filter(sectors=frozenset({Sector.REFLECTIVE})), include_locked=False)
    seen_alone = await ada.looks(only)
    assert (seen_alone.memory_count, seen_alone.reflection_count) == (1, 1)
    await ada.purges(seen_alone.confirmation, only)
    await ada.purging.clear()
    assert it.id not in await ada.has()
    assert len(await rows(talk, "SELECT * FROM ungathered_memories")) == 2


async def test_a_worker_that_dies_while_it_deletes_leaves_nothing_to_see(
    talk: Talk, ada: Purger, database_url: str, tmp_path: Path
) -> None:
    await ada.purges((await ada.looks()).confirmation)
    async with started(
        "before:tzurot.memory.purging:Purging.clear",
        home=tmp_path,
        module="tests.memory.doomed_worker",
        database_url=database_url.replace("+psycopg", ""),
    ) as worker:
        await worker.says("(stopped)")
        worker.kill()
        await worker.ended()
    assert not any((await seen(talk, ada)).values())
    await ada.purging.clear()
    assert await rows(talk, "SELECT * FROM memories") == []


async def test_of_very_many_the_newest_go_at_once_and_the_others_with_the_job(
    talk: Talk, ada: Purger
) -> None:
    few = Purging(talk.database, talk.jobs, at_once=7)
    own, count = [ada.owner.persona_id], len(await ada.has())
    locked = await talk.say(ada.owner, "Locked.")
    await ada.lock(locked)
    preview = await ada.looks()
    gone = await few.purge(ada.person_id, own, EVERYTHING, preview.confirmation)
    assert (gone.memory_count, gone.reflection_count) == (count, 1)
    left = await ada.has()
    assert len(left) == count - 8 + 1
    since = await talk.say(ada.owner, "Since.")
    assert await few.sweep() == 0
    await few.clear()
    assert await ada.has() == {locked, since}
    with pytest.raises(ConfirmationUsed):
        await few.purge(ada.person_id, own, EVERYTHING, preview.confirmation)


@pytest.mark.parametrize(("ask", "stays"), [(EVERYTHING, True), (BUT_NONE, False)])
async def test_what_is_locked_before_the_job_comes_stays_unless_that_was_to_go(
    talk: Talk, ada: Purger, ask: Purge, stays: bool
) -> None:
    few = Purging(talk.database, talk.jobs, at_once=1)
    preview = await ada.looks(ask)
    await few.purge(ada.person_id, [ada.owner.persona_id], ask, preview.confirmation)
    kept, *_ = sorted(await ada.has())
    await ada.lock(kept)
    await few.clear()
    assert await ada.has() == ({kept} if stays else set())


async def test_what_the_job_could_not_have_it_takes_the_next_time(talk: Talk, ada: Purger) -> None:
    held, *_ = await ada.has()
    await ada.purges((await ada.looks()).confirmation)
    async with talk.database.transaction() as tx:
        await tx.execute(text("SELECT 1 FROM memories WHERE id = :id FOR KEY SHARE"), {"id": held})
        await ada.purging.clear()
    assert [it for (it,) in await rows(talk, "SELECT id FROM memories")] == [held]
    assert await ada.purging.clear() == 1


async def test_who_comes_late_finds_nothing_to_write_to(talk: Talk, ada: Purger) -> None:
    """A relay, a link and a count that had read memories before they were purged."""
    await rows(
        talk,
        "INSERT INTO index_collections (name, slot, state, create_time)"
        " VALUES ('Memory_x', 'b', 'filling', now()) RETURNING 1",
    )
    ids = [MemoryId(it) for it in await ada.has()]
    await ada.purges((await ada.looks()).confirmation)
    await rows(talk, "DELETE FROM index_outbox RETURNING 1")
    async with talk.database.transaction() as tx:
        await reading_store.tell_collection(tx, Slot.B, ids)
        assert not await waypoint_store.held(tx, ids)
        assert not await waypoint_store.told(tx, ids)
        assert not await recalled_store.standing(tx, ids)
    assert await rows(talk, "SELECT * FROM index_outbox") == []


async def test_what_is_gathered_meanwhile_from_what_goes_goes_too(talk: Talk, ada: Purger) -> None:
    loose = await talk.say_all(ada.owner, ["I keep cats.", "Cats are what I keep."])
    whose = Whose([ada.owner.persona_id], None, ALL)
    async with talk.database.transaction() as tx:
        await purge_store.mean(tx, whose, include_locked=False)
        new = clock.uuid7()
        await rows(
            talk,
            "INSERT INTO memories SELECT (jsonb_populate_record(m, jsonb_build_object("
            "'id', CAST(:id AS uuid), 'kind', 'reflection', 'dormant', true))).* FROM memories m"
            " WHERE id = :like RETURNING 1",
            id=new,
            like=loose[0],
        )
        await rows(
            talk,
            "INSERT INTO memory_sources (memory_id, source_id) VALUES (:id, :like) RETURNING 1",
            id=new,
            like=loose[0],
        )
        await purge_store.hold_meant(tx, whose, include_locked=False)
        await purge_store.empty(tx)
    assert await ada.has() == set()


class TestFacts:
    """What a person told goes where everything does; what was forgotten stays forgotten."""

    @pytest.fixture
    async def known(self, talk: Talk) -> Known:
        known = await Known.by(talk)
        await known.knows("Ada keeps bees.")
        await known.facts.create(known.owner, "Ada lives in Bergen.", None)
        return known

    @pytest.fixture
    async def her(self, talk: Talk, known: Known) -> Purger:
        ((person_id,),) = await rows(
            talk, "SELECT person_id FROM personas WHERE id = :id", id=known.owner.persona_id
        )
        return Purger(talk, known.owner, person_id)

    async def test_all_goes_with_everything(self, known: Known, her: Purger) -> None:
        preview = await her.looks()
        assert (preview.memory_count, preview.fact_count, preview.told_fact_count) == (1, 1, 1)
        since = await known.facts.create(known.owner, "Ada plays the cello.", None)
        gone = await her.purges(preview.confirmation)
        assert (gone.fact_count, gone.told_fact_count) == (1, 1)
        assert await known.told() == [since.text]

    @pytest.mark.parametrize(
        "filter",
        [Filter(locked=False), Filter(sectors=frozenset(Sector)), Filter(occur_from=LONG_AGO)],
    )
    async def test_a_filter_of_memories_means_no_told_facts(
        self, known: Known, her: Purger, filter: Filter
    ) -> None:
        ask = Purge(None, filter, include_locked=True)
        preview = await her.looks(ask)
        assert preview.told_fact_count == 0
        if preview.confirmation:
            await her.purges(preview.confirmation, ask)
        assert "Ada lives in Bergen." in await known.told()

    async def test_those_of_one_character_and_persona_alone(
        self, talk: Talk, known: Known, her: Purger
    ) -> None:
        other = await Known.by(talk)
        elsewhere = Purge(other.owner.personality_id, ALL, include_locked=False)
        nobodys = Purge(None, Filter(persona_ids=frozenset({clock.uuid7()})), include_locked=False)
        for ask in (elsewhere, nobodys):
            assert (await her.looks(ask)).told_fact_count == 0
        mine = Filter(persona_ids=frozenset({known.owner.persona_id}))
        assert (await her.looks(Purge(None, mine, include_locked=False))).told_fact_count == 1

    async def test_where_only_told_facts_are_left_they_can_go(
        self, known: Known, her: Purger
    ) -> None:
        await her.purges((await her.looks()).confirmation)
        await known.facts.create(known.owner, "Ada lives in Oslo.", None)
        preview = await her.looks()
        assert (preview.memory_count, preview.told_fact_count) == (0, 1)
        await her.purges(preview.confirmation)
        assert await known.told() == []

    async def test_what_was_forgotten_is_not_learnt_again_after_it(
        self, known: Known, her: Purger
    ) -> None:
        fact = await known.knows("Ada's brother is called Tom.")
        await known.facts.forget(known.own, fact.fact_id)
        await her.purges((await her.looks()).confirmation)
        assert await known.learns("Tom is Ada's brother.") is None
        assert await known.learns("Ada keeps bees.")

    async def test_one_that_a_locked_memory_says_stays(self, known: Known, her: Purger) -> None:
        fact = await known.fact("Ada keeps bees.")
        await her.lock(*fact.source_ids)
        preview = await her.looks()
        assert (preview.fact_count, preview.told_fact_count) == (0, 1)
        await her.purges(preview.confirmation)
        assert await known.told() == ["Ada keeps bees."]
