"""The SQL of waypoints. See waypoints.py for the rules and linking.py for what is done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.remembering import Kind, MemoryId
from tzurot.memory.sectors import Sector
from tzurot.memory.store import PAUSE
from tzurot.memory.waypoints import (
    FADING_RATE,
    FAINTEST,
    MOST_SIMILAR,
    Near,
    Waypoint,
    WaypointKind,
)

# One at a time writes links: so what one has read is still so when it writes.
_ALONE = text("SELECT pg_try_advisory_xact_lock(hashtextextended('memory.waypoints', 0))")

_TAKE_UNLINKED = text("""
    DELETE FROM unlinked_memories WHERE memory_id IN (
        SELECT memory_id FROM unlinked_memories ORDER BY memory_id LIMIT :limit
        FOR UPDATE SKIP LOCKED)
    RETURNING memory_id
""")

_TOLD = text("""
    SELECT id, kind, sector, other_sectors, person_text, personality_text
    FROM memories WHERE id = ANY(CAST(:ids AS uuid[])) AND persona_id IS NOT NULL
    ORDER BY id
""")

_CLASSIFY = text("""
    UPDATE memories SET sector = :sector, other_sectors = CAST(:other_sectors AS text[]),
        salience = :salience
    WHERE id = :id
""")

# Only what the same persona said to the same character is compared, so each memory costs a look
# at one owner's. What is not on the chosen path says nearly the same as what is: it is left out.
_NEAR = text("""
    SELECT n.id, n.sector, near.id, near.sector, near.cosine
    FROM memories n CROSS JOIN (SELECT slot FROM embedding_slots WHERE state = 'live') live
    CROSS JOIN LATERAL (
        SELECT o.id, o.sector, 1 - CASE live.slot WHEN 'a' THEN o.embedding <=> n.embedding
            ELSE o.embedding_b <=> n.embedding_b END AS cosine
        FROM memories o
        WHERE o.persona_id = n.persona_id AND o.personality_id = n.personality_id
            AND o.id <> n.id AND NOT o.dormant
            AND CASE live.slot WHEN 'a' THEN o.embedding ELSE o.embedding_b END IS NOT NULL
        ORDER BY cosine DESC, o.id LIMIT :most_similar
    ) near
    WHERE n.id = ANY(CAST(:ids AS uuid[]))
        AND CASE live.slot WHEN 'a' THEN n.embedding ELSE n.embedding_b END IS NOT NULL
""")

_BEFORE = text("""
    SELECT n.id, b.id
    FROM memories n CROSS JOIN LATERAL (
        SELECT b.id FROM memories b
        WHERE b.persona_id = n.persona_id AND b.personality_id = n.personality_id
            AND b.platform = n.platform AND b.channel_id = n.channel_id
            AND (b.occur_time, b.id) < (n.occur_time, n.id)
            AND b.occur_time > n.occur_time - CAST(:pause AS interval)
            AND NOT b.dormant AND b.kind = 'exchange'
        ORDER BY b.occur_time DESC, b.id DESC LIMIT 1
    ) b
    WHERE n.id = ANY(CAST(:ids AS uuid[])) AND n.kind = 'exchange'
""")

# Who deletes a memory holds it: it is passed over, so that neither waits for the other.
_HOLD = text("""
    SELECT id FROM memories WHERE id = ANY(CAST(:ids AS uuid[])) AND persona_id IS NOT NULL
    ORDER BY id FOR KEY SHARE SKIP LOCKED
""")

_SET = text("""
    INSERT INTO waypoints (first_id, second_id, kind, weight, update_time)
    VALUES (:first_id, :second_id, :kind, :weight, :update_time)
    ON CONFLICT (first_id, second_id, kind) DO UPDATE
        SET weight = excluded.weight, update_time = excluded.update_time
        WHERE waypoints.weight <> excluded.weight
""")

_OF = text("""
    SELECT first_id, second_id, kind, weight, update_time FROM waypoints
    WHERE first_id = ANY(CAST(:ids AS uuid[])) OR second_id = ANY(CAST(:ids AS uuid[]))
""")

# Both ends are the persona's, whatever the table says.
_SEEN = text("""
    SELECT w.first_id, w.second_id, w.kind, w.weight, w.update_time FROM waypoints w
    JOIN memories f ON f.id = w.first_id JOIN memories s ON s.id = w.second_id
    WHERE (w.first_id = ANY(CAST(:ids AS uuid[])) OR w.second_id = ANY(CAST(:ids AS uuid[])))
        AND f.persona_id = ANY(CAST(:persona_ids AS uuid[])) AND NOT f.dormant
        AND s.persona_id = f.persona_id AND s.personality_id = f.personality_id AND NOT s.dormant
""")

_REMOVE = text("""
    DELETE FROM waypoints WHERE ctid = ANY(ARRAY(SELECT ctid FROM waypoints
        WHERE first_id = :first_id AND second_id = :second_id AND kind = :kind
        FOR UPDATE SKIP LOCKED))
""")

_FORGET_MEANING = text("""
    DELETE FROM waypoints
    WHERE (first_id = :memory_id OR second_id = :memory_id)
        AND kind IN ('similarity', 'across_sectors')
""")

# `fresh`: nothing that was set later can be as faint.
_PRUNE = text("""
    DELETE FROM waypoints WHERE ctid = ANY(ARRAY(SELECT ctid FROM waypoints
        WHERE update_time < :fresh
            AND weight * exp(-:rate * extract(epoch FROM :now - update_time) / 86400) < :faintest
        LIMIT :limit FOR UPDATE SKIP LOCKED))
    RETURNING 1
""")


@dataclass(frozen=True, slots=True)
class Told:
    """What a memory says, and how it was classified."""

    memory_id: MemoryId
    kind: Kind
    sector: Sector
    other_sectors: tuple[Sector, ...]
    person_text: str
    personality_text: str


async def alone(tx: AsyncSession) -> bool:
    """Whether nobody else writes links now; then nobody will until the transaction ends."""
    return bool(await tx.scalar(_ALONE))


async def take_unlinked(tx: AsyncSession, limit: int) -> Sequence[MemoryId]:
    """Memories whose meaning is known and whose links aren't formed; they don't wait any more."""
    return [MemoryId(it) for it in await tx.scalars(_TAKE_UNLINKED, {"limit": limit})]


async def told(tx: AsyncSession, memory_ids: Collection[MemoryId]) -> Sequence[Told]:
    """What those memories say that still exist, whoever's they are."""
    rows = await tx.execute(_TOLD, {"ids": list(memory_ids)})
    return [
        Told(id_, Kind(kind), Sector(sector), tuple(map(Sector, others)), *texts)
        for id_, kind, sector, others, *texts in rows
    ]


async def classify(tx: AsyncSession, rows: Sequence[dict[str, object]]) -> None:
    """Store sectors and salience of memories; each row has `id` and those columns."""
    await (await tx.connection()).execute(_CLASSIFY, rows)


async def near(tx: AsyncSession, memory_ids: Collection[MemoryId]) -> Sequence[Near]:
    """The three memories of the same owner that each of these is most like."""
    rows = await tx.execute(_NEAR, {"ids": list(memory_ids), "most_similar": MOST_SIMILAR})
    return [
        Near(memory_id, Sector(sector), other_id, Sector(other_sector), cosine)
        for memory_id, sector, other_id, other_sector, cosine in rows
    ]


async def said_before(
    tx: AsyncSession, memory_ids: Collection[MemoryId]
) -> Sequence[tuple[MemoryId, MemoryId]]:
    """Each of these memories with what was said right before it in its place, if anything was."""
    rows = await tx.execute(_BEFORE, {"ids": list(memory_ids), "pause": PAUSE})
    return [(MemoryId(memory_id), MemoryId(before_id)) for memory_id, before_id in rows]


async def held(tx: AsyncSession, memory_ids: Collection[MemoryId]) -> set[MemoryId]:
    """Those memories that exist and won't be deleted before the transaction ends."""
    return set(await tx.scalars(_HOLD, {"ids": list(memory_ids)}))


async def put(tx: AsyncSession, links: Sequence[Waypoint]) -> None:
    """Set links, of memories that still exist."""
    ends = {end for link in links for end in (link.first_id, link.second_id)}
    kept = await held(tx, ends)
    rows = [
        {
            "first_id": link.first_id,
            "second_id": link.second_id,
            "kind": link.kind,
            "weight": link.weight,
            "update_time": link.update_time,
        }
        for link in links
        if {link.first_id, link.second_id} <= kept
    ]
    if rows:
        await (await tx.connection()).execute(_SET, rows)


async def of(tx: AsyncSession, memory_ids: Collection[UUID]) -> Sequence[Waypoint]:
    """All links of memories, in no particular order."""
    return [_waypoint(row) for row in await tx.execute(_OF, {"ids": list(memory_ids)})]


async def seen(
    tx: AsyncSession, persona_ids: Collection[UUID], memory_ids: Collection[UUID]
) -> Sequence[Waypoint]:
    """Those between memories of the personas that are on the chosen path."""
    wanted = {"ids": list(memory_ids), "persona_ids": list(persona_ids)}
    return [_waypoint(row) for row in await tx.execute(_SEEN, wanted)]


async def remove(tx: AsyncSession, links: Sequence[Waypoint]) -> None:
    """Delete links."""
    rows = [
        {"first_id": a, "second_id": b, "kind": kind} for a, b, kind in (it.key for it in links)
    ]
    if rows:
        await (await tx.connection()).execute(_REMOVE, rows)


async def forget_meaning(tx: AsyncSession, memory_id: UUID) -> None:
    """Delete what links a memory by what it means: it has other words now."""
    await tx.execute(_FORGET_MEANING, {"memory_id": memory_id})


async def prune(tx: AsyncSession, now: datetime, fresh: datetime, limit: int) -> int:
    """Delete at most `limit` links that are too faint; returns how many."""
    wanted = {
        "now": now,
        "fresh": fresh,
        "rate": FADING_RATE,
        "faintest": FAINTEST,
        "limit": limit,
    }
    return len((await tx.scalars(_PRUNE, wanted)).all())


def _waypoint(row: Sequence[Any]) -> Waypoint:
    first_id, second_id, kind, weight, update_time = row
    return Waypoint(first_id, second_id, WaypointKind(kind), weight, update_time)
