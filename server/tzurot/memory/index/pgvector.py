"""The engine that is always there: Postgres itself, exact within one owner.

It has nothing to store or to delete: the memories' own rows are the index.
"""

import asyncio
from collections.abc import Sequence
from functools import cache

from sqlalchemy import TextClause, text

from tzurot.memory import recall_store, vocabulary_store
from tzurot.memory.index.port import CANDIDATES, Forgotten, IndexEntry
from tzurot.memory.meaning import Slot
from tzurot.memory.question import Question
from tzurot.memory.recall_store import WINDOW_COSINE, Shape
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.storage.database import Database

_BY_MEANING = 0.6  # of the candidates; the rest by words. Their order is the business of scoring


@cache
def _by_meaning(shape: Shape) -> TextClause:
    """Of few memories all, else those whose best vector is nearest."""
    return text(f"""
    WITH whole AS MATERIALIZED (
        SELECT m.id, {shape.cosine} AS cosine FROM memories m
        WHERE {shape.askable} AND {shape.narrow}
        ORDER BY m.{shape.slot.embedding} <=> CAST(:vector AS halfvec) LIMIT :limit + 1
    ), parts AS (
        SELECT m.id, {WINDOW_COSINE} AS cosine
        FROM memory_windows w JOIN memories m ON m.id = w.memory_id
        WHERE w.persona_id = ANY(CAST(:persona_ids AS uuid[]))
            AND w.{shape.remembered_by} AND w.slot = '{shape.slot}' AND {shape.askable}
        GROUP BY m.id ORDER BY cosine DESC LIMIT :by_meaning
    )
    SELECT id FROM (SELECT * FROM whole UNION ALL SELECT * FROM parts) near
    WHERE cosine IS NOT NULL GROUP BY id ORDER BY max(cosine) DESC LIMIT (
        SELECT CASE WHEN count(*) > :limit THEN CAST(:by_meaning AS int) END FROM whole)
""")  # noqa: S608 - made of constants


@cache
def _by_words(shape: Shape) -> TextClause:
    return text(vocabulary_store.by_words(shape.askable, shape.whose, fits=shape.fits))


class PgVectorIndex:
    """Candidates by cosine, and by the summed rarity of the words they share with the question."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def candidates(
        self, owner: Owner, question: Question, *, limit: int = CANDIDATES
    ) -> Sequence[MemoryId]:
        """By meaning and by words at once, each exact; of few memories all."""
        by_meaning = int(limit * _BY_MEANING)
        wanted = {"limit": limit, "by_meaning": by_meaning, "by_words": limit - by_meaning}
        asked = recall_store.asked(owner, question) | wanted
        shape = recall_store.shape_of(owner, question)
        searches = [self._found(_by_words(shape), asked)]
        if question.meaning.vector is not None:
            searches.append(self._found(_by_meaning(shape), asked))
        found = await asyncio.gather(*searches)
        return list({memory_id for each in found for memory_id in each})

    async def _found(self, query: TextClause, asked: dict[str, object]) -> Sequence[MemoryId]:
        async with self._database.reading() as tx:
            return [MemoryId(memory_id) for memory_id in await tx.scalars(query, asked)]

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Nothing: the relay has stored the vectors in the rows."""

    async def delete(self, forgotten: Sequence[Forgotten]) -> None:
        """Nothing: the rows are gone."""

    async def is_complete(self, slot: Slot) -> bool:
        """Always: the rows are what is read."""
        return True
