"""Another model takes over while all goes on: a search reads what one model read."""

import asyncio
from collections.abc import Mapping

import pytest
from sqlalchemy import delete, text

from tests.fakes.provider import Gate
from tests.memory.changing import Changing
from tests.memory.talk import DIRECT, Talk
from tzurot.llm.embedding_endpoint import EmbeddingUnavailable
from tzurot.memory import following_store
from tzurot.memory.index.outbox import Relay
from tzurot.memory.index.pgvector import PgVectorIndex
from tzurot.memory.meaning import Slot
from tzurot.memory.reading.slots import Slots, SlotsChanged
from tzurot.memory.recall import Recall, Recalled
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.tables import Memory

LIFE = (
    "I keep bees in my garden.",
    "My sister Clara plays the cello.",
    "We adopted a grey cat called Momo.",
    "I broke a leg while skiing in Norway.",
    "My favorite film is Spirited Away.",
    "On Fridays I bake bread with rye.",
)
BUNDLED = "multilingual-e5-small"
PET = "Which animal did we adopt?"


class NeverComplete(PgVectorIndex):
    """An engine that never has all of it."""

    async def is_complete(self, slot: Slot) -> bool:
        return False


def recall(talk: Talk, slots: Slots) -> Recall:
    index = PgVectorIndex(talk.database)
    return Recall(talk.database, slots, index, index)


async def asks(change: Changing, slots: Slots, owner: Owner, query: str = PET) -> Recalled:
    return await recall(change.talk, slots).search(query, owner, where=DIRECT, limit=10)


async def read_all(change: Changing, slots: Slots) -> None:
    await Relay(change.talk.database, slots, PgVectorIndex(change.talk.database)).drain()


async def changed(change: Changing, model: str = "wide") -> tuple[Owner, list[MemoryId]]:
    """A life that another model has taken over, the first one's readings gone."""
    ada = await change.talk.owner()
    said = await change.talk.say_all(ada, LIFE)
    await read_all(change, change.slots())
    job = change.job(change.slots(model))
    await job.run()
    await change.grace_is_over()
    await job.run()
    return ada, said


class TestTheChange:
    async def test_the_other_slot_is_filled_goes_live_and_the_first_is_emptied(
        self, change: Changing
    ) -> None:
        ada = await change.talk.owner()
        await change.talk.say_all(ada, LIFE)
        await read_all(change, change.slots())
        slots = change.slots("wide")
        before = await asks(change, slots, ada)
        job = change.job(slots)
        await job.run()
        assert await change.states() == {"a": (BUNDLED, "leaving"), "b": ("wide", "live")}
        assert await change.vectors("embedding") == len(LIFE)  # whoever asks now may read them
        await job.run()
        assert await change.vectors("embedding") == len(LIFE)
        await change.grace_is_over()
        await job.run()
        assert await change.states() == {"b": ("wide", "live")}
        assert await change.vectors("embedding") == 0
        for table in ("memory_states", "memory_windows WHERE slot = 'a'"):
            async with change.talk.database.reading() as tx:
                assert await tx.scalar(text(f"SELECT count(*) FROM {table}")) == 0  # noqa: S608
        after = await asks(change, change.slots("wide"), ada)
        assert not before.degraded
        assert not after.degraded
        assert after.hits[0].person_text == before.hits[0].person_text == LIFE[2]

    async def test_and_back_into_the_first_slot(self, change: Changing) -> None:
        ada, _ = await changed(change)
        job = change.job(change.slots())
        await job.run()
        assert await change.states() == {"a": (BUNDLED, "live"), "b": ("wide", "leaving")}
        await change.grace_is_over()
        await job.run()
        assert await change.states() == {"a": (BUNDLED, "live")}
        assert await change.vectors() == 0
        assert (await asks(change, change.slots(), ada)).hits[0].parts.wording > 0

    async def test_to_a_third_model_of_another_width(self, change: Changing) -> None:
        ada, _ = await changed(change)
        await change.job(change.slots("narrow")).run()
        assert (await change.states())["a"] == ("narrow", "live")
        assert (await asks(change, change.slots("narrow"), ada)).hits[0].person_text == LIFE[2]

    async def test_what_is_said_meanwhile_is_read_by_both(self, change: Changing) -> None:
        ada = await change.talk.owner()
        await change.talk.say_all(ada, LIFE)
        await read_all(change, change.slots())
        slots, gate = change.slots("wide"), Gate()
        gate.release(1)  # what it is measured by; then it begins to fill, and is held
        change.endpoint.gate = gate
        running = asyncio.create_task(change.job(slots).run())
        while "b" not in await change.states():
            await asyncio.sleep(0.01)
        await change.talk.say(ada, "I learn to knit.")
        relaying = asyncio.create_task(read_all(change, slots))
        while await change.vectors("embedding") == len(LIFE):  # the live one comes first
            await asyncio.sleep(0.01)
        gate.release(2)  # both wait for it
        gate.open()
        await asyncio.gather(running, relaying)
        await change.job(slots).run()
        assert (await change.states())["b"] == ("wide", "live")
        assert await change.vectors() == await change.vectors("embedding") == len(LIFE) + 1

    async def test_the_model_of_before_ends_it(self, change: Changing) -> None:
        ada = await change.talk.owner()
        await change.talk.say_all(ada, LIFE)
        await read_all(change, change.slots())
        change.endpoint.gate = Gate()
        change.endpoint.gate.release(1)
        running = asyncio.create_task(change.job(change.slots("wide")).run())
        while "b" not in await change.states():
            await asyncio.sleep(0.01)
        await change.job(change.slots()).run()
        assert await change.states() == {"a": (BUNDLED, "live"), "b": ("wide", "leaving")}
        change.endpoint.gate.open()
        await running  # what it read is not wanted any more
        assert await change.vectors() == 0
        assert (await asks(change, change.slots(), ada)).hits[0].person_text == LIFE[2]

    async def test_an_endpoint_that_is_away_lets_it_wait(self, change: Changing) -> None:
        ada = await change.talk.owner()
        await change.talk.say_all(ada, LIFE)
        await read_all(change, change.slots())
        slots = change.slots("wide")
        job = change.job(slots)
        change.endpoint.away = True
        await job.run()
        assert await change.states() == {"a": (BUNDLED, "live")}
        assert not (await asks(change, slots, ada)).degraded
        change.endpoint.away = False
        await job.run()
        assert (await change.states())["b"] == ("wide", "live")

    async def test_what_is_deleted_in_the_middle_is_nowhere(self, change: Changing) -> None:
        ada, said = await changed(change)
        async with change.talk.database.transaction() as tx:
            await tx.execute(delete(Memory).where(Memory.id == said[2]))
        slots = change.slots("narrow")
        await change.job(slots).run()
        assert said[2] not in [hit.memory_id for hit in (await asks(change, slots, ada)).hits]

    async def test_other_words_are_read_anew_by_both(self, change: Changing) -> None:
        ada, said = await changed(change)
        slots = change.slots("wide")
        async with change.talk.database.transaction() as tx:
            words = {"person_text": "I ski."}
            await following_store.rewrite(tx, said[2], words, ["ski"])
        assert await change.vectors() == len(LIFE) - 1
        await read_all(change, slots)
        found = await asks(change, slots, ada, "Which sport do I do?")
        assert "I ski." in [hit.person_text for hit in found.hits[:2]]


class TestScores:
    async def test_no_search_ever_mixes_those_of_two_models(self, change: Changing) -> None:
        """What a hit's similarity is shows whose it is; searches go on all through the change."""
        ada = await change.talk.owner()
        await change.talk.say_all(ada, LIFE)
        await read_all(change, change.slots())
        slots = change.slots("wide")
        change.endpoint.haze = 0.5  # so that its cosines are others
        first = similarities(await asks(change, slots, ada))
        found: list[dict[MemoryId, float]] = []
        ended = asyncio.Event()

        async def searching() -> None:
            while not ended.is_set():
                anew = Slots(change.talk.database, slots.configured, lambda _: change.talk.meaning)
                found.append(similarities(await asks(change, anew, ada)))

        searches = asyncio.create_task(searching())
        job = change.job(slots)
        await job.run()
        while len(found) < 5:
            await asyncio.sleep(0.01)
        await change.grace_is_over()
        await job.run()
        count = len(found)
        while len(found) < count + 3:
            await asyncio.sleep(0.01)
        ended.set()
        await searches
        second = similarities(await asks(change, change.slots("wide"), ada))
        assert first.keys() & second.keys()
        assert all(first[it] != pytest.approx(second[it]) for it in first.keys() & second.keys())
        kinds = {"first" if same(it, first) else "second" for it in found}
        assert all(same(it, first) or same(it, second) for it in found)
        assert kinds == {"first", "second"}

    async def test_whoever_began_before_the_change_reads_what_was_live_then(
        self, change: Changing
    ) -> None:
        ada = await change.talk.owner()
        await change.talk.say_all(ada, LIFE)
        await read_all(change, change.slots())
        slots = change.slots("wide")
        before = await asks(change, slots, ada)
        await change.job(change.slots("wide")).run()
        assert similarities(await asks(change, slots, ada)) == similarities(before)


class TestWithoutTheOldModel:
    async def test_memories_are_found_by_words_until_the_new_one_has_read_them(
        self, change: Changing
    ) -> None:
        ada = await change.talk.owner()
        await change.talk.say_all(ada, LIFE)
        await read_all(change, change.slots())
        slots = change.slots("wide", bundled_too=False)
        meanwhile = await asks(change, slots, ada, "the cello of Clara")
        assert meanwhile.degraded
        assert [hit.person_text for hit in meanwhile.hits] == [LIFE[1]]
        assert meanwhile.hits[0].parts.similarity < meanwhile.hits[0].parts.keyword
        await change.talk.say(ada, "I learn to knit.")
        await change.job(slots).run()
        await read_all(change, slots)
        slots = change.slots("wide", bundled_too=False)
        assert not (await asks(change, slots, ada)).degraded
        assert await change.vectors() == len(LIFE) + 1

    async def test_what_only_the_new_one_read_is_read_when_it_is_dropped(
        self, change: Changing
    ) -> None:
        ada = await change.talk.owner()
        await change.talk.say_all(ada, LIFE)
        await read_all(change, change.slots())
        slots = change.slots("wide", bundled_too=False)
        await change.job(slots, NeverComplete(change.talk.database)).run()
        await change.talk.say(ada, "I learn to knit.")
        await read_all(change, slots)
        assert await change.vectors("embedding") == len(LIFE)
        assert await change.vectors() == len(LIFE) + 1
        await change.job(change.slots()).run()
        assert (await change.states())["b"] == ("wide", "leaving")
        await read_all(change, change.slots())
        assert await change.vectors("embedding") == len(LIFE) + 1


class TestReadings:
    async def test_what_was_read_for_slots_of_before_is_not_written(self, change: Changing) -> None:
        slots = change.slots()
        holdings = await slots.holdings()
        await change.job(change.slots("wide")).run()
        with pytest.raises(SlotsChanged):
            async with slots.keeping(holdings):
                pass

    async def test_a_model_that_changed_its_width_is_one_that_is_away(
        self, change: Changing
    ) -> None:
        ada, _ = await changed(change)
        change.endpoint.widths = {"wide": 300}
        slots = change.slots("wide")
        assert (await asks(change, slots, ada, "Clara")).degraded
        await change.talk.say(ada, "I learn to knit.")
        with pytest.raises(EmbeddingUnavailable):
            await read_all(change, slots)


def similarities(found: Recalled) -> dict[MemoryId, float]:
    return {hit.memory_id: hit.parts.similarity for hit in found.hits}


def same(found: Mapping[MemoryId, float], whole: Mapping[MemoryId, float]) -> bool:
    return found.keys() == whole.keys() and all(
        found[it] == pytest.approx(whole[it]) for it in found
    )
