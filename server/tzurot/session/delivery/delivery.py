"""Running turns and who follows them.

A chat is a task of the server; streams are views of its events. A follower that leaves or is slow
disturbs nobody, and any number may follow, each from where it likes.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tzurot.errors import Draining, RequestIdReused
from tzurot.session.delivery.events import ChatEvent, Kind, Tell, TextDelta, TurnFinished
from tzurot.session.delivery.ordering import Floor
from tzurot.session.said import Said
from tzurot.session.turns import State, TurnId
from tzurot.transport.errors import expected

Key = tuple[UUID, UUID]  # person and request id

# At the end of a connection grpclib drops what it has not read yet: time to read how turns ended.
_LAST_WORDS_SECONDS = 0.2


@dataclass(slots=True)
class Feed:
    """The events of one chat, kept while it runs and for whoever still follows."""

    digest: bytes
    events: list[ChatEvent] = field(default_factory=list[ChatEvent])
    error: BaseException | None = None
    over: bool = False
    silenced: bool = False
    """Whether nobody else is to answer the message."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    sequences: dict[TurnId, int] = field(default_factory=dict[TurnId, int])
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, turn_id: TurnId, kind: Kind) -> None:
        """Add an event of a turn."""
        sequence = self.sequences.get(turn_id, 0) + 1
        self.sequences[turn_id] = sequence
        self.add(ChatEvent(turn_id, sequence, kind))

    def add(self, event: ChatEvent) -> None:
        """Add an event that has its number already."""
        self.events.append(event)
        self._wake()

    def end(self, error: BaseException | None = None) -> None:
        """No more events come."""
        self.over, self.error = True, error
        self.ended.set()
        self._wake()

    async def follow(
        self, turn_id: TurnId | None = None, after: int = 0
    ) -> AsyncIterator[ChatEvent]:
        """Events of the chat, or of one turn after a number, until the end.

        Raises:
            TzurotError: what ended the chat before any turn.
        """
        async with aclosing(self.batches(turn_id, after)) as batches:
            async for batch in batches:
                for event in batch:
                    yield event

    async def batches(
        self, turn_id: TurnId | None = None, after: int = 0
    ) -> AsyncGenerator[list[ChatEvent]]:
        """The same, as many at a time as there are when the next ones are asked for."""
        position = 0
        while True:
            news = self._news
            batch, position = self.events[position:], len(self.events)
            if events := _coalesced(batch, turn_id, after):
                yield events
                if turn_id is not None and isinstance(events[-1].kind, TurnFinished):
                    return
            if position < len(self.events):
                continue
            if self.over:
                break
            await news.wait()
        if self.error is not None:
            raise self.error

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


@dataclass(frozen=True, slots=True)
class Running:
    """A turn that runs on this server."""

    task: asyncio.Task[State]
    feed: Feed
    floor: Floor


class Delivery:
    """The chats that run on this server."""

    def __init__(self) -> None:
        self._chats: dict[asyncio.Task[None], Key | None] = {}
        self._by_key: dict[Key, Feed] = {}
        self._turns: dict[TurnId, Running] = {}
        self._draining = False  # no more chats
        self._closed = False  # no more turns either

    @property
    def running_turns(self) -> list[TurnId]:
        """The turns whose leases this server holds."""
        return list(self._turns)

    def start(
        self, person_id: UUID, said: Said, chat: Callable[[Feed], Coroutine[Any, Any, None]]
    ) -> Feed:
        """Run `chat` as a task of the server, or attach to the one with the same request id.

        Raises:
            Draining: the server takes no more.
            RequestIdReused: the request id runs with something else.
        """
        key = (person_id, said.request_id) if said.request_id else None
        running = self._by_key.get(key) if key else None
        if running:
            if running.digest != said.digest:
                raise RequestIdReused(said.request_id)
            return running
        if self._draining:
            raise Draining
        feed = Feed(said.digest)
        task = asyncio.create_task(_run(chat, feed))
        self._chats[task] = key
        if key:
            self._by_key[key] = feed
        task.add_done_callback(self._forget)
        return feed

    async def run(
        self,
        turn_id: TurnId,
        feed: Feed,
        floor: Floor,
        answer: Callable[[Tell], Coroutine[Any, Any, State]],
    ) -> State | None:
        """Run one turn of a chat to its end, whatever that is; None if it was cut short."""

        def tell(kind: Kind) -> None:
            feed.tell(turn_id, kind)

        task = asyncio.create_task(answer(tell))
        self._turns[turn_id] = Running(task, feed, floor)
        try:
            await asyncio.wait({task})
        finally:
            del self._turns[turn_id]
        if task.cancelled():
            return None
        if bug := task.exception():
            raise bug
        return task.result()

    def feed_of(self, turn_id: TurnId) -> Feed | None:
        """The feed of a turn that runs here."""
        running = self._turns.get(turn_id)
        return running.feed if running else None

    def is_private(self, turn_id: TurnId) -> bool:
        """Whether the words of a turn that runs here stay here."""
        running = self._turns.get(turn_id)
        return running is not None and running.floor.private

    async def cancel(self, turn_id: TurnId) -> bool:
        """Stop a turn and wait until its end is recorded; False: it does not run here."""
        if running := self._turns.get(turn_id):
            _stop(running.task)
        return await self.ended(turn_id)

    async def silence(self, turn_id: TurnId) -> bool:
        """The same, and nobody else answers the message after it."""
        if running := self._turns.get(turn_id):
            running.feed.silenced = True
        return await self.cancel(turn_id)

    async def ended(self, turn_id: TurnId) -> bool:
        """Wait until the end of a turn is recorded; False: it does not run here."""
        running = self._turns.get(turn_id)
        if running is None:
            return False
        await asyncio.wait({running.task})
        return True

    async def heard(self, turn_id: TurnId) -> bool:
        """The same, and if it answers a message, until all have answered that."""
        running = self._turns.get(turn_id)
        if running is None:
            return False
        await (running.feed.ended.wait() if running.floor.shared else asyncio.wait({running.task}))
        return True

    def supersede(self, turn_id: TurnId) -> None:
        """Stop a turn for one that answers what was said since, unless it has spoken already."""
        running = self._turns.get(turn_id)
        if running and running.floor.supersede():
            _stop(running.task)

    async def drain(self, seconds: float) -> None:
        """Take no more chats; let running ones end, and cancel those that don't in time."""
        self._draining = True
        if not self._chats:
            return
        await asyncio.wait(self._chats, timeout=seconds)
        self._closed = True
        await asyncio.gather(*(self.cancel(turn_id) for turn_id in self.running_turns))
        if self._chats:
            await asyncio.wait(self._chats, timeout=1)
        await asyncio.sleep(_LAST_WORDS_SECONDS)

    def require_open(self) -> None:
        """Raises Draining when it is too late to begin another turn."""
        if self._closed:
            raise Draining

    def _forget(self, task: asyncio.Task[None]) -> None:
        key = self._chats.pop(task)
        if key:
            del self._by_key[key]


def _stop(task: asyncio.Task[State]) -> None:
    if not task.cancelling():  # a second time would cut short how its end is recorded
        task.cancel()


async def _run(chat: Callable[[Feed], Awaitable[None]], feed: Feed) -> None:
    """The root of a chat: what it raises is told to its followers, by each to its own client."""
    try:
        await chat(feed)
    except Exception as error:  # a chat's root: a bug is logged even if nobody follows any more
        feed.end(expected(error))
    except asyncio.CancelledError:
        feed.end(Draining())
        raise
    else:
        feed.end()


def _coalesced(batch: list[ChatEvent], turn_id: TurnId | None, after: int) -> list[ChatEvent]:
    """What a follower gets of a batch: deltas that came faster than it read are joined."""
    events: list[ChatEvent] = []
    for event in batch:
        if turn_id is not None and (event.turn_id != turn_id or event.sequence <= after):
            continue
        last = events[-1] if events else None
        if (
            last
            and last.turn_id == event.turn_id
            and isinstance(last.kind, TextDelta)
            and isinstance(event.kind, TextDelta)
        ):
            joined = TextDelta(last.kind.text + event.kind.text)
            events[-1] = ChatEvent(event.turn_id, event.sequence, joined)
        else:
            events.append(event)
    return events
