"""The SQL of overrides: at most one row for a person and a character."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.personality.tables import Override

FIELDS = ("nickname", "addition", "scenario", "greeting", "instructions")


async def locked(tx: AsyncSession, person_id: UUID, personality_id: UUID) -> Override:
    """A person's override of a character, locked; one of version 0 if there was none.

    Of twins at the same time the second waits for the first.
    """
    whose = {"personality_id": personality_id, "person_id": person_id}
    empty = dict.fromkeys(FIELDS, "")
    statement = insert(Override).values(**whose, **empty, version=0)
    await tx.execute(statement.on_conflict_do_nothing())
    query = select(Override).filter_by(**whose).with_for_update()
    return (await tx.scalars(query.execution_options(populate_existing=True))).one()


async def remove(tx: AsyncSession, override: Override) -> None:
    """Forget an override."""
    await tx.execute(
        delete(Override).where(
            Override.personality_id == override.personality_id,
            Override.person_id == override.person_id,
        )
    )
