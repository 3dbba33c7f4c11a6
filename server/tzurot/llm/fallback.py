"""Asking a provider again where that helps: the one place with retries.

Only before the first event: once somebody has read a word, another attempt would say it twice.
"""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta

from tzurot import clock
from tzurot.errors import TzurotError
from tzurot.llm.streaming import StreamEvent

MAX_RETRIES = 2
MAX_WAIT = 10.0  # seconds: whom a provider lets wait longer, somebody else may answer meanwhile
FIRST_WAIT = timedelta(milliseconds=500)  # doubles with each retry

_chance = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to a provider, for the turn's trace.

    `outcome` is `answered`, with what was not asked since the model refuses it, `left` (the reader
    of the stream wanted no more), or the reason of the error followed by what is known about it:
    `PROVIDER_QUOTA: HTTP 429`. `payer`: who pays for it, as the wallet names them. What it took and
    cost is said where somebody counts it; `cost_micros` None: nobody knows.
    """

    provider: str
    model: str
    started: datetime
    ended: datetime
    outcome: str
    payer: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_micros: int | None = None


OnAttempt = Callable[[Attempt], None]


class AttemptFailed(Exception):
    """One attempt failed with `error`; `again` says whether another one may succeed.

    `detail` goes into the trace, so it holds neither the key nor the provider's own text. `wait` is
    how many seconds the provider asks for.
    """

    def __init__(
        self, error: TzurotError, detail: str, *, again: bool = False, wait: float | None = None
    ) -> None:
        self.error = error
        self.again = again
        self.wait = wait
        self.outcome = f"{error.reason}: {detail}"
        super().__init__(self.outcome)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a stream comes from: `open_stream` makes one attempt and raises AttemptFailed.

    `left_out` says what of the request the model was not told, in words that go on after others.
    """

    provider: str
    model: str
    open_stream: Callable[[], AsyncGenerator[StreamEvent, None]]
    left_out: Callable[[], str] = str


async def stream(
    source: Source,
    *,
    deadline: float,
    on_attempt: OnAttempt | None = None,
    first_wait: timedelta = FIRST_WAIT,
) -> AsyncGenerator[StreamEvent, None]:
    """The events of the first attempt that works; `deadline` in the running loop's time.

    Raises:
        TzurotError: of the last attempt, when no other one may help or fit before the deadline.
    """
    for number in range(MAX_RETRIES + 1):
        started, outcome, begun = clock.now(), "left", False
        try:
            async with aclosing(source.open_stream()) as events:
                async for event in events:
                    begun = True
                    yield event
        except AttemptFailed as failure:
            outcome = failure.outcome
            wait = _wait(failure, number, first_wait)
            if begun or wait is None or asyncio.get_running_loop().time() + wait >= deadline:
                raise failure.error from failure
        else:
            outcome = f"answered{source.left_out()}"
            return
        finally:
            if on_attempt:
                ended = clock.now()
                on_attempt(Attempt(source.provider, source.model, started, ended, outcome))
        await asyncio.sleep(wait)


def _wait(failure: AttemptFailed, number: int, first_wait: timedelta) -> float | None:
    """Seconds until the attempt after `number` (counted from 0); None: there is to be none."""
    if not failure.again or number >= MAX_RETRIES:
        return None
    if failure.wait is not None:
        return failure.wait if failure.wait <= MAX_WAIT else None
    # Jitter: many turns that failed together should not come back together.
    return first_wait.total_seconds() * 2**number * _chance.uniform(0.5, 1)
