"""Lorebooks as dialogues show them: one by one, with what their entries say and who uses them.

Who may read which book is decided in lore_rights.py; lorebooks.py and lore_entries.py change them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from tzurot.errors import LorebookEntryNotFound, LorebookNotFound
from tzurot.formats.found import LoreEntry
from tzurot.personality.characters import Characters, Label
from tzurot.personality.lorebooks import (
    lore_entry_store,
    lore_shelf_store,
    lore_store,
    lore_use_store,
)
from tzurot.personality.lorebooks.lore_rights import readable
from tzurot.personality.lorebooks.lore_shelf_store import Shelved
from tzurot.personality.store import Ref
from tzurot.personality.tables import LorebookEntry
from tzurot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Written:
    """An entry: its id and version, the book that it is in, and what it says."""

    id: UUID
    version: int
    book: Shelved
    says: LoreEntry


class LoreShelf:
    """What dialogues ask about books, besides changing them."""

    def __init__(self, database: Database, characters: Characters) -> None:
        self._database = database
        self._characters = characters

    async def book(self, person_id: UUID, lorebook_id: UUID) -> Shelved:
        """One book without its entries.

        Raises:
            LorebookNotFound: there is none that the person may read.
        """
        async with self._database.reading() as tx:
            return await readable(tx, person_id, lorebook_id)

    async def of_character(self, person_id: UUID, ref: Ref) -> Sequence[Shelved]:
        """The books that a character uses, in the order in which they are looked through.

        Raises:
            PersonalityNotFound, DefinitionHidden: by their names.
        """
        async with self._database.reading() as tx:
            who = (await self._characters.readable(tx, person_id, ref)).personality
            uses = await lore_use_store.used_by(tx, who.id)
            books = [await lore_shelf_store.find(tx, person_id, book_id) for book_id, _ in uses]
        return [book for book in books if book]

    async def entry(self, person_id: UUID, entry_id: UUID) -> Written:
        """One entry of a book that the person may read.

        Raises:
            LorebookEntryNotFound: there is none.
        """
        async with self._database.reading() as tx:
            row = await lore_entry_store.get(tx, entry_id)
            if row is None:
                raise LorebookEntryNotFound(entry_id)
            try:
                book = await readable(tx, person_id, row.lorebook_id)
            except LorebookNotFound:
                raise LorebookEntryNotFound(entry_id) from None
        return Written(row.id, row.version, book, said_by(row))

    async def users(self, books: Iterable[Shelved]) -> dict[UUID, Label]:
        """The characters that use books, of those whose definition their reader may read."""
        ids = {personality_id for book in books for personality_id in book.personality_ids}
        if not ids:
            return {}
        async with self._database.reading() as tx:
            return await self._characters.labels(tx, ids)


def said_by(row: LorebookEntry) -> LoreEntry:
    """What a stored entry says."""
    return lore_store.entry_of(row)
