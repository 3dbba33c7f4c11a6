"""The engine that is always there: Postgres itself, exact within one owner.

It has nothing to store or to delete: the memories' own rows are the index.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory import store
from tzurot.memory.index.port import CANDIDATES, Forgotten, IndexEntry
from tzurot.memory.question import Question
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.tables import Memory
from tzurot.storage.database import Database

_BY_MEANING = 0.6  # of the candidates; the rest by words. Their order is the business of scoring


class PgVectorIndex:
    """Candidates by cosine, and by the summed rarity of the words they share with the question."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def candidates(
        self, owner: Owner, question: Question, *, limit: int = CANDIDATES
    ) -> Sequence[MemoryId]:
        """One statement that reads the owner's memories once."""
        async with self._database.reading() as tx:
            return await _candidates(tx, owner, question, limit)

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Nothing: the relay has stored the vectors in the rows."""

    async def delete(self, forgotten: Sequence[Forgotten]) -> None:
        """Nothing: the rows are gone."""


async def _candidates(
    tx: AsyncSession, owner: Owner, question: Question, limit: int
) -> Sequence[MemoryId]:
    by_meaning = int(limit * _BY_MEANING)
    mine = (
        select(Memory.id, Memory.words, store.cosine(question).label("cosine"))
        .where(store.askable(owner, question))
        .cte("mine")
    )
    asked = store.each(question.terms)
    count = select(func.count()).select_from(mine).scalar_subquery()
    rare = (
        select(asked.c.term, func.ln(1.0 * count / func.count()).label("rarity"))
        .join(mine, mine.c.words.bool_op("@@")(asked.c.term))
        .group_by(asked.c.term)
        .cte("rare")
    )
    alike = (
        select(mine.c.id)
        .where(mine.c.cosine.is_not(None))
        .order_by(mine.c.cosine.desc())
        .limit(by_meaning)
    )
    naming = (
        select(mine.c.id)
        .join(rare, mine.c.words.bool_op("@@")(rare.c.term))
        .group_by(mine.c.id)
        .order_by(func.sum(rare.c.rarity).desc(), mine.c.id.desc())
        .limit(limit - by_meaning)
    )
    rows = await tx.execute(alike.union(naming))
    return [MemoryId(memory_id) for (memory_id,) in rows]
