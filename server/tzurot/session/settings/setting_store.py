"""The SQL of settings: what was decided for somebody somewhere, and one decision more or less."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, literal, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Text

from tzurot import clock
from tzurot.session.settings.cascade import Row, Tier
from tzurot.session.settings.settings import SETTINGS, Value
from tzurot.session.tables import Setting

_KEYS = [setting.key for setting in SETTINGS]

# Each tier is a lookup in the unique index of decisions; the numbers are those of `Tier`. What is
# asked for with null equals nothing, so a tier without its id has no rows. What a thread has not
# decided for itself it has from the channel above it.
DECIDED = text("""
    SELECT key, 1, value, bound, expire_time FROM settings
    WHERE key = ANY(:keys) AND personality_id IS NULL AND person_id IS NULL
        AND platform IS NULL AND channel_id IS NULL
  UNION ALL
    SELECT key, 2, value, bound, expire_time FROM settings
    WHERE key = ANY(:keys) AND personality_id = CAST(:personality_id AS uuid)
        AND person_id IS NULL AND platform IS NULL AND channel_id IS NULL
  UNION ALL
    SELECT key, 3, value, bound, expire_time FROM settings
    WHERE key = ANY(:keys) AND personality_id IS NULL AND person_id IS NULL
        AND platform = CAST(:platform AS text) AND channel_id = CAST(:channel_id AS text)
  UNION ALL
    SELECT key, 3, value, bound, expire_time FROM settings above
    WHERE key = ANY(:keys) AND personality_id IS NULL AND person_id IS NULL
        AND platform = CAST(:platform AS text) AND channel_id = CAST(:parent_channel_id AS text)
        AND NOT EXISTS (
            SELECT 1 FROM settings own
            WHERE own.key = above.key AND own.personality_id IS NULL AND own.person_id IS NULL
                AND own.platform = CAST(:platform AS text)
                AND own.channel_id = CAST(:channel_id AS text))
  UNION ALL
    SELECT key, 4, value, bound, expire_time FROM settings
    WHERE key = ANY(:keys) AND personality_id IS NULL AND person_id = CAST(:person_id AS uuid)
        AND platform IS NULL AND channel_id IS NULL
  UNION ALL
    SELECT key, 5, value, bound, expire_time FROM settings
    WHERE key = ANY(:keys) AND personality_id = CAST(:personality_id AS uuid)
        AND person_id = CAST(:person_id AS uuid) AND platform IS NULL AND channel_id IS NULL
""").bindparams(bindparam("keys", type_=ARRAY(Text)))


# Whom persons have decided for: with one character before with all, for a while before for good.
_SAYING_NO = text("""
    SELECT p.id FROM personas p CROSS JOIN LATERAL (
        SELECT s.value FROM settings s
        WHERE s.key = :key AND s.person_id = p.person_id
            AND (s.personality_id = :personality_id OR s.personality_id IS NULL)
            AND s.platform IS NULL AND s.channel_id IS NULL
            AND (s.expire_time IS NULL OR s.expire_time > :now)
            AND jsonb_typeof(s.value) = 'boolean'
        ORDER BY s.personality_id IS NULL, NOT s.passing LIMIT 1) decided
    WHERE p.id = ANY(CAST(:persona_ids AS uuid[])) AND decided.value = 'false'
""")


@dataclass(frozen=True, slots=True)
class Whose:
    """Who decides: nobody in particular is the system; a channel decides alone."""

    personality_id: UUID | None = None
    person_id: UUID | None = None
    platform: str | None = None
    channel_id: str | None = None


SYSTEM = Whose()


async def decided(tx: AsyncSession, ids: Whose, parent_channel_id: str | None = None) -> list[Row]:
    """All that was decided for a person with a character in a channel; None leaves tiers out.

    `parent_channel_id`: of a thread, the channel that it belongs to.
    """
    asked = asdict(ids) | {"keys": _KEYS, "parent_channel_id": parent_channel_id}
    found, now = await tx.execute(DECIDED, asked), clock.now()
    rows = [Row(key, Tier(tier), value, bound, until) for key, tier, value, bound, until in found]
    return [row for row in rows if row.expire_time is None or row.expire_time > now]


async def saying_no(
    tx: AsyncSession, key: str, personality_id: UUID, persona_ids: Collection[UUID]
) -> Sequence[UUID]:
    """Those of the personas whose persons have decided against a flag that is on for others."""
    asked = {
        "key": key,
        "personality_id": personality_id,
        "persona_ids": list(persona_ids),
        "now": clock.now(),
    }
    return (await tx.scalars(_SAYING_NO, asked)).all()


async def put(
    tx: AsyncSession, whose: Whose, key: str, value: Value, *, bound: bool = False
) -> None:
    """Decide a setting for good, whatever was decided there before."""
    passing = delete(Setting).where(Setting.passing).filter_by(key=key, **asdict(whose))
    await tx.execute(passing)
    await _put(tx, whose, {"key": key, "value": value, "bound": bound})


async def put_until(
    tx: AsyncSession, whose: Whose, key: str, value: Value, expire_time: datetime
) -> None:
    """Decide a setting until then.

    What is decided there for good stays, and counts after it, unless it says the same: then that is
    to end.
    """
    same = delete(Setting).where(~Setting.passing, Setting.value == literal(value, JSONB))
    await tx.execute(same.filter_by(key=key, **asdict(whose)))
    decided = {"key": key, "value": value, "bound": False, "expire_time": expire_time}
    await _put(tx, whose, decided)


async def _put(tx: AsyncSession, whose: Whose, decided: dict[str, Any]) -> None:
    new = insert(Setting).values(id=clock.uuid7(), **decided, **asdict(whose))
    changed = {it: new.excluded[it] for it in ("value", "bound", "expire_time")}
    await tx.execute(new.on_conflict_do_update(constraint="settings_decided_key", set_=changed))


async def clear(tx: AsyncSession, whose: Whose, key: str) -> None:
    """Decide nothing there any more, neither for good nor for a while."""
    await tx.execute(delete(Setting).filter_by(key=key, **asdict(whose)))


async def sweep(tx: AsyncSession, now: datetime) -> None:
    """Delete what has ended."""
    await tx.execute(delete(Setting).where(Setting.expire_time <= now))
