"""The SQL of purges. Memories are held in one order: what was said, by id, then reflections.

What goes is noted in a table of the transaction, `doomed`: hundreds of thousands of ids never leave
Postgres. It is emptied at once: it becomes nobody's, so that no query has it any more, and says
nothing. To delete such a row takes far longer, for all that refers to it, and is done later.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    String,
    Uuid,
    column,
    delete,
    func,
    insert,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer

from tzurot.memory.filters import Whose
from tzurot.memory.reflection.reflection_tables import MemorySource
from tzurot.memory.tables import Memory, PurgeConfirmation

_DOOMED = table(
    "doomed",
    column("id", Uuid),
    column("kind", String),
    column("persona_id", Uuid),
    column("along", Boolean),
)

_ANY = select(Memory.id, Memory.kind, Memory.persona_id)

_CREATE = text("""
    CREATE TEMPORARY TABLE doomed (id uuid, kind text, persona_id uuid, along boolean DEFAULT false)
    ON COMMIT DROP
""")

# How many there are decides how the rest is done.
_ANALYZE = text("ANALYZE doomed")

# Reflections that were gathered from what goes. Once that is held no more can be.
_ALONG = text("""
    INSERT INTO doomed (id, kind, persona_id, along)
    SELECT m.id, m.kind, m.persona_id, true FROM memories m
    WHERE m.id IN (SELECT s.memory_id FROM memory_sources s JOIN doomed d ON d.id = s.source_id)
        AND m.id NOT IN (SELECT id FROM doomed WHERE kind = 'reflection')
""")

_COUNTS = text("""
    SELECT count(*), count(*) FILTER (WHERE kind = 'reflection'), (
        SELECT count(*) FROM (
            SELECT s.fact_id FROM fact_sources s JOIN facts f ON f.id = s.fact_id
            LEFT JOIN doomed d ON d.id = s.memory_id
            WHERE f.origin = 'learnt' AND NOT s.outdated AND s.fact_id IN (
                SELECT fact_id FROM fact_sources WHERE memory_id IN (SELECT id FROM doomed))
            GROUP BY s.fact_id HAVING bool_and(d.id IS NOT NULL)
        ) alone
    ), (
        SELECT count(DISTINCT t.dream_id) FROM dream_sources t
        WHERE t.reflection_id IN (SELECT id FROM doomed WHERE kind = 'reflection')
    ) FROM doomed
""")

_NEWEST = text("SELECT id FROM doomed WHERE NOT along ORDER BY id DESC LIMIT :limit")

_CONFIRM = text("""
    INSERT INTO purge_confirmations (digest, person_id, request_digest, include_locked, memory_ids,
        fact_ids, expire_time)
    SELECT :digest, :person_id, :request_digest, :include_locked,
        ARRAY(SELECT id FROM doomed WHERE NOT along), CAST(:fact_ids AS uuid[]), :expire_time
""")

# Of what was said all but the newest waits; what was gathered goes first.
_USE = text("""
    WITH rest AS (
        DELETE FROM doomed WHERE id IN (
            SELECT id FROM doomed WHERE kind = 'exchange' ORDER BY id DESC OFFSET :limit)
        RETURNING id
    )
    UPDATE purge_confirmations SET use_time = coalesce(use_time, :now), fact_ids = '{}',
        memory_ids = ARRAY(SELECT id FROM rest)
    WHERE digest = :digest
""")

_UNFINISHED = text("""
    SELECT digest, include_locked FROM purge_confirmations
    WHERE use_time IS NOT NULL AND memory_ids <> '{}' LIMIT 1 FOR UPDATE SKIP LOCKED
""")

# What is not null has to say something.
_EMPTY = text("""
    UPDATE memories m SET persona_id = NULL, turn_id = NULL, message_id = NULL, request_id = NULL,
        platform = '', channel_id = '', person_name = '', person_text = '-', personality_name = '',
        personality_text = '', dormant = true, withheld = false, answer_withheld = false,
        locked = false, edit_time = NULL, embedding = NULL, embedding_b = NULL, words = ''
    FROM doomed d WHERE m.id = d.id
""")

# What triggers do for each memory that is deleted, these do for all of them. Who forgets a
# reflection doesn't want it back; one that goes with a source may be gathered anew.
_FOLLOW = (
    text("""
        INSERT INTO index_outbox (memory_id, persona_id, create_time)
        SELECT id, persona_id, now() FROM doomed
    """),
    text("""
        INSERT INTO ungathered_memories (memory_id)
        SELECT m.id FROM doomed d JOIN memory_sources s ON s.memory_id = d.id
        JOIN memories m ON m.id = s.source_id
        WHERE NOT d.along AND m.persona_id IS NOT NULL
        FOR KEY SHARE OF m SKIP LOCKED
        ON CONFLICT DO NOTHING
    """),
    text("""
        DELETE FROM dreams WHERE id IN (
            SELECT t.dream_id FROM dream_sources t JOIN doomed d ON d.id = t.reflection_id)
    """),
    text("DELETE FROM memory_sources WHERE memory_id IN (SELECT id FROM doomed)"),
    text("DELETE FROM unworded_reflections WHERE memory_id IN (SELECT id FROM doomed)"),
    text("DELETE FROM unlearnt_memories WHERE memory_id IN (SELECT id FROM doomed)"),
    text("DELETE FROM fact_sources WHERE memory_id IN (SELECT id FROM doomed)"),
)

_DELETE_EMPTIED = text("""
    DELETE FROM memories WHERE id IN (
        SELECT id FROM memories WHERE persona_id IS NULL ORDER BY id LIMIT :limit
        FOR UPDATE SKIP LOCKED)
    RETURNING id
""")


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is doomed, and what goes with it."""

    memories: int
    """Reflections included."""
    reflections: int
    facts: int
    """Learnt from these memories alone."""
    dreams: int


async def mean(tx: AsyncSession, whose: Whose, *, include_locked: bool) -> None:
    """Doom what is meant."""
    await _doom(tx, _meant(whose, include_locked=include_locked))


async def mean_shown(
    tx: AsyncSession, whose: Whose, shown: PurgeConfirmation, *, include_locked: bool
) -> None:
    """Doom what is still meant of what was shown."""
    still = _meant(whose, include_locked=include_locked)
    await _doom(tx, still.where(Memory.id.in_(_ids_of(shown.digest))))


async def hold_meant(tx: AsyncSession, whose: Whose, *, include_locked: bool) -> None:
    """Let nobody change what is doomed until the transaction ends; what changed is spared."""
    await _hold(tx, _meant(whose, include_locked=include_locked))
    await _hold_along(tx)


async def counts(tx: AsyncSession) -> Counts:
    """How much is doomed."""
    return Counts(*(await tx.execute(_COUNTS)).one())


async def newest(tx: AsyncSession, limit: int) -> Sequence[UUID]:
    """The newest ids of what is meant."""
    return (await tx.scalars(_NEWEST, {"limit": limit})).all()


async def kept_count(tx: AsyncSession, whose: Whose) -> int:
    """How many of what is meant stay unless locked memories go, too."""
    kept = _kept(whose.persona_ids)
    query = select(func.count()).select_from(Memory).where(*whose.conditions, kept)
    return (await tx.scalars(query)).one()


async def confirm(tx: AsyncSession, shown: PurgeConfirmation) -> None:
    """Keep what was shown: with the facts, what is doomed."""
    columns = ("digest", "person_id", "request_digest", "include_locked", "fact_ids")
    values = {name: getattr(shown, name) for name in (*columns, "expire_time")}
    await tx.execute(_CONFIRM, values)


async def empty(tx: AsyncSession) -> None:
    """Make what is doomed nobody's, without a word."""
    await tx.execute(_EMPTY)
    for statement in _FOLLOW:
        await tx.execute(statement)


async def delete_emptied(tx: AsyncSession, limit: int) -> int:
    """Delete rows that were emptied, at most so many; how many there were."""
    return len((await tx.scalars(_DELETE_EMPTIED, {"limit": limit})).all())


async def hold(tx: AsyncSession, person_id: UUID, digest: bytes) -> PurgeConfirmation | None:
    """The person's confirmation of that digest, but for the memories; who asks meanwhile waits."""
    query = (
        select(PurgeConfirmation)
        .where(PurgeConfirmation.digest == digest, PurgeConfirmation.person_id == person_id)
        .options(defer(PurgeConfirmation.memory_ids))
    )
    return (await tx.scalars(query.with_for_update())).one_or_none()


async def use(tx: AsyncSession, digest: bytes, now: datetime, *, at_once: int) -> None:
    """Note that what was confirmed is done; of what is doomed no more than so many stay so.

    The rest is left for `doom_rest`, the oldest last.
    """
    await tx.execute(_USE, {"digest": digest, "now": now, "limit": at_once})


async def doom_rest(tx: AsyncSession, now: datetime, *, at_once: int) -> bool:
    """Doom and hold what is left of a purge, no more than so many; whether there was any.

    What was locked since is spared, unless locked memories were to go.
    """
    unfinished = (await tx.execute(_UNFINISHED)).one_or_none()
    if unfinished is None:
        return False
    digest, include_locked = unfinished
    left = _ANY.where(Memory.id.in_(_ids_of(digest)), Memory.persona_id.is_not(None))
    if not include_locked:
        left = left.where(~_kept(left.with_only_columns(Memory.persona_id).distinct()))
    await _doom(tx, left)
    there = _ANY if include_locked else _ANY.where(~Memory.locked)
    await use(tx, digest, now, at_once=at_once)
    await _hold(tx, there.where(Memory.persona_id.is_not(None)))
    await _hold_along(tx)
    return True


async def sweep(tx: AsyncSession, before: datetime) -> int:
    """Delete confirmations that expired before that and left nothing to do; how many."""
    old = delete(PurgeConfirmation).where(
        PurgeConfirmation.expire_time < before,
        or_(PurgeConfirmation.use_time.is_(None), PurgeConfirmation.memory_ids == []),
    )
    return len((await tx.scalars(old.returning(PurgeConfirmation.digest))).all())


async def _doom(tx: AsyncSession, meant: Select[UUID, str, UUID]) -> None:
    await tx.execute(_CREATE)
    await tx.execute(insert(_DOOMED).from_select(["id", "kind", "persona_id"], meant))
    await tx.execute(_ALONG)
    await tx.execute(_ANALYZE)


async def _hold(tx: AsyncSession, still: Select[UUID, str, UUID]) -> None:
    held = (
        still.where(Memory.id.in_(select(_DOOMED.c.id)))
        .order_by(Memory.kind, Memory.id)
        .with_for_update()
        .cte("held")
        .prefix_with("MATERIALIZED")
    )
    gone = delete(_DOOMED).where(~_DOOMED.c.along, _DOOMED.c.id.not_in(select(held.c.id)))
    await tx.execute(gone)


async def _hold_along(tx: AsyncSession) -> None:
    """Doom what was gathered meanwhile from what is held, too, and hold all that goes along."""
    await tx.execute(_ALONG)
    along = select(_DOOMED.c.id).where(_DOOMED.c.along)
    query = select(Memory.id).where(Memory.id.in_(along)).order_by(Memory.id).with_for_update()
    await tx.execute(query)


def _ids_of(digest: bytes) -> Select[UUID]:
    """What was shown of a purge, or is left of it."""
    shown = select(func.unnest(PurgeConfirmation.memory_ids))
    return shown.where(PurgeConfirmation.digest == digest)


def _meant(whose: Whose, *, include_locked: bool) -> Select[UUID, str, UUID]:
    spared = [] if include_locked else [~_kept(whose.persona_ids)]
    return _ANY.where(*whose.conditions, *spared)


def _kept(persona_ids: Collection[UUID] | Select[UUID]) -> ColumnElement[bool]:
    """Whether a memory of the personas is locked, or a locked reflection was gathered from it."""
    reflection = aliased(Memory)
    sources = (
        select(MemorySource.source_id)
        .join(reflection, reflection.id == MemorySource.memory_id)
        .where(reflection.persona_id.in_(persona_ids), reflection.locked)
    )
    return or_(Memory.locked, Memory.id.in_(sources))
