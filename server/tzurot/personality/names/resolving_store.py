"""The SQL of resolution: what names can mean to a person, in the order of `Kind`, then nearness."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    Text,
    and_,
    any_,
    case,
    cast,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from tzurot.personality import store
from tzurot.personality.sharing.sharing import Access, Role
from tzurot.personality.tables import Alias, Override, Personality, Share

_ID_LENGTH = 36  # characters of a UUID as we write it: 32 digits alone can be a slug


class Kind(IntEnum):
    """What a name is to a character; what comes first wins."""

    ID = 0
    NAME = 1
    SLUG = 2
    OWN_ALIAS = 3
    ALIAS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """A name, as `mentions.key` folds it, and a character that it can mean."""

    key: str
    kind: Kind
    access: Access


async def firsts(tx: AsyncSession, person_id: UUID, keys: Collection[str]) -> dict[str, Access]:
    """What each of the folded names means, where it means anything. One statement."""
    called = _called(person_id, keys)
    order = (called.c.key, called.c.kind, *_nearest(person_id))
    query = _readings(person_id, called).ext(distinct_on(called.c.key)).order_by(*order)
    return {it.key: it.access for it in map(_reading, await tx.execute(query))}


async def readings(
    tx: AsyncSession, person_id: UUID, keys: Collection[str], limit: int | None = None
) -> Sequence[Reading]:
    """All that folded names can mean, what they do mean first; a character may come repeatedly."""
    called = _called(person_id, keys)
    query = _readings(person_id, called).order_by(called.c.kind, *_nearest(person_id)).limit(limit)
    return [_reading(row) for row in await tx.execute(query)]


async def starting_with(
    tx: AsyncSession, person_id: UUID, prefix: str, limit: int
) -> Sequence[Access]:
    """Characters whose name, slug or alias starts with `prefix`: the nearest first, by name."""
    alias = select(Alias.id).where(
        Alias.personality_id == Personality.id,
        or_(Alias.person_id.is_(None), Alias.person_id == person_id),
        Alias.folded_alias.startswith(prefix, autoescape=True),
    )
    near, oldest = _nearest(person_id)
    query = (
        store.accessible(person_id)
        .where(
            store.listed(person_id),
            or_(
                Personality.folded_name.startswith(prefix, autoescape=True),
                Personality.slug.startswith(prefix, autoescape=True),
                alias.exists(),
            ),
        )
        .order_by(near, Personality.folded_name, oldest)
        .limit(limit)
    )
    return [store.access(row) for row in await tx.execute(query)]


def _readings(
    person_id: UUID, called: Subquery
) -> Select[Personality, Any, Override, *tuple[Any, ...]]:
    """Characters that the person is led to by a name, or reaches by an id or slug."""
    exact = called.c.kind.in_((Kind.ID, Kind.SLUG))
    return (
        store.accessible(person_id)
        .add_columns(called.c.key, called.c.kind)
        .join(called, called.c.id == Personality.id)
        .where(or_(store.listed(person_id), and_(exact, store.reachable(person_id))))
    )


def _called(person_id: UUID, keys: Collection[str]) -> Subquery:
    """Ids of all characters that are called so, whoever may see them; each branch has an index."""
    names = any_(literal(sorted(keys), ARRAY(Text)))
    own, everybodys = Alias.person_id == person_id, Alias.person_id.is_(None)
    ids = [UUID(key) for key in keys if _is_id(key)]
    branches = [
        _branch(Personality.id, Personality.folded_name, Kind.NAME).where(
            Personality.folded_name == names
        ),
        _branch(Personality.id, Personality.slug, Kind.SLUG).where(Personality.slug == names),
        _branch(Alias.personality_id, Alias.folded_alias, Kind.OWN_ALIAS).where(
            Alias.folded_alias == names, own
        ),
        _branch(Alias.personality_id, Alias.folded_alias, Kind.ALIAS).where(
            Alias.folded_alias == names, everybodys
        ),
    ]
    if ids:
        key = cast(Personality.id, Text)
        branches.append(_branch(Personality.id, key, Kind.ID).where(Personality.id.in_(ids)))
    return union_all(*branches).subquery("called")


def _branch(
    id_: InstrumentedAttribute[UUID], key: SQLColumnExpression[str], kind: Kind
) -> Select[UUID, str, int]:
    return select(id_.label("id"), key.label("key"), literal(int(kind)).label("kind"))


def _nearest(person_id: UUID) -> tuple[ColumnElement[int], ColumnElement[UUID]]:
    """Of equals: the person's own first, then co-owned and shared ones, then the oldest."""
    near = case(
        (Personality.owner_id == person_id, 0),
        (Share.role.in_(("viewer", "editor")), 1),
        (Share.role == "user", 2),
        else_=3,
    )
    return near, Personality.id.expression


def _reading(row: Any) -> Reading:
    personality, role, override, key, kind = row
    return Reading(key, Kind(kind), Access(personality, Role.named(role), override))


def _is_id(key: str) -> bool:
    try:
        return len(key) == _ID_LENGTH and str(UUID(key)) == key
    except ValueError:
        return False
