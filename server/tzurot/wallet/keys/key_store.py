"""The SQL of people's keys. All but a rotation sees the keys of one person alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.wallet.keys.key_tables import ApiKey

_SEALING = 0x6B657973  # "keys": the advisory lock of whoever seals


async def lock(tx: AsyncSession, person_id: UUID) -> None:
    """Let nobody else add to the person's keys until the transaction ends."""
    key = f"api_keys:{person_id}"
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


async def keys(tx: AsyncSession, person_id: UUID) -> Sequence[ApiKey]:
    """The person's keys, newest first."""
    query = select(ApiKey).where(ApiKey.person_id == person_id).order_by(ApiKey.id.desc())
    return (await tx.scalars(query)).all()


async def key(tx: AsyncSession, person_id: UUID, key_id: UUID) -> ApiKey | None:
    """One of the person's keys."""
    query = select(ApiKey).where(ApiKey.person_id == person_id, ApiKey.id == key_id)
    return (await tx.scalars(query)).one_or_none()


async def newest(tx: AsyncSession, person_id: UUID, providers: Sequence[str]) -> ApiKey | None:
    """The key that the person stored last at one of these providers, with a model to speak."""
    query = (
        select(ApiKey)
        .where(
            ApiKey.person_id == person_id,
            ApiKey.provider.in_(providers),
            ApiKey.model != "",
        )
        .order_by(ApiKey.id.desc())
        .limit(1)
    )
    return (await tx.scalars(query)).one_or_none()


async def any_at(tx: AsyncSession, provider: str) -> bool:
    """Whether anybody has a key of this provider's."""
    return bool(await tx.scalar(select(exists().where(ApiKey.provider == provider))))


async def choose(tx: AsyncSession, person_id: UUID, key_id: UUID, model: str) -> None:
    """Have another model speak with it."""
    await _put(tx, person_id, key_id, {"model": model})


async def of_request(tx: AsyncSession, person_id: UUID, request_id: UUID) -> ApiKey | None:
    """The key that a request of the person's stored."""
    query = select(ApiKey).where(ApiKey.person_id == person_id, ApiKey.request_id == request_id)
    return (await tx.scalars(query)).one_or_none()


async def add(tx: AsyncSession, key: ApiKey) -> bool:
    """Store a key; False if its request id or its name was used."""
    values = {column.key: getattr(key, column.key) for column in ApiKey.__table__.columns}
    stored = insert(ApiKey).values(values).on_conflict_do_nothing().returning(ApiKey.id)
    return (await tx.execute(stored)).scalar_one_or_none() is not None


async def remove(tx: AsyncSession, person_id: UUID, key_id: UUID) -> bool:
    """Delete one of the person's keys; False if there is none."""
    mine = delete(ApiKey).where(ApiKey.person_id == person_id, ApiKey.id == key_id)
    return (await tx.execute(mine.returning(ApiKey.id))).scalar_one_or_none() is not None


async def let_in(tx: AsyncSession, person_id: UUID, key_id: UUID, now: datetime) -> None:
    """Its provider let it in: nothing is held against it any more."""
    values = {"check_time": now, "failure": None, "failure_time": None}
    await _put(tx, person_id, key_id, values)


async def failed(
    tx: AsyncSession, person_id: UUID, key_id: UUID, failure: str, now: datetime
) -> None:
    """Its provider holds something against it."""
    await _put(tx, person_id, key_id, {"failure": failure, "failure_time": now})


async def used(tx: AsyncSession, person_id: UUID, key_id: UUID, now: datetime) -> None:
    """It pays."""
    await _put(tx, person_id, key_id, {"last_use_time": now})


async def _put(
    tx: AsyncSession, person_id: UUID, key_id: UUID, values: Mapping[str, object]
) -> None:
    mine = update(ApiKey).where(ApiKey.person_id == person_id, ApiKey.id == key_id)
    await tx.execute(mine.values(values))


async def share_sealing(tx: AsyncSession) -> None:
    """Seal something in this transaction: no master key goes before it has ended."""
    await tx.execute(select(func.pg_advisory_xact_lock_shared(_SEALING)))


async def lock_sealing(tx: AsyncSession) -> None:
    """Let nobody seal anything until the transaction ends."""
    await tx.execute(select(func.pg_advisory_xact_lock(_SEALING)))


async def master_keys(tx: AsyncSession) -> set[str]:
    """The ids of all master keys that something is sealed with."""
    return set(await tx.scalars(select(ApiKey.master_key_id).distinct()))


async def sealed_with(
    tx: AsyncSession, master_key_ids: Sequence[str], *, but: Sequence[UUID], limit: int
) -> Sequence[ApiKey]:
    """Keys of anybody's that are sealed with these master keys, locked; but for some."""
    query = (
        select(ApiKey)
        .where(ApiKey.master_key_id.in_(master_key_ids), ApiKey.id.not_in(but))
        .order_by(ApiKey.id)
        .limit(limit)
        .with_for_update()
    )
    return (await tx.scalars(query)).all()


async def reseal(tx: AsyncSession, key_id: UUID, master_key_id: str, data_key: bytes) -> None:
    """Put the data key of a locked key, sealed with another master key."""
    values = {"master_key_id": master_key_id, "data_key": data_key}
    await tx.execute(update(ApiKey).where(ApiKey.id == key_id).values(values))
