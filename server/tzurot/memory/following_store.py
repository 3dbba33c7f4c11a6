"""The SQL of memories that follow what they came from. See following.py."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Text, TextClause, and_, cast, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.reading import reading_store
from tzurot.memory.tables import Memory

_OF_TURNS = text("""
    UPDATE memories SET dormant = withheld OR NOT it.on_path
    FROM unnest(CAST(:ids AS uuid[]), CAST(:on_path AS boolean[])) AS it (id, on_path)
    WHERE memories.turn_id = it.id AND memories.dormant <> (withheld OR NOT it.on_path)
    RETURNING memories.id
""")

_OF_MESSAGES = text("""
    UPDATE memories SET dormant = withheld OR NOT it.on_path
    FROM unnest(CAST(:ids AS uuid[]), CAST(:on_path AS boolean[])) AS it (id, on_path)
    WHERE memories.message_id = it.id AND memories.turn_id IS NULL
        AND memories.dormant <> (withheld OR NOT it.on_path)
    RETURNING memories.id
""")

_COUNT = text("""
    SELECT count(*) FROM memories WHERE turn_id = ANY(CAST(:turns AS uuid[]))
        OR turn_id IS NULL AND message_id = ANY(CAST(:messages AS uuid[]))
""")

_COPY = text("""
    INSERT INTO memories (id, persona_id, personality_id, message_id, venue, platform, channel_id,
        person_name, person_text, personality_name, personality_text, occur_time, create_time,
        age_restricted, sector, other_sectors, salience, locked, edit_time, withheld, words)
    SELECT :id, persona_id, personality_id, :message_id, venue, platform, channel_id, person_name,
        person_text, personality_name, :text, occur_time, :now, age_restricted, :sector,
        CAST(:other_sectors AS text[]), :salience, locked, edit_time,
        withheld AND NOT answer_withheld, array_to_tsvector(CAST(:stems AS text[]))
    FROM memories WHERE id = :like
""")


# What was learnt from the person's words, and what is still to be, it is of them here, too.
_COPY_SOURCES = text("""
    INSERT INTO fact_sources (fact_id, memory_id, outdated)
    SELECT fact_id, :id, outdated FROM fact_sources WHERE memory_id = :like
""")

_COPY_UNLEARNT = text("""
    INSERT INTO unlearnt_memories (memory_id, persona_id, personality_id, create_time)
    SELECT :id, persona_id, personality_id, create_time FROM unlearnt_memories
    WHERE memory_id = :like
""")


async def of_turns(tx: AsyncSession, turns: Mapping[UUID, bool]) -> int:
    """Set whether memories of turns are dormant; how many changed."""
    return await _set(tx, _OF_TURNS, turns)


async def of_messages(tx: AsyncSession, messages: Mapping[UUID, bool]) -> int:
    """The same of memories that came from a message of no turn."""
    return await _set(tx, _OF_MESSAGES, messages)


async def of(
    tx: AsyncSession, turns: Collection[UUID], messages: Collection[UUID]
) -> Sequence[Memory]:
    """The memories of turns and messages, held, the awake ones first, then the newest.

    They are held in the order of their ids, as by whoever else holds several.
    """
    query = (
        select(Memory)
        .where(
            or_(
                Memory.turn_id.in_(turns),
                and_(Memory.turn_id.is_(None), Memory.message_id.in_(messages)),
            )
        )
        .order_by(Memory.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return sorted(await tx.scalars(query), key=lambda it: (it.dormant, -it.id.int))


async def count(tx: AsyncSession, turns: Collection[UUID], messages: Collection[UUID]) -> int:
    """How many memories turns and messages have."""
    return await tx.scalar(_COUNT, {"turns": list(turns), "messages": list(messages)}) or 0


async def rewrite(
    tx: AsyncSession, memory_id: UUID, columns: Mapping[str, object], stems: Sequence[str]
) -> None:
    """Give a memory other words; its meaning is found anew by the relay."""
    words = func.array_to_tsvector(cast(list(stems), ARRAY(Text)))
    await tx.execute(update(Memory).where(Memory.id == memory_id).values(**columns, words=words))
    await reading_store.forget(tx, memory_id)


async def copy(tx: AsyncSession, values: Mapping[str, object]) -> None:
    """Store a memory like another one, with another answer, of another message."""
    await tx.execute(_COPY, dict(values))
    for more in (_COPY_SOURCES, _COPY_UNLEARNT):
        await tx.execute(more, {"id": values["id"], "like": values["like"]})


async def remove(tx: AsyncSession, memory_ids: Collection[UUID]) -> None:
    """Delete memories."""
    await tx.execute(delete(Memory).where(Memory.id.in_(memory_ids)))


async def _set(tx: AsyncSession, statement: TextClause, on_path: Mapping[UUID, bool]) -> int:
    if not on_path:
        return 0
    values = {"ids": list(on_path), "on_path": list(on_path.values())}
    return len((await tx.scalars(statement, values)).all())
