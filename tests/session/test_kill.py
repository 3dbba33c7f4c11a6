"""`kill -9` of the server at each step of a turn, and what is left when another one looks.

Nothing that was acknowledged is missing, no turn is recorded, delivered or remembered twice, and
what was running is told as interrupted.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pytest

from tests.executable import Serving, serving
from tests.fakes.provider import FakeProvider, Gate, Reply
from tests.session.stage import Person, Stage, reason_of, until
from tzurot import clock
from tzurot_client import Client, Unavailable, connect
from tzurot_client.gen.tzurot.account.v1 import GetServerInfoRequest
from tzurot_client.gen.tzurot.memory.v1 import ListMemoriesRequest
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import ChatEvent, ChatRequest, TurnState

ADMIT = "before:tzurot.session.admission:begin"
RUNNING = {  # the turn is a row, its end is not written
    "admitted": "after:tzurot.session.admission:begin",
    "configure": "before:tzurot.wallet.paying:Wallet.model_for",
    "recall": "before:tzurot.session.context:gather",
    "compose": "before:tzurot.session.prompt:compose",
    "think": "before:tzurot.session.agent:Agent.answer",
    "deliver": "before:tzurot.session.agent:Agent._say:2",
    "remember": "before:tzurot.session.recording:record",
    "commit": "after:tzurot.session.store:end_turn",
}
RECORDED = "after:tzurot.session.recording:record"
INDEX = "hang:tzurot.memory.index.outbox:Relay.drain"


@dataclass(slots=True)
class Heard:
    """What a client got before its server died."""

    events: list[ChatEvent]

    @property
    def last(self) -> int:
        return self.events[-1].sequence if self.events else 0


@asynccontextmanager
async def doomed(stage: Stage, step: str, home: Path) -> AsyncGenerator[Serving]:
    """A second server on the stage's database, to be killed where it stops."""
    url = stage.server.parts.database.engine.url.render_as_string(hide_password=False)
    settings = {"model": "scripted", "model_base_url": stage.model.base_url}
    async with serving(
        step,
        "serve",
        home=home,
        module="tests.session.stopping_server",
        database_url=url,
        **settings,
    ) as server:
        yield server


async def killed_while_answering(
    stage: Stage, step: str, home: Path, request: ChatRequest, ada: Person
) -> Heard:
    """Ask a server that stops at `step`, read until it does, kill it."""
    heard, gate = Heard([]), Gate()
    gate.release(2)  # the role and the first word
    stage.model.script(Reply("You ", "keep bees.", gate=gate))

    async def follow(client: Client) -> None:
        there = replace(ada, client=client.acting_for(ada.subject))
        with suppress(Unavailable):
            async for event in there.follows(request):
                heard.events.append(event)
                if event.text_delta:
                    gate.open()

    async with (
        doomed(stage, step, home) as server,
        connect(server.address, stage.server.token) as client,
    ):
        following = asyncio.create_task(follow(client))
        await server.says("(stopped dead)")
        server.kill()
        await server.ended()
        await following
    return heard


@asynccontextmanager
async def talking(server: Serving, home: Path) -> AsyncGenerator[Person]:
    """The owner of a home, connected to its server."""
    token = (home / "token").read_text()
    async with connect(server.address, token) as client:
        yield Person("Ada", "local", "local:owner", client)


async def its_lease_runs_out(stage: Stage, request: ChatRequest) -> None:
    """What follows happens as late as it takes."""
    await stage.execute(
        "UPDATE turns SET lease_expire_time = now() WHERE request_id = :id", id=request.request_id
    )
    await stage.server.parts.leases.sweep(clock.now())


@pytest.fixture
def ada(stage: Stage) -> Person:
    return stage.person("Ada")


@pytest.fixture
async def lilith(stage: Stage) -> Personality:
    return await stage.character("Lilith")


@pytest.fixture
def request_of_ada(ada: Person, lilith: Personality) -> ChatRequest:
    return ada.saying("What do I keep?", lilith, request_id=str(uuid4()))


async def test_before_the_turn_is_a_row_the_same_request_is_a_new_one(
    stage: Stage, ada: Person, request_of_ada: ChatRequest, tmp_path: Path
) -> None:
    heard = await killed_while_answering(stage, ADMIT, tmp_path, request_of_ada, ada)
    assert heard.events == []
    (told,) = await ada.sends(request_of_ada)
    assert told.how == "STOP"
    assert len(stage.asked) == 1
    assert len(await stage.messages(told.conversation_id)) == 2


@pytest.mark.parametrize("step", RUNNING)
async def test_while_it_runs_it_is_told_as_interrupted_and_never_again(
    stage: Stage, ada: Person, request_of_ada: ChatRequest, tmp_path: Path, step: str
) -> None:
    heard = await killed_while_answering(stage, RUNNING[step], tmp_path, request_of_ada, ada)
    asked = len(stage.asked)
    assert asked == (1 if step in ("deliver", "remember", "commit") else 0)
    assert not [event for event in heard.events if event.finished]
    await its_lease_runs_out(stage, request_of_ada)

    for _ in range(2):
        (told,) = await ada.sends(request_of_ada)
        assert (told.how, told.why, told.text) == ("INTERRUPTED", "TURN_INTERRUPTED", "")
    watched = await ada.watches(told.turn_id, after=heard.last)
    assert (watched.how, watched.why) == ("INTERRUPTED", "TURN_INTERRUPTED")
    turn = await ada.turn(told.turn_id)
    assert (turn.state, reason_of(turn.failure)) == (TurnState.INTERRUPTED, "TURN_INTERRUPTED")
    assert {event.turn_id for event in heard.events} <= {told.turn_id}
    assert len(stage.asked) == asked
    said = await stage.messages(told.conversation_id)
    assert [message.text for message in said] == ["What do I keep?"]
    assert await stage.memories(told.turn_id) == []

    stage.model.script("Here I am.")
    after = await ada.asks("Are you there?")
    assert (after.text, after.conversation_id) == ("Here I am.", told.conversation_id)


async def test_once_it_is_recorded_the_reply_is_told_again_and_not_thought_again(
    stage: Stage, ada: Person, request_of_ada: ChatRequest, tmp_path: Path
) -> None:
    heard = await killed_while_answering(stage, RECORDED, tmp_path, request_of_ada, ada)
    assert not [event for event in heard.events if event.finished]
    await its_lease_runs_out(stage, request_of_ada)

    watched = await ada.watches(heard.events[0].turn_id, after=heard.last)
    for _ in range(2):
        (told,) = await ada.sends(request_of_ada)
        assert (told.how, told.text) == ("STOP", "You keep bees.")
        assert told.finished == watched.finished
    assert len(stage.asked) == 1
    assert len(await stage.messages(told.conversation_id)) == 2
    assert len(await stage.memories(told.turn_id)) == 1


async def test_a_killed_home_starts_again_with_everything_that_was_acknowledged(
    provider: FakeProvider, tmp_path: Path
) -> None:
    """With its own Postgres, which the killed server leaves running; memories not indexed yet."""
    home, settings = tmp_path / "home", {"model": "scripted", "model_base_url": provider.base_url}
    module, bees = "tests.session.stopping_server", "I keep bees in my garden."
    async with serving(INDEX, "serve", home=home, module=module, **settings) as server:
        async with talking(server, home) as ada:
            tzu = Personality(slug="tzu")
            acknowledged = await ada.asks(bees, tzu, request_id=str(uuid4()))
            provider.script(Reply("Well, ", "…", gate=(gate := Gate())))
            gate.release(2)
            running = ada.saying("Are you sure?", tzu, request_id=str(uuid4()))
            events = ada.follows(running)
            heard = [await anext(events), await anext(events)]
            server.kill()
            with pytest.raises(Unavailable):
                await anext(events)
    asked = len(provider.requests)

    async with (
        serving("serve", home=home, **settings) as server,
        talking(server, home) as ada,
    ):
        (told,) = await ada.sends(running)
        assert (told.how, told.why) == ("INTERRUPTED", "TURN_INTERRUPTED")
        assert told.turn_id == heard[0].turn_id
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
