"""Whatever is asked of a model goes through here: every attempt is a row of the ledger.

A metered model is a model: it sets aside what the call may take of budgets, passes on what it says,
and when the call has ended, however that was, writes down its attempts with what they took. That
is one transaction after the last word, so that the first one does not wait for it.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from uuid import UUID

from tzurot.errors import BudgetReached
from tzurot.llm import tokens
from tzurot.llm.fallback import Attempt, OnAttempt
from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import (
    ModelFinished,
    ModelRequest,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    ToolCallRequested,
)
from tzurot.storage.database import Database
from tzurot.wallet.budgets.budgets import Budgets, Most
from tzurot.wallet.paid import PaidModel
from tzurot.wallet.usage import usage_store
from tzurot.wallet.usage.attempts import Attempted, Bill, Cause, PriceOf, Tokens, cost, price_of

log = logging.getLogger(__name__)

_LEFT = "left"  # how an attempt ends whose reader wanted no more


class Meter:
    """Makes models metered, and keeps the ledger."""

    def __init__(self, database: Database, budgets: Budgets, known: PriceOf) -> None:
        self._database = database
        self._known = known
        self.budgets = budgets

    def metered(self, model: PaidModel, person_id: UUID, cause: Cause) -> "Metered":
        """The model, whose calls are put down to a person and to whoever pays."""
        return Metered(model, Bill(person_id, model.candidate, cause), self)

    async def begin(
        self, bill: Bill, request: ModelRequest, speaker: Speaker, seconds: float
    ) -> UUID | None:
        """Set aside what a call may take.

        Raises:
            BudgetExhausted: a budget has too little left.
        """
        price = price_of(speaker, self._known)
        most = Most.of(request, speaker, price)
        return await self.budgets.reserve(bill, most, seconds=seconds)

    def counted(self, attempt: Attempt, speaker: Speaker, took: Tokens) -> Attempt:
        """The attempt with what it took and cost."""
        return replace(
            attempt,
            prompt_tokens=took.prompt,
            completion_tokens=took.completion,
            cost_micros=cost(took, price_of(speaker, self._known)),
        )

    async def end(
        self,
        bill: Bill,
        call_id: UUID | None,
        attempts: Sequence[Attempt],
        speaker: Speaker,
        took: Tokens,
    ) -> Sequence[BudgetReached]:
        """Write down a call's attempts, of which the last one took what it took."""
        price = price_of(speaker, self._known)
        booked = [
            Attempted(
                provider=it.provider,
                model=it.model,
                start_time=it.started,
                seconds=(it.ended - it.started).total_seconds(),
                outcome=it.outcome,
                tokens=took if it is attempts[-1] else Tokens(),
                price=price,
            )
            for it in attempts
        ]
        async with self._database.transaction() as tx:
            await usage_store.share_booking(tx)
            await usage_store.add(tx, bill, booked)
            micros = sum(it.cost_micros or 0 for it in booked)
            amount = took.prompt + took.completion if attempts else 0
            return await self.budgets.settle(tx, bill, call_id, micros=micros, tokens=amount)


class Metered:
    """A model whose calls are put down to somebody; `alerts`: what they are to be told of that."""

    def __init__(self, model: PaidModel, bill: Bill, meter: Meter) -> None:
        self.speaker = model.speaker
        self.candidate = model.candidate
        self.alerts: list[BudgetReached] = []
        self._model = model
        self._bill = bill
        self._meter = meter

    def stream(
        self, request: ModelRequest, *, timeout: float, on_attempt: OnAttempt | None = None
    ) -> AsyncGenerator[StreamEvent, None]:
        """As every model's.

        Raises, while it is read:
            BudgetExhausted: and nothing was asked.
        """
        return self._metered(request, timeout, on_attempt)

    async def _metered(
        self, request: ModelRequest, seconds: float, on_attempt: OnAttempt | None
    ) -> AsyncGenerator[StreamEvent, None]:
        call_id = await self._meter.begin(self._bill, request, self.speaker, seconds)
        call = _Call(call_id, request)

        def attempted(attempt: Attempt) -> None:
            call.attempts.append(attempt)
            if on_attempt:
                on_attempt(self._meter.counted(attempt, self.speaker, call.took()))

        events = self._model.stream(request, timeout=seconds, on_attempt=attempted)
        try:
            async with aclosing(events):
                async for event in events:
                    call.hear(event)
                    yield event
        finally:
            await self._end(call)

    async def _end(self, call: "_Call") -> None:
        """Write it down, even if whoever asked is cancelled meanwhile."""
        ending = self._meter.end(self._bill, call.id, call.attempts, self.speaker, call.took())
        booking = asyncio.create_task(ending)
        try:
            alerts = await asyncio.shield(booking)
        except asyncio.CancelledError:
            await booking
            raise
        self.alerts.extend(alerts)


@dataclass(slots=True)
class _Call:
    """A call while it runs.

    Once something was heard it is not tried again: only its last attempt took something.
    """

    id: UUID | None
    request: ModelRequest
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    _said: list[str] = field(default_factory=list[str])
    _finished: ModelFinished | None = None

    def hear(self, event: StreamEvent) -> None:
        """Take note of what the model says."""
        match event:
            case TextDelta(text) | ReasoningDelta(text):
                self._said.append(text)
            case ToolCallRequested():
                self._said.append(event.name + event.arguments)
            case ModelFinished():
                self._finished = event

    def took(self) -> Tokens:
        """What it took: as its provider says, else as far as is known."""
        if finished := self._finished:
            return Tokens(
                prompt=finished.prompt_tokens,
                completion=finished.completion_tokens,
                cached=finished.cached_tokens,
                written=finished.cache_write_tokens,
                reasoning=finished.reasoning_tokens,
                estimated=finished.estimated,
                cost_micros=finished.cost_micros,
            )
        left = bool(self.attempts) and self.attempts[-1].outcome == _LEFT
        if not self._said and not left:
            return Tokens()
        said = tokens.estimate("".join(self._said))
        return Tokens(tokens.of_prompt(self.request), said, estimated=True)
