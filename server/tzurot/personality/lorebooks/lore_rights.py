"""Who may do what with a lorebook; which books that are: lore_shelf_store.py."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import LorebookNotFound, NotLorebookEditor
from tzurot.personality.lorebooks import lore_shelf_store
from tzurot.personality.lorebooks.lore_shelf_store import Shelved


async def readable(
    tx: AsyncSession, person_id: UUID, lorebook_id: UUID, *, lock: bool = False
) -> Shelved:
    """A book that the person may read.

    Raises:
        LorebookNotFound: there is none.
    """
    shelved = await lore_shelf_store.find(tx, person_id, lorebook_id, lock=lock)
    if shelved is None:
        raise LorebookNotFound(lorebook_id)
    return shelved


async def changeable(tx: AsyncSession, person_id: UUID, lorebook_id: UUID) -> Shelved:
    """A book that the person may change, locked.

    Raises:
        LorebookNotFound, NotLorebookEditor: by their names.
    """
    shelved = await readable(tx, person_id, lorebook_id, lock=True)
    if not shelved.editable:
        raise NotLorebookEditor(lorebook_id)
    return shelved


async def owned(tx: AsyncSession, person_id: UUID, lorebook_id: UUID) -> Shelved:
    """A book that is the person's, locked.

    Raises:
        LorebookNotFound, NotLorebookEditor: by their names.
    """
    shelved = await readable(tx, person_id, lorebook_id, lock=True)
    if not shelved.owned:
        raise NotLorebookEditor(lorebook_id)
    return shelved
