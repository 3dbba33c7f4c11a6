"""One request at a time for each webhook, the most urgent first.

Discord limits a webhook, not a reply: discord.py sends one request of a webhook after another and
sleeps where the limit says so. Replies that share a webhook therefore take turns here, and what a
reply sends is decided when its turn comes: it is then the newest text, never a queued older one.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from enum import IntEnum
from weakref import WeakValueDictionary

MIN_INTERVAL = 1.0  # seconds between two edits of a reply that is still growing
SHARE = 0.4  # seconds more for each growing reply: Discord allows about 5 requests in 2 seconds


class Urgency(IntEnum):
    """Who goes first; the lower the sooner."""

    FIRST = 0
    FINAL = 1
    PARTIAL = 2


class Lane:
    """The turns at one webhook (or channel, or interaction)."""

    def __init__(self) -> None:
        self._busy = False
        self._waiting: list[tuple[Callable[[], Urgency], asyncio.Future[None]]] = []
        self._growing = 0

    @property
    def interval(self) -> float:
        """Seconds that a growing reply lets pass between two edits."""
        return max(MIN_INTERVAL, SHARE * self._growing)

    @contextmanager
    def growing(self) -> Generator[None]:
        """Counts a reply as growing."""
        self._growing += 1
        try:
            yield
        finally:
            self._growing -= 1

    @asynccontextmanager
    async def turn(self, urgency: Callable[[], Urgency]) -> AsyncGenerator[None]:
        """Wait for a turn; `urgency` is asked whenever one is given away, as it may change."""
        if self._busy:
            await self._wait(urgency)
        self._busy = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, urgency: Callable[[], Urgency]) -> None:
        given: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((urgency, given))
        try:
            await given
        except asyncio.CancelledError:
            if given.done() and not given.cancelled():  # given in the same moment: pass it on
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        self._waiting = [waiting for waiting in self._waiting if not waiting[1].done()]
        self._busy = bool(self._waiting)
        if self._waiting:
            _, given = min(self._waiting, key=lambda waiting: waiting[0]())  # of equals the first
            given.set_result(None)


class Lanes:
    """The lanes of this process; one that nobody uses is forgotten."""

    def __init__(self) -> None:
        self._lanes: WeakValueDictionary[int, Lane] = WeakValueDictionary()

    def of(self, owner_id: int) -> Lane:
        """The lane of a webhook, channel or interaction."""
        return self._lanes.setdefault(owner_id, Lane())
