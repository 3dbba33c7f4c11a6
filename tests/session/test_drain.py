"""A server on its way out: no new turns, and an end for every one that runs."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import RunningServer, a_server
from tests.fakes.provider import Ending, FakeProvider, Gate, Reply
from tests.session.stage import Stage, Told, set_up, turns_in
from tzurot_client import Unavailable, connect
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.session.v1 import ChatEvent, TurnState


@pytest.fixture
async def stage(running_server: RunningServer, provider: FakeProvider) -> AsyncIterator[Stage]:
    """A server of the test's own, since it ends."""
    async with (
        connect(running_server.address, running_server.token) as client,
        set_up(running_server, provider, client) as stage,
    ):
        yield stage


async def test_new_turns_are_refused_and_running_ones_end(stage: Stage) -> None:
    ada, lilith, gate = stage.person("Ada"), await stage.character("Lilith"), Gate()
    stage.model.script(Reply("Until then.", gate=gate))
    request = ada.saying("Bye!", lilith, request_id=str(uuid4()))
    running = ada.follows(request)
    first = await anext(running)
    drain = asyncio.create_task(stage.server.parts.delivery.drain(15))

    with pytest.raises(Unavailable) as refused:
        await stage.person("Bob").says("Hi", lilith)
    assert refused.value.reason is ErrorReason.DRAINING
    attached = ada.follows(request)
    assert (await anext(attached)).turn_id == first.turn_id  # it is no new one
    gate.open()

    assert Told(tuple([event async for event in running])).text == "Until then."
    assert Told(tuple([event async for event in attached])).text == "Until then."
    await drain
    assert (await ada.turn(first.turn_id)).state is TurnState.ANSWERED
    assert len(stage.asked) == 1


async def test_what_does_not_end_in_time_is_cancelled_and_told(stage: Stage) -> None:
    ada, lilith = stage.person("Ada"), await stage.character("Lilith")
    stage.model.script(Reply("Well, ", ending=Ending.HANG))
    running = ada.follows(ada.saying("Hi", lilith))
    events = [await anext(running), await anext(running)]
    await stage.server.parts.delivery.drain(0.05)
    events += [event async for event in running]

    told = Told(tuple(events))
    assert (told.how, told.text) == ("CANCELLED", "Well, ")
    assert (await ada.turn(told.turn_id)).state is TurnState.CANCELLED
    assert [message.text for message in await stage.messages(told.conversation_id)] == [
        "Hi",
        "Well, ",
    ]


async def test_who_had_not_begun_answers_the_same_request_on_the_next_server(
    stage: Stage, database_url: str, tmp_path: Path
) -> None:
    ada = stage.person("Ada")
    both = await stage.character("Lilith"), await stage.character("Bambi")
    stage.model.script(Reply("Well, ", ending=Ending.HANG), "Here I am.")
    request = ada.saying("Hi", *both, request_id=str(uuid4()))
    events: list[ChatEvent] = []
    with pytest.raises(Unavailable) as gone:
        async for event in ada.client.session.chat(request):
            assert event.event
            events.append(event.event)
            if event.event.text_delta:
                await stage.server.parts.delivery.drain(0.05)
    assert gone.value.reason is ErrorReason.DRAINING
    assert [(turn.by, turn.how) for turn in turns_in(events)] == [("Lilith", "CANCELLED")]

    settings = {"model": "scripted", "model_base_url": stage.model.base_url}
    async with (
        a_server(database_url, tmp_path / "next", **settings) as following,
        connect(following.address, following.token) as client,
    ):
        again = client.acting_for(ada.subject)
        told = turns_in([r.event async for r in again.session.chat(request) if r.event])
    assert [(turn.by, turn.how) for turn in told] == [("Lilith", "CANCELLED"), ("Bambi", "STOP")]
    assert [turn.text for turn in told] == ["Well, ", "Here I am."]
    assert len(stage.asked) == 2
