"""The SQL of which lorebooks a character uses: those out of its cards, and those attached to it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.personality.tables import Lorebook, LorebookUse


async def use(
    tx: AsyncSession, personality_id: UUID, lorebook_id: UUID, *, position: int, embedded: bool
) -> None:
    """Let a character use a book, at this place among its books."""
    values = {"position": position, "embedded": embedded}
    await tx.execute(
        insert(LorebookUse)
        .values(personality_id=personality_id, lorebook_id=lorebook_id, **values)
        .on_conflict_do_update(index_elements=["personality_id", "lorebook_id"], set_=values)
    )


async def use_last(tx: AsyncSession, personality_id: UUID, lorebook_id: UUID) -> None:
    """Let a character use a book after its others; one that it uses stays where it is."""
    after = select(func.coalesce(func.max(LorebookUse.position) + 1, 0)).where(
        LorebookUse.personality_id == personality_id
    )
    await tx.execute(
        insert(LorebookUse)
        .values(
            personality_id=personality_id,
            lorebook_id=lorebook_id,
            position=after.scalar_subquery(),
            embedded=False,
        )
        .on_conflict_do_nothing()
    )


async def stop_using(tx: AsyncSession, personality_id: UUID, lorebook_id: UUID) -> None:
    """End a use, if there is one."""
    await tx.execute(
        delete(LorebookUse).where(
            LorebookUse.personality_id == personality_id, LorebookUse.lorebook_id == lorebook_id
        )
    )


async def drop_embedded(tx: AsyncSession, personality_id: UUID) -> None:
    """End the uses of all books out of a character's cards; they go with their last use."""
    ended = await _end_embedded(tx, personality_id)
    await tx.execute(delete(Lorebook).where(Lorebook.id.in_(ended), *_UNUSED))


async def supersede(
    tx: AsyncSession,
    personality_id: UUID,
    *,
    keep: Collection[UUID] = (),
    position: int | None = None,
) -> Sequence[str]:
    """End the uses of books out of a character's older cards, all or those at one position.

    They go with their last use, but those that were edited here stay: their names.
    """
    elsewhere = LorebookUse.lorebook_id.not_in(keep)
    at = () if position is None else (LorebookUse.position == position,)
    ended = await _end_embedded(tx, personality_id, elsewhere, *at)
    as_it_came = Lorebook.update_time == Lorebook.create_time
    await tx.execute(delete(Lorebook).where(Lorebook.id.in_(ended), *_UNUSED, as_it_came))
    kept = select(Lorebook.name).where(Lorebook.id.in_(ended), *_UNUSED).order_by(Lorebook.id)
    return (await tx.scalars(kept)).all()


_UNUSED = (
    Lorebook.document == b"",  # a file of its own has one
    ~exists().where(LorebookUse.lorebook_id == Lorebook.id),
)


async def _end_embedded(
    tx: AsyncSession, personality_id: UUID, *which: ColumnElement[bool]
) -> Sequence[UUID]:
    ended = await tx.scalars(
        delete(LorebookUse)
        .where(LorebookUse.personality_id == personality_id, LorebookUse.embedded, *which)
        .returning(LorebookUse.lorebook_id)
    )
    return ended.all()


async def used_by(tx: AsyncSession, personality_id: UUID) -> Sequence[tuple[UUID, bool]]:
    """A character's books in the order in which they are looked through; and if out of its card."""
    query = (
        select(LorebookUse.lorebook_id, LorebookUse.embedded)
        .where(LorebookUse.personality_id == personality_id)
        .order_by(LorebookUse.position, LorebookUse.lorebook_id)
    )
    return [(lorebook_id, embedded) for lorebook_id, embedded in await tx.execute(query)]
