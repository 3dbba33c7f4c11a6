"""The SQL of facts. Everything here takes the owner, or the personas that facts are about.

Whoever changes what is known of an owner holds the owner's mark first, then memories, then facts.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from pgvector import HalfVector
from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.llm.embeddings import Vector
from tzurot.memory.facts.fact import Fact, FactId, Origin, State
from tzurot.memory.facts.fact_tables import Fact as FactRow
from tzurot.memory.facts.fact_tables import FactSource
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.venues import Place, Venue

_NAMED_IN = 20  # of an owner's latest memories, for what the person is called

# Until the end of the transaction nobody deletes the owner, and nobody else changes its facts.
_HOLD = text("""
    INSERT INTO fact_marks (persona_id, personality_id, due_time, failure_count, call_day,
        call_count)
    SELECT face.id, held.id, to_timestamp(0), 0, to_timestamp(0), 0
    FROM (SELECT id FROM personalities WHERE id = :personality_id FOR KEY SHARE) held,
        (SELECT id FROM personas WHERE id = :persona_id FOR KEY SHARE) face
    ON CONFLICT (persona_id, personality_id)
        DO UPDATE SET failure_count = fact_marks.failure_count
    RETURNING 1
""")

_NAMES = text("""
    SELECT name FROM personas WHERE id = :persona_id
    UNION SELECT display_name FROM personas WHERE id = :persona_id
    UNION SELECT person_name FROM (
        SELECT person_name FROM memories
        WHERE persona_id = :persona_id AND personality_id = :personality_id
        ORDER BY id DESC LIMIT :named_in) latest
""")

_BEHIND = text("""
    WITH RECURSIVE behind AS (
        SELECT id FROM facts WHERE superseded_by_id = :fact_id
        UNION SELECT f.id FROM facts f JOIN behind b ON f.superseded_by_id = b.id
    )
    SELECT id FROM behind
""")

_LEARNT_FROM_ALONE = text("""
    SELECT count(*) FROM (
        SELECT s.fact_id FROM fact_sources s JOIN facts f ON f.id = s.fact_id
        WHERE f.origin = 'learnt' AND NOT s.outdated AND s.fact_id IN (
            SELECT fact_id FROM fact_sources WHERE memory_id = ANY(CAST(:ids AS uuid[])))
        GROUP BY s.fact_id HAVING bool_and(s.memory_id = ANY(CAST(:ids AS uuid[])))
    ) alone
""")

_HOLD_SOURCES = text("""
    SELECT 1 FROM memories m WHERE m.id IN (
        SELECT s.memory_id FROM fact_sources s JOIN facts f ON f.id = s.fact_id
        WHERE f.persona_id = :persona_id AND f.personality_id = :personality_id)
    ORDER BY m.id FOR KEY SHARE
""")

_HOLD_MEMORIES = text("""
    SELECT id FROM memories WHERE id = ANY(CAST(:ids AS uuid[]))
        AND persona_id = :persona_id AND personality_id = :personality_id
    ORDER BY id FOR KEY SHARE
""")

# Those that are still the owner's, and stay so until the end.
_ADD_SOURCES = text("""
    WITH held AS MATERIALIZED (
        SELECT m.id FROM memories m JOIN facts f ON f.id = :fact_id
        WHERE m.id = ANY(CAST(:ids AS uuid[]))
            AND (m.persona_id, m.personality_id) = (f.persona_id, f.personality_id)
        ORDER BY m.id FOR KEY SHARE OF m
    )
    INSERT INTO fact_sources (fact_id, memory_id, outdated) SELECT :fact_id, id, :outdated FROM held
    ON CONFLICT DO NOTHING
""")

_PASS_ON = text("""
    INSERT INTO fact_sources (fact_id, memory_id, outdated)
    SELECT :new, memory_id, bool_and(outdated) FROM fact_sources
    WHERE fact_id = ANY(CAST(:old AS uuid[])) GROUP BY memory_id ON CONFLICT DO NOTHING
""")


async def learnt_from_alone(tx: AsyncSession, memory_ids: Collection[UUID]) -> int:
    """How many facts have no other sources than these memories: they go with them."""
    return await tx.scalar(_LEARNT_FROM_ALONE, {"ids": list(memory_ids)}) or 0


async def told(
    tx: AsyncSession, persona_ids: Collection[UUID], personality_id: UUID | None
) -> Sequence[FactId]:
    """What the personas' person wrote themselves, to one character or to all."""
    query = select(FactRow.id).where(
        FactRow.persona_id.in_(persona_ids), FactRow.origin == Origin.TOLD
    )
    if personality_id:
        query = query.where(FactRow.personality_id == personality_id)
    return [FactId(it) for it in await tx.scalars(query)]


async def hold(tx: AsyncSession, owner: Owner) -> bool:
    """Let nobody else change what is known of an owner; False: one of the two is gone."""
    return bool(await tx.scalar(_HOLD, of(owner)))


async def names(tx: AsyncSession, owner: Owner) -> frozenset[str]:
    """What the person is called, by their persona and in what the character remembers."""
    found = await tx.scalars(_NAMES, of(owner) | {"named_in": _NAMED_IN})
    return frozenset(it for it in found if it)


async def of_owner(tx: AsyncSession, owner: Owner) -> Sequence[Fact]:
    """All facts of an owner, the newest first."""
    return await _all(tx, *_owned(owner))


async def get(tx: AsyncSession, persona_ids: Collection[UUID], fact_id: UUID) -> Fact | None:
    """One fact of the personas'."""
    found = await _all(tx, FactRow.persona_id.in_(persona_ids), FactRow.id == fact_id)
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which facts are listed."""

    persona_ids: Collection[UUID]
    states: Collection[State]
    personality_id: UUID | None = None
    """None: of all characters."""


async def vectors(
    tx: AsyncSession, persona_ids: Collection[UUID], texts: Collection[str]
) -> dict[str, Vector]:
    """Of those of these texts that are facts of the personas what they mean."""
    query = select(FactRow.text, FactRow.embedding).where(
        FactRow.persona_id.in_(persona_ids), FactRow.text.in_(texts)
    )
    return {text: vector_of(stored) for text, stored in await tx.execute(query)}


async def page(
    tx: AsyncSession, wanted: Wanted, *, before: UUID | None, limit: int
) -> Sequence[Fact]:
    """At most `limit` facts older than `before`, newest first."""
    conditions: list[ColumnElement[bool]] = [
        FactRow.persona_id.in_(wanted.persona_ids),
        FactRow.state.in_(wanted.states),
    ]
    if wanted.personality_id:
        conditions.append(FactRow.personality_id == wanted.personality_id)
    if before:
        conditions.append(FactRow.id < before)
    return await _all(tx, *conditions, limit=limit)


async def superseded(
    tx: AsyncSession, persona_ids: Collection[UUID], fact_id: UUID
) -> Sequence[Fact]:
    """What a fact took the place of, the newest first."""
    return await _all(tx, FactRow.persona_id.in_(persona_ids), FactRow.superseded_by_id == fact_id)


async def behind(tx: AsyncSession, owner: Owner, fact_id: FactId) -> Sequence[Fact]:
    """What a fact took the place of, what that did, and so on."""
    ids = (await tx.scalars(_BEHIND, {"fact_id": fact_id})).all()
    return await _all(tx, *_owned(owner), FactRow.id.in_(ids))


async def add(tx: AsyncSession, fact: Fact, request_id: UUID | None = None) -> bool:
    """A new fact; False if the persona's `request_id` made one before. A twin is waited for."""
    values = {
        "id": fact.fact_id,
        "persona_id": fact.owner.persona_id,
        "personality_id": fact.owner.personality_id,
        "text": fact.text,
        "entity": fact.entity,
        "state": fact.state,
        "origin": fact.origin,
        "fictional": fact.fictional,
        **_columns(fact.place),
        "valid_from": fact.valid_from,
        "valid_until": fact.valid_until,
        "superseded_by_id": fact.superseded_by_id,
        "replaces_id": fact.replaces_id,
        "embedding": HalfVector(fact.vector),
        # Who told it knows it.
        "shown_time": fact.create_time if fact.origin is Origin.TOLD else None,
        "request_id": request_id,
        "create_time": fact.create_time,
    }
    added = await tx.scalar(
        insert(FactRow)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["persona_id", "request_id"])
        .returning(FactRow.id)
    )
    if added and fact.source_ids:
        await add_sources(tx, fact.fact_id, fact.source_ids)
    if added and fact.outdated_ids:
        await add_sources(tx, fact.fact_id, fact.outdated_ids, outdated=True)
    return added is not None


async def requested(tx: AsyncSession, persona_id: UUID, request_id: UUID) -> Fact | None:
    """The fact that a request of the persona's made."""
    found = await _all(tx, FactRow.persona_id == persona_id, FactRow.request_id == request_id)
    return found[0] if found else None


async def add_sources(
    tx: AsyncSession, fact_id: FactId, memory_ids: Iterable[MemoryId], *, outdated: bool = False
) -> None:
    """Note memories that say a fact, or what is not so; those that are noted already stay so.

    Only its owner's can.
    """
    values = {"fact_id": fact_id, "ids": list(memory_ids), "outdated": outdated}
    await tx.execute(_ADD_SOURCES, values)


async def outdate_sources(tx: AsyncSession, old: Collection[FactId], new: FactId) -> None:
    """Note of memories that say facts what is so instead."""
    query = select(FactSource.memory_id).where(FactSource.fact_id.in_(old)).distinct()
    rows = [{"fact_id": new, "memory_id": it, "outdated": True} for it in await tx.scalars(query)]
    if rows:
        await tx.execute(insert(FactSource).on_conflict_do_nothing(), rows)


async def hold_sources(tx: AsyncSession, owner: Owner) -> None:
    """Have the memories that say an owner's facts stay until the end; before a fact is changed."""
    await tx.execute(_HOLD_SOURCES, of(owner))


async def hold_memories(
    tx: AsyncSession, owner: Owner, memory_ids: Collection[MemoryId]
) -> set[MemoryId]:
    """Those of these memories that are the owner's, and stay until the end."""
    return set(await tx.scalars(_HOLD_MEMORIES, of(owner) | {"ids": list(memory_ids)}))


async def pass_on_sources(tx: AsyncSession, old: Collection[FactId], new: FactId) -> None:
    """Have what says some facts say another one."""
    await tx.execute(_PASS_ON, {"old": list(old), "new": new})


async def put_in_place(tx: AsyncSession, fact_id: FactId, place: Place) -> None:
    """Say where a fact was said."""
    await tx.execute(update(FactRow).where(FactRow.id == fact_id).values(**_columns(place)))


async def confirm(tx: AsyncSession, fact_id: FactId, replaces_id: FactId | None) -> None:
    """Let a fact that waits count; others that wait for the same place take it from this one."""
    if replaces_id:
        twins = update(FactRow).where(FactRow.replaces_id == replaces_id)
        await tx.execute(twins.values(replaces_id=fact_id))
    counting = {"state": State.CURRENT, "replaces_id": None}
    await tx.execute(update(FactRow).where(FactRow.id == fact_id).values(counting))


async def supersede(tx: AsyncSession, old: Collection[FactId], new: Fact) -> None:
    """Let facts be so only until another one was; none ends before it began."""
    gone = {
        "state": State.SUPERSEDED,
        "superseded_by_id": new.fact_id,
        "valid_until": func.greatest(FactRow.valid_from, new.valid_from),
    }
    await tx.execute(update(FactRow).where(FactRow.id.in_(old)).values(gone))


async def link(
    tx: AsyncSession, fact_id: FactId, superseded_by_id: FactId | None, replaces_id: FactId | None
) -> None:
    """Say what a fact made room for, or is to take the place of."""
    named = {"superseded_by_id": superseded_by_id, "replaces_id": replaces_id}
    await tx.execute(update(FactRow).where(FactRow.id == fact_id).values(named))


async def show(tx: AsyncSession, facts: Collection[FactId], now: datetime) -> None:
    """Note that their person knows of facts."""
    await tx.execute(update(FactRow).where(FactRow.id.in_(facts)).values(shown_time=now))


async def count_again(tx: AsyncSession, facts: Collection[FactId]) -> None:
    """Let facts that were superseded count."""
    counting = {"state": State.CURRENT, "superseded_by_id": None, "valid_until": None}
    await tx.execute(update(FactRow).where(FactRow.id.in_(facts)).values(counting))


async def inherit(tx: AsyncSession, old: FactId, new: FactId | None) -> None:
    """Let what a fact took the place of have made room for another one."""
    query = update(FactRow).where(FactRow.superseded_by_id == old)
    await tx.execute(query.values(superseded_by_id=new))


async def remove(tx: AsyncSession, facts: Collection[FactId]) -> None:
    """Delete facts."""
    await tx.execute(delete(FactRow).where(FactRow.id.in_(facts)))


def of(owner: Owner) -> dict[str, object]:
    """An owner as parameters."""
    return {"persona_id": owner.persona_id, "personality_id": owner.personality_id}


def vector_of(stored: Sequence[float]) -> Vector:
    """A vector as it is compared."""
    return np.asarray(stored, np.float32)


def _owned(owner: Owner) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        FactRow.persona_id == owner.persona_id,
        FactRow.personality_id == owner.personality_id,
    )


async def _all(
    tx: AsyncSession, *conditions: ColumnElement[bool], limit: int | None = None
) -> Sequence[Fact]:
    """The newest first."""
    query = read().where(*conditions).order_by(FactRow.id.desc()).limit(limit)
    return [fact_from(row) for row in await tx.execute(query)]


def read() -> Select[FactRow, list[UUID] | None, list[UUID] | None]:
    """The query that `fact_from` takes rows of; of whom is up to the caller."""
    said, outdated = _sources(outdated=False), _sources(outdated=True)
    # Rows are changed by statements that the session does not see.
    return select(FactRow, said, outdated).execution_options(populate_existing=True)


def _sources(*, outdated: bool) -> ScalarSelect[list[UUID] | None]:
    return (
        select(func.array_agg(FactSource.memory_id))
        .where(FactSource.fact_id == FactRow.id, FactSource.outdated.is_(outdated))
        .scalar_subquery()
    )


def fact_from(row: Row[FactRow, list[UUID] | None, list[UUID] | None]) -> Fact:
    """The fact of a row of `read`."""
    it, sources, outdated = row
    return Fact(
        fact_id=FactId(it.id),
        owner=Owner(it.persona_id, it.personality_id),
        text=it.text,
        entity=it.entity,
        state=State(it.state),
        origin=Origin(it.origin),
        fictional=it.fictional,
        place=Place(Venue(it.venue), it.platform, it.channel_id, it.age_restricted),
        valid_from=it.valid_from,
        valid_until=it.valid_until,
        superseded_by_id=FactId(it.superseded_by_id) if it.superseded_by_id else None,
        replaces_id=FactId(it.replaces_id) if it.replaces_id else None,
        create_time=it.create_time,
        vector=vector_of(it.embedding),
        source_ids=tuple(MemoryId(source) for source in sorted(sources or ())),
        outdated_ids=tuple(MemoryId(source) for source in sorted(outdated or ())),
    )


def _columns(place: Place) -> dict[str, object]:
    return {
        "venue": place.venue,
        "platform": place.platform,
        "channel_id": place.channel_id,
        "age_restricted": place.age_restricted,
    }
