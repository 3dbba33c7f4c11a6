"""A person who asks about a character, and all that they hear."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc.aio
from google.protobuf.message import Message

from tests.calling import Client, refusal_of, request_for
from tests.contract import worlds
from tests.contract.worlds import LOST, SECRET, World, marked
from tzurot.session.v1.message_pb2 import AUTHOR_PERSONALITY
from tzurot.session.v1.place_pb2 import Place


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: what they are to all characters, and what is their own."""

    name: str
    client: Client
    character: str
    lorebook: str


@dataclass(slots=True)
class Asking:
    """A person who asks about a world, and all that they hear."""

    person: Person
    world: World
    guest: str
    heard: list[bytes] = field(default_factory=list[bytes])

    async def call(self, name: str, request: Any = None, /, **fields: Any) -> Any:
        """Ask, and remember the answer."""
        asked = request if request is not None else request_for(name, **fields)
        try:
            answer = await self.person.client.call(name, asked)
        except grpc.aio.AioRpcError as error:
            self.heard.append(str(refusal_of(error)).encode())
            raise
        parts: list[Message] = answer if isinstance(answer, list) else [answer]
        self.heard.extend(part.SerializeToString() for part in parts)
        return answer

    async def about(self, name: str, /, **fields: Any) -> Any:
        """Ask about the character."""
        return await self.call(name, personality=self.world.ref, **fields)

    async def flow(self, path: str, place: Place | None = None, /, **arguments: str) -> Any:
        """Begin a flow, somewhere or nowhere; it as it is shown first."""
        begun = await self.call("StartFlow", path=path, arguments=arguments, place=place)
        return begun.flow

    async def chat(self) -> list[Any]:
        """Ask the character something now, once for all rows; the events of its answer."""
        if self.person.name in LOST[self.world.visibility]:
            return await self.call("Chat", worlds.asking(self.world))
        if self.person.name not in self.world.talks:
            answered = await self.call("Chat", worlds.asking(self.world))
            self.world.talks[self.person.name] = answered
        return self._events

    async def turn(self) -> tuple[str, str]:
        """The ids of a turn of the person's and its conversation."""
        if self.person.name not in self.world.talks:
            await self.chat()
        first = self._events[0]
        return first.turn_id, first.started.conversation_id

    async def reply(self) -> Any:
        """What the person was answered last in the conversation of that turn."""
        _, conversation_id = await self.turn()
        listed = await self.call("ListMessages", conversation_id=conversation_id)
        return next(it for it in listed.messages if it.author == AUTHOR_PERSONALITY)

    @property
    def _events(self) -> list[Any]:
        return [it.event for it in self.world.talks[self.person.name]]

    async def answer(self, flow: Any, action: str, **entered: str) -> Any:
        """Answer a flow; it as it is shown then."""
        answers = [{"key": key, "values": [value]} for key, value in entered.items()]
        fields = {"flow_id": flow.id, "etag": flow.etag, "action": action, "answers": answers}
        return (await self.call("SubmitFlow", **fields)).flow

    @property
    def before(self) -> Mapping[str, str]:
        """What the person has from before."""
        return self.world.before[self.person.name]

    def told(self) -> set[str]:
        """Of what the definition of this world was heard."""
        return {what for sort, mark, what in self._marks() if (sort, mark) == (SECRET, self._mark)}

    def told_of(self) -> set[tuple[str, str]]:
        """The sorts and worlds of all marks that were heard."""
        return {(sort, mark) for sort, mark, _ in self._marks()}

    @property
    def _mark(self) -> str:
        return self.world.mark

    def _marks(self) -> list[tuple[str, str, str]]:
        return [mark for said in self.heard for mark in marked(said)]


Case = Callable[[Asking], Awaitable[bool | None]]
"""A question: False if the person was answered, but not shown it."""
