"""What is not to come to mind: dormant memories, and what only adults may hear; on both engines."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy import text as text_

from tests.memory.talk import Talk
from tzurot import clock
from tzurot.memory import following, following_store, recall_store, store
from tzurot.memory.following import Side, Sources
from tzurot.memory.index.port import MemoryIndex
from tzurot.memory.remembering import Exchange, MemoryId, Owner, remember
from tzurot.memory.tables import Memory
from tzurot.memory.venues import Venue, Where

DIRECT, KNOWN_ADULT = Where.direct(adults=False), Where.direct(adults=True)
OPEN = Where(Venue.PUBLIC_CHANNEL, "local", "open")
FOR_ADULTS = Where(Venue.PUBLIC_CHANNEL, "local", "closed", adults=True)


async def found(talk: Talk, index: MemoryIndex, owner: Owner, where: Where = DIRECT) -> set[str]:
    """What comes to mind of bees, by the engine and by recall."""
    hits = (await talk.recall(index).search("bees", owner, where=where, limit=10)).hits
    return {hit.person_text for hit in hits}


async def said(
    talk: Talk,
    owner: Owner,
    text: str,
    turn_id: UUID,
    *,
    age_restricted: bool = False,
    dormant: bool = False,
) -> MemoryId:
    """Something of a turn, remembered."""
    exchange = Exchange(
        persona_id=owner.persona_id,
        personality_id=owner.personality_id,
        turn_id=turn_id,
        message_id=None,
        venue=Venue.PUBLIC_CHANNEL,
        platform="local",
        channel_id="closed",
        person_name="Ada",
        person_text=text,
        personality_name="Lilith",
        personality_text="How many?",
        occur_time=clock.now(),
        age_restricted=age_restricted,
        dormant=dormant,
    )
    async with talk.database.transaction() as tx:
        return await remember(tx, exchange, talk.jobs)


async def follow(talk: Talk, index: MemoryIndex, turn_id: UUID, *, on_path: bool) -> int:
    async with talk.database.transaction() as tx:
        changed = await following.follow(tx, {turn_id: on_path}, {}, talk.jobs)
    await talk.relay(index).drain()
    return changed


async def test_a_dormant_memory_does_not_come_to_mind_and_a_woken_one_does(
    talk: Talk, index: MemoryIndex
) -> None:
    ada = await talk.owner()
    turn_id, other = await talk.turn(ada), await talk.turn(ada)
    await said(talk, ada, "I keep bees.", turn_id)
    await said(talk, ada, "Bees sting me.", other)
    await talk.relay(index).drain()
    assert await found(talk, index, ada) == {"I keep bees.", "Bees sting me."}
    assert await follow(talk, index, turn_id, on_path=False) == 1
    assert await found(talk, index, ada) == {"Bees sting me."}
    assert await follow(talk, index, turn_id, on_path=False) == 0
    assert await follow(talk, index, turn_id, on_path=True) == 1
    assert await found(talk, index, ada) == {"I keep bees.", "Bees sting me."}


async def test_the_engine_gives_no_dormant_candidates_even_before_it_is_told(
    talk: Talk, index: MemoryIndex
) -> None:
    ada = await talk.owner()
    turn_id = await talk.turn(ada)
    await said(talk, ada, "I keep bees.", turn_id)
    await talk.relay(index).drain()
    async with talk.database.transaction() as tx:
        await following.follow(tx, {turn_id: False}, {}, talk.jobs)
    assert await found(talk, index, ada) == set()
    await talk.relay(index).drain()
    assert not await index.candidates(ada, await talk.question("bees"))


async def test_what_was_dormant_from_the_start_wakes_with_its_meaning(
    talk: Talk, index: MemoryIndex
) -> None:
    ada = await talk.owner()
    turn_id = await talk.turn(ada)
    memory_id = await said(talk, ada, "We adopted a grey cat.", turn_id, dormant=True)
    await talk.relay(index).drain()
    question = await talk.question("Habe ich ein Haustier?")
    assert not await index.candidates(ada, question)
    await follow(talk, index, turn_id, on_path=True)
    assert list(await index.candidates(ada, question)) == [memory_id]


async def test_what_adults_heard_comes_up_among_adults_only(talk: Talk, index: MemoryIndex) -> None:
    ada = await talk.owner()
    await said(talk, ada, "I keep bees.", await talk.turn(ada), age_restricted=True)
    await said(talk, ada, "Bees sting me.", await talk.turn(ada))
    await talk.relay(index).drain()
    both, one = {"I keep bees.", "Bees sting me."}, {"Bees sting me."}
    for where, heard in ((FOR_ADULTS, both), (KNOWN_ADULT, both), (OPEN, one), (DIRECT, one)):
        assert await found(talk, index, ada, where) == heard, where
        question = await talk.question("bees", where=where)
        assert len(await index.candidates(ada, question)) == len(heard), where


async def test_what_adults_heard_in_a_private_channel_comes_up_there_while_it_is_theirs(
    talk: Talk, index: MemoryIndex
) -> None:
    ada = await talk.owner()
    here = Where(Venue.PRIVATE_CHANNEL, "local", "den", adults=True)
    await talk.say(ada, "I keep bees.", where=here)
    async with talk.database.transaction() as tx:
        memory = (await tx.scalars(select(Memory).where(Memory.persona_id == ada.persona_id))).one()
        memory.age_restricted = True
    await talk.relay(index).drain()
    assert await found(talk, index, ada, here) == {"I keep bees."}
    opened = Where(Venue.PRIVATE_CHANNEL, "local", "den")
    assert await found(talk, index, ada, opened) == set()


async def test_new_words_are_found_and_old_ones_are_not(talk: Talk, index: MemoryIndex) -> None:
    ada = await talk.owner()
    turn_id = await talk.turn(ada)
    memory_id = await said(talk, ada, "I keep bees.", turn_id)
    await talk.relay(index).drain()
    async with talk.database.transaction() as tx:
        words = ("I keep bees.", "We adopted a grey cat.")
        await following.reword(tx, Sources([turn_id]), Side.PERSON, words, talk.jobs)
    await talk.relay(index).drain()
    assert await found(talk, index, ada) == set()
    pets = await talk.question("Habe ich ein Haustier?")
    assert list(await index.candidates(ada, pets)) == [memory_id]


async def test_a_memory_that_says_nothing_any_more_is_gone(talk: Talk, index: MemoryIndex) -> None:
    ada = await talk.owner()
    turn_id = await talk.turn(ada)
    await said(talk, ada, "I keep bees.", turn_id)
    async with talk.database.transaction() as tx:
        sources = Sources([turn_id])
        kept = await following.reword(tx, sources, Side.PERSONALITY, ("How many?", ""), talk.jobs)
        gone = await following.reword(tx, sources, Side.PERSON, ("I keep bees.", ""), talk.jobs)
    await talk.relay(index).drain()
    assert (kept, gone) == (0, 1)
    assert not await index.candidates(ada, await talk.question("bees"))


async def test_what_was_said_right_before_is_what_is_awake_and_of_the_same_talk(
    talk: Talk, index: MemoryIndex
) -> None:
    ada = await talk.owner()
    turns = [await talk.turn(ada) for _ in range(4)]
    texts = ("I keep bees.", "I keep no bees.", "I sell honey of bees.", "My bees are asleep.")
    first, _, third, last = [
        await said(talk, ada, text, turn) for text, turn in zip(texts, turns, strict=True)
    ]
    await follow(talk, index, turns[1], on_path=False)
    later = {"id": last, "moment": clock.now() + store.PAUSE * 2}
    async with talk.database.transaction() as tx:
        await tx.execute(text_("UPDATE memories SET occur_time = :moment WHERE id = :id"), later)
        question = await talk.question("bees", where=FOR_ADULTS)
        it = await recall_store.load(tx, ada, question, [first, third, last])
    before = {each.memory.memory_id: each.before_id for each in it}
    assert before == {first: None, third: first, last: None}


async def test_with_a_memorys_words_goes_what_its_tokens_meant(talk: Talk) -> None:
    ada = await talk.owner()
    turn_id = await talk.turn(ada)
    told = await said(talk, ada, "I keep bees.", turn_id)
    await talk.relay_all()
    kept = text_("SELECT states FROM memory_states WHERE memory_id = :id")
    async with talk.database.transaction() as tx:
        (states,) = (await tx.scalars(kept, {"id": told})).all()
        await following_store.rewrite(tx, told, {"person_text": "I keep hens."}, ["hen", "keep"])
        assert (await tx.scalars(kept, {"id": told})).all() == []
    await talk.relay_all()
    async with talk.database.transaction() as tx:
        (anew,) = (await tx.scalars(kept, {"id": told})).all()
        assert anew != states
        await tx.execute(delete(Memory).where(Memory.id == told))
        assert (await tx.scalars(kept, {"id": told})).all() == []
