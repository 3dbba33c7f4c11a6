"""What a character knows from documents: taken in, cut into passages, found again, deleted.

A passage is found by its words as soon as its document is stored, by its meaning once `embed` has
run. It is scored like a memory (memory/scoring.py), but never fades, and whoever may talk with the
character may be told it.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import DocumentNotFound, NotEditor
from tzurot.formats import found
from tzurot.memory import lexicon, scoring
from tzurot.memory.excerpts import excerpt
from tzurot.memory.meaning import Meaning, exchange_text
from tzurot.memory.scoring import ScoreParts
from tzurot.personality import knowledge_store, learning
from tzurot.personality.characters import Characters
from tzurot.personality.knowledge_store import Candidate, Known
from tzurot.personality.learning import Counts
from tzurot.personality.store import Ref
from tzurot.personality.tables import Personality
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs

EMBED_JOB = "knowledge.embed"
BATCH = 8  # passages between two writes; a long one takes a second


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A passage that fits, why, and what to show of it."""

    passage_id: UUID
    document_id: UUID
    title: str
    text: str
    parts: ScoreParts
    excerpt: str


@dataclass(frozen=True, slots=True)
class PassageShown:
    """What may be shown of a passage that was cited before."""

    passage_id: UUID
    document_id: UUID
    title: str
    text: str
    excerpt: str


class Knowledge:
    """What other rooms and the servicer ask about what characters know."""

    def __init__(
        self, database: Database, characters: Characters, meaning: Meaning, jobs: Jobs
    ) -> None:
        self._database = database
        self._characters = characters
        self._meaning = meaning
        self._jobs = jobs
        self._embedding = asyncio.Lock()

    async def recall(self, personality_id: UUID, query: str, limit: int) -> tuple[PassageHit, ...]:
        """At most `limit` passages that fit, best first, for whoever may talk with the character.

        One statement.
        """
        terms = lexicon.question_terms(query)
        vector = await self._meaning.of_question(query)
        async with self._database.reading() as tx:
            candidates, vocabulary = await knowledge_store.candidates(
                tx, personality_id, terms, vector
            )
        scored = [
            (scoring.score(it.cosine, learning.terms_of(it.title, it.text), vocabulary), it)
            for it in candidates
        ]
        good = [pair for pair in scored if pair[0].final >= scoring.floor(pair[1].cosine)]
        good.sort(key=lambda pair: (-pair[0].final, pair[1].passage_id))
        return tuple(_hit(it, parts, terms) for parts, it in good[:limit])

    async def shown(
        self, personality_id: UUID, passage_ids: Collection[UUID]
    ) -> dict[UUID, PassageShown]:
        """What was cited once, by its id; what is gone is missing."""
        if not passage_ids:
            return {}
        async with self._database.reading() as tx:
            rows = await knowledge_store.shown(tx, personality_id, passage_ids)
        return {
            id_: PassageShown(id_, document_id, title, text, excerpt(text))
            for id_, document_id, title, text in rows
        }

    async def arrive(
        self, tx: AsyncSession, personality_id: UUID, documents: Sequence[found.Document]
    ) -> Counts:
        """Take in documents (`learning.py`); their meaning follows by a job."""
        counts = await learning.take_in(tx, personality_id, documents)
        if counts.created or counts.updated:
            await self._jobs.defer(tx, EMBED_JOB)
        return counts

    async def documents_of(self, tx: AsyncSession, personality_id: UUID) -> list[found.Document]:
        """What a character knows, in the order in which it came."""
        return await knowledge_store.whole(tx, personality_id)

    async def embed(self) -> int:
        """Give their meaning to all passages that have none yet; how many that were.

        Any number may run: what two do at once ends the same.
        """
        done = 0
        async with self._embedding:  # of one process: its jobs would embed the same ones
            while batch := await self._without_meaning():
                vectors: dict[UUID, list[float]] = {}
                for passage_id, title, text in batch:
                    # One by one: somebody's question gets its turn in between.
                    as_said = exchange_text((title, text), ("", ""))
                    (vector,) = await self._meaning.of_exchanges([as_said])
                    vectors[passage_id] = vector.tolist()
                async with self._database.transaction() as tx:
                    await knowledge_store.give_meaning(tx, vectors)
                done += len(batch)
        return done

    async def get(self, person_id: UUID, document_id: UUID) -> Known:
        """One document with its text.

        Raises:
            DocumentNotFound: there is none, or its character is somebody else's.
        """
        async with self._database.transaction() as tx:
            known = await knowledge_store.owned(tx, person_id, document_id)
        if known is None:
            raise DocumentNotFound(document_id)
        return known

    async def list(
        self, person_id: UUID, ref: Ref, *, before: UUID | None, limit: int
    ) -> Sequence[Known]:
        """At most `limit` documents of a character older than `before`, newest first.

        Raises:
            PersonalityNotFound, NotEditor: by their names.
        """
        async with self._database.transaction() as tx:
            who = await self._editable(tx, person_id, ref)
            return await knowledge_store.page(tx, who.id, before=before, limit=limit)

    async def search(
        self, person_id: UUID, ref: Ref, query: str, limit: int
    ) -> Sequence[PassageHit]:
        """What a turn would recall of a character's documents.

        Raises:
            PersonalityNotFound, NotEditor: by their names.
        """
        async with self._database.transaction() as tx:
            who = await self._editable(tx, person_id, ref)
        return await self.recall(who.id, query, limit)

    async def delete(self, person_id: UUID, document_id: UUID) -> None:
        """Forget a document, passages and all.

        Raises:
            DocumentNotFound: there is none, or its character is somebody else's.
        """
        async with self._database.transaction() as tx:
            if not await knowledge_store.remove(tx, person_id, document_id):
                raise DocumentNotFound(document_id)

    async def _editable(self, tx: AsyncSession, person_id: UUID, ref: Ref) -> Personality:
        who = await self._characters.seen(tx, person_id, ref)
        if who.owner_id != person_id:
            raise NotEditor(who.slug)
        return who

    async def _without_meaning(self) -> Sequence[tuple[UUID, str, str]]:
        async with self._database.transaction() as tx:
            return await knowledge_store.without_meaning(tx, BATCH)


def _hit(candidate: Candidate, parts: ScoreParts, terms: Sequence[str]) -> PassageHit:
    return PassageHit(
        candidate.passage_id,
        candidate.document_id,
        candidate.title,
        candidate.text,
        parts,
        excerpt(candidate.text, terms),
    )
