"""The engine that is always there: Postgres itself, exact within one owner.

It has nothing to store or to delete: the memories' own rows are the index.
"""

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import text

from tzurot.memory import recall_store, vocabulary_store
from tzurot.memory.filters import ALL
from tzurot.memory.index.port import CANDIDATES, Forgotten, IndexEntry
from tzurot.memory.keywords import Vocabulary
from tzurot.memory.meaning import Slot
from tzurot.memory.question import Question
from tzurot.memory.recall_store import WINDOW_COSINE, Shape
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.storage.database import Database, for_driver, read_binary

Rows = Sequence[Sequence[Any]]

_BY_MEANING = 0.6  # of the candidates; the rest by words. Their order is the business of scoring


@cache
def _by_meaning(shape: Shape) -> str:
    """Of few memories all, else those whose best vector is nearest."""
    query = f"""
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
    """  # noqa: S608 - made of constants
    return for_driver(text(query))


@cache
def _by_words(shape: Shape) -> str:
    query = vocabulary_store.by_words(shape.askable, shape.whose, fits=shape.fits)
    return for_driver(text(query))


@cache
def _by_words_with_vocabulary(shape: Shape) -> str:
    query = vocabulary_store.by_words_with_vocabulary(shape.askable, shape.whose)
    return for_driver(text(query))


class PgVectorIndex:
    """Candidates by cosine, and by the summed rarity of the words they share with the question."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def candidates(
        self, owner: Owner, question: Question, *, limit: int = CANDIDATES
    ) -> Sequence[MemoryId]:
        """By meaning and by words at once, each exact; of few memories all."""
        shape, asked = _asked(owner, question, limit)
        worded, near = await asyncio.gather(
            self._read(_by_words(shape), asked), self._near(shape, asked)
        )
        return list({memory_id for (memory_id,) in (*worded, *near)})

    async def candidates_with_vocabulary(
        self, owner: Owner, question: Question
    ) -> tuple[Sequence[MemoryId], Vocabulary]:
        """The same candidates; one statement finds those by words and counts the question's terms.

        With a filter these are two: what is meant is found by counts of its own.
        """
        if question.filter != ALL:
            return await asyncio.gather(
                self.candidates(owner, question), self.vocabulary(owner, question)
            )
        shape, asked = _asked(owner, question, CANDIDATES)
        ((*counted, worded),), near = await asyncio.gather(
            self._read(_by_words_with_vocabulary(shape), asked), self._near(shape, asked)
        )
        candidates = list({*worded, *(memory_id for (memory_id,) in near)})
        return candidates, recall_store.vocabulary_from(counted, question)

    async def vocabulary(self, owner: Owner, question: Question) -> Vocabulary:
        """How common the question's terms are among all memories of the owner."""
        async with self._database.reading() as tx:
            return await recall_store.vocabulary(tx, owner, question)

    async def _near(self, shape: Shape, asked: Mapping[str, object]) -> Rows:
        return await self._read(_by_meaning(shape), asked) if asked["vector"] else ()

    async def _read(self, query: str, asked: Mapping[str, object]) -> Rows:
        async with self._database.reading() as tx:
            return await read_binary(tx, query, asked)

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Nothing: the relay has stored the vectors in the rows."""

    async def delete(self, forgotten: Sequence[Forgotten]) -> None:
        """Nothing: the rows are gone."""

    async def is_complete(self, slot: Slot) -> bool:
        """Always: the rows are what is read."""
        return True


def _asked(owner: Owner, question: Question, limit: int) -> tuple[Shape, dict[str, object]]:
    by_meaning = int(limit * _BY_MEANING)
    wanted = {"limit": limit, "by_meaning": by_meaning, "by_words": limit - by_meaning}
    return recall_store.shape_of(owner, question), recall_store.asked(owner, question) | wanted
