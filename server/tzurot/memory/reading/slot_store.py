"""The SQL of slots: which model reads into which, and what becomes of them. See slots.py."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory.meaning import Model, Slot
from tzurot.memory.reading.holding import Holding, SlotState
from tzurot.memory.reading.slot_tables import EmbeddingSlot


async def all_of(
    tx: AsyncSession, *, changing: bool = False, held: bool = False
) -> Sequence[Holding]:
    """The slots in use, the live one first.

    `changing` locks them for whoever changes them, `held` keeps others from doing so meanwhile.
    """
    query = select(EmbeddingSlot).execution_options(populate_existing=True)
    query = query.order_by(EmbeddingSlot.slot)
    if changing or held:
        query = query.with_for_update(read=held)
    found = [
        Holding(
            Slot(row.slot),
            Model(row.model, row.base_url),
            row.dimensions,
            SlotState(row.state),
            row.change_time,
        )
        for row in await tx.scalars(query)
    ]
    return sorted(found, key=lambda it: it.state is not SlotState.LIVE)


async def begin(tx: AsyncSession, slot: Slot, model: Model, dimensions: int) -> None:
    """Let a slot that nobody uses be filled."""
    now = clock.now()
    await tx.execute(
        insert(EmbeddingSlot).values(
            slot=slot,
            model=model.name,
            base_url=model.base_url,
            dimensions=dimensions,
            state=SlotState.FILLING,
            create_time=now,
            change_time=now,
        )
    )


async def become(tx: AsyncSession, slot: Slot, state: SlotState) -> None:
    """Change a slot's state."""
    await tx.execute(
        update(EmbeddingSlot)
        .where(EmbeddingSlot.slot == slot)
        .values(state=state, change_time=clock.now())
    )


async def end(tx: AsyncSession, slot: Slot) -> None:
    """Let nobody use a slot."""
    await tx.execute(delete(EmbeddingSlot).where(EmbeddingSlot.slot == slot))
