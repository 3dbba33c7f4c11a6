"""Copies of characters: the card, the face, the books and the documents, for whoever may read them.

The copy is private and belongs to the person who makes it. What others have with the original stays
there: conversations, memories, shares, names, overrides and settings.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import PersonalityNotFound
from tzurot.personality import cloning_store, sources
from tzurot.personality.characters import Characters
from tzurot.personality.lorebooks import lore_use_store
from tzurot.personality.sharing.sharing import Access, Role
from tzurot.personality.store import Ref
from tzurot.personality.tables import Personality
from tzurot.storage.database import Database

# What a copy has of its own; everything else is the original's.
_OWN = frozenset(
    {
        "id", "owner_id", "slug", "name", "folded_name", "visibility", "definition_visible",
        "version", "request_id", "request_hash", "create_time", "update_time",
    }
)  # fmt: skip
_COPIED = tuple(it.key for it in Personality.__table__.columns if it.key not in _OWN)


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy is to be. Without a name it has the original's, without a slug one of its name.

    `request_hash` is of all that was asked.
    """

    owner_id: UUID
    name: str = ""
    slug: str = ""
    request_id: UUID | None = None
    request_hash: bytes | None = None


class Cloning:
    """What the servicer asks of this room."""

    def __init__(self, database: Database, characters: Characters) -> None:
        self._database = database
        self._characters = characters

    async def clone(self, ref: Ref, wanted: Copy) -> Access:
        """Copy a character; a repeat of its request gives the copy as it is now.

        Raises:
            PersonalityNotFound, DefinitionHidden, SlugTaken: by their names.
            RequestIdReused: the request id made another one.
        """
        new = _blank(wanted)
        async with self._database.transaction() as tx:
            made = await self._characters.made_before(tx, new)
            if made is None:
                made = await self._copied(tx, ref, new, wanted.owner_id)
        return Access(made, Role.OWNER)

    async def _copied(
        self, tx: AsyncSession, ref: Ref, new: Personality, owner_id: UUID
    ) -> Personality:
        found = await self._characters.readable(tx, owner_id, ref)
        original = await cloning_store.held(tx, found.personality.id)
        if original is None:
            raise PersonalityNotFound(ref)
        new.name = new.name or original.name
        for field in _COPIED:
            setattr(new, field, getattr(original, field))
        made, is_new = await self._characters.place(tx, new)
        if is_new:
            await sources.copy(tx, original.id, made.id)
            await _copy_books(tx, original.id, made.id, owner_id)
            await cloning_store.copy_documents(tx, original.id, made.id)
        return made


async def _copy_books(tx: AsyncSession, original_id: UUID, copy_id: UUID, owner_id: UUID) -> None:
    """Let the copy use the books: its owner's own ones as they are, else copies of them."""
    for book, use in await cloning_store.uses(tx, original_id):
        lorebook_id = book.id
        if book.owner_id != owner_id:
            lorebook_id = await cloning_store.copy_book(tx, book, owner_id)
        await lore_use_store.use(
            tx, copy_id, lorebook_id, position=use.position, embedded=use.embedded
        )


def _blank(wanted: Copy) -> Personality:
    now = clock.now()
    return Personality(
        id=clock.uuid7(),
        owner_id=wanted.owner_id,
        slug=wanted.slug,
        name=wanted.name,
        visibility="private",
        definition_visible=False,
        version=1,
        request_id=wanted.request_id,
        request_hash=wanted.request_hash,
        create_time=now,
        update_time=now,
    )
