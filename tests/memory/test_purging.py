"""Purges: what is shown goes, and nothing else."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.memory.purger import BUT_NONE, Purger, purger, rows
from tests.memory.reflection.gathering import BEES, MORE, filled, gathered, look, reflections
from tests.memory.talk import Talk
from tzurot import clock
from tzurot.memory.filters import ALL, Filter
from tzurot.memory.purging import Purge, Purged
from tzurot.memory.reflection.dreams import Dreams
from tzurot.memory.reflection.dreamt import Gathered
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.sectors import Sector
from tzurot.memory.venues import Venue, Where


@pytest.fixture
async def ada(talk: Talk) -> Purger:
    return await purger(talk)


class TestWhatGoes:
    async def test_a_preview_forgets_nothing(self, talk: Talk, ada: Purger) -> None:
        told = set(await talk.say_all(ada.owner, ["One.", "Two."]))
        preview = await ada.looks()
        assert (preview.memory_count, preview.locked_count) == (2, 0)
        assert await ada.has() == told

    async def test_what_was_shown_goes_and_nobody_elses(self, talk: Talk, ada: Purger) -> None:
        bob = await purger(talk, like=ada.owner)
        kept = {await talk.say(bob.owner, "Mine.")}
        await talk.say_all(ada.owner, ["One.", "Two."])
        preview = await ada.looks()
        gone = await ada.purges(preview.confirmation)
        assert gone == Purged(2, 0, 0, 0, 0)
        assert (await ada.has(), await bob.has()) == (set(), kept)

    async def test_its_samples_are_the_newest_ten(self, talk: Talk, ada: Purger) -> None:
        ids = await talk.say_all(ada.owner, [f"Number {it}." for it in range(12)])
        preview = await ada.looks()
        assert [it.memory_id for it in preview.samples] == ids[:1:-1]

    async def test_where_nothing_would_go_there_is_nothing_to_confirm(self, ada: Purger) -> None:
        preview = await ada.looks()
        assert (preview.memory_count, preview.confirmation, preview.expire_time) == (0, "", None)

    async def test_only_what_fits_goes(self, talk: Talk, ada: Purger) -> None:
        sad = await talk.say(ada.owner, "I feel so sad.")
        there = await talk.say(ada.owner, "It is so.", where=Where(Venue.PUBLIC_CHANNEL))
        other = await talk.owner()
        elsewhere = Owner(ada.owner.persona_id, other.personality_id)
        with_another = await talk.say(elsewhere, "It is so.")
        for ask, kept in (
            (Purge(None, Filter(venues=frozenset({Venue.PUBLIC_CHANNEL})), False),
             {sad, with_another}),
            (Purge(other.personality_id, ALL, False), {sad}),
            (Purge(None, Filter(sectors=frozenset({Sector.PROCEDURAL})), False), {sad}),
            (Purge(None, Filter(sectors=frozenset({Sector.EMOTIONAL})), False), set[UUID]()),
        ):  # fmt: skip
            preview = await ada.looks(ask)
            if preview.confirmation:
                await ada.purges(preview.confirmation, ask)
            assert await ada.has() == kept, ask
        assert there not in await ada.has()

    async def test_personas_of_others_are_not_reached_by_naming_them(
        self, talk: Talk, ada: Purger
    ) -> None:
        eve = await purger(talk)
        await talk.say(ada.owner, "Mine.")
        theirs = Purge(None, Filter(persona_ids=frozenset({ada.owner.persona_id})), False)
        assert (await eve.looks(theirs)).memory_count == 0

    async def test_what_was_remembered_after_the_preview_stays(
        self, talk: Talk, ada: Purger
    ) -> None:
        await talk.say(ada.owner, "Before.")
        preview = await ada.looks()
        since = await talk.say(ada.owner, "Since.")
        assert (await ada.purges(preview.confirmation)).memory_count == 1
        assert await ada.has() == {since}

    async def test_what_was_being_written_at_the_preview_stays(
        self, talk: Talk, ada: Purger
    ) -> None:
        await talk.say(ada.owner, "Before.")
        async with talk.database.transaction() as tx:
            being_written = clock.uuid7()
            await tx.execute(
                text(
                    "INSERT INTO memories SELECT (jsonb_populate_record(m,"
                    " jsonb_build_object('id', CAST(:id AS uuid)))).* FROM memories m"
                ),
                {"id": being_written},
            )
            preview = await ada.looks()
            assert preview.memory_count == 1
        await ada.purges(preview.confirmation)
        assert await ada.has() == {being_written}

    async def test_what_fits_no_more_stays(self, talk: Talk, ada: Purger) -> None:
        sad = await talk.say(ada.owner, "I feel so sad.")
        ask = Purge(None, Filter(sectors=frozenset({Sector.EMOTIONAL})), include_locked=False)
        preview = await ada.looks(ask)
        await ada.memories.update([ada.owner.persona_id], sad, text="It is so.")
        assert (await ada.purges(preview.confirmation, ask)).memory_count == 0
        assert await ada.has() == {sad}

    async def test_the_index_is_told(self, talk: Talk, ada: Purger) -> None:
        ids = set(await talk.say_all(ada.owner, ["One.", "Two."]))
        await talk.relay_all()
        await ada.purges((await ada.looks()).confirmation)
        told = await rows(talk, "SELECT memory_id FROM index_outbox")
        assert {id_ for (id_,) in told} == ids


class TestLocked:
    async def test_what_is_locked_stays_and_is_counted(self, talk: Talk, ada: Purger) -> None:
        one, _ = await talk.say_all(ada.owner, ["One.", "Two."])
        await ada.lock(one)
        preview = await ada.looks()
        assert (preview.memory_count, preview.locked_count) == (1, 1)
        gone = await ada.purges(preview.confirmation)
        assert (gone.memory_count, gone.locked_count) == (1, 1)
        assert await ada.has() == {one}

    async def test_it_goes_if_that_was_asked(self, talk: Talk, ada: Purger) -> None:
        one, _ = await talk.say_all(ada.owner, ["One.", "Two."])
        await ada.lock(one)
        preview = await ada.looks(BUT_NONE)
        assert (preview.memory_count, preview.locked_count) == (2, 0)
        await ada.purges(preview.confirmation, BUT_NONE)
        assert await ada.has() == set()

    async def test_what_is_locked_after_the_preview_stays(self, talk: Talk, ada: Purger) -> None:
        one, _ = await talk.say_all(ada.owner, ["One.", "Two."])
        preview = await ada.looks()
        await ada.lock(one)
        gone = await ada.purges(preview.confirmation)
        assert (gone.memory_count, gone.locked_count) == (1, 1)
        assert await ada.has() == {one}

    async def test_a_locked_reflection_keeps_what_it_was_gathered_from(
        self, talk: Talk, ada: Purger
    ) -> None:
        sources = set(await gathered(talk, ada.owner))
        (it,) = await reflections(talk.database, ada.owner)
        await ada.lock(it.id)
        preview = await ada.looks()
        assert preview.locked_count == 3
        await ada.purges(preview.confirmation)
        assert await ada.has() == {it.id, *sources}


class TestWhatIsGathered:
    async def test_goes_along_with_its_dreams_and_is_counted(self, talk: Talk, ada: Purger) -> None:
        await gathered(talk, ada.owner)
        (it,) = await reflections(talk.database, ada.owner)
        told = [Gathered(MemoryId(it.id), ada.owner, "")]
        await Dreams(talk.database).keep(ada.owner, "A dream.", told, clock.now())
        before = len(await ada.has())
        only = Purge(None, Filter(locked=False, sectors=frozenset(Sector)), include_locked=False)
        expected = (before, 1, 1)
        preview = await ada.looks(only)
        assert (preview.memory_count, preview.reflection_count, preview.dream_count) == expected
        gone = await ada.purges(preview.confirmation, only)
        assert (gone.memory_count, gone.reflection_count, gone.dream_count) == expected
        await ada.purging.clear()
        for table in ("memories", "dreams", "waypoints", "memory_sources", "ungathered_memories"):
            assert await rows(talk, f"SELECT * FROM {table}") == [], table  # noqa: S608

    async def test_from_what_goes_and_from_what_stays_goes_and_is_gathered_anew(
        self, talk: Talk, ada: Purger
    ) -> None:
        first, *kept = await gathered(talk, ada.owner, [*BEES, MORE])
        (it,) = await reflections(talk.database, ada.owner)
        await rows(
            talk,
            "UPDATE memories SET occur_time = now() - interval '1 year' WHERE id = :id RETURNING 1",
            id=first,
        )
        old = Purge(None, Filter(occur_until=clock.now() - timedelta(days=1)), False)
        preview = await ada.looks(old)
        assert (preview.memory_count, preview.reflection_count) == (2, 1)
        await ada.purges(preview.confirmation, old)
        assert not {first, it.id} & await ada.has()
        await filled(talk, ada.owner)
        await look(talk, ada.owner)
        anew = [
            one for one in await reflections(talk.database, ada.owner)
            if "honeybees" in one.person_text
        ]  # fmt: skip
        assert len(anew) == 1
        assert set(kept) <= await ada.has()
