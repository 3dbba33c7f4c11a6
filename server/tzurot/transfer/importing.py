"""What happens when somebody hands over a file.

Read `preview` and `apply`: both read the file, carry it into the rooms within one transaction, and
collect what was created, updated and kept. A preview takes it all back: that is why an import does
exactly what its preview showed, and with the preview's digest nothing else. A file that was
imported before finds what it made by its origin, so that running it again, even after being killed,
adds nothing twice. Nothing of anybody else's is ever touched: all that is looked up has an owner.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import text

from tzurot.errors import AddressRefused, FileUnreadable, ImportOutdated
from tzurot.fetching.fetcher import Fetcher
from tzurot.fetching.refusals import FetchRefused
from tzurot.formats import caps, detection, documents
from tzurot.formats.found import Found
from tzurot.formats.unreadable import Unreadable
from tzurot.llm.embeddings import Vector
from tzurot.memory.meaning import Meaning
from tzurot.personality.avatars import pictures
from tzurot.personality.avatars.pictures import Picture, PictureRefused
from tzurot.storage.database import Database
from tzurot.transfer import knowing, machinery, recollections
from tzurot.transfer.arriving import Arriving
from tzurot.transfer.moving import Moving, Progress, untold
from tzurot.transfer.plans import Preview, Result, Upload
from tzurot.transport.subject import Caller

_FETCH_SECONDS = 30
_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:person_id, 1))")


@dataclass(frozen=True, slots=True)
class _Face:
    """The picture that a character comes with, or why it has none."""

    picture: Picture | None = None
    warning: str = ""


class Importing:
    """Takes files in."""

    def __init__(
        self, database: Database, arriving: Arriving, fetcher: Fetcher, meaning: Meaning
    ) -> None:
        self._database = database
        self._arriving = arriving
        self._fetcher = fetcher
        self._meaning = meaning
        self._drawing = asyncio.Semaphore(1)  # a picture can take 300 MB while it is decoded

    async def preview(self, who: Caller, upload: Upload, progress: Progress = untold) -> Preview:
        """What the file is and what an import of it would do. It takes as long as the import.

        Raises:
            FileUnreadable, PersonalityNotFound, NotEditor: by their names.
        """
        await progress("reading the file", 0, 0)
        found = await read(upload.content)
        face = await self._enclosed(found)
        vectors = await self._understood(who, found, progress)
        async with self._database.rehearsal() as tx:
            moving = Moving(tx, who, upload, found, face.picture, None, True, progress, vectors)
            await self._arriving.carry(moving)
        return _preview(moving, face)

    async def apply(self, who: Caller, upload: Upload, progress: Progress) -> Result:
        """Store all of the file, or nothing.

        Raises:
            FileUnreadable, PersonalityNotFound, NotEditor, PersonalityNeeded: by their names.
            ImportOutdated: it would do something else than the preview of `options.digest` said.
        """
        await progress("reading the file", 0, 0)
        found = await read(upload.content)
        enclosed = await self._enclosed(found)
        fetched = await self._fetched(found) if enclosed.picture is None else _Face()
        vectors = await self._understood(who, found, progress)
        async with self._database.transaction() as tx:
            # One import of a person's at a time: twins would each make a character.
            await tx.execute(_ONE_BY_ONE, {"person_id": str(who.person_id)})
            drawn = (enclosed.picture, fetched.picture)
            moving = Moving(tx, who, upload, found, *drawn, False, progress, vectors)
            await self._arriving.carry(moving)
            preview = _preview(moving, enclosed)
            if upload.options.digest not in ("", preview.digest):
                raise ImportOutdated(preview.digest)
        warnings = (fetched.warning,) if fetched.warning else ()
        return Result(preview, moving.arrived.personality_id, moving.arrived.slug, warnings)

    async def fetch(self, url: str) -> bytes:
        """The file at an https address.

        Raises:
            AddressRefused: nothing is fetched from there, or nothing came.
        """
        try:
            got = await self._fetcher.fetch(url, limit_bytes=caps.FILE, seconds=_FETCH_SECONDS)
        except FetchRefused as refused:
            raise AddressRefused(refused.problem, refused.sentence) from refused
        return got.content

    async def _understood(
        self, who: Caller, found: Found, progress: Progress
    ) -> Mapping[str, Vector]:
        return await knowing.understood(self._database, who, found.facts, self._meaning, progress)

    async def _fetched(self, found: Found) -> _Face:
        """The picture from the address that the file names: a dead one is a warning."""
        url = found.character.avatar_url if found.character else ""
        if not url:
            return _Face()
        try:
            got = await self._fetcher.fetch(url, limit_bytes=caps.PICTURE, seconds=_FETCH_SECONDS)
            return _Face(await self._drawn(got.content))
        except (FetchRefused, PictureRefused) as refused:
            return _Face(warning=f"The avatar was not taken from {url}: {refused.sentence}")

    async def _enclosed(self, found: Found) -> _Face:
        """The picture that lies in the file, made anew."""
        content = found.character.avatar if found.character else None
        if content is None:
            return _Face()
        try:
            picture = await self._drawn(content)
            plain = await self._drawn(pictures.blank())
            # The plain picture that our own export gave a character without one is none.
            return _Face(None if picture.sha256 == plain.sha256 else picture)
        except PictureRefused as refused:
            return _Face(warning=f"The avatar is not taken: {refused.sentence}")

    async def _drawn(self, content: bytes) -> Picture:
        async with self._drawing:
            return await pictures.avatar_in_thread(content)


async def read(content: bytes) -> Found:
    """What a file holds. Parsing runs in a thread: it can take a second.

    Raises:
        FileUnreadable: it can't be used, and why.
    """
    try:
        return await asyncio.to_thread(detection.read, content)
    except Unreadable as unreadable:
        raise FileUnreadable(unreadable.problem, unreadable.sentence) from unreadable


def _preview(moving: Moving, face: _Face) -> Preview:
    arrived = moving.arrived
    found = moving.found
    warnings = (*found.warnings, *machinery.warnings(found), *arrived.warnings)
    preview = Preview(
        digest="",
        found=found,
        changes=tuple(arrived.changes),
        own_edits=tuple(arrived.own_edits),
        senders=recollections.senders(moving),
        warnings=(*warnings, face.warning) if face.warning else warnings,
    )
    return replace(preview, digest=_digest(moving, preview))


def _digest(moving: Moving, preview: Preview) -> str:
    """Of the file, of what was chosen, and of what happens."""
    options = replace(moving.options, digest="")
    said = [moving.file_sha256, repr(options), repr(preview.changes), repr(preview.own_edits)]
    return hashlib.sha256(documents.dumps(said)).hexdigest()
