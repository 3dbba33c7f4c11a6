"""The SQL of sponsors."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.wallet.keys.key_tables import ApiKey
from tzurot.wallet.sponsors.sponsor_tables import Sponsor


async def lock(tx: AsyncSession, person_id: UUID) -> None:
    """Let nobody else add to what the person sponsors until the transaction ends."""
    key = f"sponsors:{person_id}"
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


async def of_person(tx: AsyncSession, person_id: UUID) -> Sequence[Sponsor]:
    """What a person sponsors, the newest first."""
    query = select(Sponsor).where(Sponsor.person_id == person_id).order_by(Sponsor.id.desc())
    return (await tx.scalars(query)).all()


async def own(tx: AsyncSession, person_id: UUID, sponsor_id: UUID) -> Sponsor | None:
    """One of what a person sponsors, locked."""
    query = select(Sponsor).where(Sponsor.person_id == person_id, Sponsor.id == sponsor_id)
    return (await tx.scalars(query.with_for_update())).one_or_none()


async def locked(tx: AsyncSession, sponsor_id: UUID) -> Sponsor | None:
    """Anybody's, so that it stays as it is until the transaction ends."""
    query = select(Sponsor).where(Sponsor.id == sponsor_id)
    return (await tx.scalars(query.with_for_update(read=True))).one_or_none()


async def of_space(
    tx: AsyncSession, platform: str, space_id: str
) -> Sequence[tuple[Sponsor, ApiKey]]:
    """Who sponsors a space and with which key, the first one first."""
    query = (
        select(Sponsor, ApiKey)
        .join(ApiKey, ApiKey.id == Sponsor.key_id)
        .where(Sponsor.platform == platform, Sponsor.space_id == space_id)
        .order_by(Sponsor.id)
    )
    return [(row[0], row[1]) for row in await tx.execute(query)]


async def paying(tx: AsyncSession, sponsor_id: UUID) -> tuple[Sponsor, ApiKey] | None:
    """A sponsor and its key; None: it has ended."""
    query = (
        select(Sponsor, ApiKey)
        .join(ApiKey, ApiKey.id == Sponsor.key_id)
        .where(Sponsor.id == sponsor_id)
    )
    row = (await tx.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None


async def remove(tx: AsyncSession, person_id: UUID, sponsor_id: UUID) -> bool:
    """End it; False if the person sponsors nothing like that."""
    mine = delete(Sponsor).where(Sponsor.person_id == person_id, Sponsor.id == sponsor_id)
    return (await tx.execute(mine.returning(Sponsor.id))).scalar_one_or_none() is not None
