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
from tzurot.errors import (
    ApiKeyNotFound,
    BudgetExhausted,
    BudgetReached,
    NoPayingKey,
    PersonalityNotFound,
    SubjectDenied,
)
from tzurot.llm import tokens
from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import ModelRequest
from tzurot.storage.database import Database
from tzurot.transport.subject import Caller
from tzurot.wallet.budgets import budget_store
from tzurot.wallet.budgets.budget_store import Target
from tzurot.wallet.budgets.budget_tables import Budget, Reservation
from tzurot.wallet.budgets.periods import Period, began, start
from tzurot.wallet.budgets.standing import (
    Standing,
    budget_of,
    reached_cap,
    reached_percent,
    standing_of,
    words,
)
from tzurot.wallet.catalogue.price import Price
from tzurot.wallet.keys import key_store
from tzurot.wallet.sponsors import sponsor_store
from tzurot.wallet.usage import usage_store
from tzurot.wallet.usage.attempts import Bill

log = logging.getLogger(__name__)

_OPERATORS = ("character", "server")  # whose budgets are told of in the log alone
_GRACE = timedelta(seconds=30)  # after a call's deadline: what ended is written down by then


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


class Budgets:
    """The budgets of everybody."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def own(self, person_id: UUID) -> Sequence[Standing]:
        """A person's budgets."""
        async with self._database.reading() as tx:
            found = await budget_store.own(tx, person_id)
        return [standing_of(it, clock.now()) for it in found]

    async def of_operator(self) -> Sequence[Standing]:
        """The server's budgets."""
        async with self._database.reading() as tx:
            found = await budget_store.of_operator(tx)
        return [standing_of(it, clock.now()) for it in found]

    async def of_channel(self, who: Caller, platform: str, channel_id: str) -> Sequence[Standing]:
        """The budgets of a channel.

        Raises:
            SubjectDenied: the caller is of another platform.
        """
        _require_own(who, platform)
        async with self._database.reading() as tx:
            found = await budget_store.of_channel(tx, platform, channel_id)
        return [standing_of(it, clock.now()) for it in found]

    async def put_for_channel(
        self, who: Caller, target: Target, period: Period, caps: tuple[int | None, int | None]
    ) -> Standing:
        """As `put`, for who moderates a channel. What was spent before there was one is unknown.

        Raises:
            SubjectDenied: the caller is of another platform.
        """
        _require_own(who, target.platform or "")
        return await self.put(target, period, *caps)

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
                return standing_of(budget_of(target, now, period), now)
            if row is None:
                row = budget_of(target, now, period)
                await _count(tx, row)
                tx.add(row)
            row.cap_micros, row.cap_tokens, row.told_percent = micros, tokens, 0
            await _flush(tx, target)
        return standing_of(row, now)

    async def reserve(self, bill: Bill, most: Most, *, seconds: float) -> UUID | None:
        """Set aside what a call may take within so many seconds; None: no budget counts it.

        Raises:
            BudgetExhausted, SponsorCapReached: the first budget that has too little left.
            NoPayingKey: its sponsor has just taken the key back.
        """
        now = clock.now()
        async with self._database.reading() as tx:  # mostly there is none, and the turn waits
            if bill.sponsor_id is None and not await budget_store.applies(tx, bill):
                return None
        async with self._database.transaction() as tx:
            await _begin_for_member(tx, bill, now)
            found = await budget_store.applying(tx, bill)
            call_id = clock.uuid7()
            ids = [it.id for it in found]
            await budget_store.forget_expired(tx, ids, now)
            aside = await budget_store.reserved(tx, ids, now)
            for it in found:
                _require_room(it, aside, most, now, bill)
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
            percent = reached_percent(row)
            if percent <= row.told_percent:
                continue
            alert = BudgetReached(*words(row, now), percent=percent)
            if row.kind in _OPERATORS:
                log.warning("%s", alert.message)
            elif bill.is_heard and row.person_id in (None, bill.person_id):
                alerts.append(alert)
            else:  # it is told in the next turn
                continue
            row.told_percent = percent
        if call_id:
            await budget_store.release(tx, call_id)
        return alerts


async def _begin_for_member(tx: AsyncSession, bill: Bill, now: datetime) -> None:
    """Count what a sponsor gives this member.

    Raises:
        NoPayingKey: there is no such sponsor any more.
    """
    if bill.sponsor_id is None:
        return
    sponsor = await sponsor_store.locked(tx, bill.sponsor_id)
    if sponsor is None:
        raise NoPayingKey
    row = budget_of(Target("member", sponsor_id=sponsor.id, member_id=bill.person_id), now)
    row.cap_micros = sponsor.member_cap_micros
    await budget_store.add_member(tx, row)


def _require_room(
    row: Budget,
    aside: Mapping[UUID, tuple[int, int]],
    most: Most,
    now: datetime,
    bill: Bill,
) -> None:
    """Raises: BudgetExhausted, SponsorCapReached: what is spent and set aside leaves too little."""
    standing, (micros, tokens) = standing_of(row, now), aside.get(row.id, (0, 0))
    wanted_micros = standing.spent_micros + micros + most.micros
    wanted_tokens = standing.spent_tokens + tokens + most.tokens
    in_money = row.cap_micros is not None and wanted_micros > row.cap_micros
    if in_money or (row.cap_tokens is not None and wanted_tokens > row.cap_tokens):
        if _is_sponsors(row, bill):
            raise reached_cap(row, now, in_money=in_money)
        raise BudgetExhausted(*words(row, now, in_money=in_money))


def _is_sponsors(row: Budget, bill: Bill) -> bool:
    """Whether it is a sponsor's money that has come to an end: another model may answer then."""
    return row.kind in ("sponsor", "member") or (row.kind == "key" and bill.sponsor_id is not None)


def _require_own(who: Caller, platform: str) -> None:
    """Channels belong to their platform, as with all that is said there."""
    if who.platform != platform:
        raise SubjectDenied(who.subject)


async def _require_key(tx: AsyncSession, target: Target) -> None:
    if target.key_id is None or target.person_id is None:
        return
    if await key_store.key(tx, target.person_id, target.key_id) is None:
        raise ApiKeyNotFound(target.key_id)


async def _count(tx: AsyncSession, row: Budget) -> None:
    """Count what was spent in the period before there was a budget; of a channel nobody knows."""
    if row.kind == "channel":
        return
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


def _begin_anew(row: Budget, now: datetime) -> None:
    """Forget what was spent if a new period has begun; one that a slow call comes from is over."""
    first = began(Period(row.period), now)
    if first > row.period_date:
        row.period_date, row.spent_micros, row.spent_tokens, row.told_percent = first, 0, 0, 0
