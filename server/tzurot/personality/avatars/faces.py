"""The face that a character has, within a transaction of the caller's."""

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.personality.avatars import avatar_store
from tzurot.personality.avatars.pictures import Picture
from tzurot.personality.tables import Avatar, Personality


async def of(tx: AsyncSession, personality: Personality) -> Avatar | None:
    """A character's picture, if it has one."""
    sha256 = personality.avatar_sha256
    return await avatar_store.get(tx, sha256) if sha256 else None


async def give(tx: AsyncSession, personality: Personality, picture: Picture) -> None:
    """Give a character a face instead of the one that it has."""
    before, after = personality.avatar_sha256, picture.sha256
    await avatar_store.hold(tx, [it for it in (before, after) if it])
    avatar = Avatar(sha256=after, media_type=picture.media_type, content=picture.content)
    await avatar_store.add(tx, avatar)
    personality.avatar_sha256 = after
    await tx.flush()
    if before and before != after:
        await avatar_store.drop_unused(tx, before)


async def take_away(tx: AsyncSession, personality: Personality) -> None:
    """Leave a character without a face."""
    before, personality.avatar_sha256 = personality.avatar_sha256, None
    await tx.flush()
    if before:
        await avatar_store.drop_unused(tx, before)
