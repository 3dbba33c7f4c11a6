"""`memory purge`: looked at first, confirmed by a phrase, done once and as it was shown."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import grpc.aio
import pytest
from sqlalchemy import text

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import DONE, OPEN, Dialogue, create, delete
from tests.flow.past import Past
from tzurot import clock

BEES = ("I keep bees.", "Bees dance.", "The queen is old.")


@pytest.fixture
async def past(served: Served, mira: Client) -> Past:
    """Mira's with a character that nobody else on the shared server calls so."""
    return Past(served, mira, await create(mira, name=f"Lilith {uuid4().hex[:8]}"))


async def looked(past: Past, **arguments: str) -> Dialogue:
    """A purge at its look."""
    purge = await begun(past, **arguments)
    await purge.answer("look")
    return purge


async def begun(past: Past, **arguments: str) -> Dialogue:
    slug = past.personality.slug
    return await Dialogue.start(past.client, "memory purge", character=slug, **arguments)


def told(purge: Dialogue) -> dict[str, str]:
    return {item.title: item.text for item in purge.view.items}


class TestLooking:
    async def test_nothing_is_counted_or_kept_before_it_is_asked_for(self, past: Past) -> None:
        await past.say("I keep bees.")
        purge = await begun(past)
        assert purge.view.title == "What is to be forgotten?"
        assert purge.view.body == (
            f"What {past.personality.name} remembers of you.\n\n"
            "Nothing is forgotten before you have seen what it is."
        )
        assert purge.actions == ["look", "filter", "close"]
        assert await confirmations(past) == 0

    async def test_it_counts_what_goes_what_goes_along_and_what_stays(self, past: Past) -> None:
        bees, dance, queen = [await past.say(it) for it in BEES]
        reflection = await past.gather("You like bees.", bees, dance)
        await dreamt(past, reflection)
        await past.lock(queen)
        purge = await looked(past)
        assert purge.view.title == "Forget 3 memories?"
        assert purge.view.body.startswith(f"What {past.personality.name} remembers of you.\n\n")
        assert "This cannot be undone." in purge.view.body
        assert "`FORGET 3 MEMORIES`" in purge.view.body
        shown = told(purge)
        assert shown["1 reflection"] == "gathered from them; counted among them"
        assert shown["1 dream"] == "that told of them"
        assert "1 locked memory stays." in shown
        assert [it.text for it in purge.view.items][-3:] == [
            "You like bees.",
            "Bees dance.",
            "I keep bees.",
        ]
        assert await past.texts() == {*BEES, "You like bees."}

    async def test_a_form_narrows_it(self, past: Past) -> None:
        await past.say("I keep bees.")
        await past.say("I feel sad and lonely.")
        purge = await begun(past)
        await purge.answer("filter", sectors=["emotional"], said="day")
        assert "Only how somebody feels; what was said in the last day." in purge.view.body
        await purge.answer("look")
        assert purge.view.title == "Forget 1 memory?"
        await purge.answer("forget", phrase="forget 1 memory")
        assert await past.texts() == {"I keep bees."}

    async def test_locked_ones_go_only_if_it_is_said(self, past: Past) -> None:
        await past.lock(await past.say("I keep bees."))
        purge = await looked(past)
        assert (purge.view.title, purge.actions) == (
            "Nothing to forget",
            ["choose", "look", "close"],
        )
        assert purge.view.body.endswith("There is nothing of that. 1 locked memory stays.")
        await purge.answer("choose")
        await purge.answer("filter", include_locked="true")
        assert purge.view.body.startswith(
            f"What {past.personality.name} remembers of you. Locked ones, too."
        )
        await purge.answer("look")
        await purge.answer("forget", phrase="FORGET 1 MEMORY")
        assert await past.texts() == set()

    async def test_all_of_ones_own_characters_and_personas_can_be_meant(self, past: Past) -> None:
        other = Past(past.served, past.client, await create(past.client, name="Kit"))
        luna = await past.new_persona("Luna")
        await past.say("I keep bees.")
        await past.say("I keep snakes.", persona=luna)
        await other.say("I keep cats.")
        purge = await Dialogue.start(past.client, "memory purge")
        assert purge.view.body.startswith("What all characters remember of you.")
        await purge.answer("look")
        assert purge.view.title == "Forget 3 memories?"
        await purge.answer("forget", phrase="forget 3 memories")
        assert (await past.texts(), await other.texts()) == (set(), set())

    async def test_it_says_what_hundreds_come_to(self, past: Past) -> None:
        for number in range(120):
            await past.say(f"Number {number}. {'x' * 7900}")
        purge = await looked(past)
        assert purge.view.title == "Forget 120 memories?"
        assert len(purge.view.items) == 10
        await purge.answer("forget", phrase="forget 120 memories")
        assert purge.view.title == "120 memories forgotten"
        assert await past.texts() == set()


class TestToldFacts:
    """They go with everything, and with nothing less."""

    @pytest.fixture(autouse=True)
    async def told_fact(self, past: Past) -> None:
        tell = request_for(
            "CreateFact", personality_id=past.personality.id, text="Mira lives in Bergen."
        )
        await past.client.call("CreateFact", tell)

    async def facts(self, past: Past) -> int:
        listed = request_for("ListFacts", personality_id=past.personality.id)
        return len((await past.client.call("ListFacts", listed)).facts)

    async def test_the_look_counts_them_and_they_go_along(self, past: Past) -> None:
        await past.say("I keep bees.")
        purge = await looked(past)
        assert told(purge)["1 fact"] == "that you told"
        assert "Facts that you had forgotten stay forgotten." in purge.view.body
        await purge.answer("forget", phrase="forget 1 memory")
        assert told(purge) == {"1 fact": "that you told"}
        assert await self.facts(past) == 0

    async def test_a_filter_leaves_them(self, past: Past) -> None:
        await past.say("I keep bees.")
        purge = await begun(past)
        await purge.answer("filter", said="day")
        await purge.answer("look")
        await purge.answer("forget", phrase="forget 1 memory")
        assert (await past.texts(), await self.facts(past)) == (set(), 1)

    async def test_they_can_go_alone(self, past: Past) -> None:
        purge = await looked(past)
        assert purge.view.title == "Forget 1 fact?"
        await purge.answer("forget", phrase="forget 1 fact")
        assert purge.view.title == "1 fact forgotten"
        assert await self.facts(past) == 0


class TestForgetting:
    async def test_it_says_what_is_gone_and_what_stays(self, past: Past) -> None:
        bees, dance, queen = [await past.say(it) for it in BEES]
        await past.gather("You like bees.", bees, dance)
        await past.lock(queen)
        purge = await looked(past)
        view = await purge.answer("forget", phrase="  forget 3 Memories ")
        assert (purge.flow.state, view.title) == (DONE, "3 memories forgotten")
        assert view.body == "1 locked memory stays. `memory browse` shows what is left."
        assert told(purge) == {"1 reflection": "gathered from them; counted among them"}
        assert await past.texts() == {"The queen is old."}

    async def test_a_wrong_phrase_refuses_and_keeps_the_look(self, past: Past) -> None:
        for words in BEES:
            await past.say(words)
        purge = await looked(past)
        shown = (purge.view.title, told(purge))
        for phrase in ("forget", "FORGET 2 MEMORIES", "DELETE 3 MEMORIES"):
            await purge.answer("forget", phrase=phrase)
            assert purge.view.notice == "Nothing was forgotten."
            assert purge.field("phrase").error == "This is not `FORGET 3 MEMORIES`."
            assert (purge.view.title, told(purge)) == shown
        assert await past.texts() == set(BEES)
        await purge.answer("forget", phrase="FORGET 3 MEMORIES")
        assert await past.texts() == set()

    async def test_a_double_click_purges_once(self, past: Past) -> None:
        for words in BEES:
            await past.say(words)
        purge = await looked(past)
        request = purge.submission("forget", phrase="forget 3 memories")
        answers = await asyncio.gather(
            *(past.client.call("SubmitFlow", request) for _ in range(4)), return_exceptions=True
        )
        done = [it for it in answers if not isinstance(it, BaseException)]
        assert [it.flow.view.title for it in done] == ["3 memories forgotten"]
        assert sum(isinstance(it, grpc.aio.AioRpcError) for it in answers) == 3

    async def test_what_is_remembered_or_locked_since_stays(self, past: Past) -> None:
        bees, *_ = [await past.say(it) for it in BEES]
        purge = await looked(past)
        await past.say("Something new.")
        await past.lock(bees)
        await purge.answer("forget", phrase="forget 3 memories")
        assert purge.view.title == "2 memories forgotten"
        assert await past.texts() == {"Something new.", "I keep bees."}

    async def test_a_look_that_is_too_old_says_so_and_offers_another(self, past: Past) -> None:
        await past.say("I keep bees.")
        purge = await looked(past)
        shown = purge.submission("forget", phrase="forget 1 memory")
        before = (clock.now() - timedelta(seconds=1)).isoformat()
        await past.execute(
            "UPDATE flows SET draft = jsonb_set(draft, '{draft,look,expire_time}',"
            " to_jsonb(CAST(:before AS text))) WHERE id = :id",
            {"before": before, "id": purge.flow.id},
        )
        await purge.look()
        assert purge.view.title == "Look again"
        assert purge.view.body == "This look is too old: nothing was forgotten."
        assert (await past.client.refused("SubmitFlow", shown)).reason == "FLOW_ACTION_UNKNOWN"
        await purge.answer("look")
        await purge.answer("forget", phrase="forget 1 memory")
        assert await past.texts() == set()

    async def test_one_that_ends_while_it_is_confirmed_forgets_nothing(self, past: Past) -> None:
        await past.say("I keep bees.")
        purge = await looked(past)
        await past.execute(
            "UPDATE purge_confirmations SET expire_time = now() WHERE person_id = :person_id",
            await me(past),
        )
        await purge.answer("forget", phrase="forget 1 memory")
        assert purge.flow.state == OPEN
        assert purge.view.notice == "This look is too old: nothing was forgotten."
        assert await past.texts() == {"I keep bees."}
        await purge.answer("look")
        await purge.answer("forget", phrase="forget 1 memory")
        assert await past.texts() == set()

    async def test_an_answer_that_was_taken_before_its_process_died_is_not_taken_again(
        self, past: Past
    ) -> None:
        await past.say("I keep bees.")
        purge = await looked(past)
        await past.execute(
            "UPDATE purge_confirmations SET use_time = now() WHERE person_id = :person_id",
            await me(past),
        )
        await past.say("Something new.")
        view = await purge.answer("forget", phrase="forget 1 memory")
        assert (purge.flow.state, view.title) == (DONE, "Forgotten")
        assert view.body.startswith("That was done already.")
        assert await past.texts() == {"I keep bees.", "Something new."}

    async def test_a_confirmation_that_is_gone_forgets_nothing(self, past: Past) -> None:
        await past.say("I keep bees.")
        purge = await looked(past)
        await past.execute(
            "DELETE FROM purge_confirmations WHERE person_id = :person_id", await me(past)
        )
        await purge.answer("forget", phrase="forget 1 memory")
        assert purge.view.notice.endswith("nothing was forgotten. Look again.")
        assert purge.actions == ["look", "filter", "close"]

    async def test_a_character_that_is_gone_ends_it(self, past: Past) -> None:
        await past.say("I keep bees.")
        purge = await looked(past)
        await delete(past.client, past.personality.id)
        await purge.look()
        assert purge.flow.state == DONE

    async def test_no_word_of_a_memory_is_kept_in_the_dialogue(self, past: Past) -> None:
        await past.say("The canary sings at noon.")
        purge = await looked(past)
        assert "canary" in str(told(purge))
        await purge.answer("forget", phrase="nonsense")
        async with past.database.reading() as tx:
            statement = text("SELECT CAST(f AS text) FROM flows f WHERE f.id = :id")
            row = await tx.scalar(statement, {"id": purge.flow.id})
        assert "canary" not in str(row)


async def me(past: Past) -> dict[str, Any]:
    person = (await past.client.call("GetMe", request_for("GetMe"))).person
    return {"person_id": person.id}


async def confirmations(past: Past) -> int:
    async with past.database.reading() as tx:
        counting = text("SELECT count(*) FROM purge_confirmations WHERE person_id = :person_id")
        return int(await tx.scalar(counting, await me(past)) or 0)


async def dreamt(past: Past, reflection_id: str) -> None:
    """A dream that tells of a reflection."""
    dream = {
        "id": clock.uuid7(),
        "persona_id": await past.persona(),
        "personality_id": past.personality.id,
        "reflection_id": reflection_id,
    }
    await past.execute(
        "INSERT INTO dreams (id, persona_id, personality_id, text, create_time)"
        " VALUES (:id, :persona_id, :personality_id, 'Bees hummed.', now())",
        dream,
    )
    await past.execute(
        "INSERT INTO dream_sources (dream_id, reflection_id) VALUES (:id, :reflection_id)", dream
    )
