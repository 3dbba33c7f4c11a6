"""The SQL of characters. Everything but the system's own seed takes the person who asks.

Every query about characters begins with `accessible`: the row, the person's role, their override.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.personality.searching import Wanted
from tzurot.personality.sharing.sharing import Access, Role
from tzurot.personality.tables import (
    Alias,
    LorebookUse,
    Override,
    Personality,
    Share,
    Source,
)

Ref = UUID | str  # an id or a slug


def accessible(person_id: UUID) -> Select[Personality, Any, Override]:
    """Characters with the role that a person has by name, and how they have it otherwise."""
    role = case((Personality.owner_id == person_id, "owner"), else_=Share.role)
    return (
        select(Personality, role, Override)
        .outerjoin(
            Share, and_(Share.personality_id == Personality.id, Share.person_id == person_id)
        )
        .outerjoin(
            Override,
            and_(Override.personality_id == Personality.id, Override.person_id == person_id),
        )
    )


def listed(person_id: UUID) -> ColumnElement[bool]:
    """What lists, searches and names lead a person to; of `accessible`."""
    return or_(
        Personality.owner_id == person_id,
        Share.role.in_(("viewer", "editor")),
        and_(Share.role == "user", Personality.visibility != "private"),
        and_(Personality.visibility == "public", Share.role.is_distinct_from("blocked")),
    )


def reachable(person_id: UUID) -> ColumnElement[bool]:
    """What a person gets by its id or slug; of `accessible`."""
    known = and_(Personality.visibility == "unlisted", Share.role.is_distinct_from("blocked"))
    return or_(listed(person_id), known)


def access(row: Row[Personality, Any, Override]) -> Access:
    """A row of `accessible`."""
    personality, role, override = row
    return Access(personality, Role.named(role), override)


async def find(tx: AsyncSession, person_id: UUID, ref: Ref, *, lock: bool = False) -> Access | None:
    """The personality that `ref` names, if the person may see it."""
    named = Personality.id == ref if isinstance(ref, UUID) else Personality.slug == ref
    query = accessible(person_id).where(reachable(person_id), named)
    query = query.with_for_update(of=Personality) if lock else query
    row = (await tx.execute(query)).one_or_none()
    return access(row) if row else None


async def among(tx: AsyncSession, person_id: UUID, ids: Collection[UUID]) -> Sequence[Access]:
    """Those of these personalities that the person may see."""
    query = accessible(person_id).where(reachable(person_id), Personality.id.in_(ids))
    return [access(row) for row in await tx.execute(query)]


async def labels(tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Names and slugs by id."""
    query = select(Personality.id, Personality.name, Personality.slug)
    rows = await tx.execute(query.where(Personality.id.in_(ids)))
    return {row.id: (row.name, row.slug) for row in rows}


async def belongings(
    tx: AsyncSession, person_id: UUID, personality_id: UUID
) -> tuple[str, tuple[UUID, ...], tuple[str, ...]]:
    """The format that a personality was imported from, its lorebooks' ids, and its aliases.

    Aliases are those for everybody, then the person's own.
    """
    aliases = await tx.scalars(
        select(Alias.alias)
        .where(
            Alias.personality_id == personality_id,
            or_(Alias.person_id.is_(None), Alias.person_id == person_id),
        )
        .order_by(Alias.person_id.is_not(None), Alias.id)
    )
    source_format = await tx.scalar(
        select(Source.format).where(Source.personality_id == personality_id)
    )
    books = await tx.scalars(
        select(LorebookUse.lorebook_id)
        .where(LorebookUse.personality_id == personality_id)
        .order_by(LorebookUse.position, LorebookUse.lorebook_id)
    )
    return source_format or "", tuple(books), tuple(aliases)


async def owned_ids(tx: AsyncSession, owner_id: UUID) -> Sequence[UUID]:
    """The ids of all that a person owns."""
    return (await tx.scalars(select(Personality.id).where(Personality.owner_id == owner_id))).all()


async def page(
    tx: AsyncSession, person_id: UUID, wanted: Wanted, *, after: UUID | None, limit: int
) -> Sequence[Access]:
    """Characters, newest first."""
    co_owned = or_(Personality.owner_id == person_id, Share.role.in_(("viewer", "editor")))
    query = accessible(person_id).where(co_owned if wanted.mine else listed(person_id))
    query = query.order_by(Personality.id.desc()).limit(limit)
    for word in wanted.words:
        query = query.where(_has(word, person_id))
    for tag in wanted.tags:
        tagged = func.unnest(Personality.tags).column_valued("tag")
        query = query.where(select(tagged).where(func.lower(tagged) == tag).exists())
    if after:
        query = query.where(Personality.id < after)
    return [access(row) for row in await tx.execute(query)]


def _has(word: str, person_id: UUID) -> ColumnElement[bool]:
    """Whether a folded word stands in what everybody may read of a character."""
    aliases = select(Alias.id).where(
        Alias.personality_id == Personality.id,
        or_(Alias.person_id.is_(None), Alias.person_id == person_id),
        Alias.folded_alias.contains(word, autoescape=True),
    )
    told = func.concat_ws(
        " ",
        Personality.nickname,
        func.array_to_string(Personality.tags, " "),
        Personality.creator,
        Personality.creator_notes,
    )
    return or_(
        Personality.folded_name.contains(word, autoescape=True),
        Personality.slug.contains(word, autoescape=True),
        func.lower(told).contains(word, autoescape=True),
        aliases.exists(),
    )


async def add(tx: AsyncSession, personality: Personality) -> bool:
    """Store a new personality; False if its owner used the request id before, or its slug is taken.

    Of twins at the same time the second waits for the first.
    """
    columns = Personality.__table__.columns
    values = {c.key: getattr(personality, c.key) for c in columns}
    row = await tx.execute(
        insert(Personality)
        .values({key: value for key, value in values.items() if value is not None})
        .on_conflict_do_nothing()
        .returning(Personality.id)
    )
    return row.scalar_one_or_none() is not None


async def of_request(tx: AsyncSession, owner_id: UUID, request_id: UUID) -> Personality | None:
    """The personality that a request created, if it was not deleted since."""
    query = select(Personality).where(
        Personality.owner_id == owner_id, Personality.request_id == request_id
    )
    return (await tx.scalars(query)).one_or_none()


async def slug_exists(tx: AsyncSession, slug: str) -> bool:
    """Whether anybody's personality uses this slug."""
    return bool(await tx.scalar(select(exists().where(Personality.slug == slug))))
