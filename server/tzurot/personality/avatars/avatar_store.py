"""The SQL of avatars: pictures by their hashes, each stored once, gone with its last character.

Whoever gives or takes away a picture locks its row first, so that none goes while it is taken.
"""

from collections.abc import Collection

from sqlalchemy import delete, exists, false, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.personality.tables import Avatar, Personality


async def get(tx: AsyncSession, sha256: str) -> Avatar:
    """The picture with this hash."""
    return (await tx.scalars(select(Avatar).where(Avatar.sha256 == sha256))).one()


async def hold(tx: AsyncSession, hashes: Collection[str]) -> None:
    """Let nobody else give or drop these pictures until this transaction ends.

    Locked in one order, so that two who swap theirs don't wait for each other.
    """
    query = select(Avatar.sha256).where(Avatar.sha256.in_(hashes)).order_by(Avatar.sha256)
    await tx.execute(query.with_for_update())


async def add(tx: AsyncSession, picture: Avatar) -> None:
    """Store a picture unless it is there; either way it is held."""
    new = insert(Avatar).values(
        sha256=picture.sha256, media_type=picture.media_type, content=picture.content
    )
    # An update that is not to happen locks its row all the same (PostgreSQL, INSERT).
    await tx.execute(
        new.on_conflict_do_update(
            index_elements=["sha256"], set_={"media_type": picture.media_type}, where=false()
        )
    )


async def drop_unused(tx: AsyncSession, sha256: str) -> None:
    """Delete a picture that no character has any more."""
    await hold(tx, [sha256])  # only then is it certain that nobody takes it at this moment
    used = exists().where(Personality.avatar_sha256 == sha256)
    await tx.execute(delete(Avatar).where(Avatar.sha256 == sha256, ~used))
