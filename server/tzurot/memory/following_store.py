"""The SQL of memories that follow what they came from. See following.py."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Text, TextClause, and_, cast, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.tables import Memory, MemoryStates

_OF_TURNS = text("""
    UPDATE memories SET dormant = NOT it.on_path
    FROM unnest(CAST(:ids AS uuid[]), CAST(:on_path AS boolean[])) AS it (id, on_path)
    WHERE memories.turn_id = it.id AND memories.dormant = it.on_path
    RETURNING memories.id
""")

_OF_MESSAGES = text("""
    UPDATE memories SET dormant = NOT it.on_path
    FROM unnest(CAST(:ids AS uuid[]), CAST(:on_path AS boolean[])) AS it (id, on_path)
    WHERE memories.message_id = it.id AND memories.turn_id IS NULL
        AND memories.dormant = it.on_path
    RETURNING memories.id
""")

_COPY = text("""
    INSERT INTO memories (id, persona_id, personality_id, message_id, venue, platform, channel_id,
        person_name, person_text, personality_name, personality_text, occur_time, create_time,
        age_restricted, words)
    SELECT :id, persona_id, personality_id, :message_id, venue, platform, channel_id, person_name,
        person_text, personality_name, :text, occur_time, :now, age_restricted,
        array_to_tsvector(CAST(:stems AS text[]))
    FROM memories WHERE id = :like
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
    """The memories of turns and messages, locked, the awake ones first, then the newest."""
    query = (
        select(Memory)
        .where(
            or_(
                Memory.turn_id.in_(turns),
                and_(Memory.turn_id.is_(None), Memory.message_id.in_(messages)),
            )
        )
        .order_by(Memory.dormant, Memory.id.desc())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await tx.scalars(query)).all()


async def rewrite(
    tx: AsyncSession, memory_id: UUID, texts: Mapping[str, str], stems: Sequence[str]
) -> None:
    """Give a memory other words; its meaning is found anew by the relay."""
    words = func.array_to_tsvector(cast(list(stems), ARRAY(Text)))
    await tx.execute(
        update(Memory).where(Memory.id == memory_id).values(**texts, words=words, embedding=None)
    )
    await tx.execute(delete(MemoryStates).where(MemoryStates.memory_id == memory_id))


async def copy(tx: AsyncSession, values: Mapping[str, object]) -> None:
    """Store a memory like another one, with another answer, of another message."""
    await tx.execute(_COPY, dict(values))


async def remove(tx: AsyncSession, memory_ids: Collection[UUID]) -> None:
    """Delete memories."""
    await tx.execute(delete(Memory).where(Memory.id.in_(memory_ids)))


async def _set(tx: AsyncSession, statement: TextClause, on_path: Mapping[UUID, bool]) -> int:
    if not on_path:
        return 0
    values = {"ids": list(on_path), "on_path": list(on_path.values())}
    return len((await tx.scalars(statement, values)).all())
