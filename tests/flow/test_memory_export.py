"""`memory export`: what is remembered of somebody, as a file that they are handed."""

import json
from uuid import uuid4

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import Dialogue, create
from tests.flow.past import Past


@pytest.fixture
async def past(served: Served, mira: Client) -> Past:
    """Mira's with a character that nobody else on the shared server calls so."""
    return Past(served, mira, await create(mira, name=f"Lilith {uuid4().hex[:8]}"))


async def taken(taking: Dialogue) -> list[dict[str, object]]:
    """The lines of the file, its header aside."""
    await taking.answer("take")
    _, *rows = map(json.loads, taking.view.document.content.splitlines())
    return rows


async def test_the_file_has_what_was_said(past: Past) -> None:
    await past.say("I keep bees.", "How many?", name="Mira")
    taking = await Dialogue.start(past.client, "memory export")
    assert taking.view.title == "What is remembered of you"
    assert taking.view.body.startswith("1 memory.")
    (row,) = await taken(taking)
    assert (row["text"], row["answer"], row["person_name"]) == ("I keep bees.", "How many?", "Mira")
    assert taking.view.document.name == "memories.jsonl"
    await taking.answer("back")
    assert not taking.view.HasField("document")


async def test_what_is_wanted_is_chosen(past: Past) -> None:
    other = Past(past.served, past.client, await create(past.client, name="Kit"))
    await past.say("I always keep bees.")
    await past.say("I sailed to Kos yesterday.")
    await other.say("I always keep cats.")
    taking = await Dialogue.start(past.client, "memory export", character=past.personality.slug)
    assert taking.view.body.startswith("2 memories.")
    await taking.answer("filter", sectors=["semantic"], character=past.personality.id)
    assert [row["text"] for row in await taken(taking)] == ["I always keep bees."]
    assert taking.view.document.name == f"memories-{past.personality.slug}.jsonl"


async def test_the_format_is_chosen(past: Past) -> None:
    await past.say("I keep bees.", "")
    taking = await Dialogue.start(past.client, "memory export", format="openmemory")
    await taking.answer("format", format="mem0")
    await taking.answer("take")
    (row,) = json.loads(taking.view.document.content)["results"]
    assert row["memory"] == "I keep bees."


async def test_facts_go_along_where_the_format_has_them(past: Past) -> None:
    tell = request_for("CreateFact", personality_id=past.personality.id, text="Mira skis.")
    await past.client.call("CreateFact", tell)
    await past.say("I keep bees.")
    taking = await Dialogue.start(past.client, "memory export", character=past.personality.slug)
    assert taking.view.body.startswith("1 memory, 1 fact.")
    assert [row["text"] for row in await taken(taking)] == ["I keep bees.", "Mira skis."]
    await taking.answer("back")
    await taking.answer("format", format="mem0")
    assert taking.view.body.startswith("1 memory.")


async def test_nothing_is_said_to_be_nothing(past: Past) -> None:
    taking = await Dialogue.start(past.client, "memory export")
    assert taking.view.body == "Nothing is remembered that fits."
    assert "take" not in taking.actions


async def test_what_is_too_large_to_be_handed_out_is_said_so(past: Past) -> None:
    words = await past.say("I keep bees.")
    for _ in range(6):  # dormant, so that nobody takes the time to read them
        await past.execute(
            "INSERT INTO memories (id, persona_id, personality_id, venue, platform, channel_id,"
            " person_name, person_text, personality_name, personality_text, occur_time,"
            " create_time, dormant, age_restricted, words)"
            " SELECT gen_random_uuid(), persona_id, personality_id, venue, platform, channel_id,"
            " person_name, repeat('é', 100000), personality_name, personality_text, occur_time,"
            " create_time, true, age_restricted, words FROM memories WHERE id = :id",
            {"id": words},
        )
    taking = await Dialogue.start(past.client, "memory export")
    await taking.answer("take")
    assert "`tzurot memory export` writes one of any size" in taking.view.body
    assert not taking.view.HasField("document")
    await taking.answer("back")
    assert taking.view.body.startswith("7 memories.")


async def test_nobody_else_s_memories_are_in_it(past: Past, kael: Client) -> None:
    await past.say("I keep bees.")
    taking = await Dialogue.start(kael, "memory export")
    assert "take" not in taking.actions
