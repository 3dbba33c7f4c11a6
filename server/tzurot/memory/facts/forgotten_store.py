"""The SQL of what is not to be learnt again."""

from collections.abc import Collection, Sequence
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory.facts import fact_store
from tzurot.memory.facts.fact_tables import ForgottenFact
from tzurot.memory.facts.forgetting import Forgotten
from tzurot.memory.remembering import Owner


async def forgotten(tx: AsyncSession, owner: Owner) -> Sequence[tuple[UUID, Forgotten]]:
    """What is not to be learnt again of an owner, each with its id."""
    query = select(ForgottenFact).where(
        ForgottenFact.persona_id == owner.persona_id,
        ForgottenFact.personality_id == owner.personality_id,
    )
    return [
        (it.id, Forgotten(fact_store.vector_of(it.embedding), it.salt, frozenset(it.marks)))
        for it in await tx.scalars(query)
    ]


async def forget(tx: AsyncSession, owner: Owner, gone: Forgotten) -> None:
    """Note what is not to be learnt again."""
    values = fact_store.of(owner) | {
        "id": clock.uuid7(),
        "embedding": HalfVector(gone.vector),
        "salt": gone.salt,
        "marks": sorted(gone.marks),
        "create_time": clock.now(),
    }
    await tx.execute(insert(ForgottenFact).values(**values))


async def allow(tx: AsyncSession, ids: Collection[UUID]) -> None:
    """Let what was forgotten be learnt again."""
    await tx.execute(delete(ForgottenFact).where(ForgottenFact.id.in_(ids)))
