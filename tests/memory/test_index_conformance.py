"""What every engine must do, run on both: recall is the same whichever is behind it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select, text

from tests.memory.changing import Changing
from tests.memory.conftest import refilled
from tests.memory.talk import DIRECT, Talk
from tests.weaviate_server import WeaviateServer
from tzurot.errors import IndexUnavailable
from tzurot.memory.index import reindexing
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.port import Forgotten, MemoryIndex
from tzurot.memory.index.reindexing import Reindexing
from tzurot.memory.index.weaviate import WeaviateIndex
from tzurot.memory.reading.slot_tables import IndexCollection, MemoryWindow
from tzurot.memory.reading.slots import Slots
from tzurot.memory.recall import Recall
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
    await talk.forget_that_the_index_knows()
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


async def test_and_so_it_is_where_a_model_gives_no_states_of_tokens(
    change: Changing, index: MemoryIndex
) -> None:
    talk = change.talk
    ada = await talk.owner()
    told = await talk.say(ada, LONG, "I see.")
    await talk.say_all(ada, LIFE)
    await change.run("wide", index)
    slots = change.slots("wide")
    recall = Recall(talk.database, slots, index, PgVectorIndex(talk.database))
    found = await recall.search("Who bought the ship?", ada, where=DIRECT, limit=20)
    assert not found.degraded
    assert told in [hit.memory_id for hit in found.hits]


async def test_a_long_memory_that_is_deleted_leaves_no_part_of_it(
    talk: Talk, index: MemoryIndex
) -> None:
    ada = await talk.owner()
    gone, kept = await talk.say(ada, LONG), await talk.say(ada, "I keep bees.")
    await talk.relay(index).drain()
    question = await talk.question("Who bought the ship?")
    assert set(await index.candidates(ada, question)) == {gone, kept}
    async with talk.database.transaction() as tx:
        await tx.execute(delete(Memory).where(Memory.id == gone))
        assert await tx.scalar(select(func.count()).select_from(MemoryWindow)) == 0
    await talk.relay(index).drain()
    assert set(await index.candidates(ada, question)) == {kept}


async def test_another_model_takes_over_and_search_is_whole_all_the_time(
    change: Changing, index: MemoryIndex
) -> None:
    talk = change.talk
    ada = await talk.owner()
    said = await talk.say_all(ada, LIFE[::15])
    await change.run(None, index, rounds=1)
    fallback = PgVectorIndex(talk.database)

    async def finds(slots: Slots) -> None:
        recall = Recall(talk.database, slots, index, fallback)
        found = await recall.search("My sister Clara", ada, where=DIRECT, limit=10)
        assert not found.degraded
        assert found.hits[0].memory_id == said[0]

    for _ in range(4):
        await finds(change.slots("wide"))
        await change.run("wide", index, rounds=1)
    assert await change.states() == {"b": ("wide", "live")}
    await finds(change.slots("wide"))
    back = await talk.say(ada, "I learn to knit.")
    await change.run(None, index)
    assert await change.states() == {"a": ("multilingual-e5-small", "live")}
    await finds(change.slots())
    question = await talk.question("knit")
    assert back in await index.candidates(ada, question)


class TestBeside:
    """An engine beside Postgres."""

    @pytest.fixture
    async def index(
        self, talk: Talk, weaviate_server: WeaviateServer
    ) -> AsyncIterator[WeaviateIndex]:
        async with WeaviateIndex.open(
            weaviate_server.url,
            grpc_port=weaviate_server.grpc_port,
            api_key=weaviate_server.api_key,
            database=talk.database,
        ) as opened:
            await refilled(opened, talk)
            yield opened

    async def test_one_that_comes_back_empty_is_filled_while_postgres_searches(
        self, talk: Talk, index: WeaviateIndex
    ) -> None:
        ada = await talk.owner()
        said = await talk.say_all(ada, LIFE[:6])
        await talk.relay(index).drain()
        async with talk.database.reading() as tx:
            names = (await tx.scalars(select(IndexCollection.name))).all()
        for name in names:
            await index.drop(name)  # behind its back
        said.append(await talk.say(ada, "I keep bees."))
        recall = talk.recall(index)
        meanwhile = await recall.search("Clara and the bees", ada, where=DIRECT, limit=10)
        assert meanwhile.degraded
        assert {hit.memory_id for hit in meanwhile.hits} >= {said[0], said[-1]}
        await refilled(index, talk)
        found = await talk.recall(index).search("Clara and the bees", ada, where=DIRECT, limit=10)
        assert not found.degraded
        assert {it.memory_id for it in found.hits} == {it.memory_id for it in meanwhile.hits}
        question = await talk.question("Clara and the bees")
        assert set(await index.candidates(ada, question)) == set(said)

    async def test_it_is_not_searched_before_it_is_complete(
        self, talk: Talk, index: WeaviateIndex
    ) -> None:
        ada = await talk.owner()
        said = await talk.say_all(ada, LIFE[:6])
        await talk.relay(index).drain()
        await reindexing.begin_anew(talk.database)
        async with talk.database.transaction() as tx:
            await tx.execute(text("DELETE FROM index_outbox"))
            await tx.execute(
                text("UPDATE index_collections SET last_outbox_id = NULL WHERE state = 'filling'")
            )
        await talk.say(ada, "I keep bees.")
        await talk.relay(index).drain()  # this one is in it, the others are not
        question = await talk.question("My sister Clara")
        with pytest.raises(IndexUnavailable):
            await index.candidates(ada, question)
        found = await talk.recall(index).search("My sister Clara", ada, where=DIRECT, limit=10)
        assert found.degraded
        assert found.hits[0].memory_id in said
        await refilled(index, talk)
        assert set(said) < set(await index.candidates(ada, question))

    async def test_what_an_engine_was_not_told_for_a_while_is_not_believed(
        self, talk: Talk, index: WeaviateIndex
    ) -> None:
        """Postgres searched in between: its relay told nobody."""
        ada = await talk.owner()
        said = await talk.say_all(ada, LIFE[:3])
        await talk.relay(index).drain()
        in_database = PgVectorIndex(talk.database)
        relay = talk.relay(in_database)
        await Reindexing(talk.database, talk.slots, None, relay).run()
        said.append(await talk.say(ada, "I keep bees."))
        await relay.drain()
        async with WeaviateIndex.open(
            index._address.geturl(),
            grpc_port=index._grpc_port,
            api_key=index._api_key,
            database=talk.database,
        ) as again:
            question = await talk.question("bees")
            with pytest.raises(IndexUnavailable):
                await again.candidates(ada, question)
            await refilled(again, talk)
            assert set(await again.candidates(ada, question)) == set(said)


# 20,000 characters about nothing, and a fact at their end.
LONG = (
    "Then we walked along the road and talked about the weather and the news of the week. " * 240
)[:19_960] + "In the end we sold the old boat to a dentist."
# 150 memories: more than an engine may give as candidates.
_SUBJECTS = ("My sister Clara", "My neighbor Tom", "My old teacher", "The baker", "My cat Momo")
_DOINGS = (
    "plays the cello in an orchestra",
    "travels to Portugal every summer",
    "is afraid of spiders",
    "keeps bees behind the house",
    "broke a leg while skiing",
    "listens to jazz at night",
    "paints pictures of the harbor",
    "lost the keys again",
    "sleeps on the sofa all day",
    "wants to learn Japanese",
)
_WHENS = ("as you know", "since last year", "though nobody believes it")
LIFE = [f"{who} {does}, {when}." for who in _SUBJECTS for does in _DOINGS for when in _WHENS]
