"""Memories whose person gives them other words, or locks them."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.memory.purger import rows
from tests.memory.reflection.gathering import (
    CANARY,
    tables_with,
)
from tests.memory.talk import Talk
from tzurot import clock
from tzurot.errors import MemoryNotFound, RequestIdReused
from tzurot.memory.browsing import Memories
from tzurot.memory.linking import Linking
from tzurot.memory.remembering import Owner
from tzurot.memory.sectors import Sector


@pytest.fixture
def memories(talk: Talk) -> Memories:
    return Memories(talk.database, talk.jobs)


async def texts(talk: Talk, memory_id: UUID) -> tuple[str, str, bool]:
    """What both sides say, and whether its person has given it words."""
    ((said, answered, edited),) = await rows(
        talk,
        "SELECT person_text, personality_text, edit_time IS NOT NULL FROM memories WHERE id = :id",
        id=memory_id,
    )
    return said, answered, edited


class TestWords:
    async def test_the_old_ones_are_nowhere(self, talk: Talk, memories: Memories) -> None:
        ada = await talk.owner()
        told = await memories.create(ada, f"I am {CANARY}.", None)
        await talk.relay_all()
        assert await tables_with(talk.database, CANARY) == {"public.memories"}
        changed = await memories.update([ada.persona_id], told.memory_id, text="I am Ada.")
        assert changed.person_text == "I am Ada."
        assert changed.edit_time is not None
        assert await tables_with(talk.database, CANARY) == set()

    async def test_nothing_that_was_read_in_the_old_ones_is_left(
        self, talk: Talk, memories: Memories
    ) -> None:
        ada = await talk.owner()
        told = await talk.say(ada, "I keep bees. " * 200)
        other = await talk.say(ada, "I keep bees. " * 199)
        await talk.relay_all()
        await Linking(talk.database).tend()
        read = {
            "memories": "SELECT 1 FROM memories WHERE id = :id AND embedding IS NOT NULL",
            "memory_states": "SELECT 1 FROM memory_states WHERE memory_id = :id",
            "memory_windows": "SELECT 1 FROM memory_windows WHERE memory_id = :id",
            "waypoints": "SELECT 1 FROM waypoints WHERE kind = 'similarity'"
            " AND (first_id, second_id) = (:id, :other)",
        }
        for table, query in read.items():
            assert await rows(talk, query, id=told, other=other), table
        await memories.update([ada.persona_id], told, text="I keep goats.")
        for table, query in read.items():
            assert not await rows(talk, query, id=told, other=other), table

    async def test_it_is_found_by_the_new_ones_alone(self, talk: Talk, memories: Memories) -> None:
        ada = await talk.owner()
        told = await talk.say(ada, "My sister lives in Lisbon.", "Nice!")
        await talk.relay_all()
        await memories.update([ada.persona_id], told, text="My sister lives in Porto.")
        (hit,) = await talk.asks(ada, "Porto")
        assert (hit.memory_id, hit.parts.keyword > 0) == (told, True)
        assert not [it for it in await talk.asks(ada, "Lisbon") if it.parts.keyword]
        await talk.relay_all()
        assert await rows(
            talk, "SELECT 1 FROM memories WHERE id = :id AND embedding IS NOT NULL", id=told
        )

    async def test_what_kind_of_thing_it_tells_is_told_by_the_new_ones(
        self, talk: Talk, memories: Memories
    ) -> None:
        ada = await talk.owner()
        told = await talk.say(ada, "It is so.", "Hm.")
        changed = await memories.update([ada.persona_id], told, text="I feel so sad and afraid.")
        assert changed.sector is Sector.EMOTIONAL

    async def test_the_reply_stays(self, talk: Talk, memories: Memories) -> None:
        ada = await talk.owner()
        told = await talk.say(ada, "I keep bees.", "Bees!")
        await memories.update([ada.persona_id], told, text="I keep goats.")
        assert await texts(talk, told) == ("I keep goats.", "Bees!", True)

    async def test_where_only_the_character_spoke_they_are_its(
        self, talk: Talk, memories: Memories
    ) -> None:
        ada = await talk.owner()
        told = await talk.say(ada, "", "You keep bees.")
        await memories.update([ada.persona_id], told, text="You keep goats.")
        assert await texts(talk, told) == ("", "You keep goats.", True)

    async def test_the_same_ones_change_nothing(self, talk: Talk, memories: Memories) -> None:
        ada = await talk.owner()
        told = await talk.say(ada, "I keep bees.", "Bees!")
        await talk.relay_all()
        await memories.update([ada.persona_id], told, text="I keep bees.")
        assert await texts(talk, told) == ("I keep bees.", "Bees!", False)
        assert await rows(
            talk, "SELECT 1 FROM memories WHERE id = :id AND embedding IS NOT NULL", id=told
        )

    async def test_what_was_made_with_a_request_s_id_is_still_that_request_s(
        self, talk: Talk, memories: Memories
    ) -> None:
        ada, request_id = await talk.owner(), clock.uuid7()
        told = await memories.create(ada, "I keep bees.", request_id)
        changed = await memories.update([ada.persona_id], told.memory_id, text="I keep goats.")
        assert await memories.create(ada, "I keep bees.", request_id) == changed
        elsewhere = await talk.owner()
        with pytest.raises(RequestIdReused):
            await memories.create(
                Owner(ada.persona_id, elsewhere.personality_id), "I keep bees.", request_id
            )

    async def test_another_person_gives_none(self, talk: Talk, memories: Memories) -> None:
        ada, eve = await talk.owner(), await talk.owner()
        told = await talk.say(ada, "I keep bees.", "Bees!")
        with pytest.raises(MemoryNotFound):
            await memories.update([eve.persona_id], told, text="I keep nothing.", locked=True)
        assert await texts(talk, told) == ("I keep bees.", "Bees!", False)


class TestLocks:
    async def test_they_come_and_go_and_leave_the_words(
        self, talk: Talk, memories: Memories
    ) -> None:
        ada = await talk.owner()
        told = await talk.say(ada, "I keep bees.", "Bees!")
        for locked in (True, True, False):
            changed = await memories.update([ada.persona_id], told, locked=locked)
            assert (changed.locked, changed.edit_time) == (locked, None)
        await memories.update([ada.persona_id], told, locked=True)
        assert (await memories.update([ada.persona_id], told, text="I keep goats.")).locked

    async def test_what_is_named_goes_all_the_same(self, talk: Talk, memories: Memories) -> None:
        ada = await talk.owner()
        told = await talk.say(ada, "I keep bees.", "Bees!")
        await memories.update([ada.persona_id], told, locked=True)
        await memories.delete([ada.persona_id], told)
        with pytest.raises(MemoryNotFound):
            await memories.get([ada.persona_id], told)

    async def test_what_is_recalled_grows_from_where_it_stands(
        self, talk: Talk, memories: Memories
    ) -> None:
        ada = await talk.owner()
        told = await talk.say(ada, "I keep bees.", "Bees!")
        await memories.update([ada.persona_id], told, locked=True)
        await rows(
            talk,
            "UPDATE memories SET salience = .8, occur_time = now() - interval '20 years'"
            " WHERE id = :id RETURNING 1",
            id=told,
        )
        await rows(
            talk,
            "INSERT INTO recalled_turns VALUES (:turn, ARRAY[CAST(:id AS uuid)], :now) RETURNING 1",
            turn=clock.uuid7(),
            id=told,
            now=clock.now() - timedelta(minutes=1),
        )
        await Linking(talk.database).tend()
        recalls = (await memories.beside([ada.persona_id], [told]))[told].recalls
        assert recalls is not None
        assert recalls.salience == pytest.approx(0.8 + 0.1 * 0.2)
