"""The SQL of lists of models."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.wallet.catalogue.entry import Entry, Source
from tzurot.wallet.catalogue.list_tables import ModelList


async def shared(tx: AsyncSession) -> Mapping[str, Sequence[Entry]]:
    """The lists that are nobody's alone, by provider."""
    rows = await tx.scalars(select(ModelList).where(ModelList.api_key_id.is_(None)))
    return {row.provider: _entries(row) for row in rows}


async def read_times(tx: AsyncSession) -> Mapping[str, datetime]:
    """When each of them was read."""
    query = select(ModelList.provider, ModelList.read_time).where(ModelList.api_key_id.is_(None))
    return {row.provider: row.read_time for row in await tx.execute(query)}


async def of_keys(tx: AsyncSession, key_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Entry]]:
    """The lists of some keys, which must be one person's, by key."""
    rows = await tx.scalars(select(ModelList).where(ModelList.api_key_id.in_(key_ids)))
    return {row.api_key_id: _entries(row) for row in rows if row.api_key_id}


# One model of a list, so that a turn need not read the others.
_OF_KEY = text("""
SELECT model_lists.provider, read_time, model
FROM model_lists, jsonb_array_elements(models) AS model
WHERE api_key_id = :key_id AND model ->> 'id' = :model
""")


async def of_key(tx: AsyncSession, key_id: UUID, model: str) -> Entry | None:
    """What the list of a key says of one model."""
    found = await tx.execute(_OF_KEY, {"key_id": key_id, "model": model})
    row = found.one_or_none()
    return Entry.read(row.model, row.provider, Source.LIST, row.read_time) if row else None


async def put(
    tx: AsyncSession, provider: str, entries: Sequence[Entry], read_time: datetime
) -> None:
    """Keep a list that is for everybody, in place of an older one."""
    new = insert(ModelList).values(_values(provider, entries, read_time, None))
    await tx.execute(
        new.on_conflict_do_update(
            index_elements=["provider"],
            index_where=ModelList.api_key_id.is_(None),
            set_={"read_time": new.excluded.read_time, "models": new.excluded.models},
        )
    )


async def put_for_key(
    tx: AsyncSession, key_id: UUID, provider: str, entries: Sequence[Entry], read_time: datetime
) -> None:
    """Keep the list of a key, in place of an older one."""
    new = insert(ModelList).values(_values(provider, entries, read_time, key_id))
    await tx.execute(
        new.on_conflict_do_update(
            index_elements=["api_key_id"],
            set_={"read_time": new.excluded.read_time, "models": new.excluded.models},
        )
    )


def _values(
    provider: str, entries: Sequence[Entry], read_time: datetime, key_id: UUID | None
) -> Mapping[str, object]:
    return {
        "id": clock.uuid7(),
        "provider": provider,
        "api_key_id": key_id,
        "read_time": read_time,
        "models": [it.written() for it in entries],
    }


def _entries(row: ModelList) -> Sequence[Entry]:
    return [Entry.read(it, row.provider, Source.LIST, row.read_time) for it in row.models]
