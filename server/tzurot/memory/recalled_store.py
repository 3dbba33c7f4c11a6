"""The SQL of how often memories were cited, and how much they stand out. See linking.py."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory import waypoint_store
from tzurot.memory.fading import Recalls
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.sectors import Sector
from tzurot.memory.waypoints import MOST_RECALLED

_NOTE = text("""
    INSERT INTO recalled_turns (turn_id, memory_ids, recall_time)
    VALUES (:turn_id, CAST(:memory_ids AS uuid[]), :now) ON CONFLICT DO NOTHING
""")

_TAKE = text("""
    DELETE FROM recalled_turns WHERE turn_id = (
        SELECT turn_id FROM recalled_turns ORDER BY recall_time, turn_id LIMIT 1
        FOR UPDATE SKIP LOCKED)
    RETURNING memory_ids, recall_time
""")

_STANDING = text("""
    SELECT m.id, m.persona_id, m.personality_id, m.sector, m.salience, m.occur_time, m.locked,
        r.salience, r.recall_count, r.last_recall_time
    FROM memories m LEFT JOIN memory_recalls r ON r.memory_id = m.id
    WHERE m.id = ANY(CAST(:ids AS uuid[])) AND m.persona_id IS NOT NULL
""")

_KEEP = text("""
    INSERT INTO memory_recalls (memory_id, salience, recall_count, last_recall_time)
    VALUES (:memory_id, :salience, :recall_count, :last_recall_time)
    ON CONFLICT (memory_id) DO UPDATE SET salience = excluded.salience,
        recall_count = excluded.recall_count, last_recall_time = excluded.last_recall_time
""")

_OF = text("""
    SELECT m.id, coalesce(r.salience, m.salience), coalesce(r.recall_count, 0) + waiting.turns,
        greatest(r.last_recall_time, waiting.last_time)
    FROM memories m LEFT JOIN memory_recalls r ON r.memory_id = m.id
    CROSS JOIN LATERAL (
        SELECT count(*) AS turns, max(recall_time) AS last_time FROM recalled_turns
        WHERE m.id = ANY(memory_ids[1 : CAST(:most AS int)])) waiting
    WHERE m.id = ANY(CAST(:ids AS uuid[])) AND m.persona_id = ANY(CAST(:persona_ids AS uuid[]))
        AND (r.memory_id IS NOT NULL OR waiting.turns > 0)
""")


@dataclass(frozen=True, slots=True)
class Standing:
    """How much a memory stands out."""

    memory_id: MemoryId
    owner: Owner
    sector: Sector
    salience: float
    """0..1, when it was said."""
    occur_time: datetime
    locked: bool
    recalls: Recalls | None
    """None: it was never cited."""


async def note(tx: AsyncSession, turn_id: UUID, memory_ids: Sequence[UUID], now: datetime) -> None:
    """Keep what a turn cited until it is counted."""
    values = {"turn_id": turn_id, "memory_ids": list(memory_ids), "now": now}
    await tx.execute(_NOTE, values)


async def take(tx: AsyncSession) -> tuple[Sequence[MemoryId], datetime] | None:
    """What one turn cited, best first, and when; it doesn't wait any more. None: nothing waits."""
    row = (await tx.execute(_TAKE)).one_or_none()
    return ([MemoryId(it) for it in row[0]], row[1]) if row else None


async def standing(tx: AsyncSession, memory_ids: Collection[MemoryId]) -> Sequence[Standing]:
    """How much those memories stand out that still exist, whoever's they are."""
    rows = await tx.execute(_STANDING, {"ids": list(memory_ids)})
    return [
        Standing(
            memory_id=id_,
            owner=Owner(persona_id, personality_id),
            sector=Sector(sector),
            salience=salience,
            occur_time=occur_time,
            locked=locked,
            recalls=Recalls(*recalls) if recalls[0] is not None else None,
        )
        for id_, persona_id, personality_id, sector, salience, occur_time, locked, *recalls in rows
    ]


async def keep(tx: AsyncSession, recalls: Mapping[MemoryId, Recalls]) -> None:
    """Store how often memories were cited, of those that still exist."""
    kept = await waypoint_store.held(tx, recalls)
    rows = [
        {
            "memory_id": memory_id,
            "salience": it.salience,
            "recall_count": it.count,
            "last_recall_time": it.last_time,
        }
        for memory_id, it in recalls.items()
        if memory_id in kept
    ]
    if rows:
        await (await tx.connection()).execute(_KEEP, rows)


async def of(
    tx: AsyncSession, persona_ids: Collection[UUID], memory_ids: Collection[UUID]
) -> dict[MemoryId, Recalls]:
    """How often the personas' memories were cited; those that never were are missing.

    What is not counted yet is known, too, but for how much it makes them stand out.
    """
    wanted = {"ids": list(memory_ids), "persona_ids": list(persona_ids), "most": MOST_RECALLED}
    rows = await tx.execute(_OF, wanted)
    return {MemoryId(memory_id): Recalls(*it) for memory_id, *it in rows}
