"""What becomes of what is found: once, whoever is killed when, and only while its sources stand."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.memory.facts.knowing import Known
from tests.memory.talk import DIRECT
from tzurot import clock
from tzurot.memory.facts import fact_store
from tzurot.memory.facts.fact import State, more_private
from tzurot.memory.facts.keeping import ENOUGH, MOST_CALLS, QUIET, Keeping
from tzurot.memory.venues import Place, Venue, Where

CHANNEL = Where(Venue.PUBLIC_CHANNEL, "discord", "1")
DAY = timedelta(days=1)


async def _execute(known: Known, statement: str, **values: object) -> None:
    async with known.talk.database.transaction() as tx:
        await tx.execute(text(statement), values)


async def _delete(known: Known, memory_id: UUID) -> None:
    await _execute(known, "DELETE FROM memories WHERE id = :id", id=memory_id)


async def _is_due(keeping: Keeping, known: Known, later: timedelta = timedelta(0)) -> bool:
    return known.owner in await keeping.due(clock.now() + later, 100)


class TestSources:
    async def test_near_duplicates_become_sources_of_one_fact(self, known: Known) -> None:
        fact = await known.knows("Ada has a cat called Miso.")
        for words in ("Ada's cat is named Miso.", "Miso is Ada's cat."):
            assert await known.learns(words) is None
        assert await known.told() == ["Ada has a cat called Miso."]
        assert len((await known.fact(fact.text)).source_ids) == 3

    async def test_a_fact_goes_with_its_last_source(self, known: Known) -> None:
        fact = await known.knows("Ada has a cat called Miso.")
        await known.learns("Ada's cat is named Miso.")
        first, second = (await known.fact(fact.text)).source_ids
        await _delete(known, first)
        assert await known.told() == [fact.text]
        await _delete(known, second)
        assert await known.told() == []

    @pytest.mark.parametrize(
        "change", ["person_text = 'No.'", "dormant = true", "venue = 'direct'"]
    )
    async def test_a_source_that_is_another_one_now_is_none(
        self, known: Known, change: str
    ) -> None:
        fact = await known.knows("Ada has a cat called Miso.", where=CHANNEL)
        (source,) = fact.source_ids
        await _execute(known, f"UPDATE memories SET {change} WHERE id = :id", id=source)  # noqa: S608
        assert await known.told() == []
        waits = [it.memory_id for it in await known.reads()]
        assert waits == ([] if "dormant" in change else [source])

    async def test_what_it_superseded_does_not_come_back(self, known: Known) -> None:
        """That it is no longer so was said; to take the words back doesn't make it so again."""
        first = await known.knows("Ada drinks coffee.")
        second = await known.knows("Ada quit coffee.", instead=first)
        await _delete(known, second.source_ids[0])
        assert await known.told() == []
        old = await known.fact("Ada drinks coffee.")
        assert (old.state, old.superseded_by_id) == (State.SUPERSEDED, None)
        assert old.valid_until == second.valid_from

    async def test_two_who_take_away_the_last_two_take_the_fact(self, known: Known) -> None:
        fact = await known.knows("Ada has a cat called Miso.")
        await known.learns("Ada's cat is named Miso.")
        sources = (await known.fact(fact.text)).source_ids
        await asyncio.gather(*(_delete(known, it) for it in sources))
        assert await known.told() == []

    async def test_it_is_counted_what_goes_with_memories(self, known: Known) -> None:
        fact = await known.knows("Ada has a cat called Miso.")
        await known.learns("Ada's cat is named Miso.")
        await known.knows("Ada keeps bees.")
        first, second = (await known.fact(fact.text)).source_ids
        bees = (await known.fact("Ada keeps bees.")).source_ids
        for ids, count in (((first,), 0), ((first, second), 1), ((*bees, first), 1), ((), 0)):
            async with known.talk.database.reading() as tx:
                assert await fact_store.learnt_from_alone(tx, ids) == count

    async def test_where_it_may_be_told_is_the_most_private_place(self, known: Known) -> None:
        await known.knows("Ada has a cat called Miso.", where=CHANNEL)
        await known.learns("Ada's cat is named Miso.", where=DIRECT)
        await known.learns("Miso is Ada's cat.", where=CHANNEL)
        assert (await known.fact("Ada has a cat called Miso.")).place.venue is Venue.DIRECT

    def test_more_private(self) -> None:
        public = Place(Venue.PUBLIC_CHANNEL, "discord", "1", age_restricted=True)
        private = Place(Venue.PRIVATE_CHANNEL, "discord", "2", age_restricted=False)
        other = Place(Venue.PRIVATE_CHANNEL, "discord", "3", age_restricted=False)
        assert more_private(public, private) == Place(
            Venue.PRIVATE_CHANNEL, "discord", "2", age_restricted=True
        )
        assert more_private(private, other) == private


class TestTime:
    async def test_what_is_so_now_says_since_when(self, known: Known) -> None:
        long_ago, lately = clock.now() - 400 * DAY, clock.now() - 3 * DAY
        first = await known.knows("Ada drinks coffee.", when=long_ago)
        second = await known.knows("Ada quit coffee.", when=lately, instead=first)
        old = await known.fact(first.text)
        assert (old.valid_from, old.valid_until) == (long_ago, lately)
        assert (second.valid_from, second.valid_until) == (lately, None)

    async def test_what_was_said_before_supersedes_nothing(self, known: Known) -> None:
        now = await known.knows("Ada lives in Lisbon.")
        before = clock.now() - 400 * DAY
        assert await known.learns("Ada lives in Porto.", when=before, instead=now) is None
        assert await known.told() == ["Ada lives in Lisbon."]

    async def test_what_was_so_once_is_not_so_again_by_old_words(self, known: Known) -> None:
        first = await known.knows("Ada drinks coffee.", when=clock.now() - 9 * DAY)
        await known.knows("Ada quit coffee.", instead=first, when=clock.now() - 5 * DAY)
        await known.learns("Ada loves to drink coffee.", when=clock.now() - 7 * DAY)
        assert await known.told() == ["Ada quit coffee."]

    async def test_it_can_be_so_again(self, known: Known) -> None:
        first = await known.knows("Ada lives in Porto.", when=clock.now() - 9 * DAY)
        second = await known.knows(
            "Ada lives in Lisbon.", instead=first, when=clock.now() - 5 * DAY
        )
        await known.knows("Ada lives in Porto.", instead=second)
        assert await known.told() == ["Ada lives in Porto."]

    async def test_what_has_nothing_to_do_with_it_does_not_supersede_it(self, known: Known) -> None:
        bees = await known.knows("Ada keeps bees on her roof.")
        await known.knows("Ada was divorced in 2019.", instead=bees)
        assert sorted(await known.told()) == [
            "Ada keeps bees on her roof.", "Ada was divorced in 2019.",
        ]  # fmt: skip

    async def test_what_is_played_never_supersedes_what_is_so(self, known: Known) -> None:
        real = await known.knows("Ada lives in Porto.")
        played = await known.knows("Ada lives in Atlantis.", instead=real, played=True)
        assert played.fictional
        assert (await known.fact(real.text)).state is State.CURRENT

    async def test_what_is_played_is_not_known_by_what_is_so(self, known: Known) -> None:
        await known.knows("Ada lives in Porto.", played=True)
        assert await known.learns("Ada lives in Porto.")


class TestOnce:
    async def test_what_was_looked_at_is_not_looked_at_again(self, known: Known) -> None:
        await known.says("Ada keeps bees.")
        (it,) = await known.reads()
        found = [await known.statement(it, "Ada keeps bees.")]
        assert len(await known.keeping.keep(known.owner, [it], found, asks=False)) == 1
        assert await known.keeping.keep(known.owner, [it], found, asks=False) == []
        assert await known.reads() == []

    async def test_two_who_found_the_same_keep_it_once(self, known: Known) -> None:
        await known.says("Ada keeps bees.")
        (it,) = await known.reads()
        found = [await known.statement(it, "Ada keeps bees.")]
        kept = await asyncio.gather(
            *(known.keeping.keep(known.owner, [it], found, asks=False) for _ in range(5))
        )
        assert sum(map(len, kept)) == 1
        assert await known.told() == ["Ada keeps bees."]

    async def test_who_is_killed_before_the_end_has_changed_nothing(self, known: Known) -> None:
        await known.says("Ada keeps bees.")
        (it,) = await known.reads()
        wrong = await known.statement(it, "Ada keeps bees.")
        broken = [wrong, await known.statement(it, "")]  # the table refuses it
        with pytest.raises(Exception, match="facts_text_check"):
            await known.keeping.keep(known.owner, [it], broken, asks=False)
        assert await known.told() == []
        assert [waits.memory_id for waits in await known.reads()] == [it.memory_id]

    async def test_an_exchange_with_other_words_by_now_waits_on(self, known: Known) -> None:
        memory_id = await known.says("Ada keeps bees.")
        (it,) = await known.reads()
        await _execute(
            known, "UPDATE memories SET person_text = 'I lied.' WHERE id = :id", id=memory_id
        )
        found = [await known.statement(it, "Ada keeps bees.")]
        assert await known.keeping.keep(known.owner, [it], found, asks=False) == []
        assert [waits.person_text for waits in await known.reads()] == ["I lied."]

    async def test_one_that_is_gone_by_now_says_nothing(self, known: Known) -> None:
        await _delete(known, await known.says("Ada keeps goats."))
        memory_id = await known.says("Ada keeps bees.")
        (it,) = await known.reads()
        found = [await known.statement(it, "Ada keeps bees.")]
        await _delete(known, memory_id)
        assert await known.keeping.keep(known.owner, [it], found, asks=False) == []
        assert await known.told() == []

    async def test_only_what_was_said_in_turns_is_looked_at(self, known: Known) -> None:
        await known.talk.say(known.owner, "Ada keeps bees.")  # it came from elsewhere
        assert await known.reads() == []


class TestWhen:
    async def test_it_is_time_after_six_exchanges(self, known: Known) -> None:
        for number in range(ENOUGH):
            assert not await _is_due(known.keeping, known)
            await known.says(f"Line {number}.")
        assert await _is_due(known.keeping, known)

    async def test_or_after_an_hour_of_quiet(self, known: Known) -> None:
        await known.says("Hello.")
        minute = timedelta(minutes=1)
        assert not await _is_due(known.keeping, known, QUIET - minute)
        assert await _is_due(known.keeping, known, QUIET + minute)

    async def test_one_at_a_time_looks(self, known: Known) -> None:
        now = clock.now()
        claimed = await asyncio.gather(*(known.keeping.claim(known.owner, now) for _ in range(4)))
        assert sorted(claimed) == [False, False, False, True]

    async def test_who_was_killed_is_followed_by_another(self, known: Known) -> None:
        assert await known.keeping.claim(known.owner, clock.now())
        assert await known.keeping.claim(known.owner, clock.now() + timedelta(minutes=11))

    async def test_a_busy_provider_is_asked_ever_more_rarely(self, known: Known) -> None:
        await known.says("Hello.")
        now, waits = clock.now() + 2 * DAY, list[timedelta]()
        for _ in range(12):
            assert await known.keeping.claim(known.owner, now)
            await known.keeping.put_off(known.owner, now)
            waits.append(await _wait(known, now))
            now += waits[-1]
        assert waits[:3] == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]
        assert waits[-1] == timedelta(hours=12)

    async def test_what_worked_is_no_failure_any_more(self, known: Known) -> None:
        await known.says("Hello.")
        now = clock.now()
        await known.keeping.claim(known.owner, now)
        for _ in range(5):
            await known.keeping.put_off(known.owner, now)
        await known.keeping.keep(known.owner, await known.reads(), [], asks=False)
        await known.keeping.put_off(known.owner, now)
        assert await _wait(known, now) == timedelta(minutes=5)

    async def test_a_day_has_a_hundred_calls(self, known: Known) -> None:
        await known.says("Hello.")
        now = clock.now().replace(hour=12) + DAY
        for _ in range(MOST_CALLS):
            assert await known.keeping.claim(known.owner, now)
            await _execute(known, "UPDATE fact_marks SET due_time = now() - interval '1 day'")
        assert not await known.keeping.claim(known.owner, now)
        assert known.owner not in await known.keeping.due(now, 100)
        assert await known.keeping.claim(known.owner, now + DAY)


async def _wait(known: Known, now: datetime) -> timedelta:
    async with known.talk.database.reading() as tx:
        due: datetime = (await tx.execute(text("SELECT due_time FROM fact_marks"))).scalar_one()
    return due - now
