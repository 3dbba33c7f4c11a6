"""The SQL of characters. Everything but the system's own seed takes the person who asks."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.personality.tables import Avatar, LorebookUse, Personality, Source

Ref = UUID | str  # an id or a slug


def visible(person_id: UUID) -> ColumnElement[bool]:
    """What a person may see: its own and the public ones."""
    return or_(Personality.owner_id == person_id, Personality.visibility == "public")


async def find(
    tx: AsyncSession, person_id: UUID, ref: Ref, *, lock: bool = False
) -> Personality | None:
    """The visible personality that `ref` names."""
    named = Personality.id == ref if isinstance(ref, UUID) else Personality.slug == ref
    query = select(Personality).where(visible(person_id), named)
    return (await tx.scalars(query.with_for_update() if lock else query)).one_or_none()


async def names(tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """Names by id."""
    rows = await tx.execute(select(Personality.id, Personality.name).where(Personality.id.in_(ids)))
    return {row.id: row.name for row in rows}


async def named(tx: AsyncSession, person_id: UUID, names: Collection[str]) -> Sequence[Personality]:
    """Visible personalities whose folded name or slug is among `names`: own first, then oldest."""
    query = (
        select(Personality)
        .where(
            visible(person_id),
            or_(Personality.folded_name.in_(names), Personality.slug.in_(names)),
        )
        .order_by((Personality.owner_id == person_id).desc().nulls_last(), Personality.id)
    )
    return (await tx.scalars(query)).all()


async def starting_with(
    tx: AsyncSession, person_id: UUID, prefix: str, limit: int
) -> Sequence[Personality]:
    """Visible personalities whose name or slug starts with the folded `prefix`, by name."""
    query = (
        select(Personality)
        .where(
            visible(person_id),
            or_(
                Personality.folded_name.startswith(prefix, autoescape=True),
                Personality.slug.startswith(prefix, autoescape=True),
            ),
        )
        .order_by(Personality.folded_name, Personality.id)
        .limit(limit)
    )
    return (await tx.scalars(query)).all()


async def belongings(tx: AsyncSession, personality_id: UUID) -> tuple[str, tuple[UUID, ...]]:
    """The format that a personality was imported from, and the ids of its lorebooks in order."""
    source_format = await tx.scalar(
        select(Source.format).where(Source.personality_id == personality_id)
    )
    books = await tx.scalars(
        select(LorebookUse.lorebook_id)
        .where(LorebookUse.personality_id == personality_id)
        .order_by(LorebookUse.position, LorebookUse.lorebook_id)
    )
    return source_format or "", tuple(books)


async def owned_ids(tx: AsyncSession, owner_id: UUID) -> Sequence[UUID]:
    """The ids of all that a person owns."""
    return (await tx.scalars(select(Personality.id).where(Personality.owner_id == owner_id))).all()


async def page(
    tx: AsyncSession, person_id: UUID, *, mine: bool, after: UUID | None, limit: int
) -> Sequence[Personality]:
    """Visible personalities, newest first."""
    whose = Personality.owner_id == person_id if mine else visible(person_id)
    query = select(Personality).where(whose).order_by(Personality.id.desc()).limit(limit)
    if after:
        query = query.where(Personality.id < after)
    return (await tx.scalars(query)).all()


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


async def avatar(tx: AsyncSession, sha256: str) -> Avatar:
    """The picture with this hash."""
    return (await tx.scalars(select(Avatar).where(Avatar.sha256 == sha256))).one()


async def add_avatar(tx: AsyncSession, picture: Avatar) -> None:
    """Store a picture unless it is there."""
    await tx.execute(
        insert(Avatar)
        .values(sha256=picture.sha256, media_type=picture.media_type, content=picture.content)
        .on_conflict_do_nothing()
    )
