"""The SQL of what nobody has looked for facts in, and of when to look, and how often."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.facts.fact_store import of
from tzurot.memory.facts.unlearnt import Unlearnt
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.venues import Place, Venue

# Those of whom there is enough, or who have been quiet for long enough.
_DUE = text("""
    SELECT u.persona_id, u.personality_id FROM unlearnt_memories u
    LEFT JOIN fact_marks m
        ON m.persona_id = u.persona_id AND m.personality_id = u.personality_id
    WHERE m.due_time IS NULL OR m.due_time <= :now
    GROUP BY u.persona_id, u.personality_id
    HAVING count(*) >= :enough OR max(u.create_time) <= :quiet_since
    ORDER BY min(u.create_time), u.persona_id, u.personality_id LIMIT :limit
""")

# Counted before it is asked, so that who is killed while a model answers has used it up.
_CLAIM = text("""
    UPDATE fact_marks SET due_time = :lease,
        call_day = :today,
        call_count = CASE WHEN call_day = :today THEN call_count + 1 ELSE 1 END
    WHERE persona_id = :persona_id AND personality_id = :personality_id AND due_time <= :now
        AND (call_day <> :today OR call_count < :most)
    RETURNING 1
""")

_REST = text("""
    UPDATE fact_marks SET due_time = :tomorrow
    WHERE persona_id = :persona_id AND personality_id = :personality_id AND due_time <= :now
        AND call_day = :today AND call_count >= :most
    RETURNING 1
""")

_PUT_OFF = text("""
    UPDATE fact_marks SET due_time = :until, failure_count = :failure_count
    WHERE persona_id = :persona_id AND personality_id = :personality_id
""")

_FAILURES = text("""
    SELECT failure_count FROM fact_marks
    WHERE persona_id = :persona_id AND personality_id = :personality_id
""")

_OLDEST = text("""
    SELECT m.id, m.venue, m.platform, m.channel_id, m.age_restricted, m.person_text, m.occur_time
    FROM unlearnt_memories u JOIN memories m ON m.id = u.memory_id
    WHERE u.persona_id = :persona_id AND u.personality_id = :personality_id
        AND (NOT m.dormant OR m.answer_withheld)
    ORDER BY u.memory_id LIMIT :limit
""")

# Nobody changes or deletes them until the end of the transaction.
_HELD = text("""
    SELECT m.id, m.venue, m.platform, m.channel_id, m.age_restricted, m.person_text, m.occur_time
    FROM memories m
    WHERE m.id = ANY(CAST(:ids AS uuid[])) AND m.persona_id = :persona_id
        AND m.personality_id = :personality_id AND (NOT m.dormant OR m.answer_withheld)
        AND EXISTS (SELECT 1 FROM unlearnt_memories WHERE memory_id = m.id)
    ORDER BY m.id FOR SHARE OF m
""")

_TAKE = text("""
    DELETE FROM unlearnt_memories
    WHERE persona_id = :persona_id AND personality_id = :personality_id
        AND memory_id = ANY(CAST(:ids AS uuid[]))
""")

_DROP = text("""
    DELETE FROM unlearnt_memories
    WHERE persona_id = :persona_id AND personality_id = :personality_id
""")


async def due(
    tx: AsyncSession, now: datetime, *, enough: int, quiet: timedelta, limit: int
) -> Sequence[Owner]:
    """At most so many owners of whom there is enough to look at, who have waited longest."""
    asked = {"now": now, "enough": enough, "quiet_since": now - quiet, "limit": limit}
    return [Owner(*row) for row in await tx.execute(_DUE, asked)]


async def claim(
    tx: AsyncSession, owner: Owner, now: datetime, *, lease: timedelta, most: int
) -> bool:
    """Count one more call of today's; False: somebody else looks, or there were enough."""
    asked = of(owner) | {"now": now, "lease": now + lease, "today": _day(now), "most": most}
    return bool(await tx.scalar(_CLAIM, asked))


async def rest(tx: AsyncSession, owner: Owner, now: datetime, *, most: int) -> bool:
    """Look again tomorrow, if there were enough calls today; whether there were."""
    today = _day(now)
    asked = of(owner) | {"now": now, "today": today, "most": most}
    return bool(await tx.scalar(_REST, asked | {"tomorrow": today + timedelta(days=1)}))


async def put_off(tx: AsyncSession, owner: Owner, until: datetime, failure_count: int) -> None:
    """Say when to look again, and how often in a row it failed."""
    asked = {"until": until, "failure_count": failure_count}
    await tx.execute(_PUT_OFF, of(owner) | asked)


async def failures(tx: AsyncSession, owner: Owner) -> int:
    """How often in a row it failed."""
    return await tx.scalar(_FAILURES, of(owner)) or 0


async def oldest(tx: AsyncSession, owner: Owner, limit: int) -> Sequence[Unlearnt]:
    """At most so many exchanges that nobody has looked at, the oldest first."""
    rows = await tx.execute(_OLDEST, of(owner) | {"limit": limit})
    return [_unlearnt(row) for row in rows]


async def held(
    tx: AsyncSession, owner: Owner, memory_ids: Collection[MemoryId]
) -> Sequence[Unlearnt]:
    """Those of these exchanges that nobody has looked at, held as they are."""
    rows = await tx.execute(_HELD, of(owner) | {"ids": list(memory_ids)})
    return [_unlearnt(row) for row in rows]


async def take(tx: AsyncSession, owner: Owner, memory_ids: Collection[MemoryId]) -> None:
    """Note that these were looked at."""
    await tx.execute(_TAKE, of(owner) | {"ids": list(memory_ids)})


async def drop(tx: AsyncSession, owner: Owner) -> None:
    """Note that nothing of an owner is to be looked at."""
    await tx.execute(_DROP, of(owner))


def _day(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _unlearnt(row: Sequence[Any]) -> Unlearnt:
    memory_id, venue, platform, channel_id, age_restricted, *said = row
    place = Place(Venue(venue), platform, channel_id, age_restricted)
    return Unlearnt(MemoryId(memory_id), place, *said)
