"""The SQL of graphs and numbers: of the personas that are named, with all characters or one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory import fading
from tzurot.memory.graph.graph import Standing, Told, short
from tzurot.memory.graph.stats import OfPersonality, OfSector, Stats
from tzurot.memory.remembering import MemoryId
from tzurot.memory.sectors import Sector

MOST_READ = 5_000  # memories, the newest, of which names are looked for
_CHARACTERS = 2_000  # of each side of them
_MOST_PERSONALITIES = 50

_THEIRS = """
    m.persona_id = ANY(CAST(:persona_ids AS uuid[]))
    AND (CAST(:personality_id AS uuid) IS NULL OR m.personality_id = :personality_id)
"""

# How much a memory stands out now: fading.now, in SQL.
_SALIENCE = """
    CASE WHEN m.locked THEN greatest(m.salience, r.salience)
    ELSE greatest(0, least(1, :floor + (coalesce(r.salience, m.salience) - :floor) * exp(-rate *
        greatest(0, extract(epoch FROM :now - coalesce(r.last_recall_time, m.occur_time)) / 86400)
    ))) END
"""
_FADING = """
    LEFT JOIN memory_recalls r ON r.memory_id = m.id
    JOIN unnest(CAST(:sectors AS text[]), CAST(:rates AS float8[])) AS fading (sector, rate)
        ON fading.sector = m.sector
"""

# The words are read of the weightiest only.
_WEIGHTIEST = text(f"""
    WITH standing AS (
        SELECT m.id, {_SALIENCE} AS salience, count(*) OVER () AS memory_count
        FROM memories m {_FADING}
        WHERE {_THEIRS} AND NOT m.dormant
        ORDER BY salience DESC, m.id DESC LIMIT :limit
    )
    SELECT s.id, left(coalesce(nullif(m.person_text, ''), m.personality_text), 200), s.salience,
        s.memory_count
    FROM standing s JOIN memories m ON m.id = s.id
    ORDER BY s.salience DESC, s.id DESC
""")  # noqa: S608 - made of constants

_TOLD = text(f"""
    SELECT m.id, m.persona_id, m.personality_id, m.person_name, left(m.person_text, :characters),
        m.personality_name, left(m.personality_text, :characters)
    FROM memories m
    WHERE {_THEIRS} AND NOT m.dormant
    ORDER BY m.id DESC LIMIT :most_read
""")  # noqa: S608 - made of constants

# What is not on the chosen path of its conversation is counted as well: it is listed, too.
_SECTORS = text(f"""
    SELECT m.sector, count(*), avg({_SALIENCE}),
        count(*) FILTER (WHERE m.kind = 'reflection'), count(r.memory_id),
        count(*) FILTER (WHERE m.embedding IS NULL AND m.embedding_b IS NULL),
        min(m.occur_time), max(m.occur_time)
    FROM memories m {_FADING}
    WHERE {_THEIRS}
    GROUP BY m.sector ORDER BY count(*) DESC, m.sector
""")  # noqa: S608 - made of constants

_PERSONALITIES = text(f"""
    SELECT m.personality_id, count(*) FROM memories m
    WHERE {_THEIRS}
    GROUP BY m.personality_id ORDER BY count(*) DESC, m.personality_id LIMIT :most
""")  # noqa: S608 - made of constants

_LINKS = text(f"""
    SELECT count(*) FROM memories m JOIN waypoints w ON w.first_id = m.id
    WHERE {_THEIRS}
""")  # noqa: S608 - made of constants


async def weightiest(
    tx: AsyncSession,
    persona_ids: Collection[UUID],
    personality_id: UUID | None,
    *,
    now: datetime,
    limit: int,
) -> tuple[Sequence[Standing], int]:
    """The memories that stand out most, the most first, and how many there are in all."""
    wanted = _of(persona_ids, personality_id) | _fading(now) | {"limit": limit}
    rows = (await tx.execute(_WEIGHTIEST, wanted)).all()
    found = [Standing(MemoryId(id_), short(words), salience) for id_, words, salience, _ in rows]
    return found, rows[0][3] if rows else 0


async def told(
    tx: AsyncSession, persona_ids: Collection[UUID], personality_id: UUID | None
) -> Sequence[Told]:
    """What the newest memories say, at most 5,000 of them, the newest first."""
    read = {"characters": _CHARACTERS, "most_read": MOST_READ}
    rows = await tx.execute(_TOLD, _of(persona_ids, personality_id) | read)
    return [Told(*row) for row in rows]


async def stats(
    tx: AsyncSession, persona_ids: Collection[UUID], personality_id: UUID | None, now: datetime
) -> Stats:
    """The numbers of memories."""
    whose = _of(persona_ids, personality_id)
    rows = (await tx.execute(_SECTORS, whose | _fading(now))).all()
    return Stats(
        sectors=tuple(OfSector(Sector(row[0]), row[1], row[2]) for row in rows),
        personalities=await personalities(tx, persona_ids, personality_id),
        reflection_count=_sum(rows, 3),
        recalled_count=_sum(rows, 4),
        waiting_count=_sum(rows, 5),
        waypoint_count=await tx.scalar(_LINKS, whose) or 0,
        first_time=min((row[6] for row in rows), default=None),
        last_time=max((row[7] for row in rows), default=None),
    )


async def personalities(
    tx: AsyncSession, persona_ids: Collection[UUID], personality_id: UUID | None = None
) -> tuple[OfPersonality, ...]:
    """The characters that remember the personas, at most 50: those with the most memories first."""
    wanted = _of(persona_ids, personality_id) | {"most": _MOST_PERSONALITIES}
    return tuple(OfPersonality(*row) for row in await tx.execute(_PERSONALITIES, wanted))


def _of(persona_ids: Collection[UUID], personality_id: UUID | None) -> dict[str, Any]:
    return {"persona_ids": list(persona_ids), "personality_id": personality_id}


def _fading(now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "floor": fading.FLOOR,
        "sectors": list(fading.RATES),
        "rates": list(fading.RATES.values()),
    }


def _sum(rows: Sequence[Sequence[Any]], column: int) -> int:
    return sum(row[column] for row in rows)
