"""Lorebooks on their way in: those inside a card, files of their own, and worlds that a card names.

SillyTavern names a file by its world (`extensions.world`) and copies its entries into the card: a
world that says nothing besides is not used a second time.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import urlsplit
from uuid import UUID

from tzurot.formats import documents
from tzurot.formats.found import Found, Kind, Lorebook
from tzurot.formats.narrowing import members, text
from tzurot.formats.unreadable import Unreadable
from tzurot.personality.characters import Personality
from tzurot.personality.lorebooks.lorebooks import Lorebooks
from tzurot.transfer.moving import Moving, size_of
from tzurot.transfer.plans import Action


class Shelving:
    """Puts books where they belong."""

    def __init__(self, lorebooks: Lorebooks) -> None:
        self._lorebooks = lorebooks

    async def carry(self, moving: Moving, here: Personality | None) -> None:
        """Store the file's books; `here`, if it is known, uses them."""
        inside = here if moving.found.character is not None else None
        if inside is not None and not moving.found.lorebooks:
            _tell(moving, await self._lorebooks.end_embedded(moving.tx, inside.id))
        for position, book in enumerate(_named(moving)):
            if inside is not None:
                await self._carry_inside(moving, inside, book, position)
                continue
            book_id = await self._arrived(moving, book)
            if here is not None:
                await self._lorebooks.use(moving.tx, here.id, book_id, position=position)
        if here is not None and (world := _world(moving.found)):
            await self._link(moving, here, world)

    async def _carry_inside(
        self, moving: Moving, here: Personality, book: Lorebook, position: int
    ) -> None:
        """A card's book: one that it brought before is found, as it is here by now."""
        book_id = await self._lorebooks.used_already(moving.tx, here.id, book)
        if book_id is None:
            book_id = await self._arrived(moving, book)
        else:
            moving.arrived.say(Action.KEEP, "lorebook", book.name)
        left = await self._lorebooks.use_embedded(moving.tx, here.id, book_id, position=position)
        _tell(moving, left)

    async def _arrived(self, moving: Moving, book: Lorebook) -> UUID:
        book_id, created = await self._lorebooks.arrive(moving.tx, moving.who.person_id, book)
        action = Action.CREATE if created else Action.KEEP
        size = size_of(entry.content for entry in book.entries)
        moving.arrived.say(action, "lorebook", book.name, size if created else 0)
        return book_id

    async def _link(self, moving: Moving, here: Personality, world: str) -> None:
        found = await self._lorebooks.named(moving.tx, moving.who.person_id, world)
        if found is None:
            moving.arrived.warnings.append(
                f"It names the lorebook “{world}”, which is not here: import that file,"
                " then this one again."
            )
            return
        book_id, book = found
        own = moving.found.lorebooks
        if _contents([book]) <= _contents(own):
            return
        moving.arrived.say(Action.KEEP, "lorebook", book.name)
        await self._lorebooks.use(moving.tx, here.id, book_id, position=len(own))


def _tell(moving: Moving, left: Sequence[str]) -> None:
    """Which books are used no more, and stay because they were edited here."""
    moving.arrived.warnings.extend(
        f"The lorebook {f'“{name}”' if name else 'without a name'} was edited here. The card brings"
        " another one in its place; the edited one stays among its owner's lorebooks."
        for name in left
    )


def _named(moving: Moving) -> Sequence[Lorebook]:
    """A file of one book that has no name is called as its person calls the file."""
    books, name = moving.found.lorebooks, moving.upload.name
    if moving.found.kind is not Kind.LOREBOOK or len(books) != 1 or books[0].name or not name:
        return books
    path = urlsplit(name).path if name.startswith(("https://", "http://")) else name
    return [replace(books[0], name=PurePath(path).stem)]


def _world(found: Found) -> str:
    """The name of a world that a card is linked with."""
    if found.kind is not Kind.CHARACTER_CARD or not found.document:
        return ""
    try:
        card = members(documents.loads(found.document))
    except Unreadable:
        return ""
    extensions = members(members(card.get("data")).get("extensions"))
    return text(extensions.get("world")).strip()


def _contents(books: Sequence[Lorebook]) -> set[str]:
    """What enabled entries say."""
    return {entry.content.strip() for book in books for entry in book.entries if entry.enabled}
