"""The engine that is always there: Postgres itself, exact within one owner.

It has nothing to store or to delete: the memories' own rows are the index.
"""

from collections.abc import Sequence

from sqlalchemy import text

from tzurot.memory import store
from tzurot.memory.index.port import CANDIDATES, Forgotten, IndexEntry
from tzurot.memory.question import Question
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.storage.database import Database

_BY_MEANING = 0.6  # of the candidates; the rest by words. Their order is the business of scoring

_CANDIDATES = text(f"""
    WITH mine AS (
        SELECT m.id, m.words, {store.COSINE} AS cosine FROM memories m WHERE {store.ASKABLE}
    ), rare AS (
        SELECT asked.term, ln(1.0 * (SELECT count(*) FROM mine) / count(*)) AS rarity
        FROM unnest(CAST(:terms AS tsquery[])) AS asked(term) JOIN mine ON mine.words @@ asked.term
        GROUP BY asked.term
    )
    (SELECT id FROM mine WHERE cosine IS NOT NULL ORDER BY cosine DESC LIMIT (
        SELECT CASE WHEN count(*) > :limit THEN CAST(:by_meaning AS int) END FROM mine))
    UNION
    (SELECT mine.id FROM mine JOIN rare ON mine.words @@ rare.term
     GROUP BY mine.id ORDER BY sum(rarity) DESC, mine.id DESC LIMIT :by_words)
""")  # noqa: S608 - made of constants


class PgVectorIndex:
    """Candidates by cosine, and by the summed rarity of the words they share with the question."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def candidates(
        self, owner: Owner, question: Question, *, limit: int = CANDIDATES
    ) -> Sequence[MemoryId]:
        """One statement that reads the owner's memories once; of few it gives all."""
        async with self._database.reading() as tx:
            wanted = {
                "limit": limit,
                "by_meaning": int(limit * _BY_MEANING),
                "by_words": limit - int(limit * _BY_MEANING),
            }
            rows = await tx.execute(_CANDIDATES, store.asked(owner, question) | wanted)
            return [MemoryId(memory_id) for (memory_id,) in rows]

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Nothing: the relay has stored the vectors in the rows."""

    async def delete(self, forgotten: Sequence[Forgotten]) -> None:
        """Nothing: the rows are gone."""
