"""The SQL of lorebooks as people have them: who may read and change which.

A book is its owner's. Who may read the definition of a character that uses it may read the book,
who may change such a character may change it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.personality import store
from tzurot.personality.tables import (
    Lorebook,
    LorebookEntry,
    LorebookUse,
    Personality,
    Share,
)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A book as one person sees it in a list."""

    id: UUID
    owner_id: UUID
    name: str
    description: str
    scan_depth: int | None
    token_budget: int | None
    recursive_scanning: bool | None
    format: str
    version: int
    create_time: datetime
    update_time: datetime
    owned: bool
    editable: bool
    entry_count: int
    personality_ids: Sequence[UUID]
    """Who uses it, of those whose definition the person may read."""


def readable(person_id: UUID) -> ColumnElement[bool]:
    """Whether a person may read a book."""
    return or_(Lorebook.owner_id == person_id, _users(person_id, _reads(person_id)).exists())


def _changeable(person_id: UUID) -> ColumnElement[bool]:
    edits = or_(Personality.owner_id == person_id, Share.role == "editor")
    return or_(Lorebook.owner_id == person_id, _users(person_id, edits).exists())


def _reads(person_id: UUID) -> ColumnElement[bool]:
    """Whether a person may read a character's definition, as `Access.sees_definition` has it."""
    return or_(
        Personality.owner_id == person_id,
        Share.role.in_(("viewer", "editor")),
        and_(Personality.definition_visible, store.reachable(person_id)),
    )


def _users(person_id: UUID, which: ColumnElement[bool]) -> Select[UUID]:
    """The characters that use a book, of those that are like this to the person."""
    return (
        select(LorebookUse.personality_id)
        .join(Personality, Personality.id == LorebookUse.personality_id)
        .outerjoin(
            Share, and_(Share.personality_id == Personality.id, Share.person_id == person_id)
        )
        .where(LorebookUse.lorebook_id == Lorebook.id, which)
        .correlate(Lorebook)
    )


async def find(
    tx: AsyncSession, person_id: UUID, lorebook_id: UUID, *, lock: bool = False
) -> Shelved | None:
    """A book, if the person may read it."""
    query = _shelved(person_id).where(readable(person_id), Lorebook.id == lorebook_id)
    query = query.with_for_update(of=Lorebook) if lock else query
    row = (await tx.execute(query)).one_or_none()
    return Shelved(*row) if row else None


async def page(
    tx: AsyncSession, owner_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[Shelved]:
    """The owner's books, newest first."""
    query = _shelved(owner_id).where(Lorebook.owner_id == owner_id)
    query = query.order_by(Lorebook.id.desc()).limit(limit)
    rows = await tx.execute(query.where(Lorebook.id < before) if before else query)
    return [Shelved(*row) for row in rows]


def _shelved(person_id: UUID) -> Any:  # SQLAlchemy's type of it names every column
    entries = select(func.count()).where(LorebookEntry.lorebook_id == Lorebook.id)
    users = _users(person_id, _reads(person_id)).order_by(LorebookUse.personality_id)
    return select(
        Lorebook.id,
        Lorebook.owner_id,
        Lorebook.name,
        Lorebook.description,
        Lorebook.scan_depth,
        Lorebook.token_budget,
        Lorebook.recursive_scanning,
        Lorebook.format,
        Lorebook.version,
        Lorebook.create_time,
        Lorebook.update_time,
        Lorebook.owner_id == person_id,
        _changeable(person_id),
        entries.scalar_subquery(),
        func.array(users.scalar_subquery()),
    )


async def add(tx: AsyncSession, new: Lorebook) -> bool:
    """Store a book that is written here; False if its owner used the request id before."""
    values = {column.key: getattr(new, column.key) for column in Lorebook.__table__.columns}
    row = await tx.execute(
        insert(Lorebook).values(values).on_conflict_do_nothing().returning(Lorebook.id)
    )
    return row.scalar_one_or_none() is not None


async def of_request(tx: AsyncSession, owner_id: UUID, request_id: UUID) -> Lorebook | None:
    """The book that a request created, if it was not deleted since."""
    query = select(Lorebook).where(Lorebook.owner_id == owner_id, Lorebook.request_id == request_id)
    return (await tx.scalars(query)).one_or_none()


async def change(tx: AsyncSession, lorebook_id: UUID, **values: object) -> None:
    """Set columns of a book; without any it is just noted that something in it has changed."""
    await tx.execute(
        update(Lorebook).where(Lorebook.id == lorebook_id).values(**values, update_time=clock.now())
    )


async def remove(tx: AsyncSession, lorebook_id: UUID) -> None:
    """Delete a book."""
    await tx.execute(delete(Lorebook).where(Lorebook.id == lorebook_id))
