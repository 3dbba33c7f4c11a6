"""What a character knows from documents: taken in, cut into passages, found again, deleted.

A passage is found by its words as soon as its document is stored, by its meaning once `embed` has
run. It is scored like a memory (memory/scoring.py), but never fades, and whoever may talk with the
character may be told it.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import (
    DefinitionHidden,
    DocumentNotFound,
    FileUnreadable,
    LimitReached,
    PersonalityNotFound,
)
from tzurot.formats import found
from tzurot.formats.texts import reading
from tzurot.formats.unreadable import Unreadable
from tzurot.memory import lexicon, scoring
from tzurot.memory.excerpts import excerpt
from tzurot.memory.reading.slots import Slots
from tzurot.memory.scoring import ScoreParts
from tzurot.personality.characters import Characters
from tzurot.personality.knowledge import knowledge_store, learning
from tzurot.personality.knowledge.knowledge_store import Candidate, Known
from tzurot.personality.knowledge.learning import Counts
from tzurot.personality.knowledge.passage_shelf import PassageShelf
from tzurot.personality.sharing.sharing import Access
from tzurot.personality.store import Ref
from tzurot.storage.database import Database
from tzurot.storage.jobs import Jobs

EMBED_JOB = "knowledge.embed"
READERS = 2  # files at the same time; a PDF takes a core and much memory
MAX_DOCUMENTS = 500  # of one character
MAX_CHARACTERS = 20_000_000  # of all its documents together


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that somebody hands over, what they call it, and the title that they give it."""

    content: bytes
    name: str = ""
    title: str = ""


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
        self, database: Database, characters: Characters, slots: Slots, jobs: Jobs
    ) -> None:
        self._database = database
        self._characters = characters
        self._slots = slots
        self._jobs = jobs
        self._reading = asyncio.Semaphore(READERS)

    async def recall(self, personality_id: UUID, query: str, limit: int) -> tuple[PassageHit, ...]:
        """At most `limit` passages that fit, best first, for whoever may talk with the character.

        One statement.
        """
        terms = lexicon.question_terms(query)
        asked = await self._slots.of_question(query)
        async with self._database.reading() as tx:
            candidates, vocabulary = await knowledge_store.candidates(
                tx, personality_id, terms, asked
            )
        scored = [
            (
                scoring.score_document(it.cosine, learning.terms_of(it.title, it.text), vocabulary),
                it,
            )
            for it in candidates
        ]
        good = [
            (parts, it)
            for parts, it in scored
            if scoring.is_document_relevant(parts, is_known=it.cosine is not None)
        ]
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

    async def upload(self, person_id: UUID, ref: Ref, file: TextFile) -> Known:
        """Let a character know what a file says; the document without its text.

        Raises:
            PersonalityNotFound, NotEditor, FileUnreadable, LimitReached: by their names.
        """
        async with self._database.transaction() as tx:
            await self._characters.editable(tx, person_id, ref)  # nobody else keeps us reading
        async with self._reading:
            try:
                document = await asyncio.to_thread(reading.read, file.content, file.name)
            except Unreadable as unreadable:
                raise FileUnreadable(unreadable.problem, unreadable.sentence) from unreadable
        titled = replace(document, title=file.title) if file.title else document
        return await self.learn(person_id, ref, titled)

    async def learn(self, person_id: UUID, ref: Ref, document: found.Document) -> Known:
        """Let a character know a text that is not blank; the document without it.

        A text that it knows already changes nothing: the document is the one from before.

        Raises:
            PersonalityNotFound, NotEditor, LimitReached: by their names.
        """
        origin = learning.origin_of(document)
        async with self._database.transaction() as tx:
            # Locked: of two who bring the same text at once, one finds the other's.
            who = await self._characters.editable(tx, person_id, ref)
            if known := await knowledge_store.of_origin(tx, who.id, origin):
                return known
            await self._require_room(tx, who.id, len(document.text))
            await self.arrive(tx, who.id, [document])
            learned = await knowledge_store.of_origin(tx, who.id, origin)
            assert learned is not None  # noqa: S101 - just stored, and locked
            return learned

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

        One job after another does it (their lock, in wiring); what two do at once ends the same.

        Raises:
            EmbeddingUnavailable: the model that reads is away; the next run goes on.
        """
        return await PassageShelf(self._database, self._slots).read_new()

    async def get(self, person_id: UUID, document_id: UUID) -> Known:
        """One document with its text.

        Raises:
            DocumentNotFound: there is none, or the person may not read it.
        """
        async with self._database.transaction() as tx:
            known, _ = await self._readable(tx, person_id, document_id)
        return known

    async def list(
        self, person_id: UUID, ref: Ref, *, before: UUID | None, limit: int
    ) -> Sequence[Known]:
        """At most `limit` documents of a character older than `before`, newest first.

        Raises:
            PersonalityNotFound, DefinitionHidden: by their names.
        """
        async with self._database.transaction() as tx:
            who = (await self._characters.readable(tx, person_id, ref)).personality
            return await knowledge_store.page(tx, who.id, before=before, limit=limit)

    async def search(
        self, person_id: UUID, ref: Ref, query: str, limit: int
    ) -> Sequence[PassageHit]:
        """What a turn would recall of a character's documents.

        Raises:
            PersonalityNotFound, DefinitionHidden: by their names.
        """
        async with self._database.transaction() as tx:
            who = (await self._characters.readable(tx, person_id, ref)).personality
        return await self.recall(who.id, query, limit)

    async def delete(self, person_id: UUID, document_id: UUID) -> None:
        """Forget a document, passages and all.

        Raises:
            DocumentNotFound, NotEditor: by their names.
        """
        async with self._database.transaction() as tx:
            _, access = await self._readable(tx, person_id, document_id)
            access.require_editor()
            await knowledge_store.remove(tx, document_id)

    async def _require_room(self, tx: AsyncSession, personality_id: UUID, more: int) -> None:
        documents, characters = await knowledge_store.amount(tx, personality_id)
        if documents >= MAX_DOCUMENTS:
            raise LimitReached("documents", MAX_DOCUMENTS)
        if characters + more > MAX_CHARACTERS:
            raise LimitReached("characters of documents", MAX_CHARACTERS)

    async def _readable(
        self, tx: AsyncSession, person_id: UUID, document_id: UUID
    ) -> tuple[Known, Access]:
        """A document of a character whose definition the person may read.

        Raises:
            DocumentNotFound: there is none.
        """
        known = await knowledge_store.get(tx, document_id)
        if known is None:
            raise DocumentNotFound(document_id)
        try:
            return known, await self._characters.readable(tx, person_id, known.personality_id)
        except (PersonalityNotFound, DefinitionHidden):
            raise DocumentNotFound(document_id) from None


def _hit(candidate: Candidate, parts: ScoreParts, terms: Sequence[str]) -> PassageHit:
    return PassageHit(
        candidate.passage_id,
        candidate.document_id,
        candidate.title,
        candidate.text,
        parts,
        excerpt(candidate.text, terms),
    )
