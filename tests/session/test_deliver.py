"""Delivering a turn: to whoever follows it, from wherever, while it runs and again afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import uuid4

import pytest

from tests.fakes.provider import Gate, Reply
from tests.session.stage import Person, Stage, Told, turns_in
from tzurot_client import InvalidArgument, NotFound
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import ChatEvent, ChatRequest, TurnState

ANSWER = ("One ", "two ", "three.")


@pytest.fixture
def gate(stage: Stage) -> Gate:
    """Holds back what the model says, chunk by chunk."""
    gate = Gate()
    gate.release()  # the role, which comes before the first word
    stage.model.script(Reply(*ANSWER, gate=gate))
    return gate


async def begun(ada: Person, request: ChatRequest) -> tuple[str, AsyncIterator[ChatEvent]]:
    """Start a turn and read until it has begun: its id, and the rest of its stream."""
    events = ada.follows(request)
    first = await anext(events)
    assert first.started
    return first.turn_id, events


async def next_word(events: AsyncIterator[ChatEvent], gate: Gate) -> int:
    """Let the model say one more word and read it: its number."""
    gate.release()
    event = await anext(events)
    assert event.text_delta
    return event.sequence


async def rest(events: AsyncIterator[ChatEvent]) -> Told:
    return Told(tuple([event async for event in events]))


class TestStream:
    async def test_it_tells_who_answers_then_the_words_as_they_come_then_the_end(
        self, ada: Person, lilith: Personality, gate: Gate
    ) -> None:
        turn_id, events = await begun(ada, ada.saying("Count!", lilith))
        assert [await next_word(events, gate) for _ in ("One", "two")] == [2, 3]
        gate.open()
        told = await rest(events)

        assert told.turn_id == turn_id
        assert told.kinds == ["text_delta", "finished"]
        assert told.streamed == "three."
        assert told.numbers == [4, 5]
        assert told.text == "One two three."
        assert told.how == "STOP"

    async def test_each_of_several_turns_counts_its_own_events_from_one(
        self, stage: Stage, ada: Person
    ) -> None:
        lilith, bambi = await stage.character("Lilith"), await stage.character("Bambi")
        told = await ada.says("Hello, you two.", lilith, bambi)
        assert [turn.by for turn in told] == ["Lilith", "Bambi"]
        assert [turn.numbers[0] for turn in told] == [1, 1]

    async def test_what_it_used_is_told_at_the_end(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        stage.model.script("four words are here")
        used = (await ada.asks("Hi", lilith)).finished.usage
        assert used
        assert used.completion_token_count == 4
        assert used.prompt_token_count > 0
        assert not used.estimated

    async def test_a_client_that_leaves_does_not_stop_the_turn(
        self, stage: Stage, ada: Person, lilith: Personality, gate: Gate
    ) -> None:
        async with aclosing(ada.follows(ada.saying("Count!", lilith))) as events:
            turn_id = (await anext(events)).turn_id
        gate.open()
        await stage.settled()

        assert stage.model.closed_early == 0
        assert (await ada.turn(turn_id)).state is TurnState.ANSWERED
        assert (await ada.watches(turn_id)).text == "One two three."


class TestSameRequest:
    async def test_it_attaches_while_the_turn_runs(
        self, stage: Stage, ada: Person, lilith: Personality, gate: Gate
    ) -> None:
        request = ada.saying("Count!", lilith, request_id=str(uuid4()))
        turn_id, first = await begun(ada, request)
        await next_word(first, gate)
        _, second = await begun(ada, request)
        gate.open()

        assert (await rest(first)).text == "One two three."
        again = await rest(second)
        assert again.streamed == "One two three."
        assert again.turn_id == turn_id
        assert len(stage.asked) == 1

    async def test_it_is_told_again_after_the_end(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        request = ada.saying("Hi", lilith, request_id=str(uuid4()))
        first, again = (await ada.sends(request))[0], (await ada.sends(request))[0]
        assert again.turn_id == first.turn_id
        assert again.kinds == first.kinds == ["started", "text_delta", "finished"]
        assert again.finished == first.finished
        assert again.numbers[-1] == first.numbers[-1]
        assert len(stage.asked) == 1

    async def test_two_at_once_are_one_turn(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        request = ada.saying("Hi", lilith, request_id=str(uuid4()))
        (one,), (other,) = await asyncio.gather(ada.sends(request), ada.sends(request))
        assert one.finished == other.finished
        assert len(stage.asked) == 1
        assert len(await stage.messages(one.conversation_id)) == 2
        assert len(await stage.memories(one.turn_id)) == 1

    async def test_it_leaves_the_conversation_as_it_was(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        bambi = await stage.character("Bambi")
        old = ada.saying("Hi", lilith, request_id=str(uuid4()))
        await ada.sends(old)
        await ada.says("Hi", bambi)
        await ada.sends(old)
        assert (await ada.asks("Who listens?")).by == "Bambi"  # whom she spoke to last

    async def test_all_its_turns_are_told_again(self, stage: Stage, ada: Person) -> None:
        both = await stage.character("Lilith"), await stage.character("Bambi")
        request = ada.saying("Hi", *both, request_id=str(uuid4()))
        first, again = await ada.sends(request), await ada.sends(request)
        assert [turn.finished for turn in again] == [turn.finished for turn in first]
        assert len(stage.asked) == 2

    @pytest.mark.parametrize("running", [True, False])
    async def test_another_text_under_its_id_is_refused(
        self, stage: Stage, ada: Person, lilith: Personality, gate: Gate, *, running: bool
    ) -> None:
        request_id = str(uuid4())
        _, events = await begun(ada, ada.saying("Hi", lilith, request_id=request_id))
        if not running:
            gate.open()
            await rest(events)
        with pytest.raises(InvalidArgument) as refused:
            await ada.says("Bye", lilith, request_id=request_id)
        assert refused.value.reason is ErrorReason.REQUEST_ID_REUSED
        gate.open()
        await stage.settled()
        assert len(stage.asked) == 1

    async def test_of_somebody_else_is_another_request(self, stage: Stage) -> None:
        ada, bob = stage.person("Ada"), stage.person("Bob")
        lilith, request_id = await stage.character(), str(uuid4())
        of_ada = await ada.asks("Hi", lilith, request_id=request_id)
        of_bob = await bob.asks("Hi", lilith, request_id=request_id)
        assert of_ada.turn_id != of_bob.turn_id


class TestFollowing:
    async def test_any_number_follow_from_where_they_like(
        self, stage: Stage, ada: Person, lilith: Personality, gate: Gate
    ) -> None:
        turn_id, events = await begun(ada, ada.saying("Count!", lilith))
        assert [await next_word(events, gate) for _ in ("One", "two")] == [2, 3]
        others = [ada.watching(turn_id, after) for after in (0, 1, 2)]
        firsts = [await anext(other) for other in others]
        gate.open()
        told = [await rest(other) for other in others]

        assert [first.sequence for first in firsts] == [1, 3, 3]
        assert [first.text_delta and first.text_delta.text for first in firsts] == [
            None,
            "One two ",  # faster than it was read
            "two ",
        ]
        assert [turn.streamed for turn in told] == ["One two three.", "three.", "three."]
        end = (await rest(events)).finished
        assert [turn.finished for turn in told] == [end, end, end]
        assert len(stage.asked) == 1

    async def test_after_the_end_the_whole_text_is_told(
        self, ada: Person, lilith: Personality
    ) -> None:
        live = await ada.asks("Hi", lilith)
        again = await ada.watches(live.turn_id)
        assert again.kinds == live.kinds
        assert again.text == again.streamed == live.text

    async def test_after_the_end_from_the_middle_the_end_is_told(
        self, ada: Person, lilith: Personality, gate: Gate
    ) -> None:
        turn_id, events = await begun(ada, ada.saying("Count!", lilith))
        seen = [await next_word(events, gate) for _ in ("One", "two")][-1]
        gate.open()
        live = await rest(events)
        again = await ada.watches(turn_id, after=seen)
        assert again.kinds[-1] == "finished"
        assert again.finished == live.finished

    async def test_after_the_last_event_there_is_nothing_to_tell(
        self, ada: Person, lilith: Personality
    ) -> None:
        live = await ada.asks("Hi", lilith)
        assert (await ada.watches(live.turn_id, after=live.numbers[-1])).events == ()

    async def test_a_turn_of_somebody_else_does_not_exist(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        turn_id = (await ada.asks("Hi", lilith)).turn_id
        bob = stage.person("Bob")
        for attempt in (bob.watches, bob.cancels, bob.turn, bob.trace):
            with pytest.raises(NotFound) as refused:
                await attempt(turn_id)
            assert refused.value.reason is ErrorReason.TURN_NOT_FOUND

    async def test_a_slow_follower_gets_everything_and_holds_up_nobody(
        self, stage: Stage, ada: Person, lilith: Personality
    ) -> None:
        words = [f"{number} " for number in range(300)]
        stage.model.script(Reply(*words))
        slow = ada.follows(ada.saying("Count!", lilith))
        turn_id = (await anext(slow)).turn_id
        assert (await ada.watches(turn_id)).streamed == "".join(words).rstrip() + " "
        (told,) = turns_in([event async for event in slow])
        assert told.streamed.split() == [str(number) for number in range(300)]
