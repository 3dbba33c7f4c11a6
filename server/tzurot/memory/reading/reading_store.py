"""The SQL of what models read in memories: vectors, token states, vectors of later parts."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import TextClause, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.llm.embeddings import Vector
from tzurot.memory.meaning import Slot, Understood
from tzurot.memory.reading.slot_tables import MemoryWindow
from tzurot.memory.tables import Memory

Said = tuple[str, str]
"""What a memory says, both sides: by that a reading still belongs to it."""

# Each as long as the memory says the same still; the first locks it until all is written.
_SAME = "person_text = :said AND personality_text = :answered"


def _embed(slot: Slot) -> TextClause:
    return text(f"""
        UPDATE memories SET {slot.embedding} = CAST(:vector AS halfvec)
        WHERE id = :memory_id AND {_SAME}
    """)  # noqa: S608 - made of constants


def _keep_states(slot: Slot) -> TextClause:
    return text(f"""
        INSERT INTO {slot.states} (memory_id, lengths, person_passages, states)
        SELECT id, CAST(:lengths AS smallint[]), :person_passages, :states FROM memories
        WHERE id = :memory_id AND {_SAME}
        ON CONFLICT (memory_id) DO UPDATE SET lengths = excluded.lengths,
            person_passages = excluded.person_passages, states = excluded.states
    """)  # noqa: S608 - made of constants


_KEEP_WINDOW = text(f"""
    INSERT INTO memory_windows (memory_id, slot, position, persona_id, personality_id, embedding)
    SELECT id, :slot, :position, persona_id, personality_id, CAST(:vector AS halfvec)
    FROM memories WHERE id = :memory_id AND {_SAME}
    ON CONFLICT (memory_id, slot, position) DO UPDATE SET embedding = excluded.embedding
""")  # noqa: S608 - made of constants


_TELL = text("""
    INSERT INTO index_outbox (memory_id, persona_id, create_time)
    SELECT id, persona_id, now() FROM memories
    WHERE id = ANY(CAST(:ids AS uuid[])) AND persona_id IS NOT NULL AND EXISTS (
        SELECT FROM index_collections WHERE slot = :slot AND state <> 'leaving')
""")


def _unread(live: Slot, filling: Slot) -> TextClause:
    return text(f"""
        SELECT id FROM memories
        WHERE id > :after AND {filling.embedding} IS NULL AND {live.embedding} IS NOT NULL
            AND NOT dormant
        ORDER BY id LIMIT :limit
    """)  # noqa: S608 - made of constants


def _count(live: Slot, filling: Slot) -> TextClause:
    return text(f"""
        SELECT count(*) FROM memories
        WHERE {filling.embedding} IS NULL AND {live.embedding} IS NOT NULL AND NOT dormant
    """)  # noqa: S608 - made of constants


def _waiting(slot: Slot) -> TextClause:
    return text(f"""
        SELECT o.id, o.memory_id FROM index_outbox o JOIN memories m ON m.id = o.memory_id
        WHERE o.id > :after AND m.{slot.embedding} IS NULL AND NOT m.dormant
        ORDER BY o.id LIMIT :limit
    """)  # noqa: S608 - made of constants


def _requeue(slot: Slot) -> TextClause:
    return text(f"""
        INSERT INTO index_outbox (memory_id, persona_id, create_time)
        SELECT id, persona_id, now() FROM memories
        WHERE {slot.embedding} IS NULL AND NOT dormant
    """)  # noqa: S608 - made of constants


def _empty(slot: Slot) -> TextClause:
    return text(f"""
        UPDATE memories SET {slot.embedding} = NULL WHERE id IN (
            SELECT id FROM memories WHERE id > :after AND {slot.embedding} IS NOT NULL
            ORDER BY id LIMIT :limit FOR UPDATE)
        RETURNING id
    """)  # noqa: S608 - made of constants


_EMBED = {slot: _embed(slot) for slot in Slot}
_KEEP_STATES = {slot: _keep_states(slot) for slot in Slot}
_WAITING = {slot: _waiting(slot) for slot in Slot}
_EMPTY = {slot: _empty(slot) for slot in Slot}
_REQUEUE = {slot: _requeue(slot) for slot in Slot}


async def keep(tx: AsyncSession, slot: Slot, read: Sequence[tuple[UUID, Said, Understood]]) -> None:
    """Store what a model read into a slot, of those memories that still say the same."""
    same = [
        {"memory_id": memory_id, "said": said, "answered": answered}
        for memory_id, (said, answered), _ in read
    ]
    understood = [it for _, _, it in read]
    pairs = list(zip(same, understood, strict=True))
    await _run(tx, _EMBED[slot], [it | {"vector": _text(what.vector)} for it, what in pairs])
    await _run(tx, _KEEP_STATES[slot], [it | _states(what) for it, what in pairs if what.lengths])
    ids = [memory_id for memory_id, _, _ in read]
    await tx.execute(
        delete(MemoryWindow).where(MemoryWindow.memory_id.in_(ids), MemoryWindow.slot == slot)
    )
    windows = [
        it | {"slot": slot, "position": position, "vector": _text(vector)}
        for it, what in pairs
        for position, vector in enumerate(what.windows)
    ]
    await _run(tx, _KEEP_WINDOW, windows)


async def windows_of(
    tx: AsyncSession, slot: Slot, memory_ids: Collection[UUID]
) -> Mapping[UUID, list[list[float]]]:
    """The vectors of later parts, in order; of short memories there are none."""
    query = select(MemoryWindow.memory_id, MemoryWindow.embedding)
    query = query.where(MemoryWindow.memory_id.in_(memory_ids), MemoryWindow.slot == slot)
    found: dict[UUID, list[list[float]]] = {}
    for memory_id, vector in await tx.execute(query.order_by(MemoryWindow.position)):
        found.setdefault(memory_id, []).append(vector)
    return found


async def unread(
    tx: AsyncSession, live: Slot, filling: Slot, *, after: UUID, limit: int
) -> Sequence[Memory]:
    """Memories that were read into the live slot only, by their ids."""
    wanted = {"after": after, "limit": limit}
    ids = (await tx.scalars(_unread(live, filling), wanted)).all()
    return (await tx.scalars(select(Memory).where(Memory.id.in_(ids)).order_by(Memory.id))).all()


async def waiting(
    tx: AsyncSession, live: Slot, *, after: int, limit: int
) -> tuple[int, Sequence[Memory]]:
    """Memories in the outbox, after one of its rows, that are not read; and the last one's row."""
    rows = await tx.execute(_WAITING[live], {"after": after, "limit": limit})
    found = {memory_id: outbox_id for outbox_id, memory_id in rows}
    memories = (await tx.scalars(select(Memory).where(Memory.id.in_(found)))).all()
    return max(found.values(), default=after), memories


async def unread_count(tx: AsyncSession, live: Slot, filling: Slot) -> int:
    """How many memories were read into the live slot only."""
    return await tx.scalar(_count(live, filling)) or 0


async def tell_collection(tx: AsyncSession, slot: Slot, memory_ids: Collection[UUID]) -> None:
    """Let the relay tell what was read into a slot, if an engine has a collection for that."""
    await tx.execute(_TELL, {"slot": slot, "ids": list(memory_ids)})


async def requeue(tx: AsyncSession, slot: Slot) -> None:
    """Let the relay read what nobody read into the slot."""
    await tx.execute(_REQUEUE[slot])


async def forget(tx: AsyncSession, memory_id: UUID) -> None:
    """Delete whatever was read in a memory: it says something else now."""
    wanted = {"memory_id": memory_id}
    await tx.execute(
        text("UPDATE memories SET embedding = NULL, embedding_b = NULL WHERE id = :memory_id"),
        wanted,
    )
    for table in ("memory_states", "memory_states_b", "memory_windows"):
        await tx.execute(text(f"DELETE FROM {table} WHERE memory_id = :memory_id"), wanted)  # noqa: S608 - constants


async def empty(tx: AsyncSession, slot: Slot, *, after: UUID, limit: int) -> Sequence[UUID]:
    """Delete what was read into a slot, of at most `limit` memories; which ones."""
    ids = (await tx.scalars(_EMPTY[slot], {"after": after, "limit": limit})).all()
    gone = {"ids": list(ids)}
    states = f"DELETE FROM {slot.states} WHERE memory_id = ANY(CAST(:ids AS uuid[]))"  # noqa: S608 - constants
    await tx.execute(text(states), gone)
    await tx.execute(
        delete(MemoryWindow).where(MemoryWindow.memory_id.in_(ids), MemoryWindow.slot == slot)
    )
    return ids


def _states(it: Understood) -> dict[str, object]:
    return {
        "lengths": list(it.lengths),
        "person_passages": it.person_passages,
        "states": it.states,
    }


def _text(vector: Vector) -> str:
    return HalfVector(vector).to_text()


async def _run(
    tx: AsyncSession, statement: TextClause, rows: Sequence[Mapping[str, object]]
) -> None:
    if rows:
        await tx.execute(statement, list(rows))
