"""The SQL of shares: who has which role with a character."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select, union_all
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.personality.tables import Personality, Share


async def put(tx: AsyncSession, share: Share) -> datetime:
    """Give a person this role instead of any other; since when they have it."""
    columns = Share.__table__.columns
    new = insert(Share).values({column.key: getattr(share, column.key) for column in columns})
    await tx.execute(
        new.on_conflict_do_update(
            index_elements=["personality_id", "person_id"],
            set_={key: new.excluded[key] for key in ("id", "role", "subject", "create_time")},
            where=or_(Share.role != share.role, Share.subject != share.subject),
        )
    )
    given = select(Share.create_time).where(
        Share.personality_id == share.personality_id, Share.person_id == share.person_id
    )
    return (await tx.scalars(given)).one()


async def others(tx: AsyncSession, personality_id: UUID, person_id: UUID) -> int:
    """How many persons besides this one have a role."""
    query = select(func.count()).where(
        Share.personality_id == personality_id, Share.person_id != person_id
    )
    return await tx.scalar(query) or 0


async def editors(tx: AsyncSession, personality_id: UUID) -> Sequence[UUID]:
    """Whoever may change a character: its owner, and those who have that role."""
    owner = select(Personality.owner_id).where(Personality.id == personality_id)
    others = select(Share.person_id).where(
        Share.personality_id == personality_id, Share.role == "editor"
    )
    found = (await tx.scalars(union_all(owner, others))).all()
    return [it for it in found if it]


async def remove(tx: AsyncSession, personality_id: UUID, person_id: UUID) -> None:
    """Take a person's role away, if they have one."""
    await tx.execute(
        delete(Share).where(Share.personality_id == personality_id, Share.person_id == person_id)
    )


async def leave(tx: AsyncSession, personality_id: UUID, person_id: UUID) -> None:
    """The same for the person's own sake: who is blocked, if only just now, stays so."""
    await tx.execute(
        delete(Share).where(
            Share.personality_id == personality_id,
            Share.person_id == person_id,
            Share.role != "blocked",
        )
    )


async def page(
    tx: AsyncSession, personality_id: UUID, *, with_blocked: bool, before: UUID | None, limit: int
) -> Sequence[Share]:
    """Roles, the latest given first."""
    query = select(Share).where(Share.personality_id == personality_id)
    if not with_blocked:
        query = query.where(Share.role != "blocked")
    if before:
        query = query.where(Share.id < before)
    return (await tx.scalars(query.order_by(Share.id.desc()).limit(limit))).all()
