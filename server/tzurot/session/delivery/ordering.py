"""The order of replies in a place: whether a turn may speak yet, and whether it has.

A turn thinks at once. What it says is held back until all that were admitted before it in the same
place have ended, with all replies to the same message: so replies come in the order of what they
answer, however fast each model is.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from tzurot.session.delivery.events import Kind, Tell, TextDelta
from tzurot.session.turns import Finish

LIMIT_SECONDS = 60.0  # that a turn waits for those before it


@dataclass(slots=True)
class Floor:
    """One turn's right to speak.

    Who speaks first wins: once a word was told, nothing supersedes the turn any more, and of a turn
    that is superseded no word is told. Both are decided in the process that runs the turn.
    """

    yields: bool = False
    """Whether it may be superseded before its first word."""
    shared: bool = False
    """Whether who waits for it waits for all replies to the same message."""
    private: bool = False
    """Whether its words stay on this server: on the way to another one they would pass Postgres."""
    spoken: bool = False
    superseded: bool = False
    first_word: float = 0.0
    """When it was told, on the clock of time.perf_counter; 0: not yet."""
    note: str = ""
    """What came of waiting, in words; empty: it did not wait."""
    _tell: Tell | None = None
    _waiting: "asyncio.Task[None] | None" = None
    _held: list[Kind] = field(default_factory=list[Kind])

    @asynccontextmanager
    async def sought(
        self,
        tell: Tell,
        cleared: Callable[[], Awaitable[None]] | None,
        *,
        limit: float = LIMIT_SECONDS,
    ) -> AsyncGenerator[None]:
        """Hold words back until `cleared` returns, at most `limit` seconds; None: speak at once.

        What is held back when the context ends is never told.
        """
        self._tell = tell
        if cleared is None:
            yield
            return
        self._waiting = asyncio.create_task(self._wait(cleared, limit))
        try:
            yield
        finally:
            self._waiting.cancel()
            await asyncio.wait({self._waiting})

    def say(self, kind: Kind) -> None:
        """Tell something now, or once it is this turn's time; words and all that follows them."""
        if self.superseded:
            return
        closed = self._waiting is not None and not self._waiting.done()
        if closed and (self._held or isinstance(kind, TextDelta)):
            self._held.append(kind)
        else:
            self._pass(kind)

    async def taken(self) -> None:
        """Wait until this turn may speak and what it had to say is told."""
        if self._waiting:
            await asyncio.wait({self._waiting})
            self._waiting.result()

    def supersede(self) -> bool:
        """Take the floor before the first word; False: it has spoken, or does not yield."""
        if self.yields and not self.spoken:
            self.superseded = True
        return self.superseded

    @property
    def stopped(self) -> Finish:
        """How a turn that is cut short ends."""
        return Finish.SUPERSEDED if self.superseded else Finish.CANCELLED

    async def _wait(self, cleared: Callable[[], Awaitable[None]], limit: float) -> None:
        began, note = time.perf_counter(), "held back {:.3f} s by earlier turns"
        try:
            async with asyncio.timeout(limit):
                await cleared()
        except (TimeoutError, SQLAlchemyError) as error:
            note = "not held back longer than {:.3f} s: " + type(error).__name__
        self.note = note.format(time.perf_counter() - began)
        held, self._held = self._held, []
        for kind in held:
            if not self.superseded:
                self._pass(kind)

    def _pass(self, kind: Kind) -> None:
        if isinstance(kind, TextDelta) and not self.spoken:
            self.spoken, self.first_word = True, time.perf_counter()
        if self._tell:
            self._tell(kind)
