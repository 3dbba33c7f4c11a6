"""The SQL of aliases. `whose` is a person, or None for an alias for everybody."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.personality.tables import Alias


async def alone(tx: AsyncSession, person_id: UUID) -> None:
    """Let the person make no other alias until this transaction ends."""
    key = func.hashtextextended(f"aliases:{person_id}", 0)
    await tx.execute(select(func.pg_advisory_xact_lock(key)))


async def add(tx: AsyncSession, alias: Alias) -> bool:
    """Store a new alias; False if the person, or the character, has it already."""
    columns = Alias.__table__.columns
    row = await tx.execute(
        insert(Alias)
        .values({column.key: getattr(alias, column.key) for column in columns})
        .on_conflict_do_nothing()
        .returning(Alias.id)
    )
    return row.scalar_one_or_none() is not None


async def of_request(tx: AsyncSession, creator_id: UUID, request_id: UUID) -> Alias | None:
    """The alias that a request made, if it was not deleted since."""
    query = select(Alias).where(Alias.creator_id == creator_id, Alias.request_id == request_id)
    return (await tx.scalars(query)).one_or_none()


async def count(tx: AsyncSession, personality_id: UUID, whose: UUID | None) -> int:
    """How many aliases of this scope a character has."""
    query = select(func.count()).where(Alias.personality_id == personality_id, _of(whose))
    return await tx.scalar(query) or 0


async def get(tx: AsyncSession, alias_id: UUID) -> Alias | None:
    """Any alias; the caller decides who may know of it."""
    return await tx.get(Alias, alias_id)


async def remove(tx: AsyncSession, alias_id: UUID) -> None:
    """Take a name away, if it is still there."""
    await tx.execute(delete(Alias).where(Alias.id == alias_id))


async def page_of_character(
    tx: AsyncSession, person_id: UUID, personality_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[Alias]:
    """A character's aliases that hold for the person, newest first."""
    mine = or_(_of(None), _of(person_id))
    return await _page(tx, [Alias.personality_id == personality_id, mine], before, limit)


async def page_of_person(
    tx: AsyncSession, person_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[Alias]:
    """All aliases that are the person's alone, newest first."""
    return await _page(tx, [_of(person_id)], before, limit)


async def _page(
    tx: AsyncSession, wanted: Sequence[ColumnElement[bool]], before: UUID | None, limit: int
) -> Sequence[Alias]:
    query = select(Alias).where(*wanted).order_by(Alias.id.desc()).limit(limit)
    if before:
        query = query.where(Alias.id < before)
    return (await tx.scalars(query)).all()


def _of(whose: UUID | None) -> ColumnElement[bool]:
    return Alias.person_id == whose if whose else Alias.person_id.is_(None)
