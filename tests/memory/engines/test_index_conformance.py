"""What every engine must do, run on both: recall is the same whichever is behind it."""

from dataclasses import replace

from sqlalchemy import delete, func, select

from tests.memory.engines.life import LIFE, LONG
from tests.memory.talk import DIRECT, Talk
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.port import Forgotten, MemoryIndex
from tzurot.memory.reading.slot_tables import MemoryWindow
from tzurot.memory.remembering import Owner
from tzurot.memory.tables import Memory
from tzurot.memory.venues import Venue, Where

PUBLIC = Where(Venue.PUBLIC_CHANNEL, "discord", "1")
PRIVATE = Where(Venue.PRIVATE_CHANNEL, "discord", "2")
OTHER_PRIVATE = Where(Venue.PRIVATE_CHANNEL, "discord", "3")
SAME_NUMBER_ELSEWHERE = Where(Venue.PRIVATE_CHANNEL, "matrix", "2")


async def test_a_memory_is_a_candidate_by_its_meaning_without_a_common_word(
    talk: Talk, index: MemoryIndex
) -> None:
    ada = await talk.owner()
    told = await talk.say(ada, "We adopted a grey cat called Momo.")
    await talk.relay(index).drain()
    assert told in await index.candidates(ada, await talk.question("Habe ich ein Haustier?"))


async def test_rare_words_are_candidates_before_common_ones(talk: Talk, index: MemoryIndex) -> None:
    ada = await talk.owner()
    told = await talk.say(ada, "The zyzzyva sat on my desk.")
    await talk.say_all(ada, [f"My desk has drawer {n} for letters and pens." for n in range(30)])
    await talk.relay(index).drain()
    question = await talk.question("desk zyzzyva")
    assert told in await index.candidates(ada, question, limit=5)


async def test_no_more_candidates_than_asked_for(talk: Talk, index: MemoryIndex) -> None:
    ada = await talk.owner()
    await talk.say_all(ada, [f"I keep {n} bees." for n in range(12)])
    await talk.relay(index).drain()
    assert len(await index.candidates(ada, await talk.question("bees"), limit=5)) <= 5


async def test_somebody_else_s_memories_never_come_back(talk: Talk, index: MemoryIndex) -> None:
    ada = await talk.owner()
    eve = await talk.owner(like=ada)
    await talk.say(ada, "My password is swordfish.")
    hers = await talk.say(eve, "My password is tuna.")
    await talk.relay(index).drain()
    question = await talk.question("What is my password?")
    assert set(await index.candidates(eve, question)) == {hers}


async def test_what_others_share_is_a_candidate_of_the_same_character_only(
    talk: Talk, index: MemoryIndex
) -> None:
    luna = await talk.owner()
    sol, eve, elsewhere = (
        await talk.owner(like=luna),
        await talk.owner(like=luna),
        await talk.owner(),
    )
    mine = await talk.say(luna, "I keep bees.")
    shared = await talk.say(sol, "I keep bees and snakes.")
    await talk.say(eve, "I keep bees and newts.")
    await talk.say(Owner(sol.persona_id, elsewhere.personality_id), "I keep bees and toads.")
    await talk.relay(index).drain()
    question = await talk.question("bees")
    assert set(await index.candidates(luna, question)) == {mine}
    hearing = replace(luna, others=(sol.persona_id, elsewhere.persona_id))
    assert set(await index.candidates(hearing, question)) == {mine, shared}
    found = await talk.recall(index).search("bees", hearing, where=DIRECT, limit=10)
    assert not found.degraded
    assert {(hit.memory_id, hit.persona_id) for hit in found.hits} == {
        (mine, luna.persona_id),
        (shared, sol.persona_id),
    }


async def test_what_one_character_knows_another_does_not(talk: Talk, index: MemoryIndex) -> None:
    ada = await talk.owner()
    other = await talk.owner()
    with_other = Owner(ada.persona_id, other.personality_id)
    await talk.say(ada, "My password is swordfish.")
    await talk.relay(index).drain()
    assert not await index.candidates(with_other, await talk.question("What is my password?"))


async def test_someone_of_whom_nothing_is_known_has_no_candidates(
    talk: Talk, index: MemoryIndex
) -> None:
    ada = await talk.owner()
    assert not await index.candidates(ada, await talk.question("Who am I?"))


async def test_venues_filter_candidates(talk: Talk, index: MemoryIndex) -> None:
    ada = await talk.owner()
    places = (DIRECT, PUBLIC, PRIVATE, OTHER_PRIVATE, SAME_NUMBER_ELSEWHERE)
    said = {place: await talk.say(ada, "I keep bees.", where=place) for place in places}
    await talk.relay(index).drain()

    async def heard_at(where: Where) -> set[Where]:
        found = await index.candidates(ada, await talk.question("bees", where=where))
        return {place for place, memory_id in said.items() if memory_id in found}

    assert await heard_at(DIRECT) == set(places)
    assert await heard_at(PRIVATE) == {PUBLIC, PRIVATE}
    assert await heard_at(PUBLIC) == {PUBLIC}


async def test_excluded_turns_are_no_candidates_and_what_came_from_no_turn_is(
    talk: Talk, index: MemoryIndex
) -> None:
    ada = await talk.owner()
    in_sight, older = await talk.turn(ada), await talk.turn(ada)
    await talk.say(ada, "I keep bees.", turn_id=in_sight)
    kept = {
        await talk.say(ada, "I keep bees and hens.", turn_id=older),
        await talk.say(ada, "I keep bees and goats."),
    }
    await talk.relay(index).drain()
    question = await talk.question("bees", excluded=[in_sight])
    assert set(await index.candidates(ada, question)) == kept


async def test_a_deleted_memory_is_no_candidate(talk: Talk, index: MemoryIndex) -> None:
    ada = await talk.owner()
    gone, kept = await talk.say_all(ada, ["I keep bees.", "I keep hens and bees."])
    await talk.relay(index).drain()
    async with talk.database.transaction() as tx:
        await tx.execute(delete(Memory).where(Memory.id == gone))
    await talk.relay(index).drain()
    assert set(await index.candidates(ada, await talk.question("bees"))) == {kept}


async def test_storing_or_deleting_twice_changes_nothing(talk: Talk, index: MemoryIndex) -> None:
    ada = await talk.owner()
    gone, kept = await talk.say_all(ada, ["I keep bees.", "I keep hens and bees."])
    relay = talk.relay(index)
    await relay.drain()
    await talk.forget_that_the_index_knows(ada)
    await relay.drain()
    assert set(await index.candidates(ada, await talk.question("bees"))) == {gone, kept}
    async with talk.database.transaction() as tx:
        await tx.execute(delete(Memory).where(Memory.id == gone))
    await relay.drain()
    await index.delete([Forgotten(gone, ada.persona_id)])
    assert set(await index.candidates(ada, await talk.question("bees"))) == {kept}


async def test_deleting_for_someone_of_whom_nothing_was_stored_is_no_error(
    talk: Talk, index: MemoryIndex
) -> None:
    ada = await talk.owner()
    unknown = await talk.say(ada, "I keep bees.")
    await index.delete([Forgotten(unknown, ada.persona_id)])


async def test_both_engines_lead_to_the_same_ten_hits(talk: Talk, index: MemoryIndex) -> None:
    ada = await talk.owner()
    await talk.say_all(ada, LIFE)
    await talk.relay(index).drain()
    for query in ("Who is afraid?", "Wer reist nach Portugal?", "music", "my sister Clara"):
        ours = await talk.recall(index).search(query, ada, where=DIRECT, limit=10)
        exact = await talk.recall(PgVectorIndex(talk.database)).search(
            query, ada, where=DIRECT, limit=10
        )
        both = {hit.memory_id for hit in ours.hits} & {hit.memory_id for hit in exact.hits}
        assert not ours.degraded
        assert len(exact.hits) == 10
        assert len(both) >= 9, query


async def test_the_last_sentence_of_a_long_memory_is_found_by_its_meaning(
    talk: Talk, index: MemoryIndex
) -> None:
    """Among more memories than an engine gives, and without a common word."""
    ada = await talk.owner()
    told = await talk.say(ada, "What happened?", LONG)
    await talk.say_all(ada, LIFE)
    await talk.relay(index).drain()
    question = await talk.question("Who bought the ship?")
    assert told in await index.candidates(ada, question, limit=45)
    asked = "Qui a acheté le vieux bateau ?"
    found = await talk.recall(index).search(asked, ada, where=DIRECT, limit=20)
    assert told in [hit.memory_id for hit in found.hits]


async def test_a_long_memory_that_is_deleted_leaves_no_part_of_it(
    talk: Talk, index: MemoryIndex
) -> None:
    ada = await talk.owner()
    gone = await talk.say(ada, "What happened?", LONG)
    kept = await talk.say(ada, "I keep bees.")
    await talk.relay(index).drain()
    question = await talk.question("Who bought the ship?")
    assert set(await index.candidates(ada, question)) == {gone, kept}
    async with talk.database.transaction() as tx:
        await tx.execute(delete(Memory).where(Memory.id == gone))
        parts = select(func.count()).where(MemoryWindow.memory_id == gone)
        assert await tx.scalar(parts) == 0
    await talk.relay(index).drain()
    assert set(await index.candidates(ada, question)) == {kept}
