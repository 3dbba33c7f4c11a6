"""What was made of a memory's old words goes; what it came from gives it its words again."""

from uuid import UUID

import pytest

from tests.memory.purger import rows
from tests.memory.reflection.gathering import (
    CANARY,
    MORE,
    filled,
    gathered,
    look,
    reflections,
    tables_with,
)
from tests.memory.talk import Talk
from tzurot import clock
from tzurot.memory import following
from tzurot.memory.browsing import Memories
from tzurot.memory.following import Side, Sources
from tzurot.memory.reflection.dreams import Dreams
from tzurot.memory.reflection.dreamt import Gathered
from tzurot.memory.reflection.reflection import Reflection
from tzurot.memory.remembering import MemoryId, Owner
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


async def reword(talk: Talk, turn_id: UUID, side: Side, old: str, new: str) -> int:
    """The person edits a message of a turn's; how many memories went."""
    async with talk.database.transaction() as tx:
        return await following.reword(tx, Sources([turn_id]), side, (old, new), talk.jobs)


class TestWhatWasGathered:
    async def test_of_old_words_goes(self, talk: Talk, memories: Memories) -> None:
        ada = await talk.owner()
        first, _ = await gathered(talk, ada)
        (it,) = await reflections(talk.database, ada)
        await memories.update([ada.persona_id], it.id, locked=True)
        await dreamt(talk, ada, it.id, f"A {CANARY} dream.")
        await memories.update([ada.persona_id], first, text="My honeybees live on the roof.")
        assert await reflections(talk.database, ada) == [], "a lock doesn't keep others' words"
        assert await tables_with(talk.database, CANARY) == set()

    async def test_a_reflection_gets_its_person_s_words_and_stays_one(
        self, talk: Talk, memories: Memories
    ) -> None:
        ada = await talk.owner()
        await gathered(talk, ada)
        (it,) = await reflections(talk.database, ada)
        changed = await memories.update([ada.persona_id], it.id, text="Ada's bees need a roof.")
        assert (changed.kind, changed.sector, changed.is_note) == (
            "reflection",
            Sector.REFLECTIVE,
            True,
        )
        assert changed.personality_name == "Lilith"

    async def test_no_model_words_it_then_and_it_grows_beneath_its_words(
        self, talk: Talk, memories: Memories
    ) -> None:
        ada = await talk.owner()
        await gathered(talk, ada)
        (it,) = await reflections(talk.database, ada)
        words = "Ada's honeybees need a roof."
        await memories.update([ada.persona_id], it.id, text=words)
        await talk.say(ada, MORE, "?")
        await filled(talk, ada)
        await look(talk, ada)
        (grown,) = [r for r in await reflections(talk.database, ada) if r.id == it.id]
        assert grown.person_text == words
        assert await rows(talk, "SELECT count(*) FROM memory_sources WHERE memory_id = :id",
                          id=it.id) == [(3,)]  # fmt: skip
        reflection = Reflection(talk.database, talk.jobs)
        unworded = await reflection.unworded([ada.personality_id], 100)
        assert it.id not in {one.reflection_id for one in unworded}

    async def test_dreams_that_tell_its_old_words_go(self, talk: Talk, memories: Memories) -> None:
        ada = await talk.owner()
        await gathered(talk, ada)
        (it,) = await reflections(talk.database, ada)
        await dreamt(talk, ada, it.id, f"A {CANARY} dream.")
        await memories.update([ada.persona_id], it.id, text="Ada's bees need a roof.")
        assert await rows(talk, "SELECT * FROM dreams") == []

    async def test_nor_does_one_come_that_was_being_dreamt(
        self, talk: Talk, memories: Memories
    ) -> None:
        ada = await talk.owner()
        await gathered(talk, ada)
        (it,) = await reflections(talk.database, ada)
        told, begun = [Gathered(MemoryId(it.id), ada, it.person_text)], clock.now()
        await memories.update([ada.persona_id], it.id, text="Ada's bees need a roof.")
        assert not await Dreams(talk.database).keep(ada, "An old dream.", told, begun)
        assert await rows(talk, "SELECT * FROM dreams") == []


class TestWhatItCameFrom:
    @pytest.fixture
    async def ada(self, talk: Talk) -> Owner:
        return await talk.owner()

    async def test_its_edit_gives_the_memory_its_words_again(
        self, talk: Talk, memories: Memories, ada: Owner
    ) -> None:
        turn_id = await talk.turn(ada)
        told = await talk.say(ada, "I keep bees.", "Bees!", turn_id=turn_id)
        await memories.update([ada.persona_id], told, text="I used to keep bees.", locked=True)
        await reword(talk, turn_id, Side.PERSON, "I keep bees.", "I keep goats.")
        assert await texts(talk, told) == ("I keep goats.", "Bees!", False)
        assert (await memories.get([ada.persona_id], told)).locked

    async def test_the_reply_s_edit_leaves_the_person_s_words(
        self, talk: Talk, memories: Memories, ada: Owner
    ) -> None:
        turn_id = await talk.turn(ada)
        told = await talk.say(ada, "I keep bees.", "Bees!", turn_id=turn_id)
        await memories.update([ada.persona_id], told, text="I used to keep bees.")
        await reword(talk, turn_id, Side.PERSONALITY, "Bees!", "Goats!")
        assert await texts(talk, told) == ("I used to keep bees.", "Goats!", True)

    async def test_what_is_made_of_one_of_several_messages_goes_with_it(
        self, talk: Talk, memories: Memories, ada: Owner
    ) -> None:
        turn_id = await talk.turn(ada)
        told = await talk.say(ada, "I keep bees.\nMy PIN is 1234.", "Hm.", turn_id=turn_id)
        await memories.update([ada.persona_id], told, text="Bees, and 1234 is the PIN.")
        await reword(talk, turn_id, Side.PERSON, "My PIN is 1234.", "")
        assert await texts(talk, told) == ("", "Hm.", False)

    async def test_a_lock_does_not_keep_what_was_taken_back_there(
        self, talk: Talk, memories: Memories, ada: Owner
    ) -> None:
        turn_id = await talk.turn(ada)
        told = await talk.say(ada, "I keep bees.", "Bees!", turn_id=turn_id)
        await memories.update([ada.persona_id], told, locked=True)
        await reword(talk, turn_id, Side.PERSONALITY, "Bees!", "")
        assert await texts(talk, told) == ("I keep bees.", "", False)
        async with talk.database.transaction() as tx:
            assert await following.forget(tx, Sources([turn_id]), talk.jobs) == 1

    async def test_another_answer_is_remembered_with_the_person_s_words_and_the_lock(
        self, talk: Talk, memories: Memories, ada: Owner
    ) -> None:
        turn_id = await talk.turn(ada)
        told = await talk.say(ada, "I keep bees.", "Bees!", turn_id=turn_id)
        await memories.update([ada.persona_id], told, text="I kept bees.", locked=True)
        (message,) = await rows(
            talk,
            "INSERT INTO messages (id, conversation_id, epoch, author, author_name, text, chosen,"
            " create_time, person_id)"
            " SELECT :id, conversation_id, 1, 'personality', '', 'Oh!', true, now(), person_id"
            " FROM turns WHERE id = :turn RETURNING id",
            id=clock.uuid7(),
            turn=turn_id,
        )
        async with talk.database.transaction() as tx:
            await following.answer_otherwise(tx, Sources([turn_id]), message[0], "Oh!", talk.jobs)
        kept = await rows(talk, "SELECT person_text, locked, edit_time IS NOT NULL FROM memories")
        assert kept == [("I kept bees.", True, True)] * 2


async def dreamt(talk: Talk, owner: Owner, reflection_id: UUID, words: str) -> None:
    """A dream that tells a reflection."""
    told = [Gathered(MemoryId(reflection_id), owner, "")]
    assert await Dreams(talk.database).keep(owner, words, told, clock.now())
