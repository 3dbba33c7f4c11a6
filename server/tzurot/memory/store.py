"""The SQL of memories. Everything here takes the owner, or the persona that memories belong to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import Text, cast, delete, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.meaning import Understood
from tzurot.memory.question import Question
from tzurot.memory.ranking import Candidate
from tzurot.memory.remembering import MemoryId, Owner, Remembered
from tzurot.memory.scoring import Vocabulary
from tzurot.memory.tables import Memory
from tzurot.memory.times import Named
from tzurot.memory.venues import Venue, audible_at

# The index doesn't know these yet: they are candidates whatever it says, so that their words find
# them at once.
_NEWEST_PENDING = 100

# Where a question names a time, what was said then comes up whatever the index says.
_TIMELY = 50

# After a longer silence it is another talk: what stands before has nothing to do with it.
PAUSE = timedelta(hours=3)

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
    """Candidates, in the order of time within each place, and the owner's vocabulary."""

    candidates: Sequence[Candidate]
    vocabulary: Vocabulary


# What an owner may be told here, from the rule in venues.py; what is in sight is left out, and what
# is not on the chosen path of its conversation.
ASKABLE = """
    m.persona_id = ANY(CAST(:persona_ids AS uuid[])) AND m.personality_id = :personality_id
    AND NOT m.dormant AND (:age_restricted OR NOT m.age_restricted)
    AND (m.venue = ANY(CAST(:venues AS text[])) OR (m.venue, m.platform, m.channel_id)
        = (CAST(:there_venue AS text), CAST(:there_platform AS text), CAST(:there_channel AS text)))
    AND (m.turn_id IS NULL OR m.turn_id <> ALL(CAST(:hidden AS uuid[])))
    AND (m.message_id IS NULL OR m.message_id <> ALL(CAST(:hidden_messages AS uuid[])))
"""

# How alike a memory's meaning and the question's are, -1..1; null while one is unknown.
COSINE = "1 - (m.embedding <=> CAST(:vector AS halfvec))"

# The candidates that still exist, those that the index doesn't know yet, and beside each how common
# the question's terms are among all memories of the owner. Run in every turn, so written as text:
# to build it from parts each time costs more than to run it.
_LOAD = text(f"""
    WITH mine AS (
        SELECT words FROM memories
        WHERE persona_id = ANY(CAST(:persona_ids AS uuid[])) AND personality_id = :personality_id
            AND NOT dormant
    ), vocabulary AS (
        SELECT count(*) AS memory_count, avg(length(words)) AS mean_length, ARRAY(
            SELECT (SELECT count(*) FROM mine WHERE words @@ asked.term)
            FROM unnest(CAST(:terms AS tsquery[])) WITH ORDINALITY AS asked(term, number)
            ORDER BY number) AS frequencies
        FROM mine
    ), timely AS (
        SELECT m.id FROM memories m
        WHERE CAST(:names_time AS boolean) AND {ASKABLE} AND (
            EXISTS (SELECT 1 FROM unnest(CAST(:begins AS timestamptz[]),
                CAST(:ends AS timestamptz[])) AS span (begun, ended)
                WHERE m.occur_time >= span.begun AND m.occur_time < span.ended)
            OR cardinality(CAST(:months AS int[])) + cardinality(CAST(:years AS int[])) > 0
                AND (cardinality(CAST(:months AS int[])) = 0
                    OR extract(month FROM m.occur_time) = ANY(CAST(:months AS int[])))
                AND (cardinality(CAST(:years AS int[])) = 0
                    OR extract(year FROM m.occur_time) = ANY(CAST(:years AS int[]))))
        ORDER BY m.embedding <=> CAST(:vector AS halfvec) LIMIT :timely
    )
    SELECT m.id, m.persona_id, m.personality_id, m.turn_id, m.venue, m.person_name, m.person_text,
        m.personality_name, m.personality_text, m.occur_time, m.create_time, {COSINE},
        (SELECT b.id FROM memories b
            WHERE b.persona_id = m.persona_id AND b.personality_id = m.personality_id
                AND b.platform = m.platform AND b.channel_id = m.channel_id
                AND (b.occur_time, b.id) < (m.occur_time, m.id)
                AND b.occur_time > m.occur_time - CAST(:pause AS interval) AND NOT b.dormant
            ORDER BY b.occur_time DESC, b.id DESC LIMIT 1),
        s.lengths, s.person_passages, s.states, memory_count, mean_length, frequencies
    FROM memories m LEFT JOIN memory_states s ON s.memory_id = m.id, vocabulary
    WHERE {ASKABLE} AND (m.id = ANY(CAST(:candidates AS uuid[])) OR m.id IN (
        SELECT memory_id FROM index_outbox WHERE persona_id = ANY(CAST(:persona_ids AS uuid[]))
        ORDER BY id DESC LIMIT :pending) OR m.id IN (SELECT id FROM timely))
    ORDER BY m.persona_id, m.platform, m.channel_id, m.occur_time, m.id
""")  # noqa: S608 - made of constants


def asked(owner: Owner, question: Question) -> dict[str, object]:
    """The parameters of ASKABLE, COSINE and `:terms` (letters and digits: nothing to escape)."""
    audible = audible_at(question.here)
    there = audible.channel
    return {
        "persona_ids": [owner.persona_id, *owner.others],
        "personality_id": owner.personality_id,
        "venues": list(audible.venues),
        "age_restricted": audible.age_restricted,
        "there_venue": there.venue if there else None,
        "there_platform": there.platform if there else None,
        "there_channel": there.channel_id if there else None,
        "hidden": list(question.excluded_turns),
        "hidden_messages": list(question.excluded_messages),
        "vector": HalfVector(question.meaning.vector).to_text(),
        "terms": [f"'{term}'" for term in question.terms],
    }


async def load(
    tx: AsyncSession, owner: Owner, question: Question, candidates: Collection[MemoryId]
) -> Found:
    """Those candidates that exist and may be told here, and how common the question's terms are."""
    wanted = {"candidates": list(candidates), "pending": _NEWEST_PENDING, "pause": PAUSE}
    wanted |= _timely(question.times)
    rows = await tx.execute(_LOAD, asked(owner, question) | wanted)
    return _found(question, rows.all())


def _timely(named: Named) -> dict[str, object]:
    return {
        "names_time": bool(named),
        "months": list(named.months),
        "years": list(named.years),
        "begins": [begun for begun, _ in named.spans],
        "ends": [ended for _, ended in named.spans],
        "timely": _TIMELY,
    }


def _found(question: Question, rows: Sequence[Sequence[Any]]) -> Found:
    if not rows:
        return Found((), Vocabulary(0, 0.0, {}))
    *_, count, mean_length, frequencies = rows[0]
    return Found(
        candidates=[_candidate(row) for row in rows],
        vocabulary=Vocabulary(
            memory_count=count,
            mean_length=float(mean_length),
            frequencies=dict(zip(question.terms, frequencies, strict=True)),
        ),
    )


def _candidate(row: Sequence[Any]) -> Candidate:
    cosine, before_id, lengths, person_passages, states, *_ = row[len(_READ) :]
    return Candidate(
        memory=_remembered(row),
        cosine=cosine,
        before_id=before_id,
        lengths=lengths or (),
        person_passages=person_passages or 0,
        states=states or b"",
    )


def _remembered(row: Sequence[Any]) -> Remembered:
    memory_id, persona_id, personality_id, turn_id, venue, *said = row[: len(_READ)]
    return Remembered(memory_id, persona_id, personality_id, turn_id, Venue(venue), *said)


_KEEP_STATES = text("""
    INSERT INTO memory_states (memory_id, lengths, person_passages, states)
    SELECT id, CAST(:lengths AS smallint[]), :person_passages, :states FROM memories
    WHERE id = :memory_id AND person_text = :said AND personality_text = :answered
    ON CONFLICT (memory_id) DO UPDATE SET lengths = excluded.lengths,
        person_passages = excluded.person_passages, states = excluded.states
""")


async def keep_states(
    tx: AsyncSession, understood: Sequence[tuple[UUID, tuple[str, str], Understood]]
) -> None:
    """Store what the tokens of memories mean, of those that still say the same."""
    connection = await tx.connection()
    await connection.execute(
        _KEEP_STATES,
        [
            {
                "memory_id": memory_id,
                "said": said,
                "answered": answered,
                "lengths": list(it.lengths),
                "person_passages": it.person_passages,
                "states": it.states,
            }
            for memory_id, (said, answered), it in understood
        ],
    )


async def reach(tx: AsyncSession, personality_id: UUID) -> tuple[int, int]:
    """How many memories a character that the caller owns has, and of how many personas."""
    query = select(func.count(), func.count(Memory.persona_id.distinct())).where(
        Memory.personality_id == personality_id
    )
    memories, personas = (await tx.execute(query)).one()
    return memories, personas


async def remembered(
    tx: AsyncSession, persona_ids: Collection[UUID], personality_id: UUID
) -> Sequence[UUID]:
    """Those of the personas of which the character remembers anything."""
    query = select(Memory.persona_id).distinct()
    theirs = (Memory.persona_id.in_(persona_ids), Memory.personality_id == personality_id)
    return (await tx.scalars(query.where(*theirs))).all()


async def get(
    tx: AsyncSession, persona_ids: Collection[UUID], memory_ids: Collection[UUID]
) -> Sequence[Remembered]:
    """The personas' memories among `memory_ids`, in no particular order."""
    rows = await tx.execute(
        select(*_READ).where(Memory.persona_id.in_(persona_ids), Memory.id.in_(memory_ids))
    )
    return [_remembered(row) for row in rows]


async def page(
    tx: AsyncSession,
    persona_ids: Collection[UUID],
    *,
    personality_id: UUID | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Remembered]:
    """At most `limit` memories older than `before`, newest first."""
    query = select(*_READ).where(Memory.persona_id.in_(persona_ids))
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
    columns = {name: value for name, value in values.items() if name != "stems"}
    words = func.array_to_tsvector(cast(values["stems"], ARRAY(Text)))
    row = (
        await tx.execute(
            insert(Memory)
            .values(**columns, words=words, request_id=request_id)
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


async def remove(tx: AsyncSession, persona_ids: Collection[UUID], memory_id: UUID) -> bool:
    """Delete a memory of one of the personas; whether there was one."""
    gone = await tx.execute(
        delete(Memory)
        .where(Memory.persona_id.in_(persona_ids), Memory.id == memory_id)
        .returning(Memory.id)
    )
    return gone.one_or_none() is not None
