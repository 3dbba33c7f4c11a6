"""Lorebooks: they come with cards or alone, belong to a person, and are used by characters.

What comes up of them in a turn is decided in activation.py.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import LorebookNotFound
from tzurot.formats import lorebooks
from tzurot.formats.found import Lorebook
from tzurot.personality import activation, lore_store
from tzurot.personality.activation import Fill, Verdict
from tzurot.personality.characters import Characters
from tzurot.personality.lore_store import Shelved
from tzurot.personality.store import Ref
from tzurot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Brought:
    """What a character brings to a turn besides its card."""

    books: Sequence[Lorebook]
    """Those it uses, in order, without entries that can't come up."""
    knows_documents: bool


class Lorebooks:
    """What other rooms and the servicer ask about lorebooks."""

    def __init__(self, database: Database, characters: Characters) -> None:
        self._database = database
        self._characters = characters

    async def arrive(self, tx: AsyncSession, owner_id: UUID, book: Lorebook) -> tuple[UUID, bool]:
        """Store a book, and whether it is new: equal ones of a person are stored once."""
        return await lore_store.add(tx, owner_id, book)

    async def use(
        self,
        tx: AsyncSession,
        personality_id: UUID,
        lorebook_id: UUID,
        *,
        position: int = 0,
        embedded: bool = False,
    ) -> None:
        """Let a character use a book, at this place among its books.

        An `embedded` one came inside its card, and takes the place of the one that did before.
        """
        await lore_store.use(tx, personality_id, lorebook_id, position=position, embedded=embedded)
        if embedded:
            keep = [lorebook_id]
            await lore_store.drop_embedded(tx, personality_id, keep=keep, position=position)

    async def drop_embedded(
        self, tx: AsyncSession, personality_id: UUID, keep: Collection[UUID] = ()
    ) -> None:
        """The books out of a character's cards, but those to `keep`, are used no more.

        Each goes if no other character uses it; a book that came as a file of its own stays.
        """
        await lore_store.drop_embedded(tx, personality_id, keep=keep)

    async def named(
        self, tx: AsyncSession, owner_id: UUID, name: str
    ) -> tuple[UUID, Lorebook] | None:
        """The owner's newest book of this name that is a file of its own, as a card may name it."""
        lorebook_id = await lore_store.named(tx, owner_id, name)
        if lorebook_id is None:
            return None
        (book,) = await lore_store.read(tx, [lorebook_id])
        return lorebook_id, book

    async def books_of(self, tx: AsyncSession, personality_id: UUID) -> list[Lorebook]:
        """The whole books that a character uses, in order, as they came."""
        return await lore_store.read(tx, await lore_store.used_by(tx, personality_id))

    async def brought_by(self, personality_id: UUID) -> Brought:
        """What a character brings to a turn, for whoever may talk with it. One statement."""
        async with self._database.reading() as tx:
            return Brought(*await lore_store.brought(tx, personality_id))

    async def get(self, person_id: UUID, lorebook_id: UUID) -> tuple[Shelved, Lorebook]:
        """One book of the person's, with its entries.

        Raises:
            LorebookNotFound: there is none, or it is somebody else's.
        """
        async with self._database.transaction() as tx:
            shelved = await _owned(tx, person_id, lorebook_id)
            (book,) = await lore_store.read(tx, [lorebook_id])
        return shelved, book

    async def list(self, person_id: UUID, *, before: UUID | None, limit: int) -> Sequence[Shelved]:
        """At most `limit` books of the person's older than `before`, newest first."""
        async with self._database.transaction() as tx:
            return await lore_store.page(tx, person_id, before=before, limit=limit)

    async def delete(self, person_id: UUID, lorebook_id: UUID) -> None:
        """Delete a book; characters that used it go on without it.

        Raises:
            LorebookNotFound: there is none, or it is somebody else's.
        """
        async with self._database.transaction() as tx:
            if not await lore_store.remove(tx, person_id, lorebook_id):
                raise LorebookNotFound(lorebook_id)

    async def attach(self, person_id: UUID, lorebook_id: UUID, ref: Ref) -> None:
        """Let a character of the person's use a book of theirs, after its other ones.

        Raises:
            LorebookNotFound, PersonalityNotFound, NotEditor: by their names.
        """
        async with self._database.transaction() as tx:
            await _owned(tx, person_id, lorebook_id)
            character = await self._characters.owned(tx, person_id, ref)
            await lore_store.use_last(tx, character.id, lorebook_id)

    async def detach(self, person_id: UUID, lorebook_id: UUID, ref: Ref) -> None:
        """End the use; the book stays.

        Raises:
            LorebookNotFound, PersonalityNotFound, NotEditor: by their names.
        """
        async with self._database.transaction() as tx:
            await _owned(tx, person_id, lorebook_id)
            character = await self._characters.owned(tx, person_id, ref)
            await lore_store.stop_using(tx, character.id, lorebook_id)

    async def test(
        self, person_id: UUID, lorebook_id: UUID, messages: Sequence[str]
    ) -> Sequence[Verdict]:
        """A verdict on each entry of a book for these messages, oldest first.

        Raises:
            LorebookNotFound: there is none, or it is somebody else's.
        """
        _, book = await self.get(person_id, lorebook_id)
        return await judged([book], messages)

    async def export(self, person_id: UUID, lorebook_id: UUID) -> tuple[str, bytes]:
        """A book's name and its file, in the format that it came in.

        Raises:
            LorebookNotFound: there is none, or it is somebody else's.
        """
        shelved, book = await self.get(person_id, lorebook_id)
        # To parse and compare a large book takes a while.
        return shelved.name, await asyncio.to_thread(lorebooks.write, book, None)


async def judged(
    books: Sequence[Lorebook], messages: Sequence[str], fill: Fill | None = None
) -> Sequence[Verdict]:
    """A verdict on each entry; where strangers' patterns are tried, in a thread."""
    fill = fill or str
    if activation.has_patterns(books):
        return await asyncio.to_thread(activation.judge, books, messages, fill)
    return activation.judge(books, messages, fill)


async def _owned(tx: AsyncSession, person_id: UUID, lorebook_id: UUID) -> Shelved:
    shelved = await lore_store.owned(tx, person_id, lorebook_id)
    if shelved is None:
        raise LorebookNotFound(lorebook_id)
    return shelved
