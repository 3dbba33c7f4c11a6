"""The SQL of documents and their passages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import TextClause, bindparam, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from tzurot.formats import found
from tzurot.llm.embeddings import Vector
from tzurot.memory.keywords import Vocabulary
from tzurot.memory.meaning import Asked, Slot
from tzurot.personality.tables import Document, Passage

_BY_MEANING = 24  # passages that are scored; a fair share of a text of 20,000 words
_BY_WORDS = 16


# Of a character's passages those that may fit, by meaning and by the summed rarity of the words
# that they share with the question, and beside each how common the question's terms are. Run in
# turns, so written as text.
def _candidates(slot: Slot) -> TextClause:
    return text(f"""
    WITH mine AS (
        SELECT id, words, 1 - ({slot.embedding} <=> CAST(:vector AS halfvec)) AS cosine
        FROM passages WHERE personality_id = :personality_id
    ), asked AS (
        SELECT term, number, (SELECT count(*) FROM mine WHERE words @@ term) AS frequency
        FROM unnest(CAST(:terms AS tsquery[])) WITH ORDINALITY AS it(term, number)
    ), vocabulary AS (
        SELECT count(*) AS passage_count, avg(length(words)) AS mean_length,
            ARRAY(SELECT frequency FROM asked ORDER BY number) AS frequencies
        FROM mine
    ), candidates AS (
        (SELECT id FROM mine WHERE cosine IS NOT NULL ORDER BY cosine DESC LIMIT :by_meaning)
        UNION
        (SELECT mine.id FROM mine JOIN asked ON mine.words @@ asked.term
         GROUP BY mine.id
         ORDER BY sum(ln(1.0 * (SELECT passage_count FROM vocabulary) / frequency)) DESC, mine.id
         LIMIT :by_words)
    )
    SELECT p.id, p.document_id, d.title, p.text, mine.cosine, passage_count, mean_length,
        frequencies
    FROM candidates JOIN mine USING (id) JOIN passages p USING (id)
    JOIN documents d ON d.id = p.document_id, vocabulary
""")  # noqa: S608 - made of constants


_CANDIDATES = {slot: _candidates(slot) for slot in Slot}

_STORE = text("""
    INSERT INTO passages (id, document_id, personality_id, position, text, words)
    VALUES (:id, :document_id, :personality_id, :position, :text,
        array_to_tsvector(CAST(:stems AS text[])))
""")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may fit, and how alike its meaning and the question's are, -1..1."""

    passage_id: UUID
    document_id: UUID
    title: str
    text: str
    cosine: float | None


@dataclass(frozen=True, slots=True)
class Known:
    """A document as it is shown; `text` only where one is read."""

    id: UUID
    personality_id: UUID
    title: str
    kind: str
    url: str
    create_time: datetime
    character_count: int
    passage_count: int
    text: str = ""


async def candidates(
    tx: AsyncSession, personality_id: UUID, terms: Sequence[str], meaning: Asked
) -> tuple[list[Candidate], Vocabulary]:
    """The passages to score, and how common the terms are among all of the character's."""
    vector = meaning.vector
    asked = {
        "personality_id": personality_id,
        "vector": None if vector is None else HalfVector(vector).to_text(),
        "terms": [f"'{term}'" for term in terms],  # letters and digits: nothing to escape
        "by_meaning": _BY_MEANING,
        "by_words": _BY_WORDS,
    }
    rows = (await tx.execute(_CANDIDATES[meaning.slot], asked)).all()
    if not rows:
        return [], Vocabulary(0, 0.0, {})
    *_, count, mean_length, frequencies = rows[0]
    common = dict(zip(terms, frequencies, strict=True))
    found = [
        Candidate(id_, of, title, words, None if alike is None else min(1.0, meaning.scale * alike))
        for id_, of, title, words, alike, *_ in rows
    ]
    return found, Vocabulary(count, float(mean_length), common)


async def shown(
    tx: AsyncSession, personality_id: UUID, passage_ids: Collection[UUID]
) -> Sequence[tuple[UUID, UUID, str, str]]:
    """Of a character's passages those that still exist: id, document, title and words."""
    rows = await tx.execute(
        select(Passage.id, Passage.document_id, Document.title, Passage.text)
        .join(Document, Document.id == Passage.document_id)
        .where(Passage.personality_id == personality_id, Passage.id.in_(passage_ids))
    )
    return [(id_, document_id, title, words) for id_, document_id, title, words in rows]


async def whole(tx: AsyncSession, personality_id: UUID) -> list[found.Document]:
    """A character's documents, in the order in which they came."""
    query = select(Document).where(Document.personality_id == personality_id)
    return [
        found.Document(
            text=row.text,
            title=row.title,
            kind=row.kind,
            origin=row.origin,
            url=row.url,
            create_time=row.create_time,
        )
        for row in await tx.scalars(query.order_by(Document.id))
    ]


async def by_origin(
    tx: AsyncSession, personality_id: UUID, origins: Collection[str]
) -> Mapping[str, Document]:
    """A character's documents by their ids at the source, locked."""
    rows = await tx.scalars(
        select(Document)
        .where(Document.personality_id == personality_id, Document.origin.in_(origins))
        .with_for_update()
    )
    return {document.origin: document for document in rows}


async def add_passages(
    tx: AsyncSession, document: Document, passages: Sequence[Mapping[str, object]]
) -> None:
    """Store a document's passages; each has `id`, `position`, `text` and `stems`."""
    whose = {"document_id": document.id, "personality_id": document.personality_id}
    await tx.execute(_STORE, [{**passage, **whose} for passage in passages])


async def drop_passages(tx: AsyncSession, document_id: UUID) -> None:
    """Delete a document's passages."""
    await tx.execute(delete(Passage).where(Passage.document_id == document_id))


async def without_meaning(
    tx: AsyncSession, slot: Slot, limit: int, *, read_into: Slot | None = None
) -> Sequence[tuple[UUID, str, str]]:
    """Passages without a vector in a slot, oldest first: id, title and words.

    With `read_into` only those that have one there.
    """
    query = (
        select(Passage.id, Document.title, Passage.text)
        .join(Document, Document.id == Passage.document_id)
        .where(_vector(slot).is_(None))
        .order_by(Passage.id)
        .limit(limit)
    )
    if read_into:
        query = query.where(_vector(read_into).is_not(None))
    return [(id_, title, words) for id_, title, words in await tx.execute(query)]


async def without_meaning_count(tx: AsyncSession, slot: Slot, read_into: Slot) -> int:
    """How many passages have a vector in one slot only."""
    lacking = (_vector(slot).is_(None), _vector(read_into).is_not(None))
    return await tx.scalar(select(func.count()).select_from(Passage).where(*lacking)) or 0


async def give_meaning(tx: AsyncSession, slot: Slot, vectors: Mapping[UUID, Vector]) -> None:
    """Store vectors; a passage that is gone stays gone."""
    connection = await tx.connection()
    await connection.execute(
        update(Passage)
        .where(Passage.id == bindparam("passage_id"))
        .values({_vector(slot): bindparam("vector")}),
        [{"passage_id": id_, "vector": it.tolist()} for id_, it in vectors.items()],
    )


async def take_meaning(tx: AsyncSession, slot: Slot, limit: int) -> int:
    """Delete the vectors in a slot, of at most `limit` passages; of how many."""
    some = select(Passage.id).where(_vector(slot).is_not(None)).limit(limit)
    done = await tx.execute(
        update(Passage)
        .where(Passage.id.in_(some))
        .values({_vector(slot): None})
        .returning(Passage.id)
        .execution_options(synchronize_session=False)
    )
    return len(done.all())


def _vector(slot: Slot) -> InstrumentedAttribute[list[float] | None]:
    return Passage.embedding if slot is Slot.A else Passage.embedding_b


async def get(tx: AsyncSession, document_id: UUID) -> Known | None:
    """Any document, with its text; the caller decides who may know of it."""
    query = select(*_KNOWN, Document.text).where(Document.id == document_id)
    row = (await tx.execute(query)).one_or_none()
    return Known(*row) if row else None


async def of_origin(tx: AsyncSession, personality_id: UUID, origin: str) -> Known | None:
    """A character's document by its id at the source, without its text."""
    query = select(*_KNOWN).where(
        Document.personality_id == personality_id, Document.origin == origin
    )
    row = (await tx.execute(query)).one_or_none()
    return Known(*row) if row else None


async def amount(tx: AsyncSession, personality_id: UUID) -> tuple[int, int]:
    """How many documents a character knows, and how many characters they have together."""
    query = select(func.count(), func.coalesce(func.sum(func.length(Document.text)), 0))
    row = (await tx.execute(query.where(Document.personality_id == personality_id))).one()
    return row[0], row[1]


async def page(
    tx: AsyncSession, personality_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[Known]:
    """A character's documents without their texts, newest first."""
    query = select(*_KNOWN).where(Document.personality_id == personality_id)
    query = query.order_by(Document.id.desc()).limit(limit)
    rows = await tx.execute(query.where(Document.id < before) if before else query)
    return [Known(*row) for row in rows]


async def remove(tx: AsyncSession, document_id: UUID) -> None:
    """Delete a document, passages and all."""
    await tx.execute(delete(Document).where(Document.id == document_id))


_KNOWN: Sequence[Any] = (
    Document.id,
    Document.personality_id,
    Document.title,
    Document.kind,
    Document.url,
    Document.create_time,
    func.length(Document.text),
    select(func.count()).where(Passage.document_id == Document.id).scalar_subquery(),
)
