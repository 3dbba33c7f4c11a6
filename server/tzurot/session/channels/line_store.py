"""The SQL of what is said around characters, away from a turn's hot path (store.py)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.session.channels.place_tables import ChannelLine
from tzurot.session.incognito.news import KEY
from tzurot.session.said import Place

# Whoever is active in the channel, or in the one above if it has decided nothing for itself.
_INCOGNITO = text("""
    SELECT DISTINCT asked.id
    FROM unnest(CAST(:person_ids AS uuid[])) AS asked (id), (
            SELECT c.id FROM channels c
            WHERE c.platform = :platform AND c.channel_id = ANY(CAST(:channel_ids AS text[]))
            ORDER BY c.channel_id = :channel_id DESC LIMIT 1
        ) here JOIN activations a ON a.channel_row_id = here.id
    WHERE (
        SELECT s.value FROM settings s
        WHERE s.key = :key AND s.person_id = asked.id AND s.channel_id IS NULL
            AND (s.personality_id IS NULL OR s.personality_id = a.personality_id)
            AND (s.expire_time IS NULL OR s.expire_time > :now)
        ORDER BY s.personality_id NULLS LAST, s.passing DESC LIMIT 1
    ) = 'true'
""")


async def incognito(tx: AsyncSession, place: Place, person_ids: Collection[UUID]) -> set[UUID]:
    """Those persons who are incognito with one of the characters that are active in a channel."""
    if not person_ids:
        return set()
    asked = {
        "person_ids": list(person_ids),
        "platform": place.platform,
        "channel_id": place.channel_id,
        "channel_ids": [place.channel_id, place.parent_channel_id],
        "key": KEY,
        "now": clock.now(),
    }
    return set((await tx.scalars(_INCOGNITO, asked)).all())


async def add(tx: AsyncSession, rows: Sequence[dict[str, Any]]) -> int:
    """Store lines; how many of them were not there before."""
    new = insert(ChannelLine).values(list(rows)).on_conflict_do_nothing()
    return len((await tx.scalars(new.returning(ChannelLine.id))).all())


async def keep_newest(tx: AsyncSession, place: Place, count: int) -> None:
    """Delete all lines of a channel but the newest."""
    here = (ChannelLine.platform == place.platform, ChannelLine.channel_id == place.channel_id)
    older = select(ChannelLine.id).where(*here).order_by(ChannelLine.id.desc()).offset(count)
    gone = delete(ChannelLine).where(*here, ChannelLine.id.in_(older))
    await tx.execute(gone.execution_options(synchronize_session=False))


async def forget(tx: AsyncSession, before: datetime, limit: int) -> int:
    """Delete lines that were said before a time, at most `limit`; how many were deleted."""
    old = select(ChannelLine.id).where(ChannelLine.create_time < before).limit(limit)
    gone = delete(ChannelLine).where(ChannelLine.id.in_(old)).returning(ChannelLine.id)
    return len((await tx.scalars(gone.execution_options(synchronize_session=False))).all())
