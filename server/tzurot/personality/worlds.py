"""Lorebooks that a card only names: SillyTavern keeps them as files of their own ("worlds")."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.formats import found
from tzurot.personality import lore_store
from tzurot.personality.tables import Lorebook


async def named(tx: AsyncSession, owner_id: UUID, name: str) -> tuple[UUID, found.Lorebook] | None:
    """The owner's newest book of this name that came as a file of its own, with its entries."""
    query = (
        select(Lorebook.id)
        .where(Lorebook.owner_id == owner_id, Lorebook.name == name, Lorebook.document != b"")
        .order_by(Lorebook.id.desc())
        .limit(1)
    )
    lorebook_id = (await tx.scalars(query)).one_or_none()
    if lorebook_id is None:
        return None
    (book,) = await lore_store.read(tx, [lorebook_id])
    return lorebook_id, book
