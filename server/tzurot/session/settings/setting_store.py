"""The SQL of settings: what was decided for somebody somewhere, and one decision more or less."""

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import bindparam, delete, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
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
    SELECT key, 1, value, bound FROM settings
    WHERE key = ANY(:keys) AND personality_id IS NULL AND person_id IS NULL
        AND platform IS NULL AND channel_id IS NULL
  UNION ALL
    SELECT key, 2, value, bound FROM settings
    WHERE key = ANY(:keys) AND personality_id = CAST(:personality_id AS uuid)
        AND person_id IS NULL AND platform IS NULL AND channel_id IS NULL
  UNION ALL
    SELECT key, 3, value, bound FROM settings
    WHERE key = ANY(:keys) AND personality_id IS NULL AND person_id IS NULL
        AND platform = CAST(:platform AS text) AND channel_id = CAST(:channel_id AS text)
  UNION ALL
    SELECT key, 3, value, bound FROM settings above
    WHERE key = ANY(:keys) AND personality_id IS NULL AND person_id IS NULL
        AND platform = CAST(:platform AS text) AND channel_id = CAST(:parent_channel_id AS text)
        AND NOT EXISTS (
            SELECT 1 FROM settings own
            WHERE own.key = above.key AND own.personality_id IS NULL AND own.person_id IS NULL
                AND own.platform = CAST(:platform AS text)
                AND own.channel_id = CAST(:channel_id AS text))
  UNION ALL
    SELECT key, 4, value, bound FROM settings
    WHERE key = ANY(:keys) AND personality_id IS NULL AND person_id = CAST(:person_id AS uuid)
        AND platform IS NULL AND channel_id IS NULL
  UNION ALL
    SELECT key, 5, value, bound FROM settings
    WHERE key = ANY(:keys) AND personality_id = CAST(:personality_id AS uuid)
        AND person_id = CAST(:person_id AS uuid) AND platform IS NULL AND channel_id IS NULL
""").bindparams(bindparam("keys", type_=ARRAY(Text)))


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
    rows = await tx.execute(DECIDED, asked)
    return [Row(key, Tier(tier), value, bound) for key, tier, value, bound in rows]


async def put(
    tx: AsyncSession, whose: Whose, key: str, value: Value, *, bound: bool = False
) -> None:
    """Decide a setting, whatever was decided there before."""
    new = insert(Setting).values(
        id=clock.uuid7(), key=key, value=value, bound=bound, **asdict(whose)
    )
    changed = {"value": new.excluded.value, "bound": new.excluded.bound}
    await tx.execute(new.on_conflict_do_update(constraint="settings_decided_key", set_=changed))


async def clear(tx: AsyncSession, whose: Whose, key: str) -> None:
    """Decide nothing there any more."""
    await tx.execute(delete(Setting).filter_by(key=key, **asdict(whose)))
