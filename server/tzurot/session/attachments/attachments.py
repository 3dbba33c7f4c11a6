"""Attachments from their upload to the turn that they are said with.

Unsaid they are kept for a day; said, as long as their turn; said incognito, not at all. What the
model is told of them is in attached.py.
"""

import asyncio
import hashlib
from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import AttachmentNotFound, LimitReached
from tzurot.formats.texts import decoding
from tzurot.session.attachments import attachment_files, attachment_store
from tzurot.session.incognito.held import Held
from tzurot.session.prompt.attached import Piece
from tzurot.session.tables import Attachment
from tzurot.session.turns import Turn
from tzurot.storage.database import Database

SWEEP_JOB = "attachments.sweep"
SWEEP_CRON = "17 * * * *"
KEPT = timedelta(days=1)  # unsaid
UNSAID_MEGABYTES = 50  # of a person, as they are stored

_LONGEST_NAME = 255  # characters


class Attachments:
    """Takes in what people bring, and throws away what nobody said."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looking = asyncio.Semaphore(1)  # a picture can take 600 MB while it is decoded

    async def take_in(self, person_id: UUID, name: str, content: bytes) -> Attachment:
        """Store a picture or a text, so that it can be said within a day.

        Raises:
            FileUnreadable: it can't be used, and what to do.
            LimitReached: the person has brought too much that they have not said.
        """
        async with self._looking:
            kept = await asyncio.to_thread(attachment_files.kept, content)
        now = clock.now()
        async with self._database.transaction() as tx:
            unsaid = await attachment_store.unsaid_bytes(tx, person_id, now)
            if unsaid + len(kept.content) > UNSAID_MEGABYTES * 1_000_000:
                raise LimitReached("MB of attachments that wait to be said", UNSAID_MEGABYTES)
            values = {
                "id": clock.uuid7(),
                "person_id": person_id,
                "name": decoding.one_line(name[:1_000])[:_LONGEST_NAME] or "file",
                "media_type": kept.media_type,
                "sha256": hashlib.sha256(kept.content).hexdigest(),
                "content": kept.content,
                "create_time": now,
                "expire_time": now + KEPT,
            }
            return await attachment_store.add(tx, values)

    async def sweep(self) -> None:
        """Delete what nobody said within its day."""
        async with self._database.transaction() as tx:
            await attachment_store.sweep(tx, clock.now())


async def taken(tx: AsyncSession, turn: Turn, held: Held) -> Sequence[Piece]:
    """What an incognito utterance comes with: from here on it is in the server's memory alone.

    Raises:
        AttachmentNotFound: the person has brought no such thing, or said it before.
    """
    ids = turn.said.utterance.attachment_ids if turn.said.utterance else ()
    if not ids:
        return ()
    found = await attachment_store.take(tx, turn.person_id, ids, turn.create_time)
    if len(found) < len(ids):
        await _require_said_before(tx, turn, held, found.keys())
    return [found[it] for it in ids if it in found]


async def bind(tx: AsyncSession, turn: Turn, held: Held) -> None:
    """Keep what the utterance comes with as long as its first turn.

    Raises:
        AttachmentNotFound: the person has brought no such thing, or said it before.
    """
    ids = turn.said.utterance.attachment_ids if turn.said.utterance else ()
    if not ids:
        return
    found = await attachment_store.bind(tx, turn.person_id, ids, turn.id, turn.create_time)
    if len(found) < len(ids):
        await _require_said_before(tx, turn, held, found)


async def _require_said_before(
    tx: AsyncSession, turn: Turn, held: Held, found: Collection[UUID]
) -> None:
    """All but what was found was said with an earlier turn of the request, be it incognito.

    Raises:
        AttachmentNotFound: by its name.
    """
    request_id, known = turn.said.request_id, set(found)
    if request_id:
        known |= await attachment_store.of_request(tx, turn.person_id, request_id)
        known |= held.brought(turn.person_id, request_id)
    wanted = turn.said.utterance.attachment_ids if turn.said.utterance else ()
    for missing in (it for it in wanted if it not in known):
        raise AttachmentNotFound(missing)
