"""The chat helper of the Python client: every event once, whatever happens to the connection."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from tests.clients.scripted_talk import (
    ScriptedTalk,
    answered,
    cited,
    delta,
    finished,
    identity,
    started,
)
from tests.clients.stub_server import TOKEN, Cable, Refusal, StubServer, cable_to, stub_server
from tzurot.session.v1 import chat_event_pb2
from tzurot_client import Client, NotFound, Unavailable, connect
from tzurot_client.gen.tzurot.personality.v1 import PersonalityRef
from tzurot_client.gen.tzurot.session.v1 import ChatEvent, ChatRequest, Utterance


@pytest.fixture
async def stub() -> AsyncIterator[StubServer]:
    async with stub_server() as running:
        yield running


@pytest.fixture
async def cable(stub: StubServer) -> AsyncIterator[Cable]:
    async with cable_to(stub.address) as laid:
        yield laid


@pytest.fixture
async def client(cable: Cable) -> AsyncIterator[Client]:
    async with connect(cable.address, TOKEN) as connected:
        yield connected


def saying(text: str, *addressees: str) -> ChatRequest:
    refs = [PersonalityRef(slug=slug) for slug in addressees or ("tzu",)]
    return ChatRequest(utterance=Utterance(text=text), addressees=refs)


def heard(events: list[ChatEvent]) -> str:
    return "".join(event.text_delta.text for event in events if event.text_delta)


def numbers(events: list[ChatEvent]) -> list[int]:
    return [event.sequence for event in events]


async def test_a_turn_is_followed_to_its_end(stub: StubServer, client: Client) -> None:
    ScriptedTalk(stub, answered("You keep bees.", cited("I keep bees.")))
    events = [event async for event in client.chat(saying("What do I keep?"))]

    assert heard(events) == "You keep bees."
    assert numbers(events) == [1, 2, 3, 4, 5, 6]
    assert events[-1].finished is not None
    assert 10 < stub.calls[0].seconds_left <= 180


async def test_a_request_without_an_id_gets_one_and_the_callers_own_is_kept(
    stub: StubServer, client: Client
) -> None:
    ScriptedTalk(stub, answered("One."), answered("Two."))
    unnamed, named = saying("Hi"), saying("Hi")
    named.request_id = identity("a platform's event")
    for request in (unnamed, named):
        assert [event async for event in client.chat(request)]

    ids = [request.request_id for request in stub.requests("Chat")]
    assert UUID(ids[0])
    assert ids[1] == identity("a platform's event")
    assert unnamed.request_id == ""


async def test_a_broken_stream_goes_on_where_it_was(
    stub: StubServer, cable: Cable, client: Client
) -> None:
    talk = ScriptedTalk(stub, answered("one two three four"))
    talk.gate = 4
    events: list[ChatEvent] = []
    async for event in client.chat(saying("Count.")):
        events.append(event)
        if event.sequence == 3:
            cable.cut()
            talk.turns[0].go_on.set()

    assert heard(events) == "one two three four"
    assert numbers(events) == [1, 2, 3, 4, 5, 6]
    watched = stub.requests("WatchTurn")
    assert [(request.turn_id, request.after_sequence) for request in watched] == [
        (talk.turns[0].id, 3)
    ]
    assert len(stub.requests("Chat")) == 1


async def test_a_stream_that_broke_before_its_first_event_is_asked_for_again(
    stub: StubServer, client: Client
) -> None:
    talk = ScriptedTalk(stub, answered("Here I am."))
    follow = stub.answers["Chat"]

    async def lost(_: object) -> AsyncIterator[object]:
        raise Refusal("UNAVAILABLE", "DRAINING")
        yield

    assert callable(follow)
    stub.answers["Chat"] = [lost, follow]
    events = [event async for event in client.chat(saying("Are you there?"))]

    assert heard(events) == "Here I am."
    first, second = stub.requests("Chat")
    assert first.request_id == second.request_id
    assert len(talk.turns) == 1


async def test_after_a_break_the_other_characters_are_still_heard(
    stub: StubServer, cable: Cable, client: Client
) -> None:
    talk = ScriptedTalk(stub)
    talk.and_then(answered("Mira speaks."), answered("Kael speaks."))
    talk.gate = 3
    events: list[ChatEvent] = []
    async for event in client.chat(saying("Hello both.", "mira", "kael")):
        events.append(event)
        if len(events) == 2:
            cable.cut()
            for turn in talk.turns:
                turn.go_on.set()

    told = [(event.turn_id, event.sequence) for event in events]
    assert told == [(turn.id, number) for turn in talk.turns for number in range(1, 5)]
    assert heard(events) == "Mira speaks.Kael speaks."


async def test_a_server_that_stays_away_in_the_middle_is_told_at_last(
    stub: StubServer, cable: Cable, client: Client
) -> None:
    talk = ScriptedTalk(stub, answered("one two three"))
    talk.gate = 3
    events: list[ChatEvent] = []
    with pytest.raises(Unavailable):
        async for event in client.chat(saying("Count.")):
            events.append(event)
            if event.sequence == 2:
                cable.cut(refuse=True)

    assert numbers(events) == [1, 2]
    assert cable.connections <= 1 + 6 * 3


async def test_a_break_after_the_only_turn_has_ended_loses_nothing(
    stub: StubServer, cable: Cable, client: Client
) -> None:
    ScriptedTalk(stub, answered("one two three"))
    events: list[ChatEvent] = []
    async for event in client.chat(saying("Count.")):
        events.append(event)
        if event.finished:
            cable.cut(refuse=True)
    assert heard(events) == "one two three"


async def test_a_refusal_is_raised_at_once(stub: StubServer, client: Client) -> None:
    async def refuse(_: object) -> AsyncIterator[object]:
        raise Refusal("NOT_FOUND", "PERSONALITY_NOT_FOUND", "There is no character `lilith`.")
        yield

    stub.answers["Chat"] = refuse
    with pytest.raises(NotFound, match="lilith"):
        async for _ in client.chat(saying("Hi")):
            pass
    assert len(stub.calls) == 1


async def test_events_of_an_unknown_kind_are_left_out(stub: StubServer, client: Client) -> None:
    unknown = chat_event_pb2.ChatEvent.FromString(b"\xa2\x06\x00")  # field 100, an empty message
    ScriptedTalk(stub, [started(), unknown, delta("Hi."), finished("Hi.")])
    events = [event async for event in client.chat(saying("Hi"))]

    assert numbers(events) == [1, 3, 4]


async def test_nobody_answering_is_no_error(stub: StubServer, client: Client) -> None:
    ScriptedTalk(stub).and_then()
    assert [event async for event in client.chat(saying("Is anybody here?"))] == []
