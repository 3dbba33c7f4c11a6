"""What a person decides about facts: it counts for ever, and what is gone leaves no words."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.memory.facts.knowing import Known
from tests.memory.reflection.gathering import tables_with
from tzurot.errors import FactNotFound, RequestIdReused
from tzurot.memory.facts.fact import Origin, State
from tzurot.memory.venues import Venue


class TestForgetting:
    async def test_it_is_not_learnt_again_in_the_same_nor_in_other_words(
        self, known: Known
    ) -> None:
        fact = await known.knows("Ada's brother is called Tom.")
        await known.facts.forget(known.own, fact.fact_id)
        for words in ("Ada's brother is called Tom.", "Tom is Ada's brother.",
                      "Adas Bruder heißt Tom."):  # fmt: skip
            assert await known.learns(words) is None
        assert await known.told() == []

    async def test_what_is_near_it_is_learnt(self, known: Known) -> None:
        fact = await known.knows("Ada's brother is called Tom.")
        await known.facts.forget(known.own, fact.fact_id)
        assert await known.learns("Ada's cousin is called Tom.")
        assert await known.learns("Ada's brother is called Jim.")

    async def test_what_it_superseded_goes_with_it(self, known: Known) -> None:
        first = await known.knows("Ada lives in Porto.")
        second = await known.knows("Ada lives in Lisbon.", instead=first)
        third = await known.knows("Ada lives in Berlin.", instead=second)
        await known.facts.forget(known.own, third.fact_id)
        assert await known.told(State.SUPERSEDED) == []
        assert await known.learns("Ada vive en Oporto.")  # a city of another name
        assert await known.learns("Ada lives in Porto.") is None

    async def test_its_words_are_nowhere(self, known: Known) -> None:
        fact = await known.facts.create(known.owner, "Ada hums zyxwv at dawn.", None)
        assert await tables_with(known.talk.database, "zyxwv") == {"public.facts"}
        await known.facts.forget(known.own, fact.fact_id)
        assert await tables_with(known.talk.database, "zyxwv") == set()

    async def test_it_is_of_this_character_alone(self, known: Known) -> None:
        fact = await known.knows("Ada's brother is called Tom.")
        await known.facts.forget(known.own, fact.fact_id)
        other = await Known.by(known.talk)
        assert await other.learns("Ada's brother is called Tom.")

    async def test_who_tells_it_again_is_believed(self, known: Known) -> None:
        fact = await known.knows("Ada's brother is called Tom.")
        await known.facts.forget(known.own, fact.fact_id)
        told = await known.facts.create(known.owner, "Ada has a brother named Tom.", None)
        await known.facts.forget(known.own, told.fact_id)
        await known.facts.create(known.owner, "Tom is Ada's brother.", None)
        assert await known.told() == ["Tom is Ada's brother."]


class TestCorrecting:
    async def test_it_stands_against_whatever_is_learnt(self, known: Known) -> None:
        fact = await known.knows("Ada's brother is called Tom.")
        right = await known.facts.correct(known.own, fact.fact_id, "Ada's brother is called Tim.")
        assert right.origin is Origin.TOLD
        for words in ("Ada's brother is called Tom.", "Tom is Ada's brother.",
                      "Ada's brother is called Jim.", "Ada has a brother named Tim."):  # fmt: skip
            assert await known.learns(words, instead=right) is None
            assert await known.learns(words) is None
        assert await known.told() == ["Ada's brother is called Tim."]

    async def test_the_old_words_are_nowhere(self, known: Known) -> None:
        fact = await known.facts.create(known.owner, "Ada hums zyxwv at dawn.", None)
        await known.facts.correct(known.own, fact.fact_id, "Ada sings at dawn.")
        assert await tables_with(known.talk.database, "zyxwv") == set()

    async def test_what_it_had_superseded_stays_superseded(self, known: Known) -> None:
        first = await known.knows("Ada lives in Porto.")
        second = await known.knows("Ada lives in Lisbon.", instead=first)
        right = await known.facts.correct(known.own, second.fact_id, "Ada lives in Berlin.")
        _, before = await known.facts.get(known.own, right.fact_id)
        assert [it.text for it in before] == ["Ada lives in Porto."]

    async def test_the_same_words_make_it_theirs(self, known: Known) -> None:
        fact = await known.knows("Ada keeps bees.")
        same = await known.facts.correct(known.own, fact.fact_id, "Ada keeps bees.")
        assert same.origin is Origin.TOLD
        assert await known.told() == ["Ada keeps bees."]

    async def test_a_deleted_source_takes_nothing_of_it(self, known: Known) -> None:
        fact = await known.knows("Ada's brother is called Tom.")
        await known.facts.correct(known.own, fact.fact_id, "Ada's brother is called Tim.")
        await _delete(known, *fact.source_ids)
        assert await known.told() == ["Ada's brother is called Tim."]

    async def test_one_that_is_so_no_more_stays_so(self, known: Known) -> None:
        first = await known.knows("Ada lives in Porto.")
        second = await known.knows("Ada lives in Lisbon.", instead=first)
        right = await known.facts.correct(known.own, first.fact_id, "Ada lived in Braga.")
        assert (right.state, right.superseded_by_id) == (State.SUPERSEDED, second.fact_id)
        assert await known.told() == ["Ada lives in Lisbon."]


class TestReverting:
    async def test_what_it_superseded_counts_again_and_it_is_not_learnt_again(
        self, known: Known
    ) -> None:
        first = await known.knows("Ada drinks coffee.")
        second = await known.knows("Ada quit coffee.", instead=first)
        before = await known.facts.revert(known.own, second.fact_id)
        assert before
        assert (before.text, before.state, before.valid_until) == (
            "Ada drinks coffee.", State.CURRENT, None,
        )  # fmt: skip
        assert await known.learns("Ada stopped drinking coffee.", instead=before) is None
        assert await known.told() == ["Ada drinks coffee."]

    async def test_of_one_that_superseded_nothing_nothing_is_left(self, known: Known) -> None:
        fact = await known.knows("Ada drinks coffee.")
        assert await known.facts.revert(known.own, fact.fact_id) is None
        with pytest.raises(FactNotFound):
            await known.facts.revert(known.own, fact.fact_id)

    async def test_of_one_in_the_middle_the_others_stay_as_they_are(self, known: Known) -> None:
        first = await known.knows("Ada lives in Porto.")
        second = await known.knows("Ada lives in Lisbon.", instead=first)
        third = await known.knows("Ada lives in Berlin.", instead=second)
        assert await known.facts.revert(known.own, second.fact_id) is None
        assert (await known.fact("Ada lives in Porto.")).superseded_by_id == third.fact_id
        assert await known.told() == ["Ada lives in Berlin."]


class TestAsking:
    async def test_nothing_counts_before_a_yes(self, known: Known) -> None:
        first = await known.knows("Ada drinks coffee.")
        second = await known.knows("Ada quit coffee.", instead=first, asks=True)
        assert await known.told() == ["Ada drinks coffee."]
        assert await known.told(State.PROPOSED) == ["Ada quit coffee."]
        await known.facts.confirm(known.own, second.fact_id)
        assert await known.told() == ["Ada quit coffee."]
        assert (await known.fact("Ada drinks coffee.")).superseded_by_id == second.fact_id

    async def test_a_no_is_for_ever(self, known: Known) -> None:
        fact = await known.knows("Ada quit coffee.", asks=True)
        await known.facts.revert(known.own, fact.fact_id)
        assert await known.learns("Ada no longer drinks coffee.", asks=True) is None

    async def test_it_is_asked_once(self, known: Known) -> None:
        await known.knows("Ada quit coffee.", asks=True)
        assert await known.learns("Ada no longer drinks coffee.", asks=True) is None
        assert len(await known.told(State.PROPOSED)) == 1

    async def test_a_second_yes_changes_nothing(self, known: Known) -> None:
        fact = await known.knows("Ada quit coffee.", asks=True)
        await known.facts.confirm(known.own, fact.fact_id)
        again = await known.facts.confirm(known.own, fact.fact_id)
        assert again.state is State.CURRENT


class TestTelling:
    async def test_it_takes_the_place_of_what_says_the_same_or_otherwise(
        self, known: Known
    ) -> None:
        await known.knows("Ada has a brother named Tom.")
        await known.knows("Ada's favorite color is green.")
        await known.facts.create(known.owner, "Ada's brother is called Tom.", None)
        await known.facts.create(known.owner, "Ada's favorite color is blue.", None)
        assert await known.told() == [
            "Ada's favorite color is blue.", "Ada's brother is called Tom.",
        ]  # fmt: skip
        assert await known.told(State.SUPERSEDED) == ["Ada's favorite color is green."]

    async def test_a_second_cat_is_no_contradiction(self, known: Known) -> None:
        await known.facts.create(known.owner, "Ada has a cat called Miso.", None)
        assert await known.learns("Ada has a cat called Pepper.")

    async def test_it_is_told_in_confidence(self, known: Known) -> None:
        fact = await known.facts.create(known.owner, "Ada keeps bees.", None)
        assert (fact.place.venue, fact.source_ids) == (Venue.DIRECT, ())

    async def test_a_repeated_request_gives_the_same(self, known: Known) -> None:
        request_id = uuid4()
        first = await known.facts.create(known.owner, "Ada keeps bees.", request_id)
        again = await known.facts.create(known.owner, "Ada keeps bees.", request_id)
        assert again.fact_id == first.fact_id
        with pytest.raises(RequestIdReused):
            await known.facts.create(known.owner, "Ada keeps goats.", request_id)


class TestOwning:
    async def test_another_s_does_not_exist(self, known: Known) -> None:
        fact = await known.knows("Ada keeps bees.")
        others = [(await known.talk.owner()).persona_id]
        for call in (known.facts.get, known.facts.confirm, known.facts.revert, known.facts.forget):
            with pytest.raises(FactNotFound):
                await call(others, fact.fact_id)
        with pytest.raises(FactNotFound):
            await known.facts.correct(others, fact.fact_id, "Ada keeps goats.")
        assert await known.told() == ["Ada keeps bees."]

    async def test_pages_go_from_the_newest_on(self, known: Known) -> None:
        texts = ["Ada keeps bees.", "Ada speaks Polish.", "Ada hates olives."]
        for words in texts:
            await known.knows(words)
        first = await known.facts.list(known.own, personality_id=None, before=None, limit=2)
        rest = await known.facts.list(
            known.own, personality_id=None, before=first[-1].fact_id, limit=2
        )
        assert [it.text for it in (*first, *rest)] == texts[::-1]


async def _delete(known: Known, *memory_ids: UUID) -> None:
    async with known.talk.database.transaction() as tx:
        for memory_id in memory_ids:
            await tx.execute(text("DELETE FROM memories WHERE id = :id"), {"id": memory_id})
