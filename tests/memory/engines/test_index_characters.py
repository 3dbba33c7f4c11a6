"""What was said to other characters: it comes up only where its person lets it, on both engines.

By the same rules of places and ages as what was said to the character itself, and of nobody else.
"""

import itertools
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import delete

from tests.memory.talk import DIRECT, Talk
from tzurot import clock
from tzurot.account.tables import Persona
from tzurot.memory import owner_store, recall_store
from tzurot.memory.filters import ALL, Filter
from tzurot.memory.index.port import MemoryIndex
from tzurot.memory.owner_store import MOST_OWNERS
from tzurot.memory.recall import Hit
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.sectors import Sector
from tzurot.memory.tables import Memory
from tzurot.memory.venues import Venue, Where
from tzurot.personality.tables import Personality

PUBLIC = Where(Venue.PUBLIC_CHANNEL, "discord", "1")
PRIVATE = Where(Venue.PRIVATE_CHANNEL, "discord", "2")
OTHER_PRIVATE = Where(Venue.PRIVATE_CHANNEL, "discord", "3")
FOR_ADULTS = Where(Venue.PUBLIC_CHANNEL, "discord", "4", adults=True)
PLACES = (DIRECT, replace(DIRECT, adults=True), PUBLIC, PRIVATE, OTHER_PRIVATE, FOR_ADULTS)


@dataclass(frozen=True, slots=True)
class Ada:
    """One persona with two characters, and how it asks them of bees."""

    talk: Talk
    index: MemoryIndex
    lilith: Owner
    luna: Owner

    async def hits(
        self, owner: Owner, where: Where = DIRECT, *, shared: bool = True, filter: Filter = ALL
    ) -> tuple[Hit, ...]:
        here = replace(where, characters_recalled=shared)
        recalled = await self.talk.recall(self.index).search(
            "Do I keep bees?", owner, where=here, limit=99, filter=filter
        )
        assert not recalled.degraded
        return recalled.hits

    async def told(self, owner: Owner, where: Where = DIRECT, *, shared: bool = True) -> set[str]:
        return {hit.person_text for hit in await self.hits(owner, where, shared=shared)}

    async def relay(self) -> None:
        await self.talk.relay(self.index).drain()


@pytest.fixture
async def ada(talk: Talk, index: MemoryIndex) -> Ada:
    lilith, luna = await talk.owner(), await talk.owner()
    return Ada(talk, index, lilith, Owner(lilith.persona_id, luna.personality_id))


async def test_it_comes_up_in_both_directions_with_whom_it_was_told(ada: Ada) -> None:
    ids = {
        ada.lilith: await ada.talk.say(ada.lilith, "I keep bees.", "How many?", to="Lilith"),
        ada.luna: await ada.talk.say(ada.luna, "My bees are black.", "Lovely!", to="Luna"),
    }
    await ada.relay()
    for owner in (ada.lilith, ada.luna):
        hits = {hit.memory_id: hit for hit in await ada.hits(owner)}
        assert hits.keys() == {*ids.values()}
        for whose, memory_id in ids.items():
            assert hits[memory_id].personality_id == whose.personality_id
        assert {hit.personality_name for hit in hits.values()} == {"Lilith", "Luna"}


async def test_off_means_off_in_both_directions(ada: Ada) -> None:
    await ada.talk.say(ada.lilith, "I keep bees.")
    await ada.talk.say(ada.luna, "My bees are black.")
    await ada.relay()
    assert await ada.told(ada.lilith, shared=False) == {"I keep bees."}
    assert await ada.told(ada.luna, shared=False) == {"My bees are black."}
    question = await ada.talk.question("bees")
    assert len(await ada.index.candidates(ada.luna, question)) == 1


async def test_a_place_lets_come_up_what_it_would_of_the_character_itself(ada: Ada) -> None:
    for number, place in enumerate(PLACES):
        await ada.talk.say(ada.lilith, f"My hive {number} has bees.", where=place)
    await ada.talk.say(ada.luna, "I like bread.", where=PUBLIC)
    await ada.relay()
    for here in PLACES:
        itself = await ada.told(ada.lilith, here, shared=False)
        assert await ada.told(ada.luna, here) == itself, here
    assert len(await ada.told(ada.luna, PUBLIC)) == 1
    assert len(await ada.told(ada.luna, PRIVATE)) == 2
    assert len(await ada.told(ada.luna, DIRECT)) == len(PLACES) - 2, "adults' places are for adults"
    assert len(await ada.told(ada.luna, replace(DIRECT, adults=True))) == len(PLACES)


async def test_what_one_allows_of_direct_and_of_servers_counts_for_all_characters(ada: Ada) -> None:
    await ada.talk.say(ada.lilith, "I keep bees.", where=DIRECT)
    await ada.talk.say(ada.lilith, "My bees sting.", where=PUBLIC)
    await ada.relay()
    assert await ada.told(ada.luna, replace(PUBLIC, direct_recalled=True)) == {
        "I keep bees.", "My bees sting.",
    }  # fmt: skip
    assert await ada.told(ada.luna, replace(DIRECT, servers_recalled=False)) == {"I keep bees."}


async def test_nobody_elses_memories_come_up(ada: Ada) -> None:
    eve = await ada.talk.owner(like=ada.lilith)
    await ada.talk.say(eve, "I keep bees and newts.")
    await ada.talk.say(ada.lilith, "I keep bees.")
    await ada.relay()
    assert await ada.told(ada.luna) == {"I keep bees."}
    assert await ada.told(replace(eve, personality_id=ada.luna.personality_id)) == {
        "I keep bees and newts."
    }


async def test_other_personas_are_heard_only_where_they_share(ada: Ada) -> None:
    sol = await ada.talk.owner(like=ada.lilith)
    await ada.talk.say(sol, "I keep bees as Sol.")
    await ada.talk.say(ada.lilith, "I keep bees.")
    await ada.relay()
    assert await ada.told(ada.luna) == {"I keep bees."}
    hearing = replace(ada.luna, others=(sol.persona_id,))
    assert await ada.told(hearing) == {"I keep bees.", "I keep bees as Sol."}
    assert await ada.told(hearing, shared=False) == set()


async def test_what_is_gone_is_gone_for_all_characters(ada: Ada) -> None:
    gone = await ada.talk.say(ada.lilith, "I keep bees.")
    await ada.talk.say(ada.lilith, "My bees sting.")
    await ada.relay()
    for statement, left in (
        (delete(Memory).where(Memory.id == gone), {"My bees sting."}),
        (delete(Personality).where(Personality.id == ada.lilith.personality_id), set[str]()),
    ):
        async with ada.talk.database.transaction() as tx:
            await tx.execute(statement)
        assert await ada.told(ada.luna) == left
        await ada.relay()
        assert await ada.told(ada.luna) == left
    await ada.talk.say(ada.luna, "I keep bees.")
    async with ada.talk.database.transaction() as tx:
        await tx.execute(delete(Persona).where(Persona.id == ada.luna.persona_id))
    assert await ada.told(ada.luna) == set()


async def test_a_filter_narrows_what_all_characters_were_told(ada: Ada) -> None:
    await ada.talk.say(ada.lilith, "I love my bees.", sector=Sector.EMOTIONAL)
    await ada.talk.say(ada.luna, "I fear my bees.", sector=Sector.EMOTIONAL)
    await ada.talk.say(ada.lilith, "I keep bees.", sector=Sector.SEMANTIC)
    await ada.relay()
    hits = await ada.hits(ada.luna, filter=Filter(sectors=frozenset({Sector.EMOTIONAL})))
    assert {hit.person_text for hit in hits} == {"I love my bees.", "I fear my bees."}


async def test_a_talk_with_one_is_not_a_talk_with_the_other(ada: Ada) -> None:
    """In one channel, by turns: what stands beside is what was said to the same character."""
    for number in range(3):
        await ada.talk.say(ada.lilith, f"Hive {number} has bees.", where=PUBLIC, to="Lilith")
        await ada.talk.say(ada.luna, f"Loaf {number} has seeds.", where=PUBLIC, to="Luna")
    await ada.relay()
    alone = {hit.memory_id: hit.parts for hit in await ada.hits(ada.lilith, shared=False)}
    together = {hit.memory_id: hit.parts for hit in await ada.hits(ada.luna)}
    for memory_id, parts in alone.items():
        assert (together[memory_id].neighbors > 0.01) == (parts.neighbors > 0.01)


async def test_you_is_the_character_that_is_asked(ada: Ada) -> None:
    to_lilith = await ada.talk.say(ada.lilith, "Hm.", "Bees sing at night.", to="Lilith")
    to_luna = await ada.talk.say(ada.luna, "Hm.", "Bees sleep at night.", to="Luna")
    await ada.relay()

    async def speaks(query: str) -> dict[MemoryId, bool]:
        recall, here = ada.talk.recall(ada.index), replace(DIRECT, characters_recalled=True)
        found = await recall.search(query, ada.luna, where=here, limit=9)
        return {hit.memory_id: hit.parts.speaker > 0 for hit in found.hits}

    assert await speaks("What did you say of bees at night?") == {to_luna: True, to_lilith: False}
    assert await speaks("What did Lilith say of bees at night?") == {
        to_luna: False, to_lilith: True,
    }  # fmt: skip


async def test_how_common_words_are_is_counted_with_all_characters(ada: Ada) -> None:
    for owner, text in ((ada.lilith, "bees"), (ada.lilith, "bees rain"), (ada.luna, "rain tea")):
        await ada.talk.say(owner, text)
    question = await ada.talk.question("bees rain tea")
    wide = replace(ada.luna, elsewhere=((ada.luna.persona_id, ada.lilith.personality_id),))
    async with ada.talk.database.reading() as tx:
        together = await recall_store.vocabulary(tx, wide, question)
        alone = await recall_store.vocabulary(tx, ada.luna, question)
    assert together.memory_count == 3
    assert [*together.frequencies.values()] == [2, 2, 1]
    assert (alone.memory_count, [*alone.frequencies.values()]) == (1, [0, 1, 1])


async def test_of_very_many_characters_those_count_that_were_talked_with_last(talk: Talk) -> None:
    ada, sol = await talk.owner(), await talk.owner()
    await talk.say(ada, "First words.")
    owners = [await talk.owner() for _ in range(MOST_OWNERS + 5)]
    for persona_id, owner in zip(itertools.cycle((ada.persona_id, sol.persona_id)), owners):
        await talk.say(Owner(persona_id, owner.personality_id), "Hello.")
        await talk.say(Owner(persona_id, owner.personality_id), "Hello again.")
    async with talk.database.reading() as tx:
        both = [ada.persona_id, sol.persona_id]
        found = await owner_store.owners(tx, both, ada.personality_id)
        assert await owner_store.owners(tx, [clock.uuid7()], ada.personality_id) == []
    assert found[0] == (ada.persona_id, ada.personality_id), "the one that is asked, always"
    others = [personality_id for _, personality_id in found[1:]]
    assert others == [owner.personality_id for owner in reversed(owners)][: MOST_OWNERS - 1]
