"""Budgets: what may be spent in a day or a month, for whom and by whom.

Before a model is asked, the most that this may take is set aside in every budget that it counts for
(`reserve`), under the locks of their rows: so turns that run at once can't overspend together. When
the call has ended, what it took takes the place of what was set aside (`settle`). What was set
aside by a process that was killed ends with the call's deadline.

A cap in money counts what has a known price, a cap in tokens everything.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import ApiKeyNotFound, BudgetExhausted, BudgetReached, PersonalityNotFound
from tzurot.llm import tokens
from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import ModelRequest
from tzurot.storage.database import Database
from tzurot.wallet.budgets import budget_store
from tzurot.wallet.budgets.budget_store import Target
from tzurot.wallet.budgets.budget_tables import Budget, Reservation
from tzurot.wallet.budgets.periods import Period, began, next_start, reached, start
from tzurot.wallet.catalogue.price import Price, dollars
from tzurot.wallet.keys import key_store
from tzurot.wallet.usage import usage_store
from tzurot.wallet.usage.attempts import Bill

log = logging.getLogger(__name__)

_GRACE = timedelta(seconds=30)  # after a call's deadline: what ended is written down by then
_CALLED = {
    "person": "your budget",
    "key": "the budget of your API key",
    "character": "the server's budget for this character",
    "server": "the server's budget",
}


@dataclass(frozen=True, slots=True)
class Most:
    """The most that a call may take."""

    micros: int
    tokens: int

    @classmethod
    def of(cls, request: ModelRequest, speaker: Speaker, price: Price | None) -> "Most":
        """The prompt, and the longest reply that it asks for."""
        prompt = tokens.of_prompt(request)
        longest = request.sampling.max_tokens or speaker.sampling.max_tokens
        reply = longest or max(0, speaker.context_tokens - prompt)
        micros = price.cost(prompt, 0, reply, written=prompt) if price else 0
        return cls(micros, prompt + reply)


@dataclass(frozen=True, slots=True)
class Standing:
    """A budget and how it stands now."""

    target: Target
    period: Period
    cap_micros: int | None
    cap_tokens: int | None
    spent_micros: int
    spent_tokens: int
    reset_time: datetime

    @property
    def reached_percent(self) -> int:
        """The highest of the thresholds that is reached; 0: none."""
        return _reached(self)


class Budgets:
    """The budgets of everybody."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def own(self, person_id: UUID) -> Sequence[Standing]:
        """A person's budgets."""
        async with self._database.reading() as tx:
            found = await budget_store.own(tx, person_id)
        return [_standing(it, clock.now()) for it in found]

    async def of_operator(self) -> Sequence[Standing]:
        """The server's budgets."""
        async with self._database.reading() as tx:
            found = await budget_store.of_operator(tx)
        return [_standing(it, clock.now()) for it in found]

    async def put(
        self, target: Target, period: Period, micros: int | None, tokens: int | None
    ) -> Standing:
        """Set a budget's caps; without any it ends. What was spent in the period counts at once.

        Raises:
            ApiKeyNotFound: the person has no such key.
            PersonalityNotFound: there is no such character.
        """
        now = clock.now()
        async with self._database.transaction() as tx:
            await usage_store.lock_booking(tx)
            await _require_key(tx, target)
            row = await budget_store.find(tx, target, period)
            if micros is None and tokens is None:
                if row:
                    await tx.delete(row)
                return _standing(_row(target, period, now), now)
            if row is None:
                row = _row(target, period, now)
                await _count(tx, row)
                tx.add(row)
            row.cap_micros, row.cap_tokens, row.told_percent = micros, tokens, 0
            await _flush(tx, target)
        return _standing(row, now)

    async def reserve(self, bill: Bill, most: Most, *, seconds: float) -> UUID | None:
        """Set aside what a call may take within so many seconds; None: no budget counts it.

        Raises:
            BudgetExhausted: the first budget that has too little left.
        """
        now = clock.now()
        async with self._database.reading() as tx:  # mostly there is none, and the turn waits
            if not await budget_store.applies(tx, bill):
                return None
        async with self._database.transaction() as tx:
            found = await budget_store.applying(tx, bill)
            call_id = clock.uuid7()
            ids = [it.id for it in found]
            await budget_store.forget_expired(tx, ids, now)
            aside = await budget_store.reserved(tx, ids, now)
            for it in found:
                _require_room(it, aside, most, now)
            expire_time = now + timedelta(seconds=seconds) + _GRACE
            tx.add_all(
                Reservation(
                    budget_id=it,
                    call_id=call_id,
                    micros=most.micros,
                    tokens=most.tokens,
                    expire_time=expire_time,
                )
                for it in ids
            )
        return call_id

    async def settle(
        self, tx: AsyncSession, bill: Bill, call_id: UUID | None, *, micros: int, tokens: int
    ) -> Sequence[BudgetReached]:
        """Count what a call took, and let go of what was set aside; what to tell its person now."""
        now, alerts = clock.now(), list[BudgetReached]()
        for row in await budget_store.applying(tx, bill):
            _begin_anew(row, now)
            row.spent_micros += micros
            row.spent_tokens += tokens
            percent = _reached(row)
            if percent <= row.told_percent:
                continue
            alert = BudgetReached(*_words(row, now), percent=percent)
            if row.person_id is None:
                log.warning("%s", alert.message)
            elif bill.is_heard:
                alerts.append(alert)
            else:  # it is told in the next turn
                continue
            row.told_percent = percent
        if call_id:
            await budget_store.release(tx, call_id)
        return alerts


def _require_room(
    row: Budget, aside: Mapping[UUID, tuple[int, int]], most: Most, now: datetime
) -> None:
    """Raises: BudgetExhausted: what is spent and set aside leaves too little."""
    standing, (micros, tokens) = _standing(row, now), aside.get(row.id, (0, 0))
    wanted_micros = standing.spent_micros + micros + most.micros
    wanted_tokens = standing.spent_tokens + tokens + most.tokens
    in_money = row.cap_micros is not None and wanted_micros > row.cap_micros
    if in_money or (row.cap_tokens is not None and wanted_tokens > row.cap_tokens):
        raise BudgetExhausted(*_words(row, now, in_money=in_money))


async def _require_key(tx: AsyncSession, target: Target) -> None:
    if target.key_id is None or target.person_id is None:
        return
    if await key_store.key(tx, target.person_id, target.key_id) is None:
        raise ApiKeyNotFound(target.key_id)


async def _count(tx: AsyncSession, row: Budget) -> None:
    """Count what was spent in the period before there was a budget."""
    row.spent_micros, row.spent_tokens = await usage_store.spent(
        tx,
        start(row.period_date),
        person_id=row.person_id,
        key_id=row.key_id,
        personality_id=row.personality_id,
    )


async def _flush(tx: AsyncSession, target: Target) -> None:
    try:
        await tx.flush()
    except IntegrityError as error:
        if target.personality_id is None:
            raise
        raise PersonalityNotFound(target.personality_id) from error


def _row(target: Target, period: Period, now: datetime) -> Budget:
    """A budget of which nothing is spent."""
    return Budget(
        id=clock.uuid7(),
        kind=target.kind,
        person_id=target.person_id,
        key_id=target.key_id,
        personality_id=target.personality_id,
        period=period,
        cap_micros=None,
        cap_tokens=None,
        period_date=began(period, now),
        spent_micros=0,
        spent_tokens=0,
        told_percent=0,
    )


def _begin_anew(row: Budget, now: datetime) -> None:
    """Forget what was spent if a new period has begun; one that a slow call comes from is over."""
    first = began(Period(row.period), now)
    if first > row.period_date:
        row.period_date, row.spent_micros, row.spent_tokens, row.told_percent = first, 0, 0, 0


def _standing(row: Budget, now: datetime) -> Standing:
    period = Period(row.period)
    first = began(period, now)
    runs = row.period_date >= first
    return Standing(
        target=Target(row.kind, row.person_id, row.key_id, row.personality_id),
        period=period,
        cap_micros=row.cap_micros,
        cap_tokens=row.cap_tokens,
        spent_micros=row.spent_micros if runs else 0,
        spent_tokens=row.spent_tokens if runs else 0,
        reset_time=next_start(period, first),
    )


def _reached(it: Budget | Standing) -> int:
    micros = 0 if it.cap_micros is None else reached(it.spent_micros, it.cap_micros)
    return max(micros, 0 if it.cap_tokens is None else reached(it.spent_tokens, it.cap_tokens))


def _words(
    row: Budget, now: datetime, *, in_money: bool | None = None
) -> tuple[str, str, str, str, timedelta]:
    """Which budget, its cap, its period, when it starts anew, and how long that is."""
    money = row.cap_micros is not None if in_money is None else in_money
    cap = dollars(row.cap_micros or 0) if money else f"{row.cap_tokens:,} tokens"
    anew = _standing(row, now).reset_time
    return _CALLED[row.kind], cap, row.period, f"{anew:%Y-%m-%d %H:%M} UTC", anew - now
