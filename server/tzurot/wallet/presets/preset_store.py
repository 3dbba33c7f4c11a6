"""The SQL of presets. Each statement says who asks."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.wallet.presets.preset_tables import PresetRow, PresetTelling


def _theirs(person_id: UUID | None, lenders: Collection[UUID] = ()) -> ColumnElement[bool]:
    """What is everybody's, or belongs to a person or to who lends theirs."""
    owners = [*lenders, *([person_id] if person_id else [])]
    return or_(PresetRow.published, PresetRow.owner_id.in_(owners))


async def lock(tx: AsyncSession, person_id: UUID) -> None:
    """Let nobody else add to the person's presets until the transaction ends."""
    key = f"presets:{person_id}"
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


async def usable(
    tx: AsyncSession,
    person_id: UUID | None,
    ids: Collection[UUID],
    lenders: Collection[UUID] = (),
) -> Sequence[PresetRow]:
    """Those of `ids` that a person may use: their own, everybody's, and those of `lenders`."""
    query = select(PresetRow).where(PresetRow.id.in_(ids), _theirs(person_id, lenders))
    return (await tx.scalars(query)).all()


async def owned(tx: AsyncSession, person_id: UUID, preset_id: UUID) -> PresetRow | None:
    """One of the person's, which nobody else changes until the transaction ends."""
    query = select(PresetRow).where(PresetRow.id == preset_id, PresetRow.owner_id == person_id)
    return (await tx.scalars(query.with_for_update())).one_or_none()


async def page(
    tx: AsyncSession, person_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[PresetRow]:
    """At most `limit` of those that a person may use, older than `before`, newest first."""
    query = select(PresetRow).where(_theirs(person_id))
    if before:
        query = query.where(PresetRow.id < before)
    return (await tx.scalars(query.order_by(PresetRow.id.desc()).limit(limit))).all()


async def names(tx: AsyncSession, person_id: UUID) -> Sequence[str]:
    """What the person's own are called."""
    return (await tx.scalars(select(PresetRow.name).where(PresetRow.owner_id == person_id))).all()


async def of_request(tx: AsyncSession, person_id: UUID, request_id: UUID) -> PresetRow | None:
    """What a request of the person's made."""
    query = select(PresetRow).where(
        PresetRow.owner_id == person_id, PresetRow.request_id == request_id
    )
    return (await tx.scalars(query)).one_or_none()


async def change(tx: AsyncSession, row: PresetRow, values: dict[str, Any]) -> None:
    """Give one new values, and the next version."""
    changed = values | {"version": row.version + 1, "update_time": clock.now()}
    await tx.execute(update(PresetRow).where(PresetRow.id == row.id).values(**changed))
    await tx.refresh(row)


async def remove(tx: AsyncSession, person_id: UUID, preset_id: UUID) -> bool:
    """Delete one of the person's; whether there was one."""
    gone = (
        delete(PresetRow)
        .where(PresetRow.id == preset_id, PresetRow.owner_id == person_id)
        .returning(PresetRow.id)
    )
    return (await tx.scalars(gone)).one_or_none() is not None


async def tell(tx: AsyncSession, preset_id: UUID, person_id: UUID, model: str) -> bool:
    """Remember that a person is told that a preset's model is not theirs; whether it is new."""
    new = insert(PresetTelling).values(
        preset_id=preset_id, person_id=person_id, model=model, create_time=clock.now()
    )
    told = new.on_conflict_do_nothing().returning(PresetTelling.model)
    return (await tx.scalars(told)).one_or_none() is not None
