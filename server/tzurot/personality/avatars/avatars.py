"""Avatars: the faces of characters, given and taken away by those who may change them."""

import asyncio
from uuid import UUID

from tzurot.errors import AvatarNotFound, FileUnreadable
from tzurot.formats.unreadable import Problem
from tzurot.personality.avatars import faces, pictures
from tzurot.personality.avatars.pictures import Picture, PictureRefused
from tzurot.personality.characters import Characters
from tzurot.personality.sharing.sharing import Access
from tzurot.personality.store import Ref
from tzurot.personality.tables import Avatar
from tzurot.storage.database import Database

MAX_BYTES = 10 * 1024 * 1024  # of an upload, as the contract has it
_ADVICE = "Save it anew as a PNG of at most 2000 × 2000 pixels, and send that one."


class Avatars:
    """What the servicer asks of this room."""

    def __init__(self, database: Database, characters: Characters) -> None:
        self._database = database
        self._characters = characters
        self._drawing = asyncio.Semaphore(1)  # a picture can take 600 MB while it is decoded

    async def get(self, person_id: UUID, ref: Ref) -> Avatar:
        """A character's picture.

        Raises:
            PersonalityNotFound, AvatarNotFound: by their names.
        """
        async with self._database.transaction() as tx:
            personality = (await self._characters.seen(tx, person_id, ref)).personality
            found = await faces.of(tx, personality)
            if found is None:
                raise AvatarNotFound(personality.slug)
            return found

    async def give(self, person_id: UUID, ref: Ref, content: bytes) -> Access:
        """Give a character a face; the same one again changes nothing.

        Raises:
            PersonalityNotFound, NotEditor: by their names.
            FileUnreadable: it is no picture for us, and what to do.
        """
        async with self._database.transaction() as tx:  # nobody else's picture is worth decoding
            await self._characters.editable(tx, person_id, ref)
        picture = await self._drawn(content)
        async with self._database.transaction() as tx:
            personality = await self._characters.editable(tx, person_id, ref)
            if personality.avatar_sha256 != picture.sha256:
                await faces.give(tx, personality, picture)
                await self._characters.give(tx, personality, {})
            return await self._characters.seen(tx, person_id, personality.id)

    async def take_away(self, person_id: UUID, ref: Ref) -> Access:
        """Leave a character without a face.

        Raises:
            PersonalityNotFound, NotEditor: by their names.
        """
        async with self._database.transaction() as tx:
            personality = await self._characters.editable(tx, person_id, ref)
            if personality.avatar_sha256:
                await faces.take_away(tx, personality)
                await self._characters.give(tx, personality, {})
            return await self._characters.seen(tx, person_id, personality.id)

    async def _drawn(self, content: bytes) -> Picture:
        try:
            async with self._drawing:
                return await pictures.avatar_in_thread(content)
        except PictureRefused as refused:
            raise FileUnreadable(Problem.CORRUPT, f"{refused.sentence} {_ADVICE}") from refused
