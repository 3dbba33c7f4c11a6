"""Where turns are tried: a real server, a scripted model, people who use the Python client.

ada, lilith = stage.person("Ada"), await stage.character("Lilith")
stage.model.script("Hello, Ada.")
told = await ada.asks("Hi!", lilith)
assert told.text == "Hello, Ada."
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from uuid import uuid4

import betterproto2
from sqlalchemy import select, text

from tests.conftest import RunningServer
from tests.fakes.pluralkit import FakePluralKit
from tests.fakes.provider import FakeProvider, Request
from tzurot.memory.tables import Memory
from tzurot.session.tables import Message
from tzurot_client import Client
from tzurot_client.gen.tzurot.common.v1 import Failure, Venue
from tzurot_client.gen.tzurot.personality.v1 import (
    CreatePersonalityRequest,
    DeletePersonalityRequest,
    Personality,
    PersonalityRef,
    Visibility,
)
from tzurot_client.gen.tzurot.session.v1 import (
    CancelTurnRequest,
    ChatEvent,
    ChatRequest,
    GetTurnRequest,
    GetTurnTraceRequest,
    Greeting,
    Place,
    ResetConversationRequest,
    Turn,
    TurnFinished,
    TurnTrace,
    Utterance,
    WatchTurnRequest,
)

PATIENCE = 60.0  # seconds until something that is waited for counts as not happening
ENDING_WAITS = """ FROM pg_stat_activity WHERE datname = current_database()
    AND wait_event_type = 'Lock' AND query LIKE '%WITH held AS%'"""  # the start of store.py's _END


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what nobody tells of.

    Raises:
        TimeoutError: it did not come to hold.
    """
    async with asyncio.timeout(PATIENCE):
        while not await condition():
            await asyncio.sleep(0.03)


@dataclass(frozen=True, slots=True)
class Told:
    """One turn, as a follower got it."""

    events: tuple[ChatEvent, ...]

    @property
    def turn_id(self) -> str:
        return self.events[0].turn_id

    @property
    def kinds(self) -> list[str]:
        """What happened, in order; deltas in a row count as one."""
        names = [betterproto2.which_one_of(event, "kind")[0] for event in self.events]
        return [
            name
            for before, name in zip(["", *names], names, strict=False)
            if (before, name) != ("text_delta", "text_delta")
        ]

    @property
    def numbers(self) -> list[int]:
        return [event.sequence for event in self.events]

    @property
    def streamed(self) -> str:
        """The deltas, joined."""
        return "".join(event.text_delta.text for event in self.events if event.text_delta)

    @property
    def by(self) -> str:
        """The character's name."""
        (started,) = [event.started for event in self.events if event.started]
        return started.personality_name

    @property
    def conversation_id(self) -> str:
        (started,) = [event.started for event in self.events if event.started]
        return started.conversation_id

    @property
    def cited(self) -> list[str]:
        """What the person had said that came into the prompt."""
        return [event.memory_cited.excerpt for event in self.events if event.memory_cited]

    @property
    def known(self) -> list[str]:
        """The titles of the documents that came into the prompt."""
        return [event.knowledge_cited.title for event in self.events if event.knowledge_cited]

    @property
    def notices(self) -> list[str]:
        told = [event.notice.failure for event in self.events if event.notice]
        return [reason_of(failure) for failure in told]

    @property
    def finished(self) -> TurnFinished:
        assert self.events[-1].finished, self.kinds
        return self.events[-1].finished

    @property
    def text(self) -> str:
        """The reply as it is stored; empty if there is none."""
        return self.finished.message.text if self.finished.message else ""

    @property
    def how(self) -> str:
        """How it ended, such as STOP."""
        return self.finished.finish_reason.name or ""

    @property
    def why(self) -> str:
        """Why it failed; empty if it didn't."""
        return reason_of(self.finished.failure)


def reason_of(failure: Failure | None) -> str:
    """The reason's name; empty without a failure."""
    return (failure.reason.name or "") if failure else ""


def turns_in(events: Sequence[ChatEvent]) -> list[Told]:
    """The turns that a stream told, in order."""
    ids = dict.fromkeys(event.turn_id for event in events)
    return [Told(tuple(e for e in events if e.turn_id == turn_id)) for turn_id in ids]


def who(told: Sequence[Told]) -> list[str]:
    """Who answered, in order."""
    return [turn.by for turn in told]


def ref(character: Personality) -> PersonalityRef:
    """How a request names a character."""
    return PersonalityRef(slug=character.slug)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a client of their own."""

    name: str
    platform: str
    subject: str
    client: Client

    @property
    def direct(self) -> Place:
        """Where only the character can hear them."""
        return Place(platform=self.platform, channel_id="direct", venue=Venue.DIRECT)

    def saying(self, words: str, *to: Personality, **fields: object) -> ChatRequest:
        """A request; `place`, `request_id` and `replied_to` may be given."""
        replied = str(fields.get("replied_to", ""))
        place = fields.get("place")
        return ChatRequest(
            request_id=str(fields.get("request_id", "")),
            place=place if isinstance(place, Place) else self.direct,
            utterance=Utterance(text=words, speaker_name=self.name, replied_to_message_id=replied),
            addressees=[ref(character) for character in to],
        )

    async def follows(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        """The events of one call of Chat, as they come."""
        async for response in self.client.session.chat(request, timeout=PATIENCE):
            assert response.event
            yield response.event

    async def says(self, words: str, *to: Personality, **fields: object) -> list[Told]:
        """Say something and hear everybody out."""
        return await self.sends(self.saying(words, *to, **fields))

    async def sends(self, request: ChatRequest) -> list[Told]:
        """The same for a request that was made before."""
        return turns_in([event async for event in self.follows(request)])

    async def asks(self, words: str, *to: Personality, **fields: object) -> Told:
        """Say something that exactly one character answers."""
        (told,) = await self.says(words, *to, **fields)
        return told

    async def is_greeted_by(self, character: Personality, index: int = 0) -> list[Told]:
        """Let a character speak first."""
        greeting = Greeting(index=index)
        request = ChatRequest(place=self.direct, greeting=greeting, addressees=[ref(character)])
        return await self.sends(request)

    async def watching(self, turn_id: str, after: int = 0) -> AsyncGenerator[ChatEvent]:
        """A turn's events after a number, as they come."""
        request = WatchTurnRequest(turn_id=turn_id, after_sequence=after)
        async for response in self.client.session.watch_turn(request, timeout=PATIENCE):
            assert response.event
            yield response.event

    async def watches(self, turn_id: str, after: int = 0) -> Told:
        """Follow a turn from an event on to its end."""
        return Told(tuple([event async for event in self.watching(turn_id, after)]))

    async def cancels(self, turn_id: str) -> Turn:
        request = CancelTurnRequest(turn_id=turn_id)
        turn = (await self.client.session.cancel_turn(request)).turn
        assert turn
        return turn

    async def turn(self, turn_id: str) -> Turn:
        turn = (await self.client.session.get_turn(GetTurnRequest(turn_id=turn_id))).turn
        assert turn
        return turn

    async def trace(self, turn_id: str) -> TurnTrace:
        request = GetTurnTraceRequest(turn_id=turn_id)
        trace = (await self.client.session.get_turn_trace(request)).trace
        assert trace
        return trace

    async def resets(self, conversation_id: str) -> None:
        request = ResetConversationRequest(conversation_id=conversation_id)
        await self.client.session.reset_conversation(request)


@dataclass(frozen=True, slots=True)
class Stage:
    """A server that tests share. Each brings people and characters of its own."""

    server: RunningServer
    model: FakeProvider
    client: Client
    characters: list[Personality] = field(default_factory=list[Personality])
    kit: FakePluralKit = field(default_factory=FakePluralKit)
    space_id: str = field(default_factory=lambda: uuid4().hex)
    """The server in which all its channels are: none is limited by what other tests ask."""

    def person(self, name: str = "Ada", platform: str = "local") -> Person:
        """Somebody whom no other test has met."""
        account = uuid4().int if platform == "discord" else uuid4().hex
        subject = f"{platform}:{account}"
        return Person(name, platform, subject, self.client.acting_for(subject))

    def elsewhere(self, client: Client, person: Person) -> Person:
        """The same person at another server."""
        return replace(person, client=client.acting_for(person.subject))

    async def character(
        self, name: str = "Lilith", visibility: Visibility = Visibility.PUBLIC, **fields: object
    ) -> Personality:
        """A character of the operator's, gone after the test. All may read its definition."""
        new = Personality(name=name, visibility=visibility, definition_visible=True)
        for field_name, value in fields.items():
            setattr(new, field_name, value)
        request = CreatePersonalityRequest(personality=new)
        created = (await self.client.personality.create_personality(request)).personality
        assert created
        self.characters.append(created)
        return created

    def channel(self, venue: Venue = Venue.PUBLIC_CHANNEL, platform: str = "local") -> Place:
        """A channel in which nobody has spoken yet."""
        there = {"space_id": self.space_id, "channel_id": uuid4().hex}
        return Place(platform=platform, **there, venue=venue)

    @property
    def asked(self) -> list[Request]:
        """What the model was asked since the test began."""
        return self.model.requests

    async def messages(self, conversation_id: str) -> list[Message]:
        """All that is stored of a conversation, oldest first."""
        query = select(Message).where(Message.conversation_id == conversation_id)
        async with self.server.parts.database.transaction() as tx:
            return list(await tx.scalars(query.order_by(Message.id)))

    async def memories(self, turn_id: str) -> list[Memory]:
        """What is remembered of a turn."""
        async with self.server.parts.database.transaction() as tx:
            return list(await tx.scalars(select(Memory).where(Memory.turn_id == turn_id)))

    async def rows(self, statement: str, **values: object) -> Sequence[Sequence[object]]:
        """Rows straight from the database."""
        async with self.server.parts.database.transaction() as tx:
            return (await tx.execute(text(statement), values)).all()

    async def execute(self, statement: str, **values: object) -> None:
        """Change rows straight in the database."""
        async with self.server.parts.database.transaction() as tx:
            await tx.execute(text(statement), values)

    async def end_waits(self) -> bool:
        """Whether the end of a turn waits for another transaction."""
        return bool(await self.rows("SELECT 1" + ENDING_WAITS))

    async def hangs_up(self) -> None:
        """Let the database end the connection whose turn waits to be recorded as ended."""
        await self.rows("SELECT pg_terminate_backend(pid)" + ENDING_WAITS)

    async def indexed(self) -> None:
        """Wait until the meaning of all that was said is known, which takes milliseconds."""

        async def told() -> bool:
            return not await self.rows("SELECT 1 FROM index_outbox LIMIT 1")

        await until(told)

    async def settled(self) -> None:
        """Wait until nothing runs any more."""

        async def quiet() -> bool:
            return not self.server.parts.delivery.running_turns

        await until(quiet)


@asynccontextmanager
async def set_up(
    server: RunningServer, model: FakeProvider, client: Client
) -> AsyncIterator[Stage]:
    """A stage for one test, cleared away after it."""
    model.reset()
    stage = Stage(server, model, client)
    try:
        yield stage
        await stage.settled()
    finally:
        for character in stage.characters:
            request = DeletePersonalityRequest(personality=PersonalityRef(id=character.id))
            await client.personality.delete_personality(request)
