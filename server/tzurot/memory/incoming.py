"""The SQL of memories that come from elsewhere. See arrivals.py, and store.py for all others."""

from collections.abc import Collection
from datetime import datetime
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
    SELECT sha256(convert_to(person_text || chr(31) || personality_text, 'UTF8')), occur_time, id
    FROM memories WHERE persona_id = :persona_id AND personality_id = :personality_id
        AND (:dormant OR NOT dormant)
""")

_HERE = text("""
    SELECT id FROM memories
    WHERE persona_id = :persona_id AND personality_id = :personality_id
        AND id = ANY(CAST(:ids AS uuid[]))
""")

# One JSON document for many rows: stems are lists of different lengths, which no array can hold.
_ADD = text("""
    INSERT INTO memories (id, persona_id, personality_id, message_id, venue, platform, channel_id,
        person_name, person_text, personality_name, personality_text, occur_time, create_time,
        kind, sector, other_sectors, salience, locked, age_restricted, dormant, edit_time, words)
    SELECT id, :persona_id, :personality_id, message_id, venue, platform, channel_id,
        person_name, person_text, personality_name, personality_text, occur_time, :now,
        kind, sector, other_sectors, salience, locked, age_restricted, dormant, edit_time,
        array_to_tsvector(stems)
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS it (id uuid, message_id uuid, venue text,
        platform text, channel_id text, person_name text, person_text text, personality_name text,
        personality_text text, occur_time timestamptz, kind text, sector text, other_sectors text[],
        salience real, locked boolean, age_restricted boolean, dormant boolean,
        edit_time timestamptz, stems text[])
    ORDER BY id
""")

_ADD_RECALLS = text("""
    INSERT INTO memory_recalls (memory_id, salience, recall_count, last_recall_time)
    SELECT memory_id, salience, recall_count, last_recall_time
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS it (memory_id uuid, salience real,
        recall_count integer, last_recall_time timestamptz)
""")

_ADD_ORIGINS = text("""
    INSERT INTO memory_origins (memory_id, format, row)
    SELECT memory_id, format, row
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS it (memory_id uuid, format text, row text)
""")

_ADD_SOURCES = text("""
    INSERT INTO memory_sources (memory_id, source_id)
    SELECT memory_id, source_id
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS it (memory_id uuid, source_id uuid)
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


async def here(tx: AsyncSession, owner: Owner, ids: Collection[UUID]) -> set[UUID]:
    """Those of these memories that are the owner's."""
    return set(await tx.scalars(_HERE, _of(owner) | {"ids": list(ids)}))


async def digests(
    tx: AsyncSession, owner: Owner, *, dormant: bool = True
) -> dict[tuple[bytes, datetime], UUID]:
    """The owner's memories by SHA-256 of what each says, and by when it was said.

    `dormant`: those that are not recalled, too.
    """
    rows = await tx.execute(_DIGESTS, _of(owner) | {"dormant": dormant})
    return {(bytes(digest), occur_time): id_ for digest, occur_time, id_ in rows}


async def add(tx: AsyncSession, owner: Owner, rows: str) -> None:
    """Store memories: a JSON list of objects with `_ADD`'s columns."""
    await tx.execute(_ADD, _of(owner) | {"rows": rows, "now": clock.now()})


async def add_recalls(tx: AsyncSession, rows: str) -> None:
    """Note how often memories that were just added had been cited: rows as above."""
    await tx.execute(_ADD_RECALLS, {"rows": rows})


async def add_origins(tx: AsyncSession, rows: str) -> None:
    """Keep the rows of other programs that memories that were just added came with."""
    await tx.execute(_ADD_ORIGINS, {"rows": rows})


async def add_sources(tx: AsyncSession, rows: str) -> None:
    """Note what reflections that were just added had been gathered from."""
    await tx.execute(_ADD_SOURCES, {"rows": rows})


async def keep_unclaimed(tx: AsyncSession, personality_id: UUID, rows: str) -> int:
    """Store memories that nobody has claimed, as above; returns how many are new."""
    values = {"personality_id": personality_id, "rows": rows, "now": clock.now()}
    return len((await tx.scalars(_KEEP_UNCLAIMED, values)).all())


def _of(owner: Owner) -> dict[str, object]:
    return {"persona_id": owner.persona_id, "personality_id": owner.personality_id}
