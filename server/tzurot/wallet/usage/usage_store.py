"""The SQL of the ledger. All but the sums of budgets see the rows of one person alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, SQLColumnExpression, Text, case, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.wallet.sponsors.sponsor_tables import Sponsor
from tzurot.wallet.usage.attempts import Attempted, Bill
from tzurot.wallet.usage.usage_tables import ModelAttempt

_BOOKING = 0x75736167  # "usag": the advisory lock of whoever adds to the ledger
_MOST = 2**31 - 1  # tokens that a row can hold, whatever a provider makes up


@dataclass(frozen=True, slots=True)
class Span:
    """From when, and until before when."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Summed:
    """Attempts that have something in common, as `key` says; `name` is what people call it.

    `cost_micros`: of those whose cost is known; None: it is known of none. `unpriced_count`: how
    many took something, and nobody knows what that cost.
    """

    key: str
    name: str
    attempt_count: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    reasoning_tokens: int
    cost_micros: int | None
    unpriced_count: int


# By what there is to group: the key, and what to call it.
_DAY = cast(func.timezone("UTC", ModelAttempt.create_time), Date)
_GROUPS: Mapping[str, tuple[SQLColumnExpression[str], SQLColumnExpression[str]]] = {
    "day": (cast(_DAY, Text), cast(_DAY, Text)),
    "model": (
        ModelAttempt.provider + "/" + ModelAttempt.model,
        ModelAttempt.model + " (" + ModelAttempt.provider + ")",
    ),
    "personality": (cast(ModelAttempt.personality_id, Text), ModelAttempt.personality_name),
    "conversation": (
        func.coalesce(cast(ModelAttempt.conversation_id, Text), ""),
        ModelAttempt.personality_name,
    ),
    "purpose": (ModelAttempt.purpose, ModelAttempt.purpose),
}
_TOOK = ModelAttempt.prompt_tokens + ModelAttempt.completion_tokens


async def share_booking(tx: AsyncSession) -> None:
    """Add to the ledger in this transaction: no budget begins to count before it has ended."""
    await tx.execute(select(func.pg_advisory_xact_lock_shared(_BOOKING)))


async def lock_booking(tx: AsyncSession) -> None:
    """Let nobody add to the ledger until the transaction ends."""
    await tx.execute(select(func.pg_advisory_xact_lock(_BOOKING)))


async def add(tx: AsyncSession, bill: Bill, attempts: Sequence[Attempted]) -> None:
    """Write down a call's attempts."""
    cause = bill.cause
    tx.add_all(
        ModelAttempt(
            id=clock.uuid7(),
            person_id=bill.person_id,
            payer=bill.payer,
            key_id=None if bill.sponsor_id else bill.key_id,
            sponsor_id=bill.sponsor_id,
            provider=it.provider,
            model=it.model,
            purpose=cause.purpose,
            personality_id=cause.personality_id,
            personality_name=cause.personality_name,
            conversation_id=cause.conversation_id,
            turn_id=cause.turn_id,
            prompt_tokens=min(it.tokens.prompt, _MOST),
            completion_tokens=min(it.tokens.completion, _MOST),
            cached_tokens=min(it.tokens.cached, _MOST),
            reasoning_tokens=min(it.tokens.reasoning, _MOST),
            estimated=it.tokens.estimated,
            input_micros=it.price and it.price.input_micros,
            output_micros=it.price and it.price.output_micros,
            cached_input_micros=it.price and it.price.cached_input_micros,
            cost_micros=it.cost_micros,
            latency_ms=round(it.seconds * 1_000),
            outcome=it.outcome,
            create_time=it.start_time,
        )
        for it in attempts
    )


async def sums(
    tx: AsyncSession, person_id: UUID, span: Span, group: str, *, limit: int
) -> Sequence[Summed]:
    """What a person's attempts add up to by group: days in order, else the costliest first."""
    key, name = _GROUPS[group]
    columns = _columns()
    costliest = (columns[5].desc().nulls_last(), func.sum(_TOOK).desc(), key)
    query = (
        select(key, func.max(name), *columns)
        .where(*_of(person_id, span))
        .group_by(key)
        .order_by(*((key.desc(),) if group == "day" else costliest))
        .limit(limit)
    )
    found = [_summed(*row) for row in await tx.execute(query)]
    return found[::-1] if group == "day" else found


async def total(tx: AsyncSession, person_id: UUID, span: Span) -> Summed:
    """What all of a person's attempts add up to."""
    row = (await tx.execute(select(*_columns()).where(*_of(person_id, span)))).one()
    return _summed("", "", *row)


async def attempts(
    tx: AsyncSession, person_id: UUID, span: Span, *, before: UUID | None, limit: int
) -> Sequence[ModelAttempt]:
    """A person's attempts, newest first."""
    query = select(ModelAttempt).where(*_of(person_id, span))
    if before:
        query = query.where(ModelAttempt.id < before)
    return (await tx.scalars(query.order_by(ModelAttempt.id.desc()).limit(limit))).all()


async def spent(
    tx: AsyncSession,
    since: datetime,
    *,
    person_id: UUID | None = None,
    key_id: UUID | None = None,
    personality_id: UUID | None = None,
) -> tuple[int, int]:
    """Micro-dollars and tokens since then: of a person or their key, else what the server pays.

    What a key pays for others is among what it pays.
    """
    query = select(
        func.coalesce(func.sum(ModelAttempt.cost_micros), 0), func.coalesce(func.sum(_TOOK), 0)
    ).where(ModelAttempt.create_time >= since)
    if key_id:
        sponsored = select(Sponsor.id).where(Sponsor.key_id == key_id)
        by_key = or_(ModelAttempt.key_id == key_id, ModelAttempt.sponsor_id.in_(sponsored))
        query = query.where(by_key)
    elif person_id:
        query = query.where(ModelAttempt.person_id == person_id)
    else:
        query = query.where(ModelAttempt.payer == "server")
    if personality_id:
        query = query.where(ModelAttempt.personality_id == personality_id)
    micros, tokens = (await tx.execute(query)).one()
    return int(micros or 0), int(tokens or 0)


async def sponsored(
    tx: AsyncSession, sponsor_ids: Sequence[UUID], since: datetime
) -> Mapping[UUID, tuple[int, int]]:
    """Micro-dollars and requests since then, by who sponsored them."""
    query = (
        select(
            ModelAttempt.sponsor_id,
            func.coalesce(func.sum(ModelAttempt.cost_micros), 0),
            func.count(),
        )
        .where(ModelAttempt.sponsor_id.in_(sponsor_ids), ModelAttempt.create_time >= since)
        .group_by(ModelAttempt.sponsor_id)
    )
    rows = await tx.execute(query)
    return {id_: (int(micros or 0), int(count or 0)) for id_, micros, count in rows if id_}


def _summed(key: str, name: str, *numbers: Any) -> Summed:
    """What nothing is known of is not told as nothing."""
    attempts, prompt, completion, cached, reasoning, cost, unpriced = numbers
    known = None if cost is None or (not cost and unpriced) else int(cost)
    return Summed(
        key,
        name,
        attempts,
        int(prompt),
        int(completion),
        int(cached),
        int(reasoning),
        known,
        unpriced,
    )


def _columns() -> tuple[ColumnElement[Any], ...]:
    """Numbers as `_summed` takes them."""
    tokens = (
        ModelAttempt.prompt_tokens,
        ModelAttempt.completion_tokens,
        ModelAttempt.cached_tokens,
        ModelAttempt.reasoning_tokens,
    )
    return (
        func.count(),
        *(func.coalesce(func.sum(column), 0) for column in tokens),
        func.sum(ModelAttempt.cost_micros),
        func.count(case((ModelAttempt.cost_micros.is_(None), 1))),
    )


def _of(person_id: UUID, span: Span) -> tuple[ColumnElement[bool], ...]:
    return (
        ModelAttempt.person_id == person_id,
        ModelAttempt.create_time >= span.start,
        ModelAttempt.create_time < span.end,
    )
