"""What several people hear at the same time, in the order in which they hear it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import betterproto2

from tests.session.stage import PATIENCE, Person, Told, turns_in
from tzurot_client.gen.tzurot.session.v1 import ChatEvent, ChatRequest


@dataclass(slots=True)
class Hearing:
    """One call of Chat or WatchTurn that is listened to while the test goes on."""

    events: list[ChatEvent] = field(default_factory=list[ChatEvent])
    task: "asyncio.Task[None] | None" = None

    @property
    def turn_id(self) -> str:
        return self.events[0].turn_id

    @property
    def streamed(self) -> str:
        """The words so far."""
        return "".join(event.text_delta.text for event in self.events if event.text_delta)

    async def started(self) -> str:
        """Wait until a character answers: its turn's id."""
        await self.until(lambda: bool(self.events))
        return self.turn_id

    async def words(self, words: str) -> None:
        """Wait until these words were told."""
        await self.until(lambda: self.streamed == words)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await asyncio.sleep(0.005)

    async def all(self) -> list[Told]:
        """Hear it out."""
        assert self.task
        await self.task
        return turns_in(self.events)

    async def one(self) -> Told:
        """Hear it out; exactly one character answers."""
        (told,) = await self.all()
        return told


@dataclass(slots=True)
class Room:
    """Where all listen; `heard` has what was told, over all calls: `Lilith: text_delta`."""

    heard: list[str] = field(default_factory=list[str])
    names: dict[str, str] = field(default_factory=dict[str, str])

    def hears(self, person: Person, request: ChatRequest) -> Hearing:
        """Send a request and listen."""
        return self._listen(person.follows(request))

    def watches(self, person: Person, turn_id: str, after: int = 0) -> Hearing:
        """Follow a turn."""
        return self._listen(person.watching(turn_id, after))

    def _listen(self, events: AsyncIterator[ChatEvent]) -> Hearing:
        hearing = Hearing()

        async def listen() -> None:
            async for event in events:
                hearing.events.append(event)
                if event.started:
                    self.names[event.turn_id] = event.started.personality_name
                kind = betterproto2.which_one_of(event, "kind")[0]
                self.heard.append(f"{self.names.get(event.turn_id)}: {kind}")

        hearing.task = asyncio.create_task(listen())
        return hearing
