"""The relay: nothing is lost and nothing deleted comes back, wherever it is interrupted."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from tests.memory.talk import Talk
from tzurot import clock
from tzurot.errors import IndexUnavailable
from tzurot.memory.index.outbox import BATCH, CLAIM
from tzurot.memory.index.port import CANDIDATES, Forgotten, IndexEntry
from tzurot.memory.question import Question
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.tables import IndexOutbox, Memory
from tzurot.personality.tables import Personality


class Shelf:
    """An engine in a dictionary; it can be away, or something can happen once it has stored."""

    def __init__(self) -> None:
        self.entries: dict[UUID, IndexEntry] = {}
        self.away = False
        self.after_storing: Callable[[], Awaitable[None]] | None = None

    async def candidates(
        self, owner: Owner, question: Question, *, limit: int = CANDIDATES
    ) -> Sequence[MemoryId]:
        raise IndexUnavailable

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        if self.away:
            raise IndexUnavailable
        self.entries |= {entry.memory_id: entry for entry in entries}
        if self.after_storing:
            await self.after_storing()

    async def delete(self, forgotten: Sequence[Forgotten]) -> None:
        if self.away:
            raise IndexUnavailable
        for gone in forgotten:
            self.entries.pop(gone.memory_id, None)


async def forget(talk: Talk, memory_id: UUID) -> None:
    async with talk.database.transaction() as tx:
        await tx.execute(delete(Memory).where(Memory.id == memory_id))


async def test_the_relay_embeds_and_stores_and_clears(talk: Talk) -> None:
    ada, shelf = await talk.owner(), Shelf()
    told = await talk.say(ada, "I keep bees.", "Lovely.")
    assert await talk.relay(shelf).drain() == 1
    assert shelf.entries[told].owner == ada
    assert "bee" in shelf.entries[told].words.split()
    assert len(shelf.entries[told].vector) == 384
    assert await talk.relay(shelf).backlog() == 0
    assert await talk.relay(shelf).drain() == 0


async def test_more_than_one_batch_is_carried(talk: Talk) -> None:
    ada, shelf = await talk.owner(), Shelf()
    await talk.say_all(ada, [f"I keep {n} bees." for n in range(BATCH + 3)])
    assert await talk.relay(shelf).drain() == BATCH + 3
    assert len(shelf.entries) == BATCH + 3


async def test_while_the_engine_is_away_the_rows_wait_and_then_arrive(talk: Talk) -> None:
    ada, shelf = await talk.owner(), Shelf()
    told = await talk.say(ada, "I keep bees.")
    shelf.away = True
    with pytest.raises(IndexUnavailable):
        await talk.relay(shelf).drain()
    assert await talk.relay(shelf).backlog() == 1
    shelf.away = False
    assert await talk.relay(shelf).drain() == 1
    assert set(shelf.entries) == {told}


async def test_an_engine_that_is_away_keeps_no_vector_from_postgres(talk: Talk) -> None:
    ada, shelf = await talk.owner(), Shelf()
    await talk.say(ada, "My favorite film is Spirited Away.")
    shelf.away = True
    with pytest.raises(IndexUnavailable):
        await talk.relay(shelf).drain()
    assert await talk.asks(ada, "Which movie do I like best?")


async def test_a_memory_deleted_before_its_turn_is_never_stored(talk: Talk) -> None:
    ada, shelf = await talk.owner(), Shelf()
    await forget(talk, await talk.say(ada, "My password is swordfish."))
    assert await talk.relay(shelf).drain() == 2
    assert not shelf.entries


async def test_a_memory_deleted_while_it_is_stored_is_taken_back(talk: Talk) -> None:
    ada, shelf = await talk.owner(), Shelf()
    told = await talk.say(ada, "My password is swordfish.")

    async def delete_it() -> None:
        await forget(talk, told)

    shelf.after_storing = delete_it
    await talk.relay(shelf).drain()
    assert not shelf.entries


async def test_a_slow_relay_cannot_bring_back_what_a_fast_one_deleted(talk: Talk) -> None:
    ada, shelf, fast = await talk.owner(), Shelf(), Shelf()
    told = await talk.say(ada, "My password is swordfish.")
    fast.entries = shelf.entries  # the same engine, seen by another relay

    async def overtake() -> None:
        shelf.after_storing = None
        stored = shelf.entries.pop(told)  # not stored yet when the other one deletes
        await forget(talk, told)
        await talk.relay(fast).drain()
        shelf.entries[told] = stored

    shelf.after_storing = overtake
    await talk.relay(shelf).drain()
    assert not shelf.entries


async def test_a_relay_that_dies_after_storing_has_its_work_done_again(talk: Talk) -> None:
    ada, shelf = await talk.owner(), Shelf()
    told = await talk.say(ada, "I keep bees.")

    async def die() -> None:
        raise KeyboardInterrupt

    shelf.after_storing = die
    with pytest.raises(KeyboardInterrupt):
        await talk.relay(shelf).drain()
    shelf.after_storing = None
    assert await talk.relay(shelf).drain() == 0  # the dead one's claim still holds
    await age_claims(talk)
    assert await talk.relay(shelf).drain() == 1
    assert set(shelf.entries) == {told}


async def test_what_was_deleted_after_a_relay_died_is_not_left_in_the_engine(talk: Talk) -> None:
    ada, shelf = await talk.owner(), Shelf()
    told = await talk.say(ada, "My password is swordfish.")

    async def die() -> None:
        raise KeyboardInterrupt

    shelf.after_storing = die
    with pytest.raises(KeyboardInterrupt):
        await talk.relay(shelf).drain()
    assert set(shelf.entries) == {told}
    shelf.after_storing = None
    await forget(talk, told)
    await talk.relay(shelf).drain()
    assert not shelf.entries


async def test_two_relays_share_the_work(talk: Talk) -> None:
    ada, shelf, other = await talk.owner(), Shelf(), Shelf()
    await talk.say_all(ada, [f"I keep {n} bees." for n in range(BATCH + 5)])
    shares: list[int] = []

    async def drain_elsewhere() -> None:
        shelf.after_storing = None
        shares.append(await talk.relay(other).drain())

    shelf.after_storing = drain_elsewhere
    shares.append(await talk.relay(shelf).drain())
    assert shares == [5, BATCH]


async def test_memories_that_a_deleted_character_took_along_leave_the_engine(talk: Talk) -> None:
    ada, shelf = await talk.owner(), Shelf()
    await talk.say_all(ada, ["I keep bees.", "I ski."])
    await talk.relay(shelf).drain()
    async with talk.database.transaction() as tx:
        await tx.execute(delete(Personality).where(Personality.id == ada.personality_id))
    await talk.relay(shelf).drain()
    assert not shelf.entries


async def test_a_transaction_that_fails_leaves_neither_memory_nor_work(talk: Talk) -> None:
    ada = await talk.owner()
    told = await talk.say(ada, "I keep bees.")
    await talk.relay_all()
    with pytest.raises(LookupError):
        async with talk.database.transaction() as tx:
            await tx.execute(delete(Memory).where(Memory.id == told))
            raise LookupError
    assert await talk.relay(Shelf()).backlog() == 0
    async with talk.database.transaction() as tx:
        assert await tx.scalar(select(Memory.id)) == told


async def age_claims(talk: Talk) -> None:
    """Let the claims of dead relays run out."""
    async with talk.database.transaction() as tx:
        long_ago = clock.now() - CLAIM - timedelta(seconds=1)
        await tx.execute(update(IndexOutbox).values(claim_time=long_ago))


async def test_words_that_change_while_they_are_embedded_are_embedded_anew(talk: Talk) -> None:
    ada, shelf = await talk.owner(), Shelf()
    told = await talk.say(ada, "I keep bees.")

    async def change() -> None:
        shelf.after_storing = None
        async with talk.database.transaction() as tx:
            new = {"person_text": "We adopted a grey cat.", "embedding": None}
            await tx.execute(update(Memory).where(Memory.id == told).values(**new))

    shelf.after_storing = change
    await talk.relay(shelf).drain()
    assert "cat" in shelf.entries[told].words.split()
    assert "bee" not in shelf.entries[told].words.split()


async def test_a_memory_that_falls_asleep_while_it_is_stored_is_taken_back(talk: Talk) -> None:
    ada, shelf = await talk.owner(), Shelf()
    told = await talk.say(ada, "I keep bees.")

    async def sleep() -> None:
        shelf.after_storing = None
        async with talk.database.transaction() as tx:
            await tx.execute(update(Memory).where(Memory.id == told).values(dormant=True))

    shelf.after_storing = sleep
    await talk.relay(shelf).drain()
    assert not shelf.entries
