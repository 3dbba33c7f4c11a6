"""What others said in a channel comes up there for whoever asks, by one rule on both engines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import update

from tests.memory.talk import DIRECT, Talk
from tzurot import clock
from tzurot.memory.index.port import MemoryIndex
from tzurot.memory.recall import Hit, Sight
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.tables import Memory
from tzurot.memory.venues import Venue, Where

MEADOW = Where(Venue.PUBLIC_CHANNEL, "discord", "1")
OTHER_CHANNEL = Where(Venue.PUBLIC_CHANNEL, "discord", "2")
OTHER_PLATFORM = Where(Venue.PUBLIC_CHANNEL, "local", "1")
ONCE_PRIVATE = Where(Venue.PRIVATE_CHANNEL, "discord", "1")
CELLAR = Where(Venue.PRIVATE_CHANNEL, "discord", "3")
FOR_ADULTS = replace(MEADOW, adults=True)
BEES = "Do bees sting?"


@dataclass(frozen=True, slots=True)
class Company:
    """Ada asks one character of bees; Bo has talked with it, too."""

    talk: Talk
    index: MemoryIndex
    ada: Owner
    bo: Owner

    async def said(
        self, owner: Owner, text: str, where: Where = MEADOW, reply: str = "", name: str = "Bo"
    ) -> MemoryId:
        turn_id = await self.talk.turn(owner)
        return await self.talk.say(owner, text, reply, where=where, turn_id=turn_id, name=name)

    async def hits(
        self, where: Where = MEADOW, query: str = BEES, *, heard: Sequence[Owner] | None = None,
        limit: int = 9, excluded: Sight | None = None, threshold: float = 0.0,
    ) -> tuple[Hit, ...]:  # fmt: skip
        await self.talk.relay(self.index).drain()
        others = [self.bo] if heard is None else heard
        here = replace(where, heard=tuple(it.persona_id for it in others))
        found = await self.talk.recall(self.index).search(
            query,
            self.ada,
            where=here,
            limit=limit,
            excluded=excluded or Sight(),
            threshold=threshold,
        )
        assert not found.degraded
        return found.hits

    async def told(
        self, where: Where = MEADOW, *, heard: Sequence[Owner] | None = None
    ) -> set[str]:
        return {it.person_text for it in await self.hits(where, heard=heard)}


@pytest.fixture
async def company(talk: Talk, index: MemoryIndex) -> Company:
    ada = await talk.owner()
    return Company(talk, index, ada, await talk.owner(like=ada))


async def test_it_comes_up_where_it_was_said_and_nowhere_else(company: Company) -> None:
    places = (MEADOW, OTHER_CHANNEL, OTHER_PLATFORM, ONCE_PRIVATE, CELLAR, DIRECT)
    for number, place in enumerate(places):
        await company.said(company.bo, f"My {number} bees sting.", place)
    for number, place in enumerate(places):
        expected = set[str]() if place is DIRECT else {f"My {number} bees sting."}
        assert await company.told(place) == expected, place
        assert await company.told(place, heard=()) == set()


async def test_only_who_is_heard_comes_up_by_what_a_turn_wrote_to_this_character(
    company: Company,
) -> None:
    eve, luna = await company.talk.owner(like=company.ada), await company.talk.owner()
    elsewhere = replace(company.bo, personality_id=luna.personality_id)
    await company.said(company.bo, "Bees sting me.")
    await company.said(eve, "Bees sting Eve.")
    await company.said(elsewhere, "Bees sting Luna.")
    await company.talk.say(company.bo, "Bees sting, it was brought.", where=MEADOW)
    asleep = await company.said(company.bo, "Bees sting, he never said.")
    async with company.talk.database.transaction() as tx:
        await tx.execute(update(Memory).where(Memory.id == asleep).values(dormant=True))
    assert await company.told() == {"Bees sting me."}
    assert await company.told(heard=[eve]) == {"Bees sting Eve."}
    assert await company.told(heard=[eve, company.bo]) == {"Bees sting me.", "Bees sting Eve."}


async def test_what_was_said_among_adults_comes_up_among_adults(company: Company) -> None:
    await company.said(company.bo, "Bees sting.", FOR_ADULTS)
    assert await company.told() == set()
    assert await company.told(FOR_ADULTS) == {"Bees sting."}


async def test_what_is_in_sight_does_not_come_up(company: Company) -> None:
    memory_id = await company.said(company.bo, "Bees sting.")
    (hit,) = await company.hits()
    assert (hit.memory_id, hit.persona_id) == (memory_id, company.bo.persona_id)
    assert hit.turn_id
    assert await company.hits(excluded=Sight(turns=(hit.turn_id,))) == ()


async def test_of_others_comes_up_at_most_half_while_there_is_own(company: Company) -> None:
    for number in range(6):
        await company.said(company.bo, f"Do bees sting? My {number} bees sting.")
        await company.said(company.ada, f"I fear bees, {number} of them.", name="Ada")
    own = [it.persona_id == company.ada.persona_id for it in await company.hits(limit=6)]
    assert (len(own), sum(own)) == (6, 3)
    await company.said(company.ada, "Rain is wet.", name="Ada")
    own = [it.persona_id == company.ada.persona_id for it in await company.hits(limit=11)]
    assert (len(own), sum(own)) == (11, 6)


async def test_of_others_comes_up_what_fits_better_where_there_is_room_for_one(
    company: Company,
) -> None:
    await company.said(company.ada, "I fear bees.", name="Ada")
    his = await company.said(company.bo, "Do bees sting? My bees sting.")
    assert [it.memory_id for it in await company.hits(limit=1)] == [his]


async def test_own_ones_that_score_too_little_take_no_room(company: Company) -> None:
    for number in range(4):
        await company.said(company.bo, f"Do bees sting? My {number} bees sting.")
        await company.said(company.ada, f"I fear bees, {number} of them.", name="Ada")
    hits = await company.hits(limit=8)
    own = [it.parts.final for it in hits if it.persona_id == company.ada.persona_id]
    others = [it.parts.final for it in hits if it.persona_id != company.ada.persona_id]
    assert max(own) < min(others)
    low = await company.hits(limit=4, threshold=min(others))
    assert sum(it.persona_id == company.ada.persona_id for it in low) == 0


async def test_i_is_who_asks_and_a_name_whoever_has_it(company: Company) -> None:
    own = await company.said(company.ada, "I keep bees in a hive.", name="Ada")
    his = await company.said(company.bo, "I keep bees in a basket.", name="Bobby")

    async def speaks(query: str) -> dict[MemoryId, bool]:
        return {it.memory_id: it.parts.speaker > 0 for it in await company.hits(query=query)}

    assert await speaks("Where do I keep bees?") == {own: True, his: False}
    assert await speaks("Where does Bobby keep bees?") == {own: False, his: True}


async def test_nobody_takes_a_word_away_by_being_called_so(company: Company) -> None:
    await company.said(company.ada, "I keep bees in a hive.", name="Ada")
    await company.said(company.bo, "Hello.", name="Bees")
    (hit,) = [it for it in await company.hits() if it.persona_id == company.ada.persona_id]
    assert hit.parts.keyword > 0


async def test_a_newcomer_finds_by_rare_words_what_others_said(company: Company) -> None:
    for number in range(12):
        await company.said(company.bo, f"Bees like the garden, number {number}.")
    rare = await company.said(company.bo, "A heron stood in the garden.")
    hits = await company.hits(query="the heron in the garden")
    assert hits[0].memory_id == rare
    assert hits[0].parts.keyword > max(it.parts.keyword for it in hits[1:])


async def test_who_spoke_there_is_told_with_the_last_one_first(company: Company) -> None:
    talk, recall = company.talk, company.talk.recall(company.index)
    eve = await talk.owner(like=company.ada)
    await company.said(company.bo, "Hello.")
    await company.said(eve, "Hello.")
    await company.said(company.ada, "Hello.")
    await company.said(await talk.owner(like=company.ada), "Hello.", OTHER_CHANNEL)
    await talk.say(await talk.owner(like=company.ada), "It was brought.", where=MEADOW)
    personality_id, own = company.ada.personality_id, [company.ada.persona_id]
    there = await recall.spoke(personality_id, MEADOW, own)
    assert list(there) == [eve.persona_id, company.bo.persona_id]
    assert await recall.spoke(personality_id, DIRECT, own) == ()
    assert await recall.spoke(clock.uuid7(), MEADOW, own) == []
