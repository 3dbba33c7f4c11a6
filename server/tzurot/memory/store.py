"""The SQL of memories. Everything here takes the owner, or the persona that memories belong to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import (
    ColumnElement,
    TableValuedAlias,
    Uuid,
    all_,
    cast,
    delete,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.question import Question
from tzurot.memory.remembering import MemoryId, Owner, Remembered
from tzurot.memory.scoring import Vocabulary
from tzurot.memory.tables import IndexOutbox, Memory
from tzurot.memory.venues import Venue, audible_at

# The index doesn't know these yet: they are candidates whatever it says, so that their words find
# them at once.
_NEWEST_PENDING = 100

_READ = (
    Memory.id,
    Memory.persona_id,
    Memory.personality_id,
    Memory.turn_id,
    Memory.venue,
    Memory.person_name,
    Memory.person_text,
    Memory.personality_name,
    Memory.personality_text,
    Memory.occur_time,
    Memory.create_time,
)


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates with cosines (None while a vector is missing), and the owner's vocabulary."""

    memories: Sequence[tuple[Remembered, float | None]]
    vocabulary: Vocabulary


def owned(owner: Owner) -> ColumnElement[bool]:
    """The memories of one owner."""
    return (Memory.persona_id == owner.persona_id) & (Memory.personality_id == owner.personality_id)


def askable(owner: Owner, question: Question) -> ColumnElement[bool]:
    """The owner's memories that may come up where the question is asked."""
    audible = audible_at(question.here)
    heard = Memory.venue.in_(audible.venues)
    if there := audible.channel:
        same = (Memory.venue == there.venue) & (Memory.platform == there.platform)
        heard = or_(heard, same & (Memory.channel_id == there.channel_id))
    if not question.excluded_turns:
        return owned(owner) & heard
    hidden = cast(list(question.excluded_turns), ARRAY(Uuid))
    return owned(owner) & heard & or_(Memory.turn_id.is_(None), Memory.turn_id != all_(hidden))


def cosine(question: Question) -> ColumnElement[float | None]:
    """How alike a memory's meaning and the question's are, -1..1; null while one is unknown."""
    return 1 - Memory.embedding.cosine_distance(HalfVector(question.vector))


def each(terms: Sequence[str]) -> TableValuedAlias:
    """A table with a column `term`, in the form that `@@` wants.

    Terms are letters and digits: nothing needs escaping.
    """
    queries = cast([f"'{term}'" for term in terms], ARRAY(TSQUERY))
    return func.unnest(queries).table_valued("term", name="asked").render_derived()


async def load(
    tx: AsyncSession, owner: Owner, question: Question, candidates: Collection[MemoryId]
) -> Found:
    """Those candidates that exist and may be told here, and how common the question's terms are."""
    mine = select(Memory.words).where(owned(owner)).cte("mine")
    asked = each(question.terms)
    having_it = mine.c.words.bool_op("@@")(asked.c.term)
    frequency = select(func.count()).select_from(mine).where(having_it).correlate(asked)
    frequencies = select(frequency.scalar_subquery()).select_from(asked).scalar_subquery()
    vocabulary = (
        select(
            func.count().label("memory_count"),
            func.avg(func.length(mine.c.words)).label("mean_length"),
            func.array(frequencies).label("frequencies"),
        )
        .select_from(mine)
        .subquery("vocabulary")
    )
    pending = (
        select(IndexOutbox.memory_id)
        .where(IndexOutbox.persona_id == owner.persona_id)
        .order_by(IndexOutbox.id.desc())
        .limit(_NEWEST_PENDING)
    )
    named = select(func.unnest(cast(list(candidates), ARRAY(Uuid))))
    rows = await tx.execute(
        select(*_READ, cosine(question), *vocabulary.c)
        .join(vocabulary, true())
        .where(askable(owner, question), Memory.id.in_(named.union_all(pending)))
    )
    return _found(question, rows.all())


def _found(question: Question, rows: Sequence[Sequence[Any]]) -> Found:
    if not rows:
        return Found((), Vocabulary(0, 0.0, {}))
    *_, count, mean_length, frequencies = rows[0]
    return Found(
        memories=[(_remembered(row), row[len(_READ)]) for row in rows],
        vocabulary=Vocabulary(
            memory_count=count,
            mean_length=float(mean_length),
            frequencies=dict(zip(question.terms, frequencies, strict=True)),
        ),
    )


def _remembered(row: Sequence[Any]) -> Remembered:
    memory_id, persona_id, personality_id, turn_id, venue, *said = row[: len(_READ)]
    return Remembered(memory_id, persona_id, personality_id, turn_id, Venue(venue), *said)


async def get(
    tx: AsyncSession, persona_id: UUID, memory_ids: Collection[UUID]
) -> Sequence[Remembered]:
    """The persona's memories among `memory_ids`, in no particular order."""
    rows = await tx.execute(
        select(*_READ).where(Memory.persona_id == persona_id, Memory.id.in_(memory_ids))
    )
    return [_remembered(row) for row in rows]


async def page(
    tx: AsyncSession,
    persona_id: UUID,
    *,
    personality_id: UUID | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Remembered]:
    """At most `limit` memories older than `before`, newest first."""
    query = select(*_READ).where(Memory.persona_id == persona_id)
    if personality_id:
        query = query.where(Memory.personality_id == personality_id)
    if before:
        query = query.where(Memory.id < before)
    rows = await tx.execute(query.order_by(Memory.id.desc()).limit(limit))
    return [_remembered(row) for row in rows]


async def add(
    tx: AsyncSession, values: dict[str, object], request_id: UUID | None
) -> Remembered | None:
    """A new memory; None if the persona's `request_id` made one before. A twin is waited for."""
    row = (
        await tx.execute(
            insert(Memory)
            .values(**values, request_id=request_id)
            .on_conflict_do_nothing(index_elements=["persona_id", "request_id"])
            .returning(*_READ)
        )
    ).one_or_none()
    return _remembered(row) if row else None


async def requested(tx: AsyncSession, persona_id: UUID, request_id: UUID) -> Remembered | None:
    """The memory that a request of the persona's made."""
    row = (
        await tx.execute(
            select(*_READ).where(Memory.persona_id == persona_id, Memory.request_id == request_id)
        )
    ).one_or_none()
    return _remembered(row) if row else None


async def remove(tx: AsyncSession, persona_id: UUID, memory_id: UUID) -> bool:
    """Delete a memory of the persona's; whether there was one."""
    gone = await tx.execute(
        delete(Memory)
        .where(Memory.persona_id == persona_id, Memory.id == memory_id)
        .returning(Memory.id)
    )
    return gone.one_or_none() is not None
