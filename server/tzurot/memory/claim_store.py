"""The SQL of memories that wait for their owner, and of claims on them. See claims.py."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.tables import MemoryClaim, UnclaimedMemory

# By sender. What a sender has got is out of the count even while others of a group wait.
_WAITING = text("""
    SELECT sender, count(*) FILTER (WHERE cardinality(senders) = 1),
        count(*) FILTER (WHERE cardinality(senders) > 1), min(occur_time), max(occur_time)
    FROM unclaimed_memories, unnest(senders) AS sender
    WHERE personality_id = :personality_id AND sender <> ALL (claimed)
        AND (CAST(:sender_id AS text) IS NULL
            OR (sender = :sender_id AND senders @> ARRAY[CAST(:sender_id AS text)]))
    GROUP BY sender ORDER BY count(*) DESC, sender LIMIT :limit
""")

# Decisions on one id come one after the other.
_LOCK = text("""
    SELECT pg_advisory_xact_lock(hashtextextended(:sender_id, hashtext(:personality_id)))
""")

_MARK = text("""
    UPDATE unclaimed_memories SET claimed = array_append(claimed, :sender_id)
    WHERE id = ANY(CAST(:ids AS uuid[]))
""")

_DROP = text("""
    DELETE FROM unclaimed_memories WHERE id = ANY(CAST(:ids AS uuid[])) AND senders <@ claimed
""")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for whoever had an old id. Never what."""

    sender_id: str
    memory_count: int
    group_memory_count: int
    first_time: datetime | None
    last_time: datetime | None


async def waiting(
    tx: AsyncSession, personality_id: UUID, sender_id: str | None, limit: int
) -> list[Waiting]:
    """What waits, of all old ids or one; the most memories first."""
    wanted = {"personality_id": personality_id, "sender_id": sender_id, "limit": limit}
    return [Waiting(*row) for row in await tx.execute(_WAITING, wanted)]


async def waiting_of(
    tx: AsyncSession, personality_id: UUID, sender_id: str
) -> Sequence[UnclaimedMemory]:
    """The memories that wait for one old id, locked."""
    query = (
        select(UnclaimedMemory)
        .where(
            UnclaimedMemory.personality_id == personality_id,
            UnclaimedMemory.senders.contains([sender_id]),
            ~UnclaimedMemory.claimed.contains([sender_id]),
        )
        .order_by(UnclaimedMemory.id)
        .with_for_update()
    )
    return (await tx.scalars(query)).all()


async def give(tx: AsyncSession, sender_id: str, ids: Collection[UUID]) -> None:
    """Note that whoever had this id has these memories; those that all have wait no longer."""
    values = {"sender_id": sender_id, "ids": list(ids)}
    await tx.execute(_MARK, values)
    await tx.execute(_DROP, values)


async def lock(tx: AsyncSession, personality_id: UUID, sender_id: str) -> None:
    """Let no other transaction decide on this old id until this one ends."""
    await tx.execute(_LOCK, {"personality_id": str(personality_id), "sender_id": sender_id})


async def add(tx: AsyncSession, claim: MemoryClaim) -> bool:
    """Store a claim; False if there is one of the same request, or one that stands. Twins wait."""
    columns = MemoryClaim.__table__.columns
    values = {column.key: getattr(claim, column.key) for column in columns}
    row = await tx.execute(
        insert(MemoryClaim).values(values).on_conflict_do_nothing().returning(MemoryClaim.id)
    )
    return row.scalar_one_or_none() is not None


async def requested(tx: AsyncSession, person_id: UUID, request_id: UUID) -> MemoryClaim | None:
    """The claim that a request of the person's made."""
    query = select(MemoryClaim).where(
        MemoryClaim.person_id == person_id, MemoryClaim.request_id == request_id
    )
    return (await tx.scalars(query)).one_or_none()


async def standing(
    tx: AsyncSession, personality_id: UUID, sender_id: str, person_id: UUID
) -> MemoryClaim | None:
    """The person's claim on this old id, unless it was rejected."""
    query = select(MemoryClaim).where(
        MemoryClaim.personality_id == personality_id,
        MemoryClaim.sender_id == sender_id,
        MemoryClaim.person_id == person_id,
        MemoryClaim.state != "rejected",
    )
    return (await tx.scalars(query)).one_or_none()


async def confirmed(
    tx: AsyncSession, personality_id: UUID, sender_id: str | None = None
) -> Sequence[MemoryClaim]:
    """The confirmed claims on a character's memories, all or those on one old id."""
    query = select(MemoryClaim).where(
        MemoryClaim.personality_id == personality_id, MemoryClaim.state == "confirmed"
    )
    if sender_id is not None:
        query = query.where(MemoryClaim.sender_id == sender_id)
    return (await tx.scalars(query.order_by(MemoryClaim.id))).all()


async def find(tx: AsyncSession, claim_id: UUID, *, lock: bool = False) -> MemoryClaim | None:
    """A claim, whoever asks."""
    query = select(MemoryClaim).where(MemoryClaim.id == claim_id)
    query = query.with_for_update() if lock else query
    return (await tx.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def page(
    tx: AsyncSession,
    person_id: UUID,
    edited: Collection[UUID],
    *,
    before: UUID | None,
    limit: int,
) -> Sequence[MemoryClaim]:
    """The person's claims, and those on the characters `edited`, newest first."""
    query = (
        select(MemoryClaim)
        .where(or_(MemoryClaim.person_id == person_id, MemoryClaim.personality_id.in_(edited)))
        .order_by(MemoryClaim.id.desc())
        .limit(limit)
    )
    if before:
        query = query.where(MemoryClaim.id < before)
    return (await tx.scalars(query)).all()


async def reject_others(tx: AsyncSession, claim: MemoryClaim) -> None:
    """Reject what others claim of the same old id, now that it is somebody's."""
    await tx.execute(
        update(MemoryClaim)
        .where(
            MemoryClaim.personality_id == claim.personality_id,
            MemoryClaim.sender_id == claim.sender_id,
            MemoryClaim.id != claim.id,
            MemoryClaim.state == "pending",
        )
        .values(state="rejected", decide_time=func.coalesce(claim.decide_time, func.now()))
    )
