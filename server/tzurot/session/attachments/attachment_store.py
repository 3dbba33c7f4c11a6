"""The SQL of attachments: who brought them, and which turn they were said with."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.prompt.attached import Piece
from tzurot.session.tables import Attachment, Turn

# The person's, that nobody has said yet, in the order in which they are said.
_BIND = text("""
    UPDATE attachments SET turn_id = :turn_id, position = wanted.position, expire_time = NULL
    FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS wanted (id, position)
    WHERE attachments.id = wanted.id AND person_id = :person_id AND turn_id IS NULL
        AND expire_time > :now
    RETURNING attachments.id
""")

# The same, and they are stored no longer.
_TAKE = text("""
    DELETE FROM attachments WHERE id = ANY(CAST(:ids AS uuid[])) AND person_id = :person_id
        AND turn_id IS NULL AND expire_time > :now
    RETURNING id, name, media_type, sha256, description, content
""")

# What was said with messages. A message of several turns has its attachments with its first one.
_SAID = text("""
    SELECT t.id, a.name, a.media_type, a.sha256, a.description,
        CASE WHEN t.id = ANY(CAST(:mine AS uuid[])) THEN a.content END
    FROM turns t
        JOIN turns said ON said.person_id = t.person_id AND said.request_id = t.request_id
        JOIN attachments a ON a.turn_id = said.id
    WHERE t.id = ANY(CAST(:turn_ids AS uuid[]))
    ORDER BY t.id, a.position
""")

# A person's uploads one after another, so that none is overlooked when they are counted.
_HOLD = text("SELECT id FROM people WHERE id = :person_id FOR NO KEY UPDATE")


async def unsaid_bytes(tx: AsyncSession, person_id: UUID, now: datetime) -> int:
    """How much a person has brought and not said yet; other uploads of theirs wait."""
    await tx.execute(_HOLD, {"person_id": person_id})
    query = select(func.coalesce(func.sum(func.length(Attachment.content)), 0)).where(
        Attachment.person_id == person_id,
        Attachment.turn_id.is_(None),
        Attachment.expire_time > now,
    )
    return int((await tx.scalars(query)).one())


async def add(tx: AsyncSession, values: dict[str, Any]) -> Attachment:
    """Store an attachment; what is known of the same picture of theirs is known of it, too."""
    person_id, sha256 = values["person_id"], values["sha256"]
    same = select(Attachment.description).where(
        Attachment.person_id == person_id, Attachment.sha256 == sha256, Attachment.description != ""
    )
    known = (await tx.scalars(same.limit(1))).one_or_none()
    row = Attachment(**values, description=known or "")
    tx.add(row)
    await tx.flush()
    return row


async def bind(
    tx: AsyncSession, person_id: UUID, ids: Sequence[UUID], turn_id: UUID, now: datetime
) -> set[UUID]:
    """Say attachments with a turn; which of them were there to be said."""
    asked = {"person_id": person_id, "ids": list(ids), "turn_id": turn_id, "now": now}
    return set((await tx.execute(_BIND, asked)).scalars())


async def take(
    tx: AsyncSession, person_id: UUID, ids: Sequence[UUID], now: datetime
) -> dict[UUID, Piece]:
    """Take attachments out of the database that nobody has said yet; those that were there."""
    asked = {"person_id": person_id, "ids": list(ids), "now": now}
    return {id_: Piece(*columns) for id_, *columns in await tx.execute(_TAKE, asked)}


async def of_request(tx: AsyncSession, person_id: UUID, request_id: UUID) -> set[UUID]:
    """The attachments that were said with a request."""
    query = (
        select(Attachment.id)
        .join(Turn, Turn.id == Attachment.turn_id)
        .where(Turn.person_id == person_id, Turn.request_id == request_id)
    )
    return set(await tx.scalars(query))


async def said(
    tx: AsyncSession, turn_ids: Collection[UUID], mine: Collection[UUID]
) -> dict[UUID, list[Piece]]:
    """What was said with these turns, in order; the contents only of the turns `mine`."""
    rows = await tx.execute(_SAID, {"turn_ids": list(turn_ids), "mine": list(mine)})
    found: dict[UUID, list[Piece]] = {}
    for turn_id, *columns in rows:
        found.setdefault(turn_id, []).append(Piece(*columns))
    return found


async def describe(tx: AsyncSession, person_id: UUID, sha256: str, description: str) -> None:
    """Note what is on a picture, wherever the person has it."""
    await tx.execute(
        update(Attachment)
        .where(Attachment.person_id == person_id, Attachment.sha256 == sha256)
        .values(description=description)
    )


async def sweep(tx: AsyncSession, now: datetime) -> None:
    """Delete what has expired unsaid."""
    await tx.execute(delete(Attachment).where(Attachment.expire_time <= now))
