"""The trace of a turn: how it came to its end, for its person alone."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.fakes.provider import Call, Gate, Refusal, Reply
from tests.session.stage import Person, Stage, Told
from tzurot.session.tables import Trace
from tzurot_client.gen.tzurot.memory.v1 import CreateMemoryRequest, DeleteMemoryRequest
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    SetPersonSettingRequest,
    SettingValue,
    TurnTrace,
)

BEES = "I keep bees in my garden."
HENS = "I keep hens in my garden, too."
QUESTION = "What do I keep in my garden?"
STEPS = ["admit", "address", "configure", "recall", "compose", "think", "deliver", "remember"]


async def recalling(stage: Stage, ada: Person, lilith: Personality) -> Told:
    """A turn that cites what was said before a reset."""
    stage.model.script("How lovely!", "Bees.")
    told = await ada.asks(BEES, lilith)
    await ada.resets(told.conversation_id)
    return await ada.asks(QUESTION, lilith)


async def decides(person: Person, key: str, value: SettingValue) -> None:
    await person.client.setting.set_person_setting(SetPersonSettingRequest(key=key, value=value))


def sections(trace: TurnTrace) -> list[tuple[str, str]]:
    return [(part.name, part.text) for part in trace.sections]


async def test_it_has_the_eight_steps_in_the_order_of_their_times(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    trace = await ada.trace((await recalling(stage, ada, lilith)).turn_id)
    assert [step.name for step in trace.steps] == STEPS
    starts = [step.start_offset for step in trace.steps]
    assert None not in starts
    assert starts == sorted(starts, key=lambda start: start.total_seconds() if start else 0)
    assert all(step.outcome for step in trace.steps)


async def test_each_of_several_turns_has_its_own(stage: Stage, ada: Person) -> None:
    both = await stage.character("Lilith"), await stage.character("Bambi")
    stage.model.script(Refusal(503, retry_after="1"), "late", "later")
    first, second = [await ada.trace(told.turn_id) for told in await ada.says("Hi", *both)]
    assert [step.name for step in second.steps] == STEPS
    waited = next(step.duration for step in first.steps if step.name == "think")
    addressed = next(step.duration for step in second.steps if step.name == "address")
    assert waited and addressed
    assert addressed < waited  # the first one's thinking is not part of it


async def test_it_shows_the_prompt_that_the_model_got(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    trace = await ada.trace((await recalling(stage, ada, lilith)).turn_id)
    (asked,) = stage.asked[1:]
    shown = "\n".join(part.text for part in trace.sections)
    assert sorted(shown.split()) == sorted(
        "\n".join(str(message["content"]) for message in asked.messages).split()
    )
    assert [name for name, _ in sections(trace)] == [
        *("character", "memories", "memories", "time", "message")
    ]
    assert all(part.token_count > 0 for part in trace.sections)


async def test_it_shows_what_was_recalled_and_why(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    told = await recalling(stage, ada, lilith)
    (memory,) = (await ada.trace(told.turn_id)).memories
    assert memory.excerpt == BEES
    assert memory.cited
    assert memory.parts
    assert memory.parts.keyword > 0
    counting = memory.parts.to_dict()
    assert counting.pop("final") == pytest.approx(min(1, sum(counting.values())), abs=0.001)
    assert memory.reasons[0] == 'you said "keep" and "garden"'


async def test_it_shows_what_was_considered_and_not_taken(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    await decides(ada, "memory_limit", SettingValue(whole=1))
    stage.model.script("How lovely!", "I see.", "Bees.")
    for said in (BEES, HENS):
        told = await ada.asks(said, lilith)
    thanks = CreateMemoryRequest(personality_id=lilith.id, text="Thank you.")
    await ada.client.memory.create_memory(thanks)
    await ada.resets(told.conversation_id)
    await stage.indexed()
    told = await ada.asks(QUESTION, lilith)
    trace = await ada.trace(told.turn_id)
    assert [it.cited for it in trace.memories] == [True]
    first, last = trace.considered_memories
    assert {trace.memories[0].excerpt, first.excerpt} == {BEES, HENS}
    assert first.reason == "others fit better"
    assert (last.excerpt, last.reason) == ("Thank you.", "it says too little that fits")
    assert first.parts and last.parts
    assert first.parts.final > last.parts.final

    await ada.client.memory.delete_memory(DeleteMemoryRequest(memory_id=first.memory_id))
    considered = (await ada.trace(told.turn_id)).considered_memories
    assert [it.excerpt for it in considered] == ["", "Thank you."]
    async with stage.server.parts.database.reading() as tx:
        stored = await tx.scalar(select(Trace.document).where(Trace.turn_id == UUID(told.turn_id)))
    assert stored
    assert not {"hens", "Thank", "bees"} & set(str(stored["considered"]).split())


async def test_what_scores_below_the_setting_is_only_considered(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    await decides(ada, "memory_threshold", SettingValue(ratio=1.0))
    trace = await ada.trace((await recalling(stage, ada, lilith)).turn_id)
    assert trace.memories == []
    (considered,) = trace.considered_memories
    assert considered.excerpt == BEES
    assert considered.reason == "its score is below what the setting memory_threshold demands"


async def test_the_words_of_a_forgotten_memory_vanish_from_it(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    told = await recalling(stage, ada, lilith)
    (memory,) = (await ada.trace(told.turn_id)).memories
    await ada.client.memory.delete_memory(DeleteMemoryRequest(memory_id=memory.memory_id))

    trace = await ada.trace(told.turn_id)
    assert [it.excerpt for it in trace.memories] == [""]
    assert "bees" not in str(sections(trace))
    assert (await ada.watches(told.turn_id)).cited == []
    async with stage.server.parts.database.reading() as tx:
        stored = await tx.scalar(select(Trace.document).where(Trace.turn_id == UUID(told.turn_id)))
    assert stored
    assert "bees" not in str(stored)


async def test_it_lists_the_calls_of_the_model_with_their_times(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    search = Call("memory_search", '{"query": "bees"}')
    stage.model.script(Refusal(503, retry_after="0"), Reply(calls=[search]), "Hello.")
    told = await ada.asks("Hi", lilith)
    attempts = (await ada.trace(told.turn_id)).attempts
    assert [it.outcome.partition(":")[0] for it in attempts] == [
        "PROVIDER_UNAVAILABLE",
        "answered",
        "answered",
    ]
    assert {it.model for it in attempts} == {"scripted"}
    starts = [it.start_offset for it in attempts if it.start_offset]
    assert len(starts) == 3
    assert starts == sorted(starts)


async def test_while_the_turn_runs_there_is_none(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    gate = Gate()
    stage.model.script(Reply("Hello.", gate=gate))
    running = ada.follows(ada.saying("Hi", lilith))
    turn_id = (await anext(running)).turn_id
    async with asyncio.timeout(60):
        with pytest.raises(AssertionError):
            await ada.trace(turn_id)
        gate.open()
        assert [event async for event in running]
    assert [step.name for step in (await ada.trace(turn_id)).steps] == STEPS


async def test_a_turn_without_a_reply_shows_how_far_it_came(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    stage.model.script(Refusal(401))
    told = await ada.asks("Hi", lilith)
    trace = await ada.trace(told.turn_id)
    steps = {step.name: step.outcome for step in trace.steps}
    assert list(steps) == [*STEPS[:6], "remember"]
    assert steps["think"] == "API_KEY_REJECTED"
    assert sections(trace)[-1] == ("message", "Hi")
