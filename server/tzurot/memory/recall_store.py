"""The SQL of a recall: what may come up, whole, and how common words are.

All of it is an owner's, or was said by others in the very channel (overheard_store.py).

Run in every turn, so written as text: to build it from parts each time costs more than to run it.
Its text depends on little (Shape); all else are parameters.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory import vocabulary_store
from tzurot.memory.filters import ALL, Filter
from tzurot.memory.keywords import Vocabulary
from tzurot.memory.meaning import Asked, Slot
from tzurot.memory.question import Question
from tzurot.memory.ranking import Candidate
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.store import PAUSE, READ, remembered_from
from tzurot.memory.tables import INDEXED_DIMENSIONS, SAID_THERE
from tzurot.memory.times import Named
from tzurot.memory.venues import Where, audible_at
from tzurot.memory.vocabulary_store import OF_ONE_CHARACTER, OF_OTHERS, OF_SEVERAL, Whose
from tzurot.storage.database import for_driver, read_binary

# The index doesn't know these yet: they are candidates whatever it says, so that their words find
# them at once.
_NEWEST_PENDING = 100

# Of a channel in which more was said only so many are looked at.
NEWEST_THERE = 20_000

# Where a question names a time, what was said then comes up whatever the index says.
_TIMELY = 50


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates, in the order of time within each place, and the owner's vocabulary."""

    candidates: Sequence[Candidate]
    vocabulary: Vocabulary


@dataclass(frozen=True, slots=True)
class Shape:
    """What the text of a query depends on."""

    slot: Slot
    indexed: bool
    """Whether the vectors that the question's is compared with are in the index."""
    filtered: bool = False
    wide: bool = False
    """Whether more than one character remembers it."""
    heard: bool = False
    """Whether what others said there may come up, too."""

    @property
    def mine(self) -> str:
        """SQL: whether `m` is the owner's."""
        return f"m.persona_id = ANY(CAST(:persona_ids AS uuid[])) AND m.{self.remembered_by}"

    @property
    def whose(self) -> Whose:
        """The same for vocabulary_store.py."""
        return OF_SEVERAL if self.wide else OF_ONE_CHARACTER

    @property
    def remembered_by(self) -> str:
        """SQL: which character's it is; goes on after the name of a table."""
        if self.wide:
            return "personality_id = ANY(CAST(:personality_ids AS uuid[]))"
        return "personality_id = :personality_id"

    @property
    def askable(self) -> str:
        """SQL: whether the owner may be told `m` here, and it is meant.

        The rule of venues.py; what is in sight is left out, and what is not on the chosen path of
        its conversation.
        """
        return f"""
            {self.mine}
            AND NOT m.dormant
            AND (m.venue = ANY(CAST(:venues AS text[])) OR (m.venue, m.platform, m.channel_id) = (
                CAST(:there_venue AS text), CAST(:there_platform AS text),
                CAST(:there_channel AS text)))
            AND {self.tellable}
        """

    @property
    def overheard(self) -> str:
        """SQL: the same of what others said in this very channel."""
        return f"{OF_OTHERS.mine} AND {SAID_THERE} AND {self.tellable}"

    @property
    def tellable(self) -> str:
        """SQL: whether whoever is there may be told `m`, does not see it anyway, and means it."""
        return f"""(:age_restricted OR NOT m.age_restricted)
            AND (m.turn_id IS NULL OR m.turn_id <> ALL(CAST(:hidden AS uuid[])))
            AND (m.message_id IS NULL OR m.message_id <> ALL(CAST(:hidden_messages AS uuid[])))
            {self.fits}
        """

    @property
    def fits(self) -> str:
        """SQL: what filters.py demands of `m`; goes on after other conditions."""
        return _FITS if self.filtered else ""

    @property
    def cosine(self) -> str:
        """SQL: how alike the meaning of `m` and of the question are, -1..1; null while unknown."""
        return f"1 - (m.{self.slot.embedding} <=> CAST(:vector AS halfvec))"

    @property
    def narrow(self) -> str:
        """SQL: the condition of the index that has vectors (tables.py), or none.

        Memories without a vector are in it, too; without those that are too wide.
        """
        width = f"vector_dims(m.{self.slot.embedding}) <= {INDEXED_DIMENSIONS}"
        return f"({width}) IS NOT FALSE" if self.indexed else "true"


# The personas of a filter narrow the owner.
_FITS = """
    AND m.occur_time >= coalesce(CAST(:occur_from AS timestamptz), '-infinity')
    AND m.occur_time < coalesce(CAST(:occur_until AS timestamptz), 'infinity')
    AND (CAST(:sectors AS text[]) IS NULL OR m.sector = ANY(CAST(:sectors AS text[])))
    AND (CAST(:of_venues AS text[]) IS NULL OR m.venue = ANY(CAST(:of_venues AS text[])))
    AND (CAST(:locked AS boolean) IS NULL OR m.locked = CAST(:locked AS boolean))
"""

# How alike the best of the later parts of a long memory is.
WINDOW_COSINE = "max(1 - (w.embedding <=> CAST(:vector AS halfvec)))"


def shape_of(owner: Owner, question: Question) -> Shape:
    """What queries for this look like."""
    vector = question.meaning.vector
    return Shape(
        question.meaning.slot,
        indexed=vector is not None and len(vector) <= INDEXED_DIMENSIONS,
        filtered=question.filter != ALL,
        wide=bool(owner.elsewhere),
        heard=audible_at(question.here).overheard is not None,
    )


def asked(owner: Owner, question: Question) -> dict[str, object]:
    """The parameters of what a shape says, and of terms (letters and digits: nothing to escape)."""
    audible, vector = audible_at(question.here), question.meaning.vector
    there = audible.channel
    values: dict[str, object] = {
        "persona_ids": owner.persona_ids,
        "personality_id": owner.personality_id,
        "venues": list(audible.venues),
        "age_restricted": audible.age_restricted,
        "there_venue": there.venue if there else None,
        "there_platform": there.platform if there else None,
        "there_channel": there.channel_id if there else None,
        "hidden": list(question.excluded_turns),
        "hidden_messages": list(question.excluded_messages),
        "vector": None if vector is None else str(vector.astype(np.float16).tolist()),
        "terms": [f"'{term}'" for term in question.terms],
        "stems": list(question.terms),
    }
    if owner.elsewhere:
        values |= _all_characters(owner)
    if audible.overheard:
        values |= here(audible.overheard)
    return values if question.filter == ALL else values | _fitting(question.filter)


def here(where: Where) -> dict[str, object]:
    """The parameters of what others said there."""
    return {
        "here_venue": where.venue,
        "here_platform": where.platform,
        "here_channel": where.channel_id,
        "heard": list(where.heard),
        "newest": NEWEST_THERE,
    }


def _all_characters(owner: Owner) -> dict[str, object]:
    own = [(it, owner.personality_id) for it in (owner.persona_id, *owner.others)]
    pairs = list(dict.fromkeys((*own, *owner.elsewhere)))
    return {
        "personality_ids": list({it for _, it in pairs}),
        "pair_personas": [it for it, _ in pairs],
        "pair_personalities": [it for _, it in pairs],
    }


def _fitting(filter: Filter) -> dict[str, object]:
    return {
        "occur_from": filter.occur_from,
        "occur_until": filter.occur_until,
        "sectors": list(filter.sectors) or None,
        "of_venues": list(filter.venues) or None,
        "locked": filter.locked,
    }


# The candidates that still exist, those that the index doesn't know yet, and those of a named time.
@cache
def _load(shape: Shape) -> str:
    whose = f"({shape.askable}) OR ({shape.overheard})" if shape.heard else shape.askable
    query = f"""
    WITH timely AS (
        SELECT near.id FROM unnest(CAST(:begins AS timestamptz[]), CAST(:ends AS timestamptz[]))
            AS span (begun, ended)
        CROSS JOIN LATERAL (
            SELECT m.id, m.{shape.slot.embedding} <=> CAST(:vector AS halfvec) AS distance
            FROM memories m WHERE m.occur_time >= span.begun AND m.occur_time < span.ended
                AND {shape.askable} AND {shape.narrow}
            ORDER BY distance LIMIT :timely) near
        ORDER BY near.distance LIMIT :timely
    ), wanted AS MATERIALIZED (
        SELECT unnest(CAST(:candidates AS uuid[])) AS id
        UNION (SELECT memory_id FROM index_outbox
            WHERE persona_id = ANY(CAST(:persona_ids AS uuid[])) ORDER BY id DESC LIMIT :pending)
        UNION SELECT id FROM timely
    )
    SELECT {", ".join(f"m.{column.key}" for column in READ)},
        greatest({shape.cosine}, (SELECT {WINDOW_COSINE} FROM memory_windows w
            WHERE w.memory_id = m.id AND w.slot = '{shape.slot}')),
        (SELECT b.id FROM memories b
            WHERE b.persona_id = m.persona_id AND b.personality_id = m.personality_id
                AND b.platform = m.platform AND b.channel_id = m.channel_id
                AND (b.occur_time, b.id) < (m.occur_time, m.id)
                AND b.occur_time > m.occur_time - CAST(:pause AS interval) AND NOT b.dormant
            ORDER BY b.occur_time DESC, b.id DESC LIMIT 1),
        s.lengths, s.person_passages, s.states
    FROM wanted CROSS JOIN LATERAL (SELECT * FROM memories WHERE id = wanted.id OFFSET 0) m
    LEFT JOIN {shape.slot.states} s ON s.memory_id = m.id
    WHERE {whose}
    ORDER BY m.persona_id, m.personality_id, m.platform, m.channel_id, m.occur_time, m.id
    """  # noqa: S608 - made of constants
    return for_driver(text(query))


@cache
def _vocabulary(whose: Whose) -> str:
    return for_driver(text(vocabulary_store.vocabulary(whose)))


async def load(
    tx: AsyncSession, owner: Owner, question: Question, candidates: Collection[MemoryId]
) -> list[Candidate]:
    """Those candidates that exist and may be told here, in the order of time within each place.

    So are those that the index doesn't know yet, and those of the time that is named.
    """
    wanted = {"candidates": list(candidates), "pending": _NEWEST_PENDING, "pause": PAUSE}
    wanted |= _timely(question.times)
    query = _load(shape_of(owner, question))
    rows = await read_binary(tx, query, asked(owner, question) | wanted)
    return [_candidate(row, question.meaning) for row in rows]


async def vocabulary(tx: AsyncSession, owner: Owner, question: Question) -> Vocabulary:
    """How common the question's terms are among all memories of the owner, whatever is meant.

    So a memory's score is the same under every filter that it fits.
    """
    query = _vocabulary(shape_of(owner, question).whose)
    (row,) = await read_binary(tx, query, asked(owner, question))
    return vocabulary_from(row, question)


def vocabulary_from(row: Sequence[Any], question: Question) -> Vocabulary:
    """What a query of vocabulary_store.py has counted."""
    count, mean_length, frequencies = row
    return Vocabulary(
        memory_count=count,
        mean_length=float(mean_length or 0),
        frequencies=dict(zip(question.terms, frequencies, strict=True)),
    )


def _timely(named: Named) -> dict[str, object]:
    spans = list(named.spans_until(clock.now()))
    return {
        "begins": [begun for begun, _ in spans],
        "ends": [ended for _, ended in spans],
        "timely": _TIMELY,
    }


def _candidate(row: Sequence[Any], asked_for: Asked) -> Candidate:
    alike, before_id, lengths, person_passages, states = row[len(READ) :]
    known = asked_for.vector is not None  # else nothing can be compared with it
    return Candidate(
        memory=remembered_from(row),
        cosine=None if alike is None else min(1.0, asked_for.scale * alike),
        before_id=before_id,
        lengths=lengths if known and lengths else (),
        person_passages=person_passages or 0,
        states=states or b"",
    )
