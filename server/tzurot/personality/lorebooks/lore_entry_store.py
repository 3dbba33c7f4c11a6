"""The SQL of a lorebook's entries, one by one. Who may do so is decided at the book."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.personality.lorebooks.lore_store import FIRST_OWN_POSITION
from tzurot.personality.tables import LorebookEntry


async def book_of(tx: AsyncSession, entry_id: UUID) -> UUID | None:
    """The id of the book that an entry is in."""
    query = select(LorebookEntry.lorebook_id).where(LorebookEntry.id == entry_id)
    return (await tx.scalars(query)).one_or_none()


async def get(tx: AsyncSession, entry_id: UUID) -> LorebookEntry | None:
    """An entry as it is now."""
    query = select(LorebookEntry).where(LorebookEntry.id == entry_id)
    return (await tx.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def all_of(tx: AsyncSession, lorebook_id: UUID) -> Sequence[LorebookEntry]:
    """A book's entries in their order."""
    query = select(LorebookEntry).where(LorebookEntry.lorebook_id == lorebook_id)
    return (await tx.scalars(query.order_by(LorebookEntry.position))).all()


async def count(tx: AsyncSession, lorebook_id: UUID) -> int:
    """How many entries a book has."""
    query = select(func.count()).where(LorebookEntry.lorebook_id == lorebook_id)
    return await tx.scalar(query) or 0


async def before(tx: AsyncSession, entry: LorebookEntry) -> int:
    """How many entries of its book come before an entry."""
    query = select(func.count()).where(
        LorebookEntry.lorebook_id == entry.lorebook_id, LorebookEntry.position < entry.position
    )
    return await tx.scalar(query) or 0


async def of_request(tx: AsyncSession, lorebook_id: UUID, request_id: UUID) -> LorebookEntry | None:
    """The entry that a request added to a book, if it was not deleted since."""
    query = select(LorebookEntry).where(
        LorebookEntry.lorebook_id == lorebook_id, LorebookEntry.request_id == request_id
    )
    return (await tx.scalars(query)).one_or_none()


async def next_position(tx: AsyncSession, lorebook_id: UUID) -> int:
    """Where an entry is added to a book that is locked: after all others."""
    last = select(func.max(LorebookEntry.position)).where(LorebookEntry.lorebook_id == lorebook_id)
    highest = await tx.scalar(last)
    return FIRST_OWN_POSITION if highest is None else max(highest + 1, FIRST_OWN_POSITION)


async def change(tx: AsyncSession, entry_id: UUID, values: Mapping[str, Any]) -> None:
    """Set columns of an entry."""
    await tx.execute(update(LorebookEntry).where(LorebookEntry.id == entry_id).values(**values))


async def remove(tx: AsyncSession, entry_id: UUID) -> None:
    """Take an entry out of its book."""
    await tx.execute(delete(LorebookEntry).where(LorebookEntry.id == entry_id))
