"""The SQL of denials, of maintenance, and of what is known of people's ages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Text

from tzurot.account.tables import Denial, Maintenance, Person

# All that is held against a person, a place and characters, whether the server is being worked on,
# and what is known of the person's age: each part a lookup, all of it one statement. A client says
# on which platform a place is, so what holds on the person's own platform holds as well.
STANDING = text("""
    SELECT p.adult_time IS NOT NULL, p.age_barred, (SELECT message FROM maintenance),
        ARRAY(
            SELECT jsonb_build_array(d.target, d.target_id, d.kind) FROM denials d
            WHERE (d.platform = '' OR d.platform IN (:platform, :own_platform))
                AND (d.space_id = '' OR d.space_id = :space_id)
                AND (d.expire_time IS NULL OR d.expire_time > :now)
                AND (d.target = 'subject' AND d.target_id IN (
                        SELECT subject FROM identities WHERE person_id = p.id)
                    OR d.target = 'space' AND d.target_id = :space_id
                    OR d.target = 'channel' AND d.target_id IN (:channel_id, :parent_channel_id)
                    OR d.target = 'personality' AND d.target_id = ANY(:personality_ids)))
    FROM people p WHERE p.id = :person_id
""").bindparams(bindparam("personality_ids", type_=ARRAY(Text)))


@dataclass(frozen=True, slots=True)
class Held:
    """A denial that holds."""

    target: str
    target_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a person in a place."""

    adult: bool
    barred: bool
    maintenance: str | None
    held: tuple[Held, ...]


async def standing(tx: AsyncSession, asked: dict[str, Any]) -> Found:
    """How a person stands in a place; `asked` has the parameters of `STANDING`."""
    adult, barred, maintenance, held = (await tx.execute(STANDING, asked)).one()
    return Found(adult, barred, maintenance, tuple(Held(*it) for it in held))


async def denied(
    tx: AsyncSession, subjects: Collection[str], platform: str, space_id: str, now: datetime
) -> set[str]:
    """Those subjects that are denied in a space of a platform, or further."""
    query = select(Denial.target_id).where(
        Denial.target == "subject",
        Denial.target_id.in_(subjects),
        Denial.platform.in_(("", platform)),
        Denial.space_id.in_(("", space_id)),
        or_(Denial.expire_time.is_(None), Denial.expire_time > now),
    )
    return set(await tx.scalars(query))


async def lock_scope(tx: AsyncSession, platform: str, space_id: str) -> None:
    """Let nobody else deny on this platform or in this space until the transaction ends."""
    key = f"denials:{platform}:{space_id}"
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


async def count(tx: AsyncSession, platform: str, space_id: str, now: datetime) -> int:
    """How many denials hold on a platform in a space."""
    query = select(func.count()).where(
        Denial.platform == platform,
        Denial.space_id == space_id,
        or_(Denial.expire_time.is_(None), Denial.expire_time > now),
    )
    return (await tx.scalars(query)).one()


async def replace(tx: AsyncSession, denial: Denial) -> bool:
    """Store a denial in place of one of the same target; False if the request id was used.

    The operator's has the place of any, a moderator's only of another moderator's.
    """
    values = {column.key: getattr(denial, column.key) for column in Denial.__table__.columns}
    row = await tx.execute(
        insert(Denial)
        .values(values)
        .on_conflict_do_nothing(index_elements=["creator_id", "request_id"])
        .returning(Denial.id)
    )
    if row.scalar_one_or_none() is None:
        return False
    await tx.execute(
        delete(Denial).where(
            Denial.target == denial.target,
            Denial.target_id == denial.target_id,
            Denial.platform == denial.platform,
            Denial.space_id == denial.space_id,
            Denial.by_operator.in_((False, denial.by_operator)),
            Denial.id != denial.id,
        )
    )
    return True


async def of_request(tx: AsyncSession, creator_id: UUID, request_id: UUID) -> Denial:
    """The denial that a request created."""
    query = select(Denial).where(Denial.creator_id == creator_id, Denial.request_id == request_id)
    return (await tx.scalars(query)).one()


async def denials(
    tx: AsyncSession, platform: str, space_id: str, after: UUID | None, limit: int
) -> Sequence[Denial]:
    """Denials, newest first; an empty platform or space stands for all of them."""
    query = select(Denial).order_by(Denial.id.desc()).limit(limit)
    if platform:
        query = query.where(Denial.platform == platform)
    if space_id:
        query = query.where(Denial.space_id == space_id)
    if after:
        query = query.where(Denial.id < after)
    return (await tx.scalars(query)).all()


async def denial(tx: AsyncSession, denial_id: UUID) -> Denial | None:
    """One denial, locked."""
    query = select(Denial).where(Denial.id == denial_id).with_for_update()
    return (await tx.scalars(query)).one_or_none()


async def remove(tx: AsyncSession, denial_id: UUID) -> None:
    """Take a denial back."""
    await tx.execute(delete(Denial).where(Denial.id == denial_id))


async def remove_expired(tx: AsyncSession, before: datetime) -> None:
    """Forget denials that ended before."""
    await tx.execute(delete(Denial).where(Denial.expire_time < before))


async def maintenance(tx: AsyncSession) -> Maintenance | None:
    """The work on the server, if there is some."""
    return (await tx.scalars(select(Maintenance))).one_or_none()


async def begin_maintenance(tx: AsyncSession, message: str, now: datetime) -> None:
    """Say that the server is being worked on; it has been since it was first said."""
    new = insert(Maintenance).values(single=True, message=message, start_time=now)
    changed = {"message": new.excluded.message}
    await tx.execute(new.on_conflict_do_update(index_elements=["single"], set_=changed))


async def end_maintenance(tx: AsyncSession) -> None:
    """Say that the work is over."""
    await tx.execute(delete(Maintenance))


async def prove_adult(tx: AsyncSession, person_id: UUID, now: datetime) -> bool:
    """Remember that a person is an adult; False if they are barred from proving it."""
    row = await tx.execute(
        update(Person)
        .where(Person.id == person_id, ~Person.age_barred)
        .values(adult_time=func.coalesce(Person.adult_time, now))
        .returning(Person.id)
    )
    return row.scalar_one_or_none() is not None


async def set_age(
    tx: AsyncSession, person_id: UUID, adult_time: datetime | None, *, barred: bool
) -> None:
    """Say what holds of a person's age; one who is an adult already has been since then."""
    since = func.coalesce(Person.adult_time, adult_time) if adult_time else None
    await tx.execute(
        update(Person).where(Person.id == person_id).values(adult_time=since, age_barred=barred)
    )


async def forget_adult(tx: AsyncSession, person_id: UUID) -> None:
    """Forget that a person proved to be an adult."""
    await tx.execute(update(Person).where(Person.id == person_id).values(adult_time=None))
