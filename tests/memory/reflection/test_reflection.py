"""Reflections: gathered once there is enough new, never twice, and gone with what they tell."""

import asyncio
import contextlib
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.memory.reflection.gathering import (
    BEES,
    CANARY,
    MORE,
    filled,
    gathered,
    look,
    reflections,
    sources,
    tables_with,
)
from tests.memory.talk import Talk
from tzurot import clock
from tzurot.errors import MemoryNotFound
from tzurot.memory import following
from tzurot.memory.browsing import Memories
from tzurot.memory.following import Side, Sources
from tzurot.memory.reflection.reflection import Reflection
from tzurot.memory.reflection.reflection_store import ENOUGH, WINDOW
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Venue, Where
from tzurot.storage.database import Database

WRITTEN = "memories", "memory_sources", "unworded_reflections", "reflection_marks"
CUT = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_locks
    WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""


class TestLooking:
    async def test_what_is_gathered_is_a_note_of_the_characters(self, talk: Talk) -> None:
        ada = await talk.owner()
        first, second = await gathered(talk, ada)
        (it,) = await reflections(talk.database, ada)
        assert it.person_text == (
            "honeybees, roof\n"
            f"{clock.now():%Y-%m-%d}, Ada: “My zyxwv honeybees live on the roof.”\n"
            f"{clock.now():%Y-%m-%d}, Ada: “Honeybees on the roof swarmed.”"
        )
        assert (it.personality_name, it.personality_text, it.sector) == ("Lilith", "", "reflective")
        assert it.salience == pytest.approx(0.12 + 0.3, abs=0.01)
        assert await sources(talk.database, it.id) == {first, second}
        memory = await Memories(talk.database, talk.jobs).get([ada.persona_id], it.id)
        assert memory.is_note

    async def test_it_is_listed_with_the_others(self, talk: Talk) -> None:
        ada = await talk.owner()
        await gathered(talk, ada)
        (it,) = await reflections(talk.database, ada)
        listed = await Memories(talk.database, talk.jobs).list(
            [ada.persona_id], personality_id=None, before=None, limit=5
        )
        assert it.id in {memory.memory_id for memory in listed}

    async def test_there_has_to_be_enough_new(self, talk: Talk) -> None:
        ada = await talk.owner()
        await talk.say(ada, BEES[0], "?")
        await talk.say(ada, BEES[1], "?")
        await filled(talk, ada, ENOUGH - 3)
        assert await look(talk, ada) == 0
        assert await reflections(talk.database, ada) == []
        await talk.say(ada, "One more.", "?")
        assert await look(talk, ada) == 1
        assert await look(talk, ada) == 0

    async def test_a_reflection_is_nothing_new(self, talk: Talk) -> None:
        ada = await talk.owner()
        await gathered(talk, ada)
        async with talk.database.transaction() as tx:
            assert await tx.scalar(text("SELECT count(*) FROM fresh_memories")) == 0
            assert await tx.scalar(text("SELECT new_count FROM reflection_marks")) == 0

    async def test_the_latest_memories_are_looked_at(self, talk: Talk) -> None:
        ada = await talk.owner()
        await talk.say(ada, BEES[0], "?")
        for number in range(WINDOW - 1):
            await talk.say(ada, f"n{number}", "!")
        await talk.say(ada, BEES[1], "?")
        assert await look(talk, ada) == 0
        assert await reflections(talk.database, ada) == []

    async def test_one_owner_s_memories_are_never_gathered_with_another_s(self, talk: Talk) -> None:
        ada = await talk.owner()
        eve = await talk.owner(like=ada)
        await talk.say(ada, BEES[0], "?")
        await talk.say(eve, BEES[1], "?")
        for owner in (ada, eve):
            await filled(talk, owner)
            assert await look(talk, owner) == 0

    async def test_what_is_gathered_has_the_place_of_its_sources(self, talk: Talk) -> None:
        ada = await talk.owner()
        den = Where(Venue.PRIVATE_CHANNEL, "local", "den")
        await talk.say(ada, BEES[0], "?")
        await talk.say(ada, BEES[1], "?", where=den)
        await talk.say(ada, MORE, "?", where=den)
        await filled(talk, ada)
        await look(talk, ada)
        (it,) = await reflections(talk.database, ada)
        assert (it.venue, it.platform, it.channel_id) == ("private_channel", "local", "den")
        assert BEES[0] not in it.person_text

    async def test_dormant_memories_are_not_gathered(self, talk: Talk) -> None:
        ada = await talk.owner()
        turn_id = await talk.turn(ada)
        await talk.say(ada, BEES[0], "?", turn_id=turn_id)
        async with talk.database.transaction() as tx:
            await following.follow(tx, {turn_id: False}, {}, talk.jobs)
        await gathered(talk, ada, BEES[1:])
        assert await reflections(talk.database, ada) == []

    async def test_all_who_are_due_get_a_look_of_their_own(self, talk: Talk) -> None:
        ada = await talk.owner()
        eve, mira = await talk.owner(like=ada), await talk.owner(like=ada)
        await filled(talk, ada)
        await filled(talk, eve)
        await filled(talk, mira, ENOUGH - 1)
        due = await Reflection(talk.database, talk.jobs).reflect()
        assert {it.persona_id for it in due} == {ada.persona_id, eve.persona_id}
        deferred = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name")
        async with talk.database.transaction() as tx:
            assert await tx.scalar(deferred, {"name": "memory.reflect.look"}) == 2

    async def test_it_never_comes_to_mind(self, talk: Talk) -> None:
        ada = await talk.owner()
        ids = await gathered(talk, ada)
        await talk.relay_all()
        where = Where.direct(adults=True)
        hits = await talk.recall().search("honeybees roof", ada, where=where, limit=50)
        (it,) = await reflections(talk.database, ada)
        found = {hit.memory_id for hit in hits.hits}
        assert found >= set(ids)
        assert it.id not in found


class TestGrowing:
    async def test_more_of_the_same_makes_it_grow(self, talk: Talk) -> None:
        ada = await talk.owner()
        ids = await gathered(talk, ada)
        (before,) = await reflections(talk.database, ada)
        third = await talk.say(ada, MORE, "?")
        await filled(talk, ada)
        assert await look(talk, ada) >= 1
        after = next(it for it in await reflections(talk.database, ada) if it.id == before.id)
        assert MORE in after.person_text
        assert await sources(talk.database, before.id) == {*ids, third}
        assert after.salience > before.salience
        assert after.create_time == before.create_time

    async def test_two_looks_at_once_make_no_twins(self, talk: Talk) -> None:
        ada = await talk.owner()
        await talk.say(ada, BEES[0], "?")
        await talk.say(ada, BEES[1], "?")
        await filled(talk, ada)
        reflection = Reflection(talk.database, talk.jobs)
        await reflection.reflect()
        whose = str(ada.persona_id), str(ada.personality_id)
        found = await asyncio.gather(*(reflection.look(*whose) for _ in range(8)))
        assert sum(found) == 1
        assert len(await reflections(talk.database, ada)) == 1

    async def test_a_look_whose_connection_is_cut_has_not_happened(
        self, talk: Talk, database_url: str
    ) -> None:
        ada = await talk.owner()
        await talk.say(ada, BEES[0], "?")
        await talk.say(ada, BEES[1], "?")
        await filled(talk, ada)
        await Reflection(talk.database, talk.jobs).reflect()
        whose = str(ada.persona_id), str(ada.personality_id)
        for table in WRITTEN:
            async with Database.open(database_url) as database, talk.database.transaction() as tx:
                await tx.execute(text(f"LOCK TABLE {table} IN EXCLUSIVE MODE"))
                looking = asyncio.create_task(Reflection(database, talk.jobs).look(*whose))
                while not await tx.scalar(text(CUT)):
                    assert not looking.done()
                    await asyncio.sleep(0.01)
                await asyncio.wait({looking})
                assert looking.exception()
            assert await reflections(talk.database, ada) == []
        await look(talk, ada)
        (it,) = await reflections(talk.database, ada)
        assert len(await sources(talk.database, it.id)) == 2


class TestDeleting:
    @pytest.mark.parametrize(
        "door",
        [
            "DELETE FROM memories WHERE id = :id",
            "DELETE FROM turns WHERE id = :turn",
            """DELETE FROM conversations
               WHERE id = (SELECT conversation_id FROM turns WHERE id = :turn)""",
            "DELETE FROM personas WHERE id = :persona",
            "DELETE FROM personalities WHERE id = :personality",
            "DELETE FROM people WHERE id = (SELECT person_id FROM personas WHERE id = :persona)",
            "DELETE FROM memories WHERE persona_id = :persona",
        ],
    )
    async def test_with_a_source_goes_what_was_gathered_and_dreamt_of_it(
        self, talk: Talk, door: str
    ) -> None:
        ada = await talk.owner()
        turn_id = await talk.turn(ada)
        first = await talk.say(ada, BEES[0], "?", turn_id=turn_id)
        second = await talk.say(ada, BEES[1], "?")
        await talk.say(ada, MORE, "?")
        await filled(talk, ada)
        await look(talk, ada)
        (it,) = await reflections(talk.database, ada)
        assert await sources(talk.database, it.id) >= {first, second}
        await dreamt(talk, it.id, f"I was {CANARY} on a roof.")
        assert await tables_with(talk.database, CANARY) == {"public.memories", "public.dreams"}
        named = {
            "id": first,
            "turn": turn_id,
            "persona": ada.persona_id,
            "personality": ada.personality_id,
        }
        async with talk.database.transaction() as tx:
            await tx.execute(text(door), named)
        assert await tables_with(talk.database, CANARY) == set()

    async def test_other_words_end_it(self, talk: Talk) -> None:
        ada = await talk.owner()
        turn_id = await talk.turn(ada)
        await talk.say(ada, BEES[0], "?", turn_id=turn_id)
        await gathered(talk, ada, [BEES[1], MORE])
        (it,) = await reflections(talk.database, ada)
        await dreamt(talk, it.id, f"I was {CANARY} on a roof.")
        async with talk.database.transaction() as tx:
            words = ("zyxwv ", "")
            await following.reword(tx, Sources([turn_id]), Side.PERSON, words, talk.jobs)
        assert await reflections(talk.database, ada) == []
        assert await tables_with(talk.database, CANARY) == set()

    async def test_what_leaves_the_path_ends_it_and_what_comes_back_does_not(
        self, talk: Talk
    ) -> None:
        ada = await talk.owner()
        turn_id = await talk.turn(ada)
        await talk.say(ada, BEES[0], "?", turn_id=turn_id)
        await gathered(talk, ada, BEES[1:])
        async with talk.database.transaction() as tx:
            await following.follow(tx, {turn_id: True}, {}, talk.jobs)
        assert len(await reflections(talk.database, ada)) == 1
        async with talk.database.transaction() as tx:
            await following.follow(tx, {turn_id: False}, {}, talk.jobs)
        assert await reflections(talk.database, ada) == []
        async with talk.database.transaction() as tx:
            await following.follow(tx, {turn_id: True}, {}, talk.jobs)
        await filled(talk, ada)
        await look(talk, ada)
        assert any(CANARY in it.person_text for it in await reflections(talk.database, ada))

    async def test_what_is_left_is_gathered_anew(self, talk: Talk) -> None:
        ada = await talk.owner()
        ids = await gathered(talk, ada, [*BEES, MORE])
        await Memories(talk.database, talk.jobs).delete([ada.persona_id], ids[0])
        assert await reflections(talk.database, ada) == []
        await filled(talk, ada)
        await look(talk, ada)
        found = [
            it for it in await reflections(talk.database, ada) if "honeybees" in it.person_text
        ]
        (it,) = found
        assert await sources(talk.database, it.id) == set(ids[1:])

    async def test_a_forgotten_reflection_leaves_its_sources_and_does_not_come_back(
        self, talk: Talk
    ) -> None:
        ada = await talk.owner()
        memories = Memories(talk.database, talk.jobs)
        ids = await gathered(talk, ada)
        (it,) = await reflections(talk.database, ada)
        await dreamt(talk, it.id, "I was on a roof.")
        await memories.delete([ada.persona_id], it.id)
        async with talk.database.transaction() as tx:
            assert await tx.scalar(text("SELECT count(*) FROM dreams")) == 0
        for memory_id in ids:
            assert await memories.get([ada.persona_id], memory_id)
        await talk.say(ada, MORE, "?")
        await filled(talk, ada)
        await look(talk, ada)
        assert all(
            "honeybees" not in it.person_text for it in await reflections(talk.database, ada)
        )

    async def test_another_person_deletes_none(self, talk: Talk) -> None:
        ada = await talk.owner()
        eve = await talk.owner(like=ada)
        await gathered(talk, ada)
        (it,) = await reflections(talk.database, ada)
        with pytest.raises(MemoryNotFound):
            await Memories(talk.database, talk.jobs).delete([eve.persona_id], it.id)

    async def test_sources_that_go_at_the_same_time_wait_for_each_other_and_not_in_a_circle(
        self, talk: Talk
    ) -> None:
        ada = await talk.owner()
        ids = await gathered(talk, ada, [BEES[0]] * 12)
        (it,) = await reflections(talk.database, ada)
        assert len(await sources(talk.database, it.id)) == 12
        await dreamt(talk, it.id, "I was on a roof.")
        memories = Memories(talk.database, talk.jobs)
        await asyncio.gather(
            *(memories.delete([ada.persona_id], memory_id) for memory_id in ids),
            self._forgotten(memories, ada, it.id),
            look(talk, ada),
        )
        assert await tables_with(talk.database, CANARY) == set()

    async def _forgotten(self, memories: Memories, owner: Owner, memory_id: UUID) -> None:
        with contextlib.suppress(MemoryNotFound):  # a source took it along
            await memories.delete([owner.persona_id], memory_id)


async def dreamt(talk: Talk, reflection_id: object, words: str) -> None:
    """A dream that tells a reflection."""
    values = {"id": clock.uuid7(), "reflection": reflection_id, "text": words, "now": clock.now()}
    async with talk.database.transaction() as tx:
        await tx.execute(
            text("""
                INSERT INTO dreams (id, persona_id, personality_id, text, create_time)
                SELECT :id, persona_id, personality_id, :text, :now FROM memories
                WHERE id = :reflection
            """),
            values,
        )
        await tx.execute(
            text("INSERT INTO dream_sources (dream_id, reflection_id) VALUES (:id, :reflection)"),
            values,
        )
