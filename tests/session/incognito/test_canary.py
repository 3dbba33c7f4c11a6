"""Twenty incognito turns, some of which go wrong: no word of them is anywhere that a server keeps.

Looked through are every column of every table, the data of the search index, and the log at its
most talkative. The same words in a turn that is kept are found by the same search.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import RunningServer, a_server
from tests.executable import serving
from tests.fakes.provider import Call, Ending, FakeProvider, Refusal, Reply
from tests.session.incognito.modes import hits, switch
from tests.session.stage import Person, Stage, set_up
from tests.session.test_attachments import brought, reason_of, shows
from tests.session.tree import shown
from tests.weaviate_server import OwnServer, program
from tzurot import clock
from tzurot_client import Unavailable, connect
from tzurot_client.gen.tzurot.personality.v1 import Personality
from tzurot_client.gen.tzurot.session.v1 import (
    ChatRequest,
    Continuation,
    DeleteMessageRequest,
    EditMessageRequest,
    GetMessageRequest,
    MessageRef,
    Reference,
    ReferenceKind,
    ReferenceState,
    Regeneration,
    ReportDeliveryRequest,
    Scene,
    TurnState,
    Utterance,
)

CANARY = "quetzalcoatlus"
MODULE = "tests.session.stopping_server"
STOPPED = f"Never end, {CANARY}."


@dataclass(frozen=True, slots=True)
class World:
    """A server on Weaviate, all that it logs, and where its index keeps its data."""

    stage: Stage
    home: Path
    index: Path
    log: list[str] = field(default_factory=list[str])

    async def found(self, word: str) -> list[str]:
        """Where a word stands in what the server keeps."""
        tables = await hits(self.stage.server.parts.database, word)
        files = [
            f"index: {path.name}"
            for path in self.index.rglob("*")
            if path.is_file() and word.encode() in path.read_bytes()
        ]
        return [*tables, *files, *(f"log: {line}" for line in self.log if word in line)]


class _Log(logging.Handler):
    """Keeps all that is logged."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
async def world(database_url: str, provider: FakeProvider, tmp_path: Path) -> AsyncIterator[World]:
    """A server of the test's own."""
    # Of SQLAlchemy the statements; at DEBUG it would tell what is read.
    levels = {logging.getLogger(): logging.DEBUG, logging.getLogger("sqlalchemy"): logging.INFO}
    log, before = _Log(), {it: it.level for it in levels}
    logging.getLogger().addHandler(log)
    for logger, level in levels.items():
        logger.setLevel(level)
    (tmp_path / "index").mkdir()
    index = OwnServer(program(), tmp_path / "index")
    await asyncio.to_thread(index.start)
    settings = {
        "model": "scripted",
        "model_base_url": provider.base_url,
        "weaviate_url": index.listening.url,
        "weaviate_grpc_port": index.listening.grpc_port,
        "weaviate_api_key": index.listening.api_key,
    }
    try:
        async with (
            a_server(database_url, tmp_path / "home", **settings) as server,
            connect(server.address, server.token) as client,
            set_up(server, provider, client) as stage,
        ):
            yield World(stage, tmp_path / "home", tmp_path / "index", log.lines)
    finally:
        await asyncio.to_thread(index.stop)
        logging.getLogger().removeHandler(log)
        for logger, level in before.items():
            logger.setLevel(level)


async def test_nothing_of_twenty_turns_is_kept(world: World) -> None:
    stage = world.stage
    ada, lilith = stage.person("Ada"), await stage.character("Lilith", greeting="Welcome!")
    mira = await stage.character("Mira")
    stage.model.answer = lambda request: f"You and your {CANARY}."
    await switch(ada, "incognito")
    turns = [
        *await _plain(ada, lilith),
        *await _in_a_channel(stage, ada, lilith, mira),
        await _with_a_file(stage, ada, lilith),
        await _repeated(ada, lilith),
        *await _gone_wrong(stage, ada, lilith),
        await _replied_to(ada, lilith),
        await _killed(world, ada, lilith),
    ]
    assert len(set(turns)) == len(turns) >= 20
    await stage.settled()
    assert await world.found(CANARY) == []
    assert any("INSERT INTO turns" in line for line in world.log), "it tells each statement"
    for turn_id in turns:  # each of them was one, and is a row
        assert (await ada.turn(turn_id)).incognito


async def test_the_same_words_are_found_if_they_are_kept(world: World) -> None:
    stage = world.stage
    ada, lilith = stage.person("Ada"), await stage.character("Lilith")
    stage.model.answer = lambda request: f"You and your {CANARY}."
    await ada.asks(f"I saw a {CANARY}.", lilith)
    await stage.indexed()
    found = await world.found(CANARY)
    tables = {"messages.text", "memories.person_text", "memories.personality_text"}
    assert {*tables, "channel_lines.text", "traces.document"} <= set(found)
    assert [it for it in found if it.startswith("index: ")]


async def _plain(ada: Person, lilith: Personality) -> list[str]:
    """Eight turns that are answered, the first one a greeting."""
    (greeted,) = await ada.is_greeted_by(lilith)
    told = [await ada.asks(f"{number}: my {CANARY}.", lilith) for number in range(7)]
    return [it.turn_id for it in (greeted, *told)]


async def _in_a_channel(
    stage: Stage, ada: Person, lilith: Personality, mira: Personality
) -> list[str]:
    """What is said to two at once, and a scene of three replies."""
    meadow = stage.channel()
    both = await ada.says(f"Both of you: {CANARY}!", lilith, mira, place=meadow)
    scene = ChatRequest(
        place=meadow,
        scene=Scene(reply_limit=3, topic=CANARY),
        addressees=[*ada.saying("", lilith, mira).addressees],
    )
    return [it.turn_id for it in (*both, *await ada.sends(scene))]


async def _with_a_file(stage: Stage, ada: Person, lilith: Personality) -> str:
    notes = await brought(ada, f"My {CANARY} lays eggs.".encode(), "notes.txt")
    told = await shows(ada, lilith, notes, text="Read this.")
    assert f"My {CANARY} lays eggs." in str(stage.asked[-1].messages[-1])
    return told.turn_id


async def _repeated(ada: Person, lilith: Personality) -> str:
    """The same request twice: it is told again from memory."""
    request = ada.saying(f"Twice, {CANARY}.", lilith, request_id=str(uuid4()))
    (once,), (again,) = await ada.sends(request), await ada.sends(request)
    assert (again.turn_id, again.text) == (once.turn_id, once.text)
    assert (await ada.watches(once.turn_id)).text == once.text
    return once.turn_id


async def _gone_wrong(stage: Stage, ada: Person, lilith: Personality) -> list[str]:
    """A refusal that quotes, a stream that breaks, a call of a skill, one that is stopped."""
    refusal = Refusal(400, "invalid_request_error", f"I will not talk of a {CANARY}")
    stage.model.script(refusal, *[refusal] * 3)
    failed = await ada.asks(f"Refuse me, {CANARY}.", lilith)
    assert failed.how == "FAILED"
    stage.model._script.clear()  # pyright: ignore[reportPrivateUsage]
    stage.model.script(Reply(f"A {CANARY} ", "is", ending=Ending.BREAK))
    broken = await ada.asks(f"Break, {CANARY}.", lilith)
    arguments = f'{{"query": "{CANARY}"}}'
    stage.model.script(Reply(calls=[Call("memory_search", arguments)]))
    searched = await ada.asks(f"Search for my {CANARY}.", lilith)
    stage.model.script(Reply(f"A {CANARY} ", ending=Ending.HANG))
    events = ada.follows(ada.saying(f"Stop, {CANARY}.", lilith))
    async for event in events:
        if event.text_delta:
            assert (await ada.cancels(event.turn_id)).state is TurnState.CANCELLED
            break
    (stopped, *_) = [event async for event in events]
    return [failed.turn_id, broken.turn_id, searched.turn_id, stopped.turn_id]


async def _replied_to(ada: Person, lilith: Personality) -> str:
    """A reply to a message that shows an incognito one; and what can't be done with that."""
    told = await ada.asks(f"Answer me, {CANARY}.", lilith)
    report = ReportDeliveryRequest(turn_id=told.turn_id, platform_message_ids=["4711"])
    await ada.client.session.report_delivery(report)
    quoted = Reference(
        kind=ReferenceKind.REPLY,
        state=ReferenceState.READ,
        platform_message_id="4711",
        author_name="Lilith",
        text=told.text,
    )
    request = ada.saying("", lilith)
    request.utterance = Utterance(
        text=f"This {CANARY}?",
        speaker_name="Ada",
        references=[quoted],
        replied_to_message_id="4711",
    )
    (replied,) = await ada.sends(request)
    assert replied.by == "Lilith"
    assert told.finished.message
    message = ada.client.message
    by_id = MessageRef(id=told.finished.message.id)
    for ref in (by_id, shown(ada.direct, "4711")):
        again = ChatRequest(place=ada.direct, regeneration=Regeneration(message=ref))
        on = ChatRequest(place=ada.direct, continuation=Continuation(message=ref))
        for asked in (
            ada.sends(again),
            ada.sends(on),
            message.get_message(GetMessageRequest(message=ref)),
            message.edit_message(EditMessageRequest(message=ref, text=CANARY)),
        ):
            assert await reason_of(asked) == "MESSAGE_NOT_KEPT"
    assert (
        await message.delete_message(DeleteMessageRequest(message=by_id))
    ).deleted_message_count == 2
    return replied.turn_id


async def _killed(world: World, ada: Person, lilith: Personality) -> str:
    """A turn whose server is killed before it is recorded; then it comes again."""
    stage: Stage = world.stage
    server: RunningServer = stage.server
    request = ada.saying(STOPPED, lilith, request_id=str(uuid4()))
    url = server.parts.database.engine.url.render_as_string(hide_password=False)
    settings = {
        "database_url": url,
        "model": "scripted",
        "model_base_url": stage.model.base_url,
    }
    point = f"{STOPPED}=before:tzurot.session.recording:record"
    home = world.home / "doomed"
    async with (
        serving(point, "serve", home=home, module=MODULE, **settings) as doomed,
        connect(doomed.address, server.token) as client,
    ):
        there = stage.elsewhere(client, ada)

        async def listen() -> None:
            with suppress(Unavailable):
                await there.sends(request)

        listening = asyncio.create_task(listen())
        await doomed.says("stopped: (.+)")
        doomed.kill()
        ended = await doomed.ended()
        await listening
    assert CANARY not in ended.out + ended.err
    await stage.execute("UPDATE turns SET lease_expire_time = now() WHERE state = 'running'")
    await server.parts.leases.sweep(clock.now())
    (told,) = await ada.sends(request)
    assert (told.how, told.text) == ("INTERRUPTED", "")
    return told.turn_id
