"""Old ids whose people are known: what an import asks about them, and tells. See claims.py."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory import claim_store


async def settled(tx: AsyncSession, personality_id: UUID) -> frozenset[str]:
    """The old ids that somebody's claim was confirmed for."""
    claims = await claim_store.confirmed(tx, personality_id)
    return frozenset(claim.sender_id for claim in claims)


async def take_over(
    tx: AsyncSession, personality_id: UUID, sender_id: str, keys: Collection[UUID]
) -> None:
    """Let memories with these keys no longer wait for whoever had the old id: they have them."""
    waiting = await claim_store.waiting_of(tx, personality_id, sender_id)
    await claim_store.give(tx, sender_id, [row.id for row in waiting if row.key in keys])
