"""Stopping a turn: by CancelTurn, or because the server goes."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import a_server
from tests.fakes.provider import Ending, FakeProvider, Gate, Reply
from tests.session.stage import Person, Stage, Told, set_up, turns_in, until
from tzurot_client import Unavailable, connect
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import ChatEvent, TurnState


@pytest.fixture
def ada(stage: Stage) -> Person:
    return stage.person("Ada")


@pytest.fixture
async def lilith(stage: Stage) -> Personality:
    return await stage.character("Lilith")


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
    return await asyncio.wait_for(first, 15), following


class TestCancelTurn:
    async def test_it_stops_the_provider_and_keeps_what_was_said(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script(Reply("I was going ", ending=Ending.HANG))
        turn_id, following = await speaking(ada, lilith)
        turn = await ada.cancels(turn_id)
        (told,) = await following

        assert turn.state is TurnState.CANCELLED
        assert told.how == "CANCELLED"
        assert told.text == told.streamed == "I was going "
        await stage.model.until(lambda model: model.closed_early == 1)
        said = await stage.messages(told.conversation_id)
        assert [message.text for message in said] == ["Hi", "I was going "]
        (memory,) = await stage.memories(turn_id)
        assert memory.personality_text == "I was going "

    async def test_before_the_first_word_nothing_is_kept(
        self, stage: Stage, ada: Person, lilith: Personality
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

    async def test_of_a_turn_that_ended_it_changes_nothing(
        self, ada: Person, lilith: Personality
    ) -> None:
        told = await ada.asks("Hi", lilith)
        before = await ada.turn(told.turn_id)
        assert await ada.cancels(told.turn_id) == before
        assert before.state is TurnState.ANSWERED

    async def test_twice_at_once_is_once(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script(Reply("Well, ", ending=Ending.HANG))
        turn_id, following = await speaking(ada, lilith)
        turns = await asyncio.gather(*(ada.cancels(turn_id) for _ in range(5)))
        assert {turn.state for turn in turns} == {TurnState.CANCELLED}
        assert (await following)[0].text == "Well, "

    async def test_the_next_character_still_answers(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        bambi = await stage.character("Bambi")
        stage.model.script(Reply("Well, ", ending=Ending.HANG), "Hello.")
        turn_id, following = await speaking(ada, lilith, bambi)
        await ada.cancels(turn_id)
        assert [turn.how for turn in await following] == ["CANCELLED", "STOP"]

    async def test_what_is_told_is_what_is_stored_whenever_it_comes(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        """Also while the end is being recorded, when it comes too late."""
        ends: list[str] = []
        for breaths in range(0, 24, 2):
            gate = Gate()
            stage.model.script(Reply("Hello.", gate=gate))
            events = ada.follows(ada.saying("Hi", lilith))
            turn_id = (await anext(events)).turn_id
            gate.open()
            for _ in range(breaths):
                await asyncio.sleep(0)
            turn = await ada.cancels(turn_id)
            told = Told(tuple([event async for event in events]))
            ends.append(told.how)

            assert turn.state.name == {"STOP": "ANSWERED"}.get(told.how, told.how)
            assert turn.reply_message_id == (
                told.finished.message.id if told.finished.message else ""
            )
        assert ends


class TestDraining:
    """A server on its way out; each test has one of its own."""

    @pytest.fixture
    async def stage(
        self, database_url: str, provider: FakeProvider, tmp_path: Path
    ) -> "Stage":  # replaced below
        raise NotImplementedError
