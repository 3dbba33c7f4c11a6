"""Confirmations of a purge: for one person, one request, a while, and once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.memory.purger import BUT_NONE, EVERYTHING, Purger, purger, rows
from tests.memory.reflection.gathering import BEES, MORE, gathered
from tests.memory.talk import Talk
from tzurot import clock
from tzurot.errors import (
    ConfirmationExpired,
    ConfirmationInvalid,
    ConfirmationMismatch,
    ConfirmationUsed,
    MemoryNotFound,
    TzurotError,
)
from tzurot.memory.filters import ALL, Filter
from tzurot.memory.purging import Preview, Purge
from tzurot.memory.sectors import Sector
from tzurot.memory.venues import Venue


@pytest.fixture
async def ada(talk: Talk) -> Purger:
    return await purger(talk)


class TestConfirmation:
    """Each refusal leaves everything as it was: the right request works afterwards."""

    @pytest.fixture(autouse=True)
    async def shown(self, talk: Talk, ada: Purger) -> Preview:
        await talk.say_all(ada.owner, ["One.", "Two."])
        return await ada.looks()

    async def refused(self, ada: Purger, by: Purger, confirmation: str, ask: Purge) -> TzurotError:
        before = await ada.has()
        with pytest.raises(TzurotError) as refusal:
            await by.purges(confirmation, ask)
        assert await ada.has() == before
        return refusal.value

    async def test_is_stored_only_as_a_digest(self, talk: Talk, shown: Preview) -> None:
        ((kept,),) = await rows(talk, "SELECT c::text FROM purge_confirmations c")
        assert shown.confirmation not in kept

    async def test_of_somebody_else_is_none(self, talk: Talk, ada: Purger, shown: Preview) -> None:
        eve = await purger(talk)
        refusal = await self.refused(ada, eve, shown.confirmation, EVERYTHING)
        assert isinstance(refusal, ConfirmationInvalid)
        assert (await ada.purges(shown.confirmation)).memory_count == 2

    @pytest.mark.parametrize("changed", ["", "x", "…", "x" * 200])
    async def test_that_nobody_was_given_is_none(
        self, ada: Purger, shown: Preview, changed: str
    ) -> None:
        refusal = await self.refused(ada, ada, changed + shown.confirmation[1:], EVERYTHING)
        assert isinstance(refusal, ConfirmationInvalid)
        assert (await ada.purges(shown.confirmation)).memory_count == 2

    @pytest.mark.parametrize(
        "changed",
        [
            Purge(None, ALL, include_locked=True),
            Purge(clock.uuid7(), ALL, include_locked=False),
            Purge(None, Filter(locked=False), include_locked=False),
            Purge(None, Filter(occur_until=clock.now() + timedelta(days=9)), include_locked=False),
            Purge(None, Filter(sectors=frozenset(Sector)), include_locked=False),
            Purge(None, Filter(venues=frozenset(Venue)), include_locked=False),
            Purge(None, Filter(persona_ids=frozenset({clock.uuid7()})), include_locked=False),
        ],
    )
    async def test_of_another_request_is_refused(
        self, ada: Purger, shown: Preview, changed: Purge
    ) -> None:
        refusal = await self.refused(ada, ada, shown.confirmation, changed)
        assert isinstance(refusal, ConfirmationMismatch)
        assert (await ada.purges(shown.confirmation)).memory_count == 2

    async def test_expires(self, talk: Talk, ada: Purger, shown: Preview) -> None:
        assert shown.expire_time is not None
        assert timedelta(minutes=9) < shown.expire_time - clock.now() <= timedelta(minutes=10)
        ((expiring,),) = await rows(talk, "SELECT expire_time FROM purge_confirmations")
        await rows(talk, "UPDATE purge_confirmations SET expire_time = now() RETURNING 1")
        refusal = await self.refused(ada, ada, shown.confirmation, EVERYTHING)
        assert isinstance(refusal, ConfirmationExpired)
        await rows(
            talk, "UPDATE purge_confirmations SET expire_time = :then RETURNING 1", then=expiring
        )
        assert (await ada.purges(shown.confirmation)).memory_count == 2

    async def test_counts_once(self, talk: Talk, ada: Purger, shown: Preview) -> None:
        await ada.purges(shown.confirmation)
        await talk.say(ada.owner, "Three.")
        for ask in (EVERYTHING, BUT_NONE):
            refusal = await self.refused(ada, ada, shown.confirmation, ask)
            assert isinstance(refusal, ConfirmationUsed)

    async def test_sent_twice_at_once_counts_once(self, ada: Purger, shown: Preview) -> None:
        done = await asyncio.gather(
            *(ada.purges(shown.confirmation) for _ in range(8)), return_exceptions=True
        )
        assert sorted(type(it).__name__ for it in done) == ["ConfirmationUsed"] * 7 + ["Purged"]

    async def test_of_each_preview_counts(self, ada: Purger, shown: Preview) -> None:
        second = await ada.looks()
        assert (await ada.purges(shown.confirmation)).memory_count == 2
        assert (await ada.purges(second.confirmation)).memory_count == 0

    async def test_that_is_long_over_is_swept_and_not_before(
        self, talk: Talk, ada: Purger, shown: Preview
    ) -> None:
        await rows(
            talk, "UPDATE purge_confirmations SET expire_time = :then RETURNING 1",
            then=clock.now() - timedelta(minutes=59),
        )  # fmt: skip
        fresh = await ada.looks()
        assert await ada.purging.sweep() == 0
        await rows(
            talk,
            "UPDATE purge_confirmations SET expire_time = :then WHERE expire_time < :now"
            " RETURNING 1",
            then=clock.now() - timedelta(minutes=61),
            now=clock.now(),
        )
        assert await ada.purging.sweep() == 1
        refusal = await self.refused(ada, ada, shown.confirmation, EVERYTHING)
        assert isinstance(refusal, ConfirmationInvalid)
        assert (await ada.purges(fresh.confirmation)).memory_count == 2


class TestTogether:
    async def test_a_turn_goes_on_while_a_purge_is_held_up(self, talk: Talk, ada: Purger) -> None:
        ids = await talk.say_all(ada.owner, [f"Number {it}." for it in range(50)])
        preview = await ada.looks()
        async with talk.database.transaction() as tx:
            await tx.execute(
                text("SELECT 1 FROM memories WHERE id = :id FOR UPDATE"), {"id": ids[-1]}
            )
            purging = asyncio.create_task(ada.purges(preview.confirmation))
            await waiting(talk)
            said = await talk.say(ada.owner, "I go on.")
            assert (await talk.asks(ada.owner, "Number 3."))[0].memory_id == ids[3]
            assert not purging.done()
        assert (await purging).memory_count == 50
        assert await ada.has() == {said}

    async def test_it_goes_on_when_its_caller_has_gone(self, talk: Talk, ada: Purger) -> None:
        ids = await talk.say_all(ada.owner, ["One.", "Two."])
        preview = await ada.looks()
        async with talk.database.transaction() as tx:
            await tx.execute(
                text("SELECT 1 FROM memories WHERE id = :id FOR UPDATE"), {"id": ids[-1]}
            )
            purging = asyncio.create_task(ada.purges(preview.confirmation))
            await waiting(talk)
            purging.cancel()
            again = asyncio.create_task(ada.purges(preview.confirmation))
        with pytest.raises(ConfirmationUsed):
            await again
        assert await ada.has() == set()
        assert (await purging).memory_count == 2

    async def test_it_and_who_takes_memories_away_wait_and_not_in_a_circle(
        self, talk: Talk, ada: Purger
    ) -> None:
        for _ in range(5):
            ids = await gathered(talk, ada.owner, [*BEES, MORE])
            preview = await ada.looks()
            done = await asyncio.gather(
                ada.purges(preview.confirmation),
                *(ada.memories.delete([ada.owner.persona_id], it) for it in reversed(ids)),
                return_exceptions=True,
            )
            wrong = [it for it in done if isinstance(it, BaseException)]
            assert all(isinstance(it, MemoryNotFound) for it in wrong), wrong
            assert await ada.has() == set()


async def waiting(talk: Talk) -> None:
    """Wait until a statement waits for a lock."""
    query = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(60):
        while not await rows(talk, query):
            await asyncio.sleep(0.01)
