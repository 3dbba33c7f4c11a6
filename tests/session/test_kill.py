"""`kill -9` of the server at each step of a turn, and what is left when another one looks.

Nothing that was acknowledged is missing, no turn is recorded, delivered or remembered twice, and
what was running is told as interrupted.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import RunningServer
from tests.executable import Serving, serving
from tests.fakes.provider import FakeProvider, Gate, Reply, Request
from tests.session.stage import PATIENCE, Person, Stage, Told, reason_of, set_up, until
from tzurot import clock
from tzurot_client import Unavailable, connect
from tzurot_client.gen.tzurot.account.v1 import GetServerInfoRequest
from tzurot_client.gen.tzurot.memory.v1 import ListMemoriesRequest
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import ChatEvent, ChatRequest, TurnState

MODULE = "tests.session.stopping_server"
SESSION = "tzurot.session"

# Where a turn stands when the server is killed, and where it stops so that it stands there. The
# model holds back what is needed for the two without a place.
NOT_ADMITTED = {"admit": f"before:{SESSION}.admission:begin"}
NOT_ASKED = {
    "admitted": f"before:{SESSION}.turn:answer",
    "configured": f"before:{SESSION}.context:gather",
    "recalled": f"after:{SESSION}.context:gather",
    "composed": f"before:{SESSION}.agent:Agent.answer",
}
ASKED = {
    "think": "",
    "deliver": "",
    "remember": f"before:{SESSION}.recording:record",
    "commit": f"after:{SESSION}.store:end_turn",
}
RECORDED = {"recorded": f"after:{SESSION}.recording:record"}
STEPS = NOT_ADMITTED | NOT_ASKED | ASKED | RECORDED


@dataclass(slots=True)
class Case:
    """One turn of the killed server."""

    step: str
    person: Person
    request: ChatRequest
    heard: list[ChatEvent] = field(default_factory=list[ChatEvent])

    @property
    def last(self) -> int:
        return self.heard[-1].sequence if self.heard else 0

    async def repeats(self) -> Told:
        """Send the same request twice more; both times it is told the same."""
        (once,), (again,) = [await self.person.sends(self.request) for _ in range(2)]
        assert once.finished == again.finished
        return again

    async def listen(self, there: Person) -> None:
        with suppress(Unavailable):
            async for event in there.follows(self.request):
                self.heard.append(event)


@dataclass(frozen=True, slots=True)
class Wreck:
    """What a killed server left, and the server that looks after it."""

    stage: Stage
    cases: dict[str, Case]

    def asked(self, step: str) -> int:
        """How often the model was asked for this turn."""
        return sum(request.last_user_text == step for request in self.stage.asked)


def script(request: Request) -> Reply:
    """The model says two pieces; for some turns it says only none or one."""
    gate = Gate()
    match request.last_user_text:
        case "think":
            gate.release(1)  # the role
        case "deliver":
            gate.release(2)
        case _:
            gate.open()
    return Reply("You ", "keep bees.", gate=gate)


@pytest.fixture(scope="module")
async def wreck(
    shared_server: RunningServer, model: FakeProvider, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Wreck]:
    """Kill a server while one turn stands at each step; the time that its leases had is over."""
    async with (
        connect(shared_server.address, shared_server.token) as client,
        set_up(shared_server, model, client) as stage,
    ):
        model.answer = script
        cases = {step: await a_case(stage, step) for step in STEPS}
        async with doomed(stage, tmp_path_factory.mktemp("doomed")) as server:
            await stand_there(stage, server, list(cases.values()))
        await stage.execute("UPDATE turns SET lease_expire_time = now() WHERE state = 'running'")
        await shared_server.parts.leases.sweep(clock.now())
        yield Wreck(stage, cases)


async def a_case(stage: Stage, step: str) -> Case:
    """Somebody of its own says the step's name, to a character of its own."""
    person, character = stage.person("Ada"), await stage.character(f"Lilith {step}")
    return Case(step, person, person.saying(step, character, request_id=str(uuid4())))


@asynccontextmanager
async def doomed(stage: Stage, home: Path) -> AsyncGenerator[Serving]:
    """Another server on the stage's database."""
    url = stage.server.parts.database.engine.url.render_as_string(hide_password=False)
    points = [f"{step}={place}" for step, place in STEPS.items() if place]
    settings = {"database_url": url, "model": "scripted", "model_base_url": stage.model.base_url}
    async with serving(*points, "serve", home=home, module=MODULE, **settings) as server:
        yield server


async def stand_there(stage: Stage, server: Serving, cases: list[Case]) -> None:
    """Say everything, wait until each turn stands where it is to, kill."""
    async with connect(server.address, stage.server.token) as client:
        listening = [
            asyncio.create_task(case.listen(stage.elsewhere(client, case.person))) for case in cases
        ]
        for _ in filter(None, STEPS.values()):
            await server.says("stopped: (.+)")
        deliver = next(case for case in cases if case.step == "deliver")
        async with asyncio.timeout(PATIENCE):
            await stage.model.until(lambda model: model.open_streams == 2)
            while not any(event.text_delta for event in deliver.heard):
                await asyncio.sleep(0.01)
        server.kill()
        await server.ended()
        await asyncio.gather(*listening)


async def test_nothing_was_heard_as_finished(wreck: Wreck) -> None:
    assert len(wreck.cases) == 10
    for case in wreck.cases.values():
        assert not [event for event in case.heard if event.finished], case.step
    assert [event.text_delta for event in wreck.cases["deliver"].heard if event.text_delta]


@pytest.mark.parametrize("step", NOT_ADMITTED)
async def test_before_the_turn_is_a_row_the_same_request_is_a_new_one(
    wreck: Wreck, step: str
) -> None:
    case, stage = wreck.cases[step], wreck.stage
    assert case.heard == []
    assert wreck.asked(step) == 0
    told = await case.repeats()
    assert (told.how, told.text) == ("STOP", "You keep bees.")
    assert wreck.asked(step) == 1
    assert len(await stage.messages(told.conversation_id)) == 2
    assert len(await stage.memories(told.turn_id)) == 1


@pytest.mark.parametrize("step", NOT_ASKED | ASKED)
async def test_while_it_runs_it_is_told_as_interrupted_and_never_answered(
    wreck: Wreck, step: str
) -> None:
    case, stage, person = wreck.cases[step], wreck.stage, wreck.cases[step].person
    told = await case.repeats()
    assert (told.how, told.why, told.text) == ("INTERRUPTED", "TURN_INTERRUPTED", "")
    watched = await person.watches(told.turn_id, after=case.last)
    assert (watched.how, watched.why) == ("INTERRUPTED", "TURN_INTERRUPTED")
    turn = await person.turn(told.turn_id)
    assert (turn.state, reason_of(turn.failure)) == (TurnState.INTERRUPTED, "TURN_INTERRUPTED")
    assert {event.turn_id for event in case.heard} <= {told.turn_id}
    assert wreck.asked(step) == (1 if step in ASKED else 0)
    said = await stage.messages(told.conversation_id)
    assert [message.text for message in said] == [step]
    assert await stage.memories(told.turn_id) == []

    after = await person.asks("And now?")
    assert (after.text, after.conversation_id) == ("You keep bees.", told.conversation_id)


@pytest.mark.parametrize("step", RECORDED)
async def test_once_it_is_recorded_it_is_told_again_and_not_thought_again(
    wreck: Wreck, step: str
) -> None:
    case, stage = wreck.cases[step], wreck.stage
    watched = await case.person.watches(case.heard[0].turn_id, after=case.last)
    told = await case.repeats()
    assert (told.how, told.text) == ("STOP", "You keep bees.")
    assert told.finished == watched.finished
    assert wreck.asked(step) == 1
    assert len(await stage.messages(told.conversation_id)) == 2
    assert len(await stage.memories(told.turn_id)) == 1


@asynccontextmanager
async def talking(server: Serving, home: Path) -> AsyncGenerator[Person]:
    """The owner of a home, connected to its server."""
    token = (home / "token").read_text()
    async with connect(server.address, token) as client:
        yield Person("Ada", "local", "local:owner", client)


async def test_a_killed_home_starts_again_with_everything_that_was_acknowledged(
    provider: FakeProvider, tmp_path: Path
) -> None:
    """With its own Postgres, which the killed server leaves running; memories not indexed yet."""
    home, settings = tmp_path / "home", {"model": "scripted", "model_base_url": provider.base_url}
    never_indexed = "=before:tzurot.memory.index.outbox:Relay.drain"
    tzu, bees, gate = Personality(slug="tzu"), "I keep bees in my garden.", Gate()
    async with (
        serving(never_indexed, "serve", home=home, module=MODULE, **settings) as server,
        talking(server, home) as ada,
    ):
        acknowledged = await ada.asks(bees, tzu, request_id=str(uuid4()))
        provider.script(Reply("Well, ", "no.", gate=gate))
        gate.release(2)
        interrupted = ada.saying("Are you sure?", tzu, request_id=str(uuid4()))
        events = ada.follows(interrupted)
        begun, _ = await anext(events), await anext(events)
        server.kill()
        with pytest.raises(Unavailable):
            await anext(events)
    asked = len(provider.requests)

    async with (
        serving("serve", home=home, **settings) as server,
        talking(server, home) as ada,
    ):
        (told,) = await ada.sends(interrupted)
        assert (told.how, told.why) == ("INTERRUPTED", "TURN_INTERRUPTED")
        assert told.turn_id == begun.turn_id
        again = await ada.watches(acknowledged.turn_id)
        assert again.finished == acknowledged.finished
        assert len(provider.requests) == asked

        await ada.resets(told.conversation_id)
        assert (await ada.asks("What do I keep in my garden?", tzu)).cited == [bees]
        memories = (await ada.client.memory.list_memories(ListMemoriesRequest())).memories
        assert [memory.turn_id for memory in memories].count(acknowledged.turn_id) == 1
        assert len(memories) == 2

        async def indexed() -> bool:
            info = await ada.client.admin.get_server_info(GetServerInfoRequest())
            return info.index_backlog_count == 0

        await until(indexed)
        server.process.terminate()
        assert (await server.ended()).code == 0
