"""The SQL of reflections. Rows are locked in one order: owner, mark, sources, reflections."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.reflection.clusters import Told
from tzurot.memory.reflection.dreamt import Gathered
from tzurot.memory.reflection.reflection_tables import (
    Dream,
    DreamSource,
    MemorySource,
    UngatheredMemory,
    UnwordedReflection,
)
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.sectors import Sector
from tzurot.memory.tables import Memory
from tzurot.memory.venues import Place, Venue

WINDOW = 100  # of an owner's memories, the latest, that are looked at
ENOUGH = 20  # new ones for a look; the index of marks says the same
_FOLDED = 5_000  # rows of fresh memories that are counted in one go

# Whoever writes memories only adds rows; they are summed up here. Of owners that are gone nothing
# is kept. Two at once take different rows.
_FOLD = text("""
    WITH taken AS (
        DELETE FROM fresh_memories WHERE id IN (
            SELECT id FROM fresh_memories ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED)
        RETURNING persona_id, personality_id, memory_count
    ), kept AS (
        INSERT INTO reflection_marks (persona_id, personality_id, new_count)
        SELECT taken.persona_id, taken.personality_id, sum(taken.memory_count) FROM taken
        JOIN personas ON personas.id = taken.persona_id
        JOIN personalities ON personalities.id = taken.personality_id
        GROUP BY taken.persona_id, taken.personality_id ORDER BY 1, 2
        ON CONFLICT (persona_id, personality_id)
            DO UPDATE SET new_count = reflection_marks.new_count + excluded.new_count
    )
    SELECT count(*) FROM taken
""")

_DUE = text("""
    SELECT persona_id, personality_id FROM reflection_marks
    WHERE new_count >= :enough AND new_count >= 20
    ORDER BY new_count DESC, persona_id, personality_id LIMIT :limit
""")

# Held as by whoever remembers something: a deletion of either waits, or is waited for.
_HOLD = text("""
    SELECT held.name FROM (
        SELECT id, name FROM personalities WHERE id = :personality_id FOR KEY SHARE
    ) held, (SELECT id FROM personas WHERE id = :persona_id FOR KEY SHARE) face
""")

_MARK = text("""
    SELECT 1 FROM reflection_marks
    WHERE persona_id = :persona_id AND personality_id = :personality_id AND new_count >= :enough
    FOR UPDATE SKIP LOCKED
""")

# The latest memories, and those that reflections of some of them were gathered from before. They
# are held as they are, so that what is gathered is what they say.
_TOLD = text("""
    WITH latest AS (
        SELECT id FROM memories
        WHERE persona_id = :persona_id AND personality_id = :personality_id
            AND kind = 'exchange' AND NOT dormant
        ORDER BY id DESC LIMIT :window
    ), before AS (
        SELECT other.source_id AS id FROM memory_sources mine
        JOIN memory_sources other ON other.memory_id = mine.memory_id
        WHERE mine.source_id IN (SELECT id FROM latest)
    )
    SELECT m.id, m.venue, m.platform, m.channel_id, m.age_restricted, m.sector, m.other_sectors,
        m.person_name, m.person_text, m.personality_name, m.personality_text, m.occur_time
    FROM memories m
    WHERE m.id IN (SELECT id FROM latest UNION SELECT id FROM before) AND NOT m.dormant
    ORDER BY m.id FOR SHARE OF m
""")

_TAKE_UNWORDED = text("""
    WITH taken AS (
        DELETE FROM unworded_reflections WHERE memory_id IN (
            SELECT u.memory_id FROM unworded_reflections u JOIN memories m ON m.id = u.memory_id
            WHERE m.personality_id = ANY(:personality_ids)
            ORDER BY u.memory_id LIMIT :limit FOR UPDATE OF u SKIP LOCKED)
        RETURNING memory_id
    )
    SELECT m.id, m.persona_id, m.personality_id, m.person_text
    FROM memories m JOIN taken ON taken.memory_id = m.id ORDER BY m.id
""")

_WORD = text("""
    UPDATE memories SET person_text = :words, words = array_to_tsvector(CAST(:stems AS text[]))
    WHERE id = :id AND person_text = :before
    RETURNING 1
""")

_LOOKED = text("""
    UPDATE reflection_marks SET new_count = 0
    WHERE persona_id = :persona_id AND personality_id = :personality_id
""")

_KNOWN = text("""
    SELECT m.id, ARRAY(SELECT source_id FROM memory_sources WHERE memory_id = m.id)
    FROM memories m
    WHERE m.id IN (SELECT memory_id FROM memory_sources WHERE source_id = ANY(:ids))
    ORDER BY m.id FOR NO KEY UPDATE OF m
""")


async def fold(tx: AsyncSession) -> bool:
    """Count what is new; whether there may be more to count."""
    return (await tx.scalar(_FOLD, {"limit": _FOLDED}) or 0) >= _FOLDED


async def due(tx: AsyncSession, limit: int) -> Sequence[Owner]:
    """At most so many owners of whom there is enough new, those with most first."""
    rows = await tx.execute(_DUE, {"enough": ENOUGH, "limit": limit})
    return [Owner(persona_id, personality_id) for persona_id, personality_id in rows]


async def hold(tx: AsyncSession, owner: Owner) -> str | None:
    """The character's name, if both are there and the owner is still to be looked at.

    Until the end of the transaction nobody deletes them, and nobody else looks.
    """
    asked = _of(owner) | {"enough": ENOUGH}
    name = await tx.scalar(_HOLD, _of(owner))
    return name if name is not None and await tx.scalar(_MARK, asked) else None


async def told(tx: AsyncSession, owner: Owner) -> Sequence[Told]:
    """What can be gathered or was gathered, held until the end."""
    return [_told(row) for row in await tx.execute(_TOLD, _of(owner) | {"window": WINDOW})]


async def known(
    tx: AsyncSession, memory_ids: Collection[MemoryId]
) -> Mapping[MemoryId, Sequence[MemoryId]]:
    """The sources of each reflection of these memories, held until the end."""
    rows = await tx.execute(_KNOWN, {"ids": list(memory_ids)})
    return {MemoryId(id_): [MemoryId(it) for it in sources] for id_, sources in rows}


async def ungathered(tx: AsyncSession, memory_ids: Collection[MemoryId]) -> set[MemoryId]:
    """Those of these memories that are not to be gathered again."""
    query = select(UngatheredMemory.memory_id).where(UngatheredMemory.memory_id.in_(memory_ids))
    return {MemoryId(it) for it in await tx.scalars(query)}


_GROW = text("""
    UPDATE memories SET salience = :salience, occur_time = :occur_time,
        person_text = CASE WHEN edit_time IS NULL THEN :person_text ELSE person_text END,
        words = CASE WHEN edit_time IS NULL
            THEN array_to_tsvector(CAST(:stems AS text[])) ELSE words END
    WHERE id = :id
    RETURNING edit_time IS NULL
""")


async def grow(tx: AsyncSession, reflection_id: MemoryId, values: Mapping[str, object]) -> bool:
    """Give a reflection the words of a greater one; False: its person has given it others."""
    wanted = ("person_text", "salience", "occur_time", "stems")
    asked = {"id": reflection_id} | {key: values[key] for key in wanted}
    return bool(await tx.scalar(_GROW, asked))


async def forget_words(tx: AsyncSession, reflection_id: MemoryId) -> None:
    """Make room for words of a person's: dreams that tell a reflection go, no model words it."""
    telling = select(DreamSource.dream_id).where(DreamSource.reflection_id == reflection_id)
    await tx.execute(delete(Dream).where(Dream.id.in_(telling)))
    await tx.execute(
        delete(UnwordedReflection).where(UnwordedReflection.memory_id == reflection_id)
    )


async def add_sources(
    tx: AsyncSession, reflection_id: MemoryId, source_ids: Collection[MemoryId]
) -> None:
    """Note what a reflection was gathered from."""
    rows = [{"memory_id": reflection_id, "source_id": it} for it in source_ids]
    await tx.execute(insert(MemorySource), rows)


async def want_words(tx: AsyncSession, reflection_id: MemoryId) -> None:
    """Note that a model may be asked to word a reflection."""
    await tx.execute(
        insert(UnwordedReflection).on_conflict_do_nothing(), {"memory_id": reflection_id}
    )


async def take_unworded(
    tx: AsyncSession, personality_ids: Collection[UUID], limit: int
) -> Sequence[Gathered]:
    """At most so many reflections of these characters that want words; each is taken once."""
    asked = {"personality_ids": list(personality_ids), "limit": limit}
    return [
        Gathered(MemoryId(id_), Owner(persona_id, personality_id), words)
        for id_, persona_id, personality_id, words in await tx.execute(_TAKE_UNWORDED, asked)
    ]


async def word(tx: AsyncSession, it: Gathered, words: str, stems: Sequence[str]) -> bool:
    """Give a reflection other words, if it still has those that it had."""
    asked = {"id": it.reflection_id, "before": it.text, "words": words, "stems": list(stems)}
    return bool(await tx.scalar(_WORD, asked))


async def looked(tx: AsyncSession, owner: Owner) -> None:
    """Note that an owner was looked at."""
    await tx.execute(_LOOKED, _of(owner))


async def sources(
    tx: AsyncSession, persona_ids: Collection[UUID], memory_ids: Collection[MemoryId]
) -> dict[MemoryId, tuple[MemoryId, ...]]:
    """What each of the personas' memories was gathered from, by age; nothing of exchanges."""
    query = (
        select(MemorySource.memory_id, func.array_agg(MemorySource.source_id))
        .join(Memory, Memory.id == MemorySource.memory_id)
        .where(MemorySource.memory_id.in_(memory_ids), Memory.persona_id.in_(persona_ids))
        .group_by(MemorySource.memory_id)
    )
    rows = await tx.execute(query)
    return {MemoryId(id_): tuple(MemoryId(it) for it in sorted(found)) for id_, found in rows}


def _of(owner: Owner) -> dict[str, object]:
    return {"persona_id": owner.persona_id, "personality_id": owner.personality_id}


def _told(row: Sequence[Any]) -> Told:
    memory_id, venue, platform, channel_id, age_restricted, sector, others, *said = row
    person_name, person_text, personality_name, personality_text, occur_time = said
    is_note = personality_name and not personality_text  # as Remembered.is_note
    sides = ((person_name, person_text), (personality_name, personality_text))
    if is_note:
        sides = ((personality_name, person_text),)
    return Told(
        MemoryId(memory_id),
        Place(Venue(venue), platform, channel_id, age_restricted),
        Sector(sector),
        Sector.EMOTIONAL in {sector, *others},
        sides,
        occur_time,
    )
