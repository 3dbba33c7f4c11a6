"""Leases: whose server works on a turn, and what becomes of turns whose server is gone."""

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.fakes.provider import Gate, Reply
from tests.session.stage import Person, Stage, Told, until
from tzurot import clock
from tzurot.session.delivery.delivery import Delivery
from tzurot.session.delivery.leases import Leases
from tzurot_client.gen.tzurot.session.v1 import ChatEvent, TurnState


@pytest.fixture
def gate(stage: Stage) -> Gate:
    gate = Gate()
    stage.model.script(Reply("Hello.", gate=gate))
    return gate


class Running:
    """A turn that waits for its model, and what is told of it."""

    def __init__(self, stage: Stage, ada: Person) -> None:
        self.stage, self.ada, self.told = stage, ada, list[ChatEvent]()

    async def begin(self) -> str:
        lilith = await self.stage.character("Lilith")
        self._events = self.ada.follows(self.ada.saying("Hi", lilith))
        self.told.append(await anext(self._events))
        return self.told[0].turn_id

    async def end(self) -> Told:
        self.told.extend([event async for event in self._events])
        return Told(tuple(self.told))


@pytest.fixture
def running(stage: Stage) -> Running:
    return Running(stage, stage.person("Ada"))


async def lease(stage: Stage, turn_id: str) -> datetime:
    (row,) = await stage.rows("SELECT lease_expire_time FROM turns WHERE id = :id", id=turn_id)
    assert isinstance(row[0], datetime)
    return row[0]


def elsewhere(stage: Stage) -> Leases:
    """Another server's leases on the same database."""
    return Leases(stage.server.parts.database, Delivery(), round_seconds=0.02)


async def test_the_lease_of_a_running_turn_is_renewed(
    stage: Stage, running: Running, gate: Gate
) -> None:
    turn_id = await running.begin()
    first = await lease(stage, turn_id)
    mine = Leases(stage.server.parts.database, stage.server.parts.delivery, round_seconds=0.02)

    async def renewed() -> bool:
        return await lease(stage, turn_id) > first

    async with mine.held(alone=False):
        await until(renewed)
    gate.open()
    assert (await running.end()).text == "Hello."


async def test_who_holds_its_lease_is_not_swept_by_another_server(
    stage: Stage, running: Running, gate: Gate
) -> None:
    turn_id = await running.begin()
    async with elsewhere(stage).held(alone=False):
        assert (await running.ada.turn(turn_id)).state is TurnState.RUNNING
    gate.open()
    assert (await running.end()).how == "STOP"


async def test_a_turn_whose_lease_ran_out_is_interrupted_and_told_as_that(
    stage: Stage, running: Running, gate: Gate
) -> None:
    ada = running.ada
    turn_id = await running.begin()
    swept = await elsewhere(stage).sweep(clock.now() + timedelta(seconds=60))
    assert swept == 1
    turn = await ada.turn(turn_id)
    assert turn.state is TurnState.INTERRUPTED
    assert turn.failure and turn.failure.reason.name == "TURN_INTERRUPTED"
    assert turn.finish_time

    for after in (0, 1, 40):  # a follower may have heard more than anybody has written down
        again = await ada.watches(turn_id, after)
        assert (again.how, again.why, again.text) == ("INTERRUPTED", "TURN_INTERRUPTED", "")
        assert again.numbers[-1] > after

    gate.open()  # its server was only slow: it comes too late
    told = await running.end()
    assert (told.how, told.why, told.text) == ("INTERRUPTED", "TURN_INTERRUPTED", "")
    assert (await ada.turn(turn_id)).state is TurnState.INTERRUPTED
    assert await stage.memories(turn_id) == []
    assert [message.text for message in await stage.messages(told.conversation_id)] == ["Hi"]


async def test_a_follower_elsewhere_is_told_when_it_is_swept(
    stage: Stage, running: Running, gate: Gate
) -> None:
    """The turn's row says that it runs, but nobody here works on it."""
    turn_id = await running.begin()
    gate.open()
    await running.end()
    await stage.execute(
        "UPDATE turns SET state = 'running', lease_expire_time = now() WHERE id = :id", id=turn_id
    )
    watching = asyncio.create_task(running.ada.watches(turn_id))
    async with elsewhere(stage).held(alone=False):
        told = await watching
    assert (told.how, told.why) == ("INTERRUPTED", "TURN_INTERRUPTED")


async def test_alone_with_its_database_a_server_waits_for_no_lease(
    stage: Stage, running: Running, gate: Gate
) -> None:
    turn_id = await running.begin()
    async with elsewhere(stage).held(alone=True):
        assert (await running.ada.turn(turn_id)).state is TurnState.INTERRUPTED
    gate.open()
    await running.end()
