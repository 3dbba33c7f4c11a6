"""What becomes of engines while models change, or while they are away or empty."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text

from tests.memory.changing import Changing
from tests.memory.conftest import refilled
from tests.memory.engines.life import LIFE, LONG
from tests.memory.talk import DIRECT, Talk
from tests.weaviate_server import WeaviateServer
from tzurot.errors import IndexUnavailable
from tzurot.memory.index import reindexing
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.index.port import MemoryIndex
from tzurot.memory.index.reindexing import Reindexing
from tzurot.memory.index.weaviate import WeaviateIndex
from tzurot.memory.reading.slot_tables import IndexCollection
from tzurot.memory.reading.slots import Slots
from tzurot.memory.recall import Recall


async def test_the_last_sentence_is_found_where_a_model_gives_no_states_of_tokens(
    change: Changing, index: MemoryIndex
) -> None:
    talk = change.talk
    ada = await talk.owner()
    told = await talk.say(ada, "What happened?", LONG)
    await talk.say_all(ada, LIFE)
    await change.run("wide", index)
    slots = change.slots("wide")
    recall = Recall(talk.database, slots, index, PgVectorIndex(talk.database))
    found = await recall.search("Who bought the ship?", ada, where=DIRECT, limit=20)
    assert not found.degraded
    assert told in [hit.memory_id for hit in found.hits]


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
