"""The SQL of dreams, and of when there is something to dream of."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, ScalarSelect, Select, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory.reflection.dreamt import Dreamt, Gathered
from tzurot.memory.reflection.reflection_tables import Dream, DreamSource
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.venues import Audible

REST = timedelta(hours=24)  # between two dreams of one owner
MAX_TOLD = 5  # reflections in one dream

_WISH = text("""
    UPDATE reflection_marks
    SET dream_due_time = greatest(dream_due_time, :now, dream_time + CAST(:rest AS interval))
    WHERE persona_id = :persona_id AND personality_id = :personality_id
""")

_DUE = text("""
    SELECT persona_id, personality_id FROM reflection_marks
    WHERE personality_id = ANY(:personality_ids) AND dream_due_time <= :now
    ORDER BY dream_due_time, persona_id, personality_id LIMIT :limit
""")

_CLAIM = text("""
    UPDATE reflection_marks SET dream_due_time = :now + CAST(:rest AS interval)
    WHERE persona_id = :persona_id AND personality_id = :personality_id AND dream_due_time <= :now
    RETURNING 1
""")

_PUT_OFF = text("""
    UPDATE reflection_marks SET dream_due_time = :until
    WHERE persona_id = :persona_id AND personality_id = :personality_id
""")

# As venues.py has it for a direct place; nothing that an earlier dream could tell.
_NEW = text("""
    SELECT m.id, m.person_text FROM memories m JOIN reflection_marks r
        ON r.persona_id = m.persona_id AND r.personality_id = m.personality_id
    WHERE m.persona_id = :persona_id AND m.personality_id = :personality_id
        AND m.kind = 'reflection' AND (:age_restricted OR NOT m.age_restricted)
        AND m.venue = ANY(CAST(:venues AS text[]))
        AND (r.dream_time IS NULL OR m.create_time > r.dream_time)
    ORDER BY m.id DESC LIMIT :limit
""")

# Of reflections that are all still there and say what they said; their rows are held, so that none
# goes meanwhile, or gets other words.
_KEEP = text("""
    WITH held AS (
        SELECT id FROM memories WHERE id = ANY(:reflection_ids)
            AND persona_id = :persona_id AND personality_id = :personality_id
            AND (edit_time IS NULL OR edit_time < :begun)
        ORDER BY id FOR SHARE
    ), kept AS (
        INSERT INTO dreams (id, persona_id, personality_id, text, create_time)
        SELECT :id, :persona_id, :personality_id, :text, :begun
        WHERE (SELECT count(*) FROM held) = cardinality(CAST(:reflection_ids AS uuid[]))
        RETURNING id
    )
    INSERT INTO dream_sources (dream_id, reflection_id) SELECT kept.id, held.id FROM kept, held
    RETURNING 1
""")

# What was gathered while it was told is for another night.
_DREAMT = text("""
    UPDATE reflection_marks r SET dream_time = :begun, dream_due_time = (
        SELECT :begun + CAST(:rest AS interval) WHERE EXISTS (
            SELECT 1 FROM memories m
            WHERE m.persona_id = r.persona_id AND m.personality_id = r.personality_id
                AND m.kind = 'reflection' AND m.create_time > :begun))
    WHERE persona_id = :persona_id AND personality_id = :personality_id
""")


async def wish(tx: AsyncSession, owner: Owner, now: datetime) -> None:
    """Note that there is something to dream of; not before the rest after the last dream."""
    await tx.execute(_WISH, _of(owner) | {"now": now, "rest": REST})


async def due(
    tx: AsyncSession, personality_ids: Collection[UUID], now: datetime, limit: int
) -> Sequence[Owner]:
    """At most so many owners of whom these characters are to dream, who have waited longest."""
    asked = {"personality_ids": list(personality_ids), "now": now, "limit": limit}
    return [Owner(*row) for row in await tx.execute(_DUE, asked)]


async def claim(tx: AsyncSession, owner: Owner, now: datetime) -> bool:
    """Let an owner that is due be due after a rest; False if it is not, or not any more."""
    return bool(await tx.scalar(_CLAIM, _of(owner) | {"now": now, "rest": REST}))


async def put_off(tx: AsyncSession, owner: Owner, until: datetime) -> None:
    """Let an owner be due at another time."""
    await tx.execute(_PUT_OFF, _of(owner) | {"until": until})


async def new(tx: AsyncSession, owner: Owner, audible: Audible) -> Sequence[Gathered]:
    """What was gathered since the last dream and may be told there, the latest first."""
    asked = {
        "venues": list(audible.venues),
        "age_restricted": audible.age_restricted,
        "limit": MAX_TOLD,
    }
    rows = await tx.execute(_NEW, _of(owner) | asked)
    return [Gathered(MemoryId(id_), owner, words) for id_, words in rows]


async def keep(
    tx: AsyncSession, owner: Owner, words: str, reflection_ids: Sequence[UUID], begun: datetime
) -> bool:
    """Store a dream; False if what it tells is not all there any more as it was at `begun`."""
    ids = list(reflection_ids)
    dream = {"id": clock.uuid7(), "text": words, "begun": begun, "reflection_ids": ids}
    return bool((await tx.execute(_KEEP, _of(owner) | dream)).first())


async def dreamt(tx: AsyncSession, owner: Owner, begun: datetime) -> None:
    """Note that a dream was told of what was there at `begun`."""
    await tx.execute(_DREAMT, _of(owner) | {"begun": begun, "rest": REST})


async def page(
    tx: AsyncSession,
    persona_ids: Collection[UUID],
    *,
    personality_id: UUID | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Dreamt]:
    """At most `limit` dreams older than `before`, newest first."""
    query = _read(persona_ids).order_by(Dream.id.desc()).limit(limit)
    if personality_id:
        query = query.where(Dream.personality_id == personality_id)
    if before:
        query = query.where(Dream.id < before)
    return [_dreamt(row) for row in await tx.execute(query)]


async def get(tx: AsyncSession, persona_ids: Collection[UUID], dream_id: UUID) -> Dreamt | None:
    """One of the personas' dreams."""
    row = (await tx.execute(_read(persona_ids).where(Dream.id == dream_id))).one_or_none()
    return _dreamt(row) if row else None


async def remove(tx: AsyncSession, persona_ids: Collection[UUID], dream_id: UUID) -> bool:
    """Delete a dream of one of the personas; whether there was one."""
    gone = await tx.execute(
        delete(Dream)
        .where(Dream.persona_id.in_(persona_ids), Dream.id == dream_id)
        .returning(Dream.id)
    )
    return gone.one_or_none() is not None


def _read(persona_ids: Collection[UUID]) -> Select[Dream, list[UUID] | None]:
    tells: ScalarSelect[list[UUID] | None] = (
        select(func.array_agg(DreamSource.reflection_id))
        .where(DreamSource.dream_id == Dream.id)
        .scalar_subquery()
    )
    return select(Dream, tells).where(Dream.persona_id.in_(persona_ids))


def _dreamt(row: Row[Dream, list[UUID] | None]) -> Dreamt:
    it, tells = row
    whose = (it.id, it.persona_id, it.personality_id)
    return Dreamt(*whose, it.text, it.create_time, tuple(sorted(tells or ())))


def _of(owner: Owner) -> dict[str, object]:
    return {"persona_id": owner.persona_id, "personality_id": owner.personality_id}
