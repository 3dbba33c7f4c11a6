"""Turns that run on another server: stopping them, following them, waiting for their end.

Who wants something of a turn says so to all servers, and where the answer is to go; the one that
runs it answers. A turn of which nobody elsewhere wants anything costs nothing. Signals can be lost
and servers too, so requests are repeated, and the turn's row has the last word. Of an incognito
turn nobody elsewhere is told a word, only that it ended.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID, uuid4

from sqlalchemy.exc import SQLAlchemyError

from tzurot import clock
from tzurot.session.delivery import encoding, turn_store
from tzurot.session.delivery.delivery import Delivery
from tzurot.session.delivery.events import ChatEvent
from tzurot.session.turns import Earlier, TurnId
from tzurot.storage.database import Database
from tzurot.storage.signals import MAX_PAYLOAD, News, Signals

log = logging.getLogger(__name__)

_TOPIC = "turns"
# Between two times that somebody says what they want. The first ones come soon: a turn is known by
# its row a moment before anybody runs it.
_FIRST_REPEAT_SECONDS = 0.2
_REPEAT_SECONDS = 10.0
_FORGET_SECONDS = 25.0  # after which nobody wants it any more
_COALESCE_SECONDS = 0.1  # between two signals of a turn: what is said meanwhile is one
_FIRST_LOOK_SECONDS = 0.1  # until the row is looked at; then twice as long each time
_LOOK_SECONDS = 2.0

_ENDED, _MORE, _WHOLE = "ended", "+", "."  # how an answer begins


class Wish(StrEnum):
    """What somebody wants of a turn."""

    FOLLOW = "follow"
    END = "end"  # to know of it, and of that of the other replies to the same message
    CANCEL = "cancel"
    SILENCE = "silence"  # it, and whoever would answer the same message after it
    SUPERSEDE = "supersede"


@dataclass(frozen=True, slots=True)
class Request:
    """A wish, as it is told to all servers."""

    wish: Wish
    turn_id: TurnId
    answer_to: str
    """A topic of its own."""
    after: int = 0
    """The last event that a follower has."""

    @classmethod
    def of(cls, wish: Wish, turn_id: TurnId, after: int = 0) -> Self:
        """A new request."""
        return cls(wish, turn_id, f"turn.{turn_id}.{uuid4().hex}", after)

    def written(self) -> str:
        """It as a signal."""
        return json.dumps([self.wish, str(self.turn_id), self.answer_to, self.after])

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The request again; None: only another version of the server knows it."""
        wish, turn_id, answer_to, after, *_ = json.loads(text)
        if wish not in list(Wish):
            return None
        return cls(Wish(wish), TurnId(UUID(turn_id)), answer_to, after)


class Asking:
    """One request to wherever a turn runs, and what comes back."""

    def __init__(self, request: Request, signals: Signals, news: News) -> None:
        self.over = False
        """The turn has ended, or an answer was missed: there is nothing more to come."""
        self._request = request
        self._signals = signals
        self._news = news
        self._repeat_time = 0.0
        self._repeat = _FIRST_REPEAT_SECONDS
        self._look = _FIRST_LOOK_SECONDS
        self._pieces = ""

    async def next(self, patience: float = _LOOK_SECONDS) -> list[ChatEvent]:
        """What was told next; nothing for a while: it is time to look at the turn's row.

        Once somebody answers the row is looked at less often: they will tell of the end.
        """
        if time.monotonic() >= self._repeat_time:
            self._repeat_time = time.monotonic() + self._repeat
            self._repeat = min(2 * self._repeat, _REPEAT_SECONDS)
            await self._signals.publish(_TOPIC, self._request.written())
        try:
            async with asyncio.timeout(min(self._look, patience)):
                payload = await anext(self._news)
        except TimeoutError:
            self._look = min(2 * self._look, _LOOK_SECONDS)
            return []
        self._look = _LOOK_SECONDS
        return self._take(payload)

    def _take(self, payload: str | None) -> list[ChatEvent]:
        if payload is None or payload == _ENDED:
            self.over, self._repeat_time = True, 0.0
            return []
        self._pieces += payload[1:]
        if payload[0] == _MORE:
            return []
        text, self._pieces = self._pieces, ""
        return encoding.read(self._request.turn_id, text)


class Replicas:
    """The other servers, as a turn of this one sees them."""

    def __init__(self, signals: Signals, delivery: Delivery, database: Database) -> None:
        self._signals = signals
        self._delivery = delivery
        self._database = database
        self._wanted: dict[str, float] = {}  # until when each answer is, on time.monotonic's clock

    @classmethod
    @asynccontextmanager
    async def open(
        cls, signals: Signals, delivery: Delivery, database: Database
    ) -> AsyncGenerator[Self]:
        """Answer other servers while the context lasts."""
        replicas = cls(signals, delivery, database)
        async with signals.subscribe(_TOPIC) as news:
            task = asyncio.create_task(replicas._serve(news))
            try:
                yield replicas
            finally:
                task.cancel()
                await asyncio.wait({task})

    @asynccontextmanager
    async def following(self, turn_id: TurnId, after: int) -> AsyncGenerator[Asking]:
        """What another server tells of a turn, from an event on."""
        async with self._asking(Wish.FOLLOW, turn_id, after) as asking:
            yield asking

    async def cancel(self, turn_id: TurnId, seconds: float) -> None:
        """Stop a turn wherever it runs, and wait until its end is recorded, at most so long."""
        if not await self._delivery.cancel(turn_id):
            await self._until_ended(Wish.CANCEL, turn_id, seconds)

    async def silence(self, turn_id: TurnId, seconds: float) -> None:
        """The same, and nobody else answers the message after it."""
        if not await self._delivery.silence(turn_id):
            await self._until_ended(Wish.SILENCE, turn_id, seconds)

    async def cleared(self, earlier: Earlier) -> None:
        """Wait until earlier turns are heard; silent ones of the same exchange are superseded."""
        for turn_id in earlier.of_same_exchange:
            if self._delivery.feed_of(turn_id):
                self._delivery.supersede(turn_id)
            else:
                request = Request.of(Wish.SUPERSEDE, turn_id)
                await self._signals.publish(_TOPIC, request.written())
        for turn_id in earlier.running:
            if not await self._delivery.heard(turn_id):
                await self._until_ended(Wish.END, turn_id, float("inf"))

    async def _until_ended(self, wish: Wish, turn_id: TurnId, seconds: float) -> None:
        until = time.monotonic() + seconds
        async with self._asking(wish, turn_id) as asking:
            while await self._lasts(wish, turn_id) and (left := until - time.monotonic()) > 0:
                await asking.next(left)

    @asynccontextmanager
    async def _asking(self, wish: Wish, turn_id: TurnId, after: int = 0) -> AsyncGenerator[Asking]:
        request = Request.of(wish, turn_id, after)
        async with self._signals.subscribe(request.answer_to) as news:
            yield Asking(request, self._signals, news)

    async def _lasts(self, wish: Wish, turn_id: TurnId) -> bool:
        stops = wish in (Wish.CANCEL, Wish.SILENCE)
        lasts = turn_store.runs if stops else turn_store.is_being_heard
        async with self._database.reading() as tx:
            return await lasts(tx, turn_id, clock.now())

    async def _serve(self, news: News) -> None:
        async with asyncio.TaskGroup() as answers:
            async for payload in news:
                request = Request.read(payload) if payload else None
                if request and self._delivery.feed_of(request.turn_id):
                    known = request.answer_to in self._wanted
                    self._wanted[request.answer_to] = time.monotonic() + _FORGET_SECONDS
                    if not known:
                        answers.create_task(self._answer(request))

    async def _answer(self, request: Request) -> None:
        try:
            match request.wish:
                case Wish.FOLLOW if self._delivery.is_private(request.turn_id):
                    await self._delivery.ended(request.turn_id)
                case Wish.FOLLOW:
                    await self._tell(request)
                case Wish.CANCEL:
                    await self._delivery.cancel(request.turn_id)
                case Wish.SILENCE:
                    await self._delivery.silence(request.turn_id)
                case Wish.SUPERSEDE:
                    self._delivery.supersede(request.turn_id)
                    return
                case Wish.END:
                    await self._delivery.heard(request.turn_id)
            await self._signals.publish(request.answer_to, _ENDED)
        except SQLAlchemyError as error:  # whoever asked looks at the turn's row
            log.warning("turn %s is not told elsewhere: %s", request.turn_id, type(error).__name__)
        except Exception:  # an answer's root: others are answered all the same
            log.exception("turn %s is not told elsewhere", request.turn_id)
        finally:
            del self._wanted[request.answer_to]

    async def _tell(self, request: Request) -> None:
        """Tell a turn's events to a follower elsewhere for as long as it asks for them."""
        feed = self._delivery.feed_of(request.turn_id)
        if feed is None:
            return
        async with aclosing(feed.batches(request.turn_id, request.after)) as batches:
            async for batch in batches:
                if time.monotonic() > self._wanted[request.answer_to]:
                    return
                for part in _parts(encoding.written(batch)):
                    await self._signals.publish(request.answer_to, part)
                await asyncio.sleep(_COALESCE_SECONDS)
        await self._delivery.ended(request.turn_id)


def _parts(text: str) -> list[str]:
    """A text in pieces that fit into signals; each says whether more of it comes."""
    size = MAX_PAYLOAD - 1
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    return [_MORE + piece for piece in pieces[:-1]] + [_WHOLE + pieces[-1]]
