"""Entries of lorebooks: added, changed, taken out. Whoever may change the book may do so."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import (
    EtagMismatch,
    LimitReached,
    LorebookEntryNotFound,
    LorebookNotFound,
    RequestIdReused,
)
from tzurot.personality.lorebooks import (
    lore_editing,
    lore_entry_store,
    lore_shelf_store,
    lore_store,
)
from tzurot.personality.lorebooks.lore_editing import EntryChange
from tzurot.personality.lorebooks.lore_rights import changeable
from tzurot.personality.tables import LorebookEntry
from tzurot.storage.database import Database

MAX_ENTRIES = 10_000  # of one book; an import may bring more


@dataclass(frozen=True, slots=True)
class Numbered:
    """An entry and its number in its book, from 0."""

    number: int
    entry: LorebookEntry


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What an entry is to say; `request_hash` tells a repeat from a misuse of the request id."""

    change: EntryChange
    request_id: UUID | None = None
    request_hash: bytes | None = None


class LoreEntries:
    """What the servicer asks about single entries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, person_id: UUID, lorebook_id: UUID, new: NewEntry) -> Numbered:
        """Add an entry at the end of a book; a repeat of its request gives it as it is now.

        Raises:
            LorebookNotFound, NotLorebookEditor, LimitReached, RequestIdReused: by their names.
        """
        async with self._database.transaction() as tx:
            await changeable(tx, person_id, lorebook_id)
            made = await _made_before(tx, lorebook_id, new)
            if made is None:
                if await lore_entry_store.count(tx, lorebook_id) >= MAX_ENTRIES:
                    raise LimitReached("entries in one lorebook", MAX_ENTRIES)
                made = await _add(tx, lorebook_id, new)
            return Numbered(await lore_entry_store.before(tx, made), made)

    async def change(self, person_id: UUID, entry_id: UUID, change: EntryChange) -> Numbered:
        """Give an entry new values.

        Raises:
            LorebookEntryNotFound, NotLorebookEditor, EtagMismatch: by their names.
        """
        async with self._database.transaction() as tx:
            entry = await _changeable_entry(tx, person_id, entry_id)
            if change.etag and change.etag != str(entry.version):
                raise EtagMismatch(str(entry.version))
            says = lore_editing.changed(lore_store.entry_of(entry), change)
            values = lore_store.columns(says) | {"version": entry.version + 1}
            await lore_entry_store.change(tx, entry_id, values)
            await lore_shelf_store.change(tx, entry.lorebook_id)
            now = await lore_entry_store.get(tx, entry_id)
            if now is None:
                raise LorebookEntryNotFound(entry_id)
            return Numbered(await lore_entry_store.before(tx, now), now)

    async def delete(self, person_id: UUID, entry_id: UUID) -> None:
        """Take an entry out of its book.

        Raises:
            LorebookEntryNotFound, NotLorebookEditor: by their names.
        """
        async with self._database.transaction() as tx:
            entry = await _changeable_entry(tx, person_id, entry_id)
            await lore_entry_store.remove(tx, entry_id)
            await lore_shelf_store.change(tx, entry.lorebook_id)


async def _changeable_entry(tx: AsyncSession, person_id: UUID, entry_id: UUID) -> LorebookEntry:
    """An entry of a book that the person may change, the book locked."""
    lorebook_id = await lore_entry_store.book_of(tx, entry_id)
    try:
        if lorebook_id is None:
            raise LorebookEntryNotFound(entry_id)
        await changeable(tx, person_id, lorebook_id)
    except LorebookNotFound:
        raise LorebookEntryNotFound(entry_id) from None
    entry = await lore_entry_store.get(tx, entry_id)
    if entry is None:  # taken out while the lock was waited for
        raise LorebookEntryNotFound(entry_id)
    return entry


async def _made_before(tx: AsyncSession, lorebook_id: UUID, new: NewEntry) -> LorebookEntry | None:
    if new.request_id is None:
        return None
    first = await lore_entry_store.of_request(tx, lorebook_id, new.request_id)
    if first is not None and first.request_hash != new.request_hash:
        raise RequestIdReused(new.request_id)
    return first


async def _add(tx: AsyncSession, lorebook_id: UUID, new: NewEntry) -> LorebookEntry:
    says = lore_editing.changed(lore_editing.BLANK, new.change)
    entry = LorebookEntry(
        id=clock.uuid7(),
        lorebook_id=lorebook_id,
        position=await lore_entry_store.next_position(tx, lorebook_id),
        version=1,
        request_id=new.request_id,
        request_hash=new.request_hash,
        **lore_store.columns(says),
    )
    tx.add(entry)
    await tx.flush()
    await lore_shelf_store.change(tx, lorebook_id)
    return entry
