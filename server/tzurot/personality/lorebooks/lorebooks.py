"""Lorebooks: they come with cards or alone, belong to a person, and are used by characters.

A book is its owner's; editors of a character that uses it may change it, and whoever may read such
a character's definition may read it (lore_shelf_store.py). What a book says entry by entry is
changed in lore_entries.py; what comes up of it in a turn is decided in lore/.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.account import people
from tzurot.errors import EtagMismatch, NotLorebookEditor, RequestIdReused
from tzurot.formats import lorebooks
from tzurot.formats.found import Lorebook
from tzurot.personality import tables
from tzurot.personality.characters import Characters
from tzurot.personality.lore.scene import Volume
from tzurot.personality.lore.verdicts import Verdict
from tzurot.personality.lorebooks import (
    lore_entry_store,
    lore_shelf_store,
    lore_store,
    lore_trial,
    lore_use_store,
)
from tzurot.personality.lorebooks.lore_entries import Numbered
from tzurot.personality.lorebooks.lore_rights import changeable, owned, readable
from tzurot.personality.lorebooks.lore_shelf_store import Shelved
from tzurot.personality.lorebooks.lore_trial import Trial
from tzurot.personality.store import Ref
from tzurot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Brought:
    """What a character brings to a turn besides its card."""

    volumes: Sequence[Volume]
    """The books that it uses, in order, without entries that can't come up."""
    knows_documents: bool


@dataclass(frozen=True, slots=True)
class BookChange:
    """New values by field name, and the etag that must still be the current one."""

    values: Mapping[str, str | int | bool | None] = field(
        default_factory=dict[str, str | int | bool | None]
    )
    etag: str = ""


def new_book(
    owner_id: UUID,
    values: Mapping[str, str | int | bool | None],
    request_id: UUID | None,
    request_hash: bytes,
) -> tables.Lorebook:
    """A book without entries that is about to be stored; `values` by the names of its fields."""
    new_id, now = clock.uuid7(), clock.now()
    return tables.Lorebook(
        id=new_id,
        owner_id=owner_id,
        format="",
        document=b"",
        content_sha256=hashlib.sha256(new_id.bytes).hexdigest(),
        version=1,
        request_id=request_id,
        request_hash=request_hash,
        create_time=now,
        update_time=now,
        **{"name": "", "description": "", **values},
    )


class Lorebooks:
    """What other rooms and the servicer ask about lorebooks."""

    def __init__(self, database: Database, characters: Characters) -> None:
        self._database = database
        self._characters = characters

    async def arrive(self, tx: AsyncSession, owner_id: UUID, book: Lorebook) -> tuple[UUID, bool]:
        """Store a book, and whether it is new: ones that came equal are stored once for a person.

        One that was edited here since is found, and stays as it is.
        """
        return await lore_store.add(tx, owner_id, book)

    async def used_already(
        self, tx: AsyncSession, personality_id: UUID, book: Lorebook
    ) -> UUID | None:
        """Of a character's books the one that came equal to this one, whoever brought it.

        Else the one out of its card that says the same by now, as a card has it that went out and
        comes in again.
        """
        equal = await lore_store.used_equal(tx, personality_id, book)
        if equal is not None:
            return equal
        uses = await lore_use_store.used_by(tx, personality_id)
        inside = [lorebook_id for lorebook_id, embedded in uses if embedded]
        for volume in await lore_store.read(tx, inside):
            if replace(volume.book, format=book.format) == book:
                return UUID(volume.id)
        return None

    async def use(
        self, tx: AsyncSession, personality_id: UUID, lorebook_id: UUID, *, position: int = 0
    ) -> None:
        """Let a character use a book, at this place among its books."""
        await lore_use_store.use(tx, personality_id, lorebook_id, position=position, embedded=False)

    async def use_embedded(
        self, tx: AsyncSession, personality_id: UUID, lorebook_id: UUID, *, position: int = 0
    ) -> Sequence[str]:
        """Let a character use the book inside its card, instead of the one that was there before.

        That one goes if no other character uses it; if it was edited here, it stays its owner's,
        and its name is told.
        """
        await lore_use_store.use(tx, personality_id, lorebook_id, position=position, embedded=True)
        return await lore_use_store.supersede(
            tx, personality_id, keep=[lorebook_id], position=position
        )

    async def end_embedded(self, tx: AsyncSession, personality_id: UUID) -> Sequence[str]:
        """The books out of a character's cards are used no more.

        What becomes of them is as in `use_embedded`.
        """
        return await lore_use_store.supersede(tx, personality_id)

    async def named(
        self, tx: AsyncSession, owner_id: UUID, name: str
    ) -> tuple[UUID, Lorebook] | None:
        """The owner's newest book of this name that is a file of its own, as a card may name it."""
        lorebook_id = await lore_store.named(tx, owner_id, name)
        if lorebook_id is None:
            return None
        (volume,) = await lore_store.read(tx, [lorebook_id])
        return lorebook_id, volume.book

    async def books_of(self, tx: AsyncSession, personality_id: UUID) -> list[Lorebook]:
        """The whole books that a character uses, in order, as they are now."""
        uses = await lore_use_store.used_by(tx, personality_id)
        volumes = await lore_store.read(tx, [lorebook_id for lorebook_id, _ in uses])
        return [
            it.book if embedded or it.book.document else _without_rows(it.book)
            for it, (_, embedded) in zip(volumes, uses, strict=True)
        ]

    async def brought_by(self, personality_id: UUID) -> Brought:
        """What a character brings to a turn, for whoever may talk with it. One statement."""
        async with self._database.reading() as tx:
            return Brought(*await lore_store.brought(tx, personality_id))

    async def create(self, new: tables.Lorebook) -> Shelved:
        """Store a new, empty book; a repeat of its request gives the book as it is now.

        Raises:
            RequestIdReused: the request id made another one.
        """
        async with self._database.transaction() as tx:
            if not await lore_shelf_store.add(tx, new):
                new = await _made_before(tx, new)
            return await readable(tx, new.owner_id, new.id)

    async def change(self, person_id: UUID, lorebook_id: UUID, change: BookChange) -> Shelved:
        """Give a book new values.

        Raises:
            LorebookNotFound, NotLorebookEditor, EtagMismatch: by their names.
        """
        async with self._database.transaction() as tx:
            shelved = await changeable(tx, person_id, lorebook_id)
            if change.etag and change.etag != str(shelved.version):
                raise EtagMismatch(str(shelved.version))
            await lore_shelf_store.change(
                tx, lorebook_id, **change.values, version=shelved.version + 1
            )
            return await readable(tx, person_id, lorebook_id)

    async def get(self, person_id: UUID, lorebook_id: UUID) -> tuple[Shelved, list[Numbered]]:
        """One book that the person may read, with its entries.

        Raises:
            LorebookNotFound: there is none.
        """
        async with self._database.transaction() as tx:
            shelved = await readable(tx, person_id, lorebook_id)
            entries = await lore_entry_store.all_of(tx, lorebook_id)
        return shelved, [Numbered(number, entry) for number, entry in enumerate(entries)]

    async def list(self, person_id: UUID, *, before: UUID | None, limit: int) -> Sequence[Shelved]:
        """At most `limit` books of the person's older than `before`, newest first."""
        async with self._database.transaction() as tx:
            return await lore_shelf_store.page(tx, person_id, before=before, limit=limit)

    async def delete(self, person_id: UUID, lorebook_id: UUID) -> None:
        """Delete a book of the person's; characters that used it go on without it.

        Raises:
            LorebookNotFound, NotLorebookEditor: by their names.
        """
        async with self._database.transaction() as tx:
            await owned(tx, person_id, lorebook_id)
            await lore_shelf_store.remove(tx, lorebook_id)

    async def attach(self, person_id: UUID, lorebook_id: UUID, ref: Ref) -> None:
        """Let a character that the person may change use a book, after its other ones.

        A book of somebody else's, who let the person change it, can be attached to characters of
        that owner only: who may read and change a book is for its owner to decide.

        Raises:
            LorebookNotFound, NotLorebookEditor, PersonalityNotFound, NotEditor: by their names.
        """
        async with self._database.transaction() as tx:
            shelved = await changeable(tx, person_id, lorebook_id)
            character = await self._characters.editable(tx, person_id, ref)
            if not shelved.owned and character.owner_id != shelved.owner_id:
                raise NotLorebookEditor(lorebook_id)
            await lore_use_store.use_last(tx, character.id, lorebook_id)

    async def detach(self, person_id: UUID, lorebook_id: UUID, ref: Ref) -> None:
        """End the use; the book stays.

        Raises:
            LorebookNotFound, PersonalityNotFound, NotEditor: by their names.
        """
        async with self._database.transaction() as tx:
            await readable(tx, person_id, lorebook_id)
            character = await self._characters.editable(tx, person_id, ref)
            await lore_use_store.stop_using(tx, character.id, lorebook_id)

    async def test(self, person_id: UUID, lorebook_id: UUID, trial: Trial) -> Sequence[Verdict]:
        """A verdict on each entry of a book.

        Raises:
            LorebookNotFound: there is none that the person may read.
        """
        async with self._database.transaction() as tx:
            await readable(tx, person_id, lorebook_id)
            volumes = await lore_store.read(tx, [lorebook_id])
        return (await lore_trial.judged(volumes, lore_trial.scene_of(trial))).verdicts

    async def test_character(self, person_id: UUID, ref: Ref, trial: Trial) -> Sequence[Verdict]:
        """A verdict on each entry of all books of a character, with its names and the person's.

        Raises:
            PersonalityNotFound, DefinitionHidden: by their names.
        """
        async with self._database.transaction() as tx:
            who = (await self._characters.readable(tx, person_id, ref)).personality
            uses = await lore_use_store.used_by(tx, who.id)
            volumes = await lore_store.read(tx, [lorebook_id for lorebook_id, _ in uses])
            user = (await people.names(tx, [person_id])).get(person_id, "")
        scene = lore_trial.scene_with(trial, who, user)
        return (await lore_trial.judged(volumes, scene)).verdicts

    async def export(self, person_id: UUID, lorebook_id: UUID) -> tuple[str, bytes]:
        """A book's name and its file, in the format that it came in.

        Raises:
            LorebookNotFound: there is none that the person may read.
        """
        async with self._database.transaction() as tx:
            shelved = await readable(tx, person_id, lorebook_id)
            (volume,) = await lore_store.read(tx, [lorebook_id])
        # To parse and compare a large book takes a while.
        return shelved.name, await asyncio.to_thread(lorebooks.write, volume.book, None)


async def _made_before(tx: AsyncSession, new: tables.Lorebook) -> tables.Lorebook:
    """The book that the same request made."""
    first = None
    if new.request_id is not None:
        first = await lore_shelf_store.of_request(tx, new.owner_id, new.request_id)
    if first is None or first.request_hash != new.request_hash:
        raise RequestIdReused(new.request_id)
    return first


def _without_rows(book: Lorebook) -> Lorebook:
    """A book whose rows are not those of the card that it goes out with."""
    entries = tuple(replace(entry, row=None) for entry in book.entries)
    return replace(book, entries=entries)
