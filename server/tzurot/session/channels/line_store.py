"""The SQL of what is said around characters, away from a turn's hot path (store.py)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.channels.place_tables import ChannelLine
from tzurot.session.said import Place


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
