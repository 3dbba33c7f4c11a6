"""The SQL of budgets, and of what is set aside for calls that run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.wallet.budgets.budget_tables import Budget, Reservation
from tzurot.wallet.usage.attempts import Bill


@dataclass(frozen=True, slots=True)
class Target:
    """Whose budget it is: what is None does not matter. All None: the server's."""

    kind: str
    person_id: UUID | None = None
    key_id: UUID | None = None
    personality_id: UUID | None = None


async def applies(tx: AsyncSession, bill: Bill) -> bool:
    """Whether a call counts for any budget."""
    return (await tx.scalar(select(Budget.id).where(_applies(bill)).limit(1))) is not None


async def applying(tx: AsyncSession, bill: Bill) -> Sequence[Budget]:
    """The budgets that a call counts for, locked, always in the same order."""
    query = select(Budget).where(_applies(bill)).order_by(Budget.id).with_for_update()
    return (await tx.scalars(query)).all()


async def own(tx: AsyncSession, person_id: UUID) -> Sequence[Budget]:
    """A person's budgets: their own, and those of their keys."""
    return await _listed(tx, Budget.person_id == person_id)


async def of_operator(tx: AsyncSession) -> Sequence[Budget]:
    """The server's budgets: for all that it pays, and for characters."""
    return await _listed(tx, Budget.kind.in_(("server", "character")))


async def find(tx: AsyncSession, target: Target, period: str) -> Budget | None:
    """A budget, locked."""
    query = select(Budget).where(Budget.period == period, *_named(target))
    return (await tx.scalars(query.with_for_update())).one_or_none()


async def remove(tx: AsyncSession, target: Target, period: str) -> bool:
    """Delete a budget; False if there is none."""
    gone = delete(Budget).where(Budget.period == period, *_named(target)).returning(Budget.id)
    return (await tx.execute(gone)).scalar_one_or_none() is not None


async def reserved(
    tx: AsyncSession, budget_ids: Sequence[UUID], now: datetime
) -> Mapping[UUID, tuple[int, int]]:
    """Micro-dollars and tokens that are set aside, by budget."""
    query = (
        select(Reservation.budget_id, func.sum(Reservation.micros), func.sum(Reservation.tokens))
        .where(Reservation.budget_id.in_(budget_ids), Reservation.expire_time > now)
        .group_by(Reservation.budget_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in await tx.execute(query)}


async def forget_expired(tx: AsyncSession, budget_ids: Sequence[UUID], now: datetime) -> None:
    """Let go of what killed processes had set aside."""
    expired = (Reservation.budget_id.in_(budget_ids), Reservation.expire_time <= now)
    await tx.execute(delete(Reservation).where(*expired))


async def release(tx: AsyncSession, call_id: UUID) -> None:
    """Let go of what was set aside for a call."""
    await tx.execute(delete(Reservation).where(Reservation.call_id == call_id))


def _applies(bill: Bill) -> ColumnElement[bool]:
    """A person's budgets count all that is asked for them, the server's all that it pays."""
    theirs = and_(
        Budget.person_id == bill.person_id,
        or_(Budget.key_id.is_(None), Budget.key_id == bill.key_id),
    )
    if bill.key_id:
        return theirs
    character = Budget.personality_id == bill.cause.personality_id
    return or_(theirs, Budget.kind == "server", character)


def _named(target: Target) -> tuple[ColumnElement[bool], ...]:
    return (
        Budget.kind == target.kind,
        Budget.person_id.is_not_distinct_from(target.person_id),
        Budget.key_id.is_not_distinct_from(target.key_id),
        Budget.personality_id.is_not_distinct_from(target.personality_id),
    )


async def _listed(tx: AsyncSession, condition: ColumnElement[bool]) -> Sequence[Budget]:
    query = select(Budget).where(condition)
    return (await tx.scalars(query.order_by(Budget.kind, Budget.key_id, Budget.period))).all()
