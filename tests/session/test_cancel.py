"""Stopping a turn."""

import asyncio

from sqlalchemy import select

from tests.fakes.provider import Ending, Gate, Reply
from tests.session.stage import Person, Stage, Told, turns_in, until
from tzurot.session.tables import Turn
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import ChatEvent, Message, TurnState


async def speaking(ada: Person, *to: Personality) -> tuple[str, "asyncio.Task[list[Told]]"]:
    """Wait until the first character has said something: its turn's id, and all that is told."""
    first: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def follow() -> list[Told]:
        events: list[ChatEvent] = []
        async for event in ada.follows(ada.saying("Hi", *to)):
            events.append(event)
            if event.text_delta and not first.done():
                first.set_result(event.turn_id)
        return turns_in(events)

    following = asyncio.create_task(follow())
    return await asyncio.wait_for(first, 60), following


async def test_it_stops_the_provider_and_keeps_what_was_said(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    stage.model.script(Reply("I was going ", ending=Ending.HANG))
    turn_id, following = await speaking(ada, lilith)
    turn = await ada.cancels(turn_id)
    (told,) = await following

    assert turn.state is TurnState.CANCELLED
    assert turn.usage and turn.usage.estimated  # the provider tells nothing of what is cut short
    assert turn.usage.prompt_token_count > 0
    assert turn.usage.completion_token_count > 0
    assert told.how == "CANCELLED"
    assert told.text == told.streamed == "I was going "
    await stage.model.until(lambda model: model.closed_early == 1)
    said = await stage.messages(told.conversation_id)
    assert [message.text for message in said] == ["Hi", "I was going "]
    (memory,) = await stage.memories(turn_id)
    assert memory.personality_text == "I was going "


async def test_before_the_first_word_nothing_is_kept(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    stage.model.script(Reply(gate=Gate()))
    events = ada.follows(ada.saying("Hi", lilith))
    turn_id = (await anext(events)).turn_id
    await stage.model.until(lambda model: model.open_streams == 1)
    turn = await ada.cancels(turn_id)

    assert turn.state is TurnState.CANCELLED
    assert turn.reply_message_id == ""
    assert Told(tuple([event async for event in events])).text == ""
    assert await stage.memories(turn_id) == []


async def test_of_a_turn_that_ended_it_changes_nothing(ada: Person, lilith: Personality) -> None:
    told = await ada.asks("Hi", lilith)
    before = await ada.turn(told.turn_id)
    assert await ada.cancels(told.turn_id) == before
    assert before.state is TurnState.ANSWERED


async def test_twice_at_once_is_once(stage: Stage, ada: Person, lilith: Personality) -> None:
    stage.model.script(Reply("Well, ", ending=Ending.HANG))
    turn_id, following = await speaking(ada, lilith)
    turns = await asyncio.gather(*(ada.cancels(turn_id) for _ in range(5)))
    assert {turn.state for turn in turns} == {TurnState.CANCELLED}
    assert (await following)[0].text == "Well, "


async def test_the_next_character_still_answers(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    bambi = await stage.character("Bambi")
    stage.model.script(Reply("Well, ", ending=Ending.HANG), "Hello.")
    turn_id, following = await speaking(ada, lilith, bambi)
    await ada.cancels(turn_id)
    assert [turn.how for turn in await following] == ["CANCELLED", "STOP"]


async def test_while_the_end_is_being_recorded_it_comes_too_late(
    stage: Stage, ada: Person, lilith: Personality
) -> None:
    gate = Gate()
    stage.model.script(Reply("Hello.", gate=gate))
    events = ada.follows(ada.saying("Hi", lilith))
    turn_id = (await anext(events)).turn_id
    async with stage.server.parts.database.transaction() as tx:
        await tx.execute(select(Turn.id).where(Turn.id == turn_id).with_for_update())
        gate.open()
        await until(stage.end_waits)
        cancelling = asyncio.create_task(ada.cancels(turn_id))
        for _ in range(3):  # calls that come after it are served: by now it has arrived
            await ada.turn(turn_id)
    told = Told(tuple([event async for event in events]))

    assert (told.how, told.text) == ("STOP", "Hello.")
    assert (await cancelling).state is TurnState.ANSWERED
    assert (await ada.turn(turn_id)).reply_message_id == (told.finished.message or Message()).id
