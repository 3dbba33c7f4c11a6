"""ExportConversation: a chat goes out as it came in, one from here as other programs read it."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.contract.residents import saying
from tests.fakes.provider import Reply
from tzurot.common.v1 import venue_pb2
from tzurot.formats import chats
from tzurot.formats.found import History
from tzurot.session import histories
from tzurot.session.v1.place_pb2 import Place

GREETING = {
    "name": "Lilith",
    "is_user": False,
    "is_system": False,
    "send_date": "2025-03-01T12:00:00.000Z",
    "mes": "Who are you?",
    "swipes": ["Hello.", "Who are you?", "Speak!"],
    "swipe_id": 1,
    "extra": {"model": "some/model", "token_count": 12},
}
ROWS = [
    {"user_name": "Ada", "character_name": "Lilith", "chat_metadata": {"note_prompt": "calm"}},
    GREETING,
    {"name": "Ada", "is_user": True, "send_date": 1740830520000, "mes": "I am Ada."},
    {"name": "Lilith", "is_user": False, "mes": "Undated.", "x_unknown": [1.50, None]},
    {"name": "System", "is_system": True, "send_date": "March 1, 2025 12:05pm", "mes": "note"},
    {"name": "Ada", "is_user": True, "send_date": "2025-03-01T12:06:00Z", "mes": "Bye, “Lilith”."},
]


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody with a character, who moves chats in and out."""

    served: Served
    client: Client
    person_id: str
    personality_id: str

    async def imports(self, history: History) -> str:
        """A chat that moves in; its conversation."""
        async with self.served.running.parts.database.transaction() as tx:
            written = await histories.write(
                tx,
                person_id=UUID(self.person_id),
                personality_id=UUID(self.personality_id),
                personality_name="Lilith",
                history=history,
            )
        return str(written.conversation_id)

    async def exports(self, conversation_id: str, client: Client | None = None) -> bytes:
        """The bytes of an export whose header is right."""
        request = request_for("ExportConversation", conversation_id=conversation_id)
        first, *rest = await (client or self.client).call("ExportConversation", request)
        data = b"".join(part.chunk for part in rest)
        assert first.header.name == "Lilith.jsonl"
        assert first.header.size_bytes == len(data)
        assert first.header.sha256 == hashlib.sha256(data).hexdigest()
        return data

    async def says(
        self, words: str, client: Client | None = None, place: Place | None = None
    ) -> str:
        """The conversation in which it was said."""
        request: Any = saying(words, self.personality_id)
        if place:
            request.place.CopyFrom(place)
        events = await (client or self.client).call("Chat", request)
        return events[0].event.started.conversation_id


@pytest.fixture
async def desk(served: Served) -> Desk:
    (client,) = served.people("ada")
    person = (await client.call("GetMe")).person
    new = {"name": "Lilith", "greeting": "Who are you?", "visibility": 2}
    created = await client.call(
        "CreatePersonality", request_for("CreatePersonality", personality=new)
    )
    return Desk(served, client, person.id, created.personality.id)


def jsonl(*rows: object) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def read(data: bytes) -> History:
    found = chats.read(data)
    assert found
    (history,) = found.histories
    return history


async def test_what_came_in_goes_out_byte_by_byte(desk: Desk) -> None:
    data = jsonl(*ROWS)
    exported = await desk.exports(await desk.imports(read(data)))
    assert exported == data
    assert read(exported) == read(data)


async def test_a_chat_that_went_on_goes_out_whole(desk: Desk) -> None:
    await desk.imports(read(jsonl(*ROWS[:4])))
    swiped = GREETING | {"mes": "At last.", "swipes": ["No.", "At last."], "name": "Lilith"}
    longer = jsonl(*ROWS, swiped)
    assert await desk.exports(await desk.imports(read(longer))) == longer


async def test_a_branch_does_not_show_in_the_chat_that_it_left(desk: Desk) -> None:
    data = jsonl(*ROWS)
    await desk.imports(read(data))
    branch = jsonl(*ROWS[:3], GREETING | {"mes": "Ada who?", "swipes": ["Ada who?", "Hm."]})
    assert await desk.exports(await desk.imports(read(branch))) == data


async def test_a_conversation_from_here_reads_as_a_chat(desk: Desk) -> None:
    desk.served.provider.script(Reply("Hello, Mira."), Reply("Seven?"))
    await desk.says("Hi!")
    conversation = await desk.says("I keep seven bees.")
    history = read(await desk.exports(conversation))
    assert (history.character_name, history.person_name) == ("Lilith", "Mira")
    assert [(said.by_person, said.name, said.text) for said in history.messages] == [
        (True, "Mira", "Hi!"),
        (False, "Lilith", "Hello, Mira."),
        (True, "Mira", "I keep seven bees."),
        (False, "Lilith", "Seven?"),
    ]
    assert all(said.time for said in history.messages)
    first = json.loads((await desk.exports(conversation)).splitlines()[1])
    assert first["send_date"].endswith("Z")


async def test_what_was_said_before_a_reset_goes_out_too(desk: Desk) -> None:
    desk.served.provider.script(Reply("one"), Reply("two"))
    conversation = await desk.says("before")
    await desk.client.call(
        "ResetConversation", request_for("ResetConversation", conversation_id=conversation)
    )
    await desk.says("after")
    history = read(await desk.exports(conversation))
    assert [said.text for said in history.messages] == ["before", "one", "after", "two"]


async def test_of_a_channel_each_gets_their_own_part(desk: Desk) -> None:
    (kael,) = desk.served.people("kael")
    place = Place(platform="local", channel_id=desk.person_id, venue=venue_pb2.VENUE_PUBLIC_CHANNEL)
    desk.served.provider.script(Reply("to Ada"), Reply("to Kael"), Reply("again"))
    conversation = await desk.says("Ada speaks.", place=place)
    await desk.says("Kael speaks.", kael, place=place)
    await desk.says("Ada again.", place=place)
    told = [said.text for said in read(await desk.exports(conversation)).messages]
    assert told == ["Ada speaks.", "to Ada", "Ada again.", "again"]
    told = [said.text for said in read(await desk.exports(conversation, kael)).messages]
    assert told == ["Kael speaks.", "to Kael"]


async def test_a_long_chat_comes_in_parts(desk: Desk) -> None:
    long = [{"name": "Ada", "is_user": True, "mes": "x" * 50_000, "n": n} for n in range(5)]
    data = jsonl(ROWS[0], *long)
    assert await desk.exports(await desk.imports(read(data))) == data


async def test_imported_messages_are_listed_without_a_turn(desk: Desk) -> None:
    conversation = await desk.imports(read(jsonl(*ROWS)))
    request = request_for("ListMessages", conversation_id=conversation)
    listed = list(reversed((await desk.client.call("ListMessages", request)).messages))
    texts = ["Hello.", "Who are you?", "Speak!", "I am Ada.", "Undated.", "note", "Bye, “Lilith”."]
    assert [message.text for message in listed] == texts
    assert {message.turn_id for message in listed} == {""}
    assert [message.chosen for message in listed[:3]] == [False, True, False]
    found = await desk.client.call(
        "GetConversation", request_for("GetConversation", conversation_id=conversation)
    )
    assert found.conversation.place.platform == "import"


async def test_an_imported_conversation_can_go_on(desk: Desk) -> None:
    conversation = await desk.imports(read(jsonl(*ROWS)))
    request = request_for("GetConversation", conversation_id=conversation)
    place = (await desk.client.call("GetConversation", request)).conversation.place
    desk.served.provider.reset()
    desk.served.provider.script(Reply("Welcome back."))
    assert await desk.says("I am back.", place=place) == conversation
    told = [str(message["content"]) for message in desk.served.provider.requests[-1].messages]
    assert told[-5:] == ["Who are you?", "I am Ada.", "Undated.", "Bye, “Lilith”.", "I am back."]
    history = read(await desk.exports(conversation))
    assert [said.text for said in history.messages[-2:]] == ["I am back.", "Welcome back."]
