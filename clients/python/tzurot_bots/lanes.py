"""One request at a time for each sender that a platform limits, the most urgent first.

Platforms limit a sender (a webhook, a chat), not a reply. Replies that share one therefore take
turns here, and what a reply sends is decided when its turn comes: it is then the newest text, never
a queued older one.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from enum import IntEnum
from weakref import WeakValueDictionary


class Urgency(IntEnum):
    """Who goes first; the lower the sooner."""

    FIRST = 0
    FINAL = 1
    PARTIAL = 2


class Lane:
    """The turns at one sender.

    A reply that grows lets `least` seconds pass between two edits, and `share` for each that grows.
    """

    def __init__(self, least: float, share: float) -> None:
        self._least, self._share = least, share
        self._busy = False
        self._waiting: list[tuple[Callable[[], Urgency], asyncio.Future[None]]] = []
        self._growing = 0

    @property
    def interval(self) -> float:
        """Seconds that a growing reply lets pass between two edits."""
        return max(self._least, self._share * self._growing)

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
    """The lanes of this process, with intervals as `Lane` has them; an unused one is forgotten."""

    def __init__(self, least: float, share: float) -> None:
        self._least, self._share = least, share
        self._lanes: WeakValueDictionary[int, Lane] = WeakValueDictionary()

    def of(self, owner_id: int) -> Lane:
        """The lane of the sender with this id."""
        return self._lanes.setdefault(owner_id, Lane(self._least, self._share))
