"""The SQL of budgets, and of what is set aside for calls that run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, false, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.wallet.budgets.budget_tables import Budget, Reservation
from tzurot.wallet.usage.attempts import Bill, Channel


@dataclass(frozen=True, slots=True)
class Target:
    """Whose budget it is: what is None does not matter. All None: the server's."""

    kind: str
    person_id: UUID | None = None
    key_id: UUID | None = None
    personality_id: UUID | None = None
    sponsor_id: UUID | None = None
    member_id: UUID | None = None
    platform: str | None = None
    channel_id: str | None = None


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


async def of_channel(tx: AsyncSession, platform: str, channel_id: str) -> Sequence[Budget]:
    """The budgets of a channel."""
    return await _listed(tx, and_(Budget.platform == platform, Budget.channel_id == channel_id))


async def of_sponsors(tx: AsyncSession, sponsor_ids: Sequence[UUID]) -> Sequence[Budget]:
    """What sponsors give all members together."""
    return await _listed(tx, and_(Budget.kind == "sponsor", Budget.sponsor_id.in_(sponsor_ids)))


async def of_member(
    tx: AsyncSession, sponsor_ids: Sequence[UUID], person_id: UUID
) -> Sequence[Budget]:
    """What sponsors give all members together, and what each gives this one."""
    theirs = or_(Budget.member_id.is_(None), Budget.member_id == person_id)
    return await _listed(tx, and_(Budget.sponsor_id.in_(sponsor_ids), theirs))


async def add_member(tx: AsyncSession, budget: Budget) -> None:
    """Begin to count what a sponsor gives a member, unless that is counted already."""
    values = {column.key: getattr(budget, column.key) for column in Budget.__table__.columns}
    await tx.execute(insert(Budget).values(values).on_conflict_do_nothing())


async def set_member_caps(tx: AsyncSession, sponsor_id: UUID, micros: int) -> None:
    """Give each member so much, whatever they have spent."""
    theirs = update(Budget).where(Budget.kind == "member", Budget.sponsor_id == sponsor_id)
    await tx.execute(theirs.values(cap_micros=micros, told_percent=0))


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
    """Whether a budget counts it.

    A person's count all that is asked for them, those of a key all that it pays, the server's all
    that it pays itself, and a channel's all that its people don't pay themselves.
    """
    theirs = and_(Budget.person_id == bill.person_id, Budget.key_id.is_(None))
    if bill.key_id:
        theirs = or_(theirs, Budget.key_id == bill.key_id)
    if bill.payer == "own":
        return theirs
    there = _there(bill.cause.channel)
    if bill.sponsor_id:
        member = or_(Budget.member_id.is_(None), Budget.member_id == bill.person_id)
        return or_(theirs, there, and_(Budget.sponsor_id == bill.sponsor_id, member))
    character = Budget.personality_id == bill.cause.personality_id
    return or_(theirs, there, Budget.kind == "server", character)


def _there(channel: Channel | None) -> ColumnElement[bool]:
    """What is asked in a thread counts for the channel above it, too."""
    if channel is None:
        return false()
    ids = {channel.channel_id, channel.parent_channel_id} - {""}
    return and_(Budget.platform == channel.platform, Budget.channel_id.in_(ids))


def _named(target: Target) -> tuple[ColumnElement[bool], ...]:
    return (
        Budget.kind == target.kind,
        Budget.person_id.is_not_distinct_from(target.person_id),
        Budget.key_id.is_not_distinct_from(target.key_id),
        Budget.personality_id.is_not_distinct_from(target.personality_id),
        Budget.sponsor_id.is_not_distinct_from(target.sponsor_id),
        Budget.member_id.is_not_distinct_from(target.member_id),
        Budget.platform.is_not_distinct_from(target.platform),
        Budget.channel_id.is_not_distinct_from(target.channel_id),
    )


async def _listed(tx: AsyncSession, condition: ColumnElement[bool]) -> Sequence[Budget]:
    query = select(Budget).where(condition)
    return (await tx.scalars(query.order_by(Budget.kind, Budget.key_id, Budget.period))).all()
