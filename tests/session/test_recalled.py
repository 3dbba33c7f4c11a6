"""What a turn cites stands out more from then on, and is linked: once for each turn."""

import asyncio

import pytest

from tests.fakes.provider import Refusal
from tests.session.stage import Person, Stage
from tzurot.memory.linking import Linking
from tzurot_client.gen.tzurot.memory.v1 import (
    GetMemoryRequest,
    GetMemoryResponse,
    MemoryKind,
    Sector,
    WaypointKind,
)
from tzurot_client.gen.tzurot.personality.v1 import Personality

BEES, ROSES = "I keep bees in my garden.", "In my garden I grow roses, too."
QUESTION = "What do I keep and grow in my garden?"


async def shown(person: Person, memory_id: object) -> GetMemoryResponse:
    return await person.client.memory.get_memory(GetMemoryRequest(memory_id=str(memory_id)))


async def told_elsewhere(stage: Stage, ada: Person, lilith: Personality) -> list[str]:
    """Two things that are remembered, said in one place; the ids of their memories."""
    made, meadow = list[str](), stage.channel()
    for words in (BEES, ROSES):
        told = await ada.asks(words, lilith, place=meadow)
        (memory,) = await stage.memories(told.turn_id)
        made.append(str(memory.id))
    await stage.indexed()
    return made


async def test_two_memories_that_a_turn_cites_become_linked_once(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    bees, roses = await told_elsewhere(stage, ada, lilith)
    told = await ada.asks(QUESTION, lilith, place=stage.channel())
    assert set(told.cited) == {BEES, ROSES}

    tending = Linking(stage.server.parts.database)
    await asyncio.gather(tending.tend(), tending.tend())
    await tending.tend()  # a job may run again
    found = await shown(ada, bees)
    (link,) = [it for it in found.waypoints if it.kind is WaypointKind.RECALLED_TOGETHER]
    assert {link.first_memory_id, link.second_memory_id} == {bees, roses}
    assert link.weight == pytest.approx(0.1, abs=1e-3)
    assert found.memory
    assert found.memory.recall_count == 1
    assert found.memory.last_recall_time
    assert (found.memory.kind, found.memory.sector) == (MemoryKind.EXCHANGE, Sector.SEMANTIC)
    assert found.memory.salience == pytest.approx(0.46, abs=1e-3)  # .4 + .1 · .6


async def test_what_was_never_cited_says_so(stage: Stage, ada: Person, lilith: Personality) -> None:
    bees, _ = await told_elsewhere(stage, ada, lilith)
    found = await shown(ada, bees)
    assert found.memory
    assert (found.memory.recall_count, found.memory.last_recall_time) == (0, None)
    assert found.memory.salience == pytest.approx(0.4, abs=1e-3)


async def test_a_turn_that_ends_without_an_answer_counts_for_nothing(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    bees, _ = await told_elsewhere(stage, ada, lilith)
    stage.model.script(Refusal(400))
    told = await ada.asks(QUESTION, lilith, place=stage.channel())
    assert told.cited and not told.text
    await Linking(stage.server.parts.database).tend()
    found = await shown(ada, bees)
    assert found.memory and found.memory.recall_count == 0
