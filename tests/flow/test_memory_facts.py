"""`memory facts` and `memory undo`: what is known of a person, and their say in it."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import DONE, Dialogue, create
from tests.flow.past import Past
from tests.memory.reflection.gathering import tables_with
from tests.reading import Rereading
from tzurot import clock
from tzurot.memory.facts.fact import Fact, Statement
from tzurot.memory.facts.keeping import Keeping
from tzurot.memory.facts.unlearnt import Unlearnt
from tzurot.memory.meaning import Meaning
from tzurot.memory.remembering import MemoryId, Owner


@pytest.fixture(scope="module")
def served(understanding: Served) -> Served:
    """What is much like another fact is known by its meaning."""
    return understanding


@pytest.fixture
async def past(served: Served, mira: Client) -> Past:
    """Mira's with a character that nobody else on the shared server calls so."""
    await _prepared()  # which takes longer than a call may
    return Past(served, mira, await create(mira, name=f"Lilith {uuid4().hex[:8]}"))


async def _prepared() -> None:
    embedder = Rereading()
    await Meaning(embedder).prepare()
    embedder.close()


async def tell(past: Past, text: str) -> Any:
    request = request_for("CreateFact", personality_id=past.personality.id, text=text)
    return (await past.client.call("CreateFact", request)).fact


async def known(past: Past) -> list[str]:
    answer = await past.client.call(
        "ListFacts", request_for("ListFacts", personality_id=past.personality.id)
    )
    return [it.text for it in answer.facts]


class TestFacts:
    async def test_they_are_listed_and_shown_whole(self, past: Past) -> None:
        await tell(past, "Mira keeps bees.")
        facts = await Dialogue.start(past.client, "memory facts")
        assert facts.view.title == "What characters know of you"
        assert facts.item("Mira keeps bees.").text.startswith("since 20")
        view = await facts.choose("Mira keeps bees.")
        assert view.body.startswith("Mira keeps bees.\n\nYou told it; so since 20")
        assert "It was said in a direct message, and is told nowhere more open." in view.body

    async def test_nothing_says_how_to_tell_something(self, past: Past) -> None:
        facts = await Dialogue.start(past.client, "memory facts", character=past.personality.slug)
        assert facts.view.body.startswith("Nothing is known of you here.")
        view = await facts.answer("tell", text="Mira keeps bees.")
        assert view.body.startswith("It is known now.")
        assert await known(past) == ["Mira keeps bees."]

    async def test_one_is_corrected(self, past: Past) -> None:
        await tell(past, "Mira keeps bees.")
        facts = await Dialogue.start(past.client, "memory facts")
        await facts.choose("Mira keeps bees.")
        view = await facts.answer("correct", text="Mira keeps goats.")
        assert "Corrected." in view.body
        assert await known(past) == ["Mira keeps goats."]

    async def test_one_is_forgotten_after_a_question_and_its_words_are_nowhere(
        self, past: Past
    ) -> None:
        await tell(past, "Mira keeps zyxwvu bees.")
        facts = await Dialogue.start(past.client, "memory facts")
        await facts.choose("Mira keeps zyxwvu bees.")
        view = await facts.answer("ask")
        assert view.body.startswith("Mira keeps zyxwvu bees.\n\nIt is hardly ever learnt again")
        view = await facts.answer("forget")
        assert view.body.startswith("Forgotten.")
        assert await tables_with(past.served.running.parts.database, "zyxwvu") == set()

    async def test_one_that_is_gone_says_so(self, past: Past) -> None:
        fact = await tell(past, "Mira keeps bees.")
        facts = await Dialogue.start(past.client, "memory facts")
        await facts.choose("Mira keeps bees.")
        await past.client.call("ForgetFact", request_for("ForgetFact", fact_id=fact.id))
        view = await facts.look()
        assert view.body == "That fact is gone already."

    async def test_nobody_else_sees_them(self, past: Past, served: Served) -> None:
        fact = await tell(past, "Mira keeps bees.")
        (kael,) = served.people("kael")
        facts = await Dialogue.start(kael, "memory facts")
        assert not facts.view.items
        refusal = await kael.refused("GetFact", request_for("GetFact", fact_id=fact.id))
        assert refusal.reason == "FACT_NOT_FOUND"


class TestLearnt:
    async def test_what_superseded_what_is_shown_with_its_dates(self, past: Past) -> None:
        first = await learn(past, "Mira drinks coffee.")
        await learn(past, "Mira quit coffee.", instead=first)
        facts = await Dialogue.start(past.client, "memory facts")
        view = await facts.choose("Mira quit coffee.")
        (before,) = view.items
        assert before.title == "Before: Mira drinks coffee."
        assert before.text.startswith("since 20")
        assert " until 20" in before.text

    async def test_what_waits_is_confirmed_or_refused(self, past: Past) -> None:
        await learn(past, "Mira drinks coffee.", asks=True)
        await learn(past, "Mira keeps bees.", asks=True)
        facts = await Dialogue.start(past.client, "memory facts")
        assert facts.item("Mira drinks coffee.").text.startswith("waits for your yes, ")
        await facts.choose("Mira drinks coffee.")
        assert "It is so." in (await facts.answer("right")).body
        await facts.answer("back")
        await facts.choose("Mira keeps bees.")
        assert "Taken back." in (await facts.answer("revert")).body
        assert await known(past) == ["Mira drinks coffee."]

    async def test_what_was_learnt_last_is_taken_back(self, past: Past) -> None:
        first = await learn(past, "Mira drinks coffee.")
        await learn(past, "Mira quit coffee.", instead=first)
        await tell(past, "Mira keeps bees.")
        undo = await Dialogue.start(past.client, "memory undo")
        assert undo.view.body == "Mira quit coffee.\n\nKnown before: Mira drinks coffee."
        view = await undo.answer("undo")
        assert view.body == "Taken back; what was known before counts again."
        assert undo.flow.state == DONE
        assert sorted(await known(past)) == ["Mira drinks coffee.", "Mira keeps bees."]

    async def test_one_that_is_named_is_taken_back_or_said_yes_to_once(
        self, past: Past, served: Served
    ) -> None:
        coffee = str((await learn(past, "Mira drinks coffee.")).fact_id)
        bees = str((await learn(past, "Mira keeps bees.", asks=True)).fact_id)
        await learn(past, "Mira sings.")
        undo, again = [
            await Dialogue.start(past.client, "memory undo", fact=coffee) for _ in range(2)
        ]
        assert undo.view.body == "Mira drinks coffee."
        (kael,) = served.people("kael")
        foreign = await Dialogue.start(kael, "memory undo", fact=coffee)
        assert (foreign.view.body, foreign.actions) == ("That is not there any more.", ["close"])
        assert (await undo.answer("undo")).body == "Taken back."
        assert (await again.look()).body == "That is not there any more."
        asked = await Dialogue.start(past.client, "memory undo", fact=bees)
        assert asked.view.title == "Is this so?"
        assert (await asked.answer("right")).body == "It is remembered."
        assert sorted(await known(past)) == ["Mira keeps bees.", "Mira sings."]
        start = request_for("StartFlow", path="memory undo", arguments={"fact": "coffee"})
        assert (await past.client.refused("StartFlow", start)).reason == "FACT_NOT_FOUND"

    async def test_where_nothing_was_learnt_there_is_nothing_to_take_back(self, past: Past) -> None:
        await tell(past, "Mira keeps bees.")
        undo = await Dialogue.start(past.client, "memory undo")
        assert undo.view.body == "Nothing was learnt of you that could be taken back."
        assert undo.actions == ["close"]


async def learn(past: Past, text: str, *, instead: Fact | None = None, asks: bool = False) -> Fact:
    """Let it be learnt from what Mira said; no turn is needed for that."""
    memory_id = await past.say(text)
    database, embedder = past.served.running.parts.database, Rereading()
    vector = await Meaning(embedder).of_statement(text)
    await past.execute(
        "INSERT INTO unlearnt_memories (memory_id, persona_id, personality_id, create_time)"
        " SELECT id, persona_id, personality_id, now() FROM memories WHERE id = :id",
        {"id": memory_id},
    )
    row = await past.client.call("GetMemory", request_for("GetMemory", memory_id=memory_id))
    owner = Owner(UUID(row.memory.persona_id), UUID(past.personality.id))
    keeping = Keeping(database)
    read: list[Unlearnt] = list((await keeping.reading(owner)).exchanges)
    (it,) = [one for one in read if one.memory_id == UUID(memory_id)]
    replaces_id = instead.fact_id if instead else None
    found = Statement(
        MemoryId(UUID(memory_id)), text, "Mira", False, it.place, clock.now(), vector, replaces_id
    )
    (fact,) = await keeping.keep(owner, [it], [found], asks=asks)
    embedder.close()
    return fact
