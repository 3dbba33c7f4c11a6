"""The SQL of memories that come from elsewhere. See arrivals.py, and store.py for all others."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory.remembering import Owner

_KNOWN = text("""
    SELECT key FROM imported_memories
    WHERE persona_id = :persona_id AND key = ANY(CAST(:keys AS uuid[]))
""")

# In the order of keys, so that two imports at once wait for each other and never in a circle.
_NOTE = text("""
    INSERT INTO imported_memories (persona_id, personality_id, key)
    SELECT :persona_id, :personality_id, key
    FROM unnest(CAST(:keys AS uuid[])) AS key ORDER BY key
    ON CONFLICT DO NOTHING
    RETURNING key
""")

# What an owner's memories say, without sending it: of both sides, parted by a control character.
_DIGESTS = text("""
    SELECT sha256(convert_to(person_text || chr(31) || personality_text, 'UTF8'))
    FROM memories WHERE persona_id = :persona_id AND personality_id = :personality_id
""")

# One JSON document for many rows: stems are lists of different lengths, which no array can hold.
_ADD = text("""
    INSERT INTO memories (id, persona_id, personality_id, message_id, venue, platform, channel_id,
        person_name, person_text, personality_name, personality_text, occur_time, create_time,
        words)
    SELECT id, :persona_id, :personality_id, message_id, venue, platform, channel_id,
        person_name, person_text, personality_name, personality_text, occur_time, :now,
        array_to_tsvector(stems)
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS it (id uuid, message_id uuid, venue text,
        platform text, channel_id text, person_name text, person_text text, personality_name text,
        personality_text text, occur_time timestamptz, stems text[])
    ORDER BY id
""")

_KEEP_UNCLAIMED = text("""
    INSERT INTO unclaimed_memories (id, personality_id, key, senders, claimed, channel_id, space_id,
        person_text, personality_name, personality_text, occur_time, create_time)
    SELECT id, :personality_id, key, senders, claimed, channel_id, space_id,
        person_text, personality_name, personality_text, occur_time, :now
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS it (id uuid, key uuid, senders text[],
        claimed text[], channel_id text, space_id text, person_text text, personality_name text,
        personality_text text, occur_time timestamptz)
    ORDER BY key
    ON CONFLICT (personality_id, key) DO NOTHING
    RETURNING id
""")


async def known(tx: AsyncSession, owner: Owner, keys: Collection[UUID]) -> set[UUID]:
    """Those of `keys` that came before, forgotten ones included."""
    wanted = {"persona_id": owner.persona_id, "keys": list(keys)}
    return set(await tx.scalars(_KNOWN, wanted))


async def note(tx: AsyncSession, owner: Owner, keys: Collection[UUID]) -> set[UUID]:
    """Remember that these came; returns those that had not come before. A twin is waited for."""
    return set(await tx.scalars(_NOTE, _of(owner) | {"keys": list(keys)}))


async def digests(tx: AsyncSession, owner: Owner) -> set[bytes]:
    """SHA-256 of what each of the owner's memories says."""
    return {bytes(digest) for digest in await tx.scalars(_DIGESTS, _of(owner))}


async def add(tx: AsyncSession, owner: Owner, rows: str) -> None:
    """Store memories: a JSON list of objects with `_ADD`'s columns."""
    await tx.execute(_ADD, _of(owner) | {"rows": rows, "now": clock.now()})


async def keep_unclaimed(tx: AsyncSession, personality_id: UUID, rows: str) -> int:
    """Store memories that nobody has claimed, as above; returns how many are new."""
    values = {"personality_id": personality_id, "rows": rows, "now": clock.now()}
    return len((await tx.scalars(_KEEP_UNCLAIMED, values)).all())


def _of(owner: Owner) -> dict[str, object]:
    return {"persona_id": owner.persona_id, "personality_id": owner.personality_id}
