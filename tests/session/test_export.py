"""ExportConversation: a chat goes out as it came in, one from here as other programs read it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.calling import Client, request_for
from tests.conftest import Served
from tests.contract.residents import in_private, saying
from tests.fakes.provider import Reply
from tzurot.common.v1 import venue_pb2
from tzurot.formats import chats, documents
from tzurot.formats.chats import rows
from tzurot.formats.found import History, Said
from tzurot.personality.characters import Label
from tzurot.session.archive import Link
from tzurot.session.chats import exporting, grafting, histories
from tzurot.session.chats.histories import Written
from tzurot.session.tables import Conversation, Message
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
    slug: str

    async def imports(self, history: History) -> str:
        """A chat that moves in; its conversation."""
        return str((await self.writes(history)).conversation_id)

    async def writes(self, history: History) -> Written:
        """What came of a chat that moves in."""
        async with self.served.running.parts.database.transaction() as tx:
            return await histories.write(
                tx,
                person_id=UUID(self.person_id),
                personality_id=UUID(self.personality_id),
                personality_name="Lilith",
                history=history,
            )

    async def exports(self, conversation_id: str, client: Client | None = None) -> bytes:
        """The bytes of an export whose header is right."""
        request = request_for("ExportConversation", conversation_id=conversation_id)
        first, *rest = await (client or self.client).call("ExportConversation", request)
        data = b"".join(part.chunk for part in rest)
        assert first.header.name == f"{self.slug}.jsonl"
        assert first.header.size_bytes == len(data)
        assert first.header.sha256 == hashlib.sha256(data).hexdigest()
        return data

    async def exports_all(self, conversation_id: str) -> dict[str, bytes]:
        """The files of an export with branches, by their names in the order in which they came."""
        files: dict[str, bytes] = {}
        headers: list[Any] = []
        fields = {"conversation_id": conversation_id, "with_branches": True}
        request = request_for("ExportConversation", **fields)
        for part in await self.client.call("ExportConversation", request):
            if part.HasField("header"):
                headers.append(part.header)
            name = headers[-1].name
            files[name] = files.get(name, b"") + part.chunk
        assert [(it.size_bytes, it.sha256) for it in headers] == [
            (len(data), hashlib.sha256(data).hexdigest()) for data in files.values()
        ]
        return files

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
    return await desk_of("ada", served)


async def desk_of(name: str, served: Served) -> Desk:
    (client,) = served.people(name)
    person = (await client.call("GetMe")).person
    new = {"name": "Lilith", "greeting": "Who are you?", "visibility": 2}
    created = await client.call(
        "CreatePersonality", request_for("CreatePersonality", personality=new)
    )
    made = created.personality
    return Desk(served, client, person.id, made.id, made.slug)


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


async def test_replies_given_again_go_out_as_swipes(desk: Desk) -> None:
    model = desk.served.provider
    model.script("One.", "Two.", "Three.")
    told = await desk.client.call("Chat", saying("Hi!", desk.personality_id))
    conversation_id = told[0].event.started.conversation_id
    place, message = in_private(), told[-1].event.finished.message
    for _ in range(2):
        again = request_for("Chat", place=place, regeneration={"message": {"id": message.id}})
        await desk.client.call("Chat", again)
    *_, row = (json.loads(line) for line in (await desk.exports(conversation_id)).splitlines())
    assert (row["mes"], row["swipes"], row["swipe_id"]) == ("Three.", ["One.", "Two.", "Three."], 2)
    choice = request_for("ChooseMessage", message={"id": message.id})
    await desk.client.call("ChooseMessage", choice)
    *_, row = (json.loads(line) for line in (await desk.exports(conversation_id)).splitlines())
    assert (row["mes"], row["swipe_id"]) == ("One.", 0)


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
    told = [str(message["content"]) for message in desk.served.provider.requests[-1].said]
    assert told[-5:] == ["Who are you?", "I am Ada.", "Undated.", "Bye, “Lilith”.", "I am back."]
    history = read(await desk.exports(conversation))
    assert [said.text for said in history.messages[-2:]] == ["I am back.", "Welcome back."]


def lilith(minute: int, *texts: str, chosen: int = 0) -> dict[str, Any]:
    swipes = {"swipes": [*texts], "swipe_id": chosen} if len(texts) > 1 else {}
    date = f"2025-03-01T13:{minute:02}:00.000Z"
    return {"name": "Lilith", "is_user": False, "send_date": date, "mes": texts[chosen]} | swipes


MAIN = [*ROWS[:3], lilith(0, "No.", "Yes.", "Hm.", chosen=1), lilith(1, "Go on.")]
BRANCHES = [
    [*MAIN[:4], lilith(2, "Stay.", "Sit."), lilith(3, "There.")],
    [*MAIN[:3], lilith(4, "Perhaps."), lilith(5, "Or not.")],
    [*MAIN[:4], lilith(2, "Stay.", "Sit."), lilith(6, "Here.")],  # leaves the first branch
    [*MAIN[:4], lilith(2, "Stay.", "Sit.", chosen=1), lilith(7, "Good.")],  # from its swipe
]


def branched(stem: str, header: Mapping[str, Any], *messages: object) -> bytes:
    told = {"chat_metadata": {"note_prompt": "calm", "main_chat": stem}}
    return jsonl({**header, **told}, *messages)


async def test_each_branch_goes_out_as_a_file_of_its_own(desk: Desk) -> None:
    (conversation,) = {await desk.imports(read(jsonl(*it))) for it in (MAIN, *BRANCHES)}
    files = await desk.exports_all(conversation)
    stem = desk.slug
    assert list(files) == [f"{stem}.jsonl", *(f"{stem} - Branch #{n}.jsonl" for n in range(1, 5))]
    main, *branches = files.values()
    assert main == jsonl(*MAIN) == await desk.exports(conversation)
    # Oldest first; a swipe that goes on comes after the row in which it stands, dated like it.
    swiped = {"is_system": False, "mes": "Sit.", "extra": {}}
    from_swipe = lilith(2, "Stay.", "Sit.", chosen=1) | swiped
    first, swipe, second, third = branches
    assert [first, second, third] == [branched(stem, *it) for it in BRANCHES[:3]]
    assert json.loads(swipe.splitlines()[4]) == from_swipe
    assert swipe.splitlines()[:4] == first.splitlines()[:4]


async def test_what_goes_out_with_branches_comes_in_as_the_same_tree(
    desk: Desk, served: Served
) -> None:
    (conversation,) = {await desk.imports(read(jsonl(*it))) for it in (MAIN, *BRANCHES)}
    desk.served.provider.script(Reply("Welcome back."))
    request = request_for("GetConversation", conversation_id=conversation)
    place = (await desk.client.call("GetConversation", request)).conversation.place
    await desk.says("I am back.", place=place)  # the chosen path went on here
    files = await desk.exports_all(conversation)

    again = [await desk.writes(read(data)) for data in files.values()]
    assert [(str(it.conversation_id), it.new_messages) for it in again] == [(conversation, 0)] * 5
    assert await desk.exports_all(conversation) == files

    other = await desk_of("kael", served)
    (theirs,) = {await other.imports(read(data)) for data in files.values()}
    assert await other.exports_all(theirs) == {
        name.replace(desk.slug, other.slug): _with_main_chat(data, desk.slug, other.slug)
        for name, data in files.items()
    }


def _with_main_chat(data: bytes, before: str, now: str) -> bytes:
    """The file of a branch, which names the file of the chat that it leaves."""
    told = '"main_chat": "{}"'
    return data.replace(told.format(before).encode(), told.format(now).encode())


async def test_a_chat_without_branches_is_one_file(desk: Desk) -> None:
    conversation = await desk.imports(read(jsonl(*ROWS)))
    assert await desk.exports_all(conversation) == {f"{desk.slug}.jsonl": jsonl(*ROWS)}


async def test_a_reset_begins_no_branch(desk: Desk) -> None:
    desk.served.provider.script(Reply("one"), Reply("two"))
    conversation = await desk.says("before")
    reset = request_for("ResetConversation", conversation_id=conversation)
    await desk.client.call("ResetConversation", reset)
    await desk.says("after")
    ((name, data),) = (await desk.exports_all(conversation)).items()
    assert (name, data) == (f"{desk.slug}.jsonl", await desk.exports(conversation))


NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


@st.composite
def dated(draw: st.DrawFn) -> Said:
    """Few words, so that chats often meet."""
    texts = tuple(draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)))
    chosen = draw(st.integers(0, len(texts) - 1))
    by_person = draw(st.booleans())
    said = Said(
        by_person=by_person,
        name="Ada" if by_person else "Lilith",
        text=texts[chosen],
        alternatives=texts if len(texts) > 1 else (),
        chosen=chosen if len(texts) > 1 else 0,
        time=NOON + timedelta(minutes=draw(st.integers(0, 2))),
    )
    return replace(said, source=documents.dumps(rows.new(said)))


def branching() -> st.SearchStrategy[list[list[Said]]]:
    """Chats that begin with the same message: they share a conversation."""
    first = Said(False, "Lilith", "Who?", time=NOON)
    first = replace(first, source=documents.dumps(rows.new(first)))
    chat = st.lists(dated(), max_size=5).map(lambda rest: [first, *rest])
    return st.lists(chat, min_size=1, max_size=5)


class Grown:
    """A tree as the database would keep it."""

    def __init__(self) -> None:
        self.tree = grafting.Tree.empty()
        self.nodes: list[grafting.Node] = []

    def grow(self, chat: Sequence[Said]) -> int:
        """How many messages are new, alternatives included."""
        planted = grafting.grow(self.tree, chat, NOON).planted
        for node in planted:
            self.nodes.append(node)
            node.id = UUID(int=len(self.nodes))
        for node in self.nodes:
            node.new = node.has_new_source = False
        return len(planted)

    def exports(self) -> list[bytes]:
        messages = [
            Message(
                id=node.id,
                epoch=0,
                parent_id=node.parent_id,
                author="person" if node.by_person else "personality",
                author_name=node.name,
                text=node.text,
                hidden=node.hidden,
                source=node.source,
                create_time=node.time,
            )
            for node in self.nodes
        ]
        links = [Link(node.id, 0, node.parent_id, node.chosen) for node in self.nodes]
        label = Label("Lilith", "lilith")
        stored = exporting.Stored(Conversation(channel_id="k"), label, links, messages)
        return [file.content for file in exporting.files(stored)]

    def shape(self, *, chosen: bool) -> object:
        """The tree, siblings in any order; with which of them are chosen, or without."""

        def below(node: grafting.Node) -> list[Any]:
            return sorted(
                (it.name, it.text, chosen and it.chosen, below(it)) for it in node.children
            )

        return below(self.tree.root)


@given(branching())
def test_any_tree_goes_out_and_comes_in_the_same(coming: list[list[Said]]) -> None:
    here, fresh = Grown(), Grown()
    for chat in coming:
        here.grow(chat)
    before = here.shape(chosen=False)
    # A branch that goes on from the very end is a longer chat: then the chosen path is longer.
    ends = here.tree.head is not None and not here.tree.head.children
    path = here.shape(chosen=ends)
    files = here.exports()
    for data in files:
        fresh.grow(read(data).messages)
    assert fresh.shape(chosen=False) == before
    assert fresh.shape(chosen=True) == path or not ends
    assert [here.grow(read(data).messages) for data in files] == [0] * len(files)
    assert here.shape(chosen=ends) == path
    assert here.exports() == files or not ends
