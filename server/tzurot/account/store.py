"""The SQL of people and tokens."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.account.subjects import Subject
from tzurot.account.tables import Identity, Person, Persona, ProxyTag, ServiceToken


@dataclass(frozen=True, slots=True)
class Known:
    """A token, and the person that its call would act for, if that one was met before."""

    token_id: UUID
    scopes: tuple[str, ...]
    subject: str | None
    acts_for: tuple[str, ...]
    last_use_time: datetime | None
    expire_time: datetime | None
    person_id: UUID | None
    persona_id: UUID | None


# Every call asks this: one statement, prepared once.
_FIND_TOKEN = text("""
    SELECT t.id, t.scopes, t.subject, t.acts_for, t.last_use_time, t.expire_time,
           i.person_id, p.id AS persona_id
    FROM service_tokens t
    LEFT JOIN identities i ON i.subject = coalesce(CAST(:subject AS text), t.subject)
    LEFT JOIN personas p ON p.person_id = i.person_id AND p.is_default
    WHERE t.secret_hash = :secret_hash AND t.revoke_time IS NULL
""")


async def find_token(tx: AsyncSession, secret_hash: bytes, subject: Subject | None) -> Known | None:
    """The token with this hash, unless revoked, and the person behind `subject` or its own."""
    found = await tx.execute(_FIND_TOKEN, {"secret_hash": secret_hash, "subject": subject})
    row = found.one_or_none()
    if row is None:
        return None
    token_id, scopes, own, acts_for, used, expires, person_id, persona_id = row
    return Known(
        token_id, tuple(scopes), own, tuple(acts_for), used, expires, person_id, persona_id
    )


async def meet(tx: AsyncSession, subject: Subject) -> tuple[UUID, UUID]:
    """The person and default persona behind `subject`, created if it was never met.

    Of two first contacts at once the second waits for the first and finds its person.
    """
    await tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(subject, 0))))
    known = (
        await tx.execute(
            select(Identity.person_id, Persona.id)
            .join(Persona, (Persona.person_id == Identity.person_id) & Persona.is_default)
            .where(Identity.subject == subject)
        )
    ).one_or_none()
    if known:
        return known[0], known[1]
    person = Person(id=clock.uuid7())
    persona = Persona(id=clock.uuid7(), person_id=person.id, is_default=True)
    tx.add(person)
    await tx.flush()
    tx.add_all([Identity(subject=subject, person_id=person.id), persona])
    await tx.flush()
    return person.id, persona.id


async def person_of(tx: AsyncSession, subject: str) -> UUID | None:
    """The person behind a subject."""
    query = select(Identity.person_id).where(Identity.subject == subject)
    return (await tx.scalars(query)).one_or_none()


async def names(tx: AsyncSession, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """What people are called: by their default persona, else by their first subject."""
    subject = select(func.min(Identity.subject)).where(Identity.person_id == Persona.person_id)
    called = func.coalesce(
        func.nullif(Persona.display_name, ""),
        func.nullif(Persona.name, ""),
        subject.scalar_subquery(),
    )
    query = select(Persona.person_id, called).where(
        Persona.person_id.in_(person_ids), Persona.is_default
    )
    return {person_id: name or "" for person_id, name in await tx.execute(query)}


async def person(tx: AsyncSession, person_id: UUID) -> tuple[Person, Persona]:
    """A person with its default persona."""
    row = (
        await tx.execute(
            select(Person, Persona)
            .join(Persona, (Persona.person_id == Person.id) & Persona.is_default)
            .where(Person.id == person_id)
        )
    ).one()
    return row[0], row[1]


async def lock_person(tx: AsyncSession, person_id: UUID) -> None:
    """Let no other import of the person's change its personas until this transaction ends."""
    await tx.execute(
        select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    )


async def all_personas(tx: AsyncSession, person_id: UUID) -> Sequence[Persona]:
    """All personas of a person, oldest first."""
    query = select(Persona).where(Persona.person_id == person_id).order_by(Persona.id)
    return (await tx.scalars(query)).all()


async def personas(
    tx: AsyncSession, person_id: UUID, *, after: tuple[bool, str, UUID] | None, limit: int
) -> Sequence[Persona]:
    """Personas, the default first, then by name; `after` is (not the default, name, id)."""
    order = func.row(~Persona.is_default, Persona.name, Persona.id)
    query = select(Persona).where(Persona.person_id == person_id)
    if after:
        query = query.where(order > func.row(*after))
    ordered = query.order_by(~Persona.is_default, Persona.name, Persona.id)
    return (await tx.scalars(ordered.limit(limit))).all()


async def persona_ids(tx: AsyncSession, person_id: UUID) -> Sequence[UUID]:
    """The ids of all personas of a person, oldest first."""
    query = select(Persona.id).where(Persona.person_id == person_id).order_by(Persona.id)
    return (await tx.scalars(query)).all()


async def persona(tx: AsyncSession, person_id: UUID, persona_id: UUID) -> Persona | None:
    """One persona of the person's."""
    query = select(Persona).where(Persona.person_id == person_id, Persona.id == persona_id)
    return (await tx.scalars(query)).one_or_none()


@dataclass(frozen=True, slots=True)
class Face:
    """The persona that somebody shows, and whether it is one that they chose to speak as."""

    persona: Persona
    speaks: bool
    adult: bool
    """Whether the person has proved to be an adult."""
    time_zone: str
    """Where their clock is; empty: not known."""


@dataclass(frozen=True, slots=True)
class Named:
    """By what the persona of a member is known: its id at the service, how that shows it, ours."""

    origins: Sequence[str] = ()
    service: str = ""
    shown_as: str = ""
    persona_id: UUID | None = None


NOBODY = Named()


async def persona_for(
    tx: AsyncSession,
    person_id: UUID,
    personality_id: UUID | None,
    *,
    named: Named = NOBODY,
    fronts: bool = False,
) -> Face:
    """The persona that is named; if it `fronts`, the one in front; else what is shown usually.

    That is the newest persona shown to this character alone, without one the default.
    """
    in_front = and_(
        literal(fronts),
        Persona.id == Person.front_persona_id,
        or_(Person.front_expire_time.is_(None), Person.front_expire_time > clock.now()),
    )
    known = or_(Persona.origin.in_(named.origins), Persona.id == named.persona_id)
    if named.shown_as:
        shown = Persona.origin.startswith(f"{named.service}:", autoescape=True)
        known = or_(known, and_(shown, Persona.shown_as == named.shown_as))
    speaks = func.coalesce(or_(known, in_front), literal(value=False))
    alone = literal(personality_id is not None) & (Persona.personality_id == personality_id)
    query = (
        select(Persona, speaks, Person.adult_time.is_not(None), Person.time_zone)
        .join(Person, Person.id == Persona.person_id)
        .where(
            Persona.person_id == person_id,
            or_(alone, Persona.is_default, speaks),
        )
        .order_by(speaks.desc(), Persona.is_default, Persona.id.desc())
        .limit(1)
    )
    return Face(*(await tx.execute(query)).one())


async def front(
    tx: AsyncSession, person_id: UUID, persona_id: UUID | None, until: datetime | None
) -> None:
    """Put a persona of the person's in front, or none."""
    values = {"front_persona_id": persona_id, "front_expire_time": until}
    await tx.execute(update(Person).where(Person.id == person_id).values(values))


async def set_time_zone(tx: AsyncSession, person_id: UUID, name: str) -> None:
    """Remember where a person's clock is."""
    await tx.execute(update(Person).where(Person.id == person_id).values(time_zone=name))


async def is_adult(tx: AsyncSession, person_id: UUID) -> bool:
    """Whether a person has proved to be an adult."""
    query = select(Person.id).where(Person.id == person_id, Person.adult_time.is_not(None))
    return (await tx.scalars(query)).one_or_none() is not None


async def proxy_tags(
    tx: AsyncSession, persona_ids: Sequence[UUID]
) -> dict[UUID, Sequence[ProxyTag]]:
    """Proxy tags by persona, in their order."""
    query = select(ProxyTag).where(ProxyTag.persona_id.in_(persona_ids)).order_by(ProxyTag.position)
    found: dict[UUID, list[ProxyTag]] = {}
    for tag in await tx.scalars(query):
        found.setdefault(tag.persona_id, []).append(tag)
    return dict(found)


async def put_persona(tx: AsyncSession, persona: Persona, tags: Sequence[tuple[str, str]]) -> None:
    """Store a persona, new or changed, with these tags (prefix, suffix) in place of any others."""
    tx.add(persona)
    await tx.flush()
    await tx.execute(delete(ProxyTag).where(ProxyTag.persona_id == persona.id))
    tx.add_all(
        ProxyTag(persona_id=persona.id, position=position, prefix=prefix, suffix=suffix)
        for position, (prefix, suffix) in enumerate(tags)
    )
    await tx.flush()


async def mark_used(tx: AsyncSession, token_id: UUID, when: datetime) -> None:
    """Remember when a token was last used."""
    await tx.execute(
        update(ServiceToken).where(ServiceToken.id == token_id).values(last_use_time=when)
    )


async def add_token(tx: AsyncSession, token: ServiceToken) -> ServiceToken | None:
    """Store `token`; None if its creator used the request id before."""
    values = {column.key: getattr(token, column.key) for column in ServiceToken.__table__.columns}
    row = await tx.execute(
        insert(ServiceToken)
        .values(values)
        .on_conflict_do_nothing(index_elements=["creator_id", "request_id"])
        .returning(ServiceToken.id)
    )
    return token if row.scalar_one_or_none() else None


async def token_of_request(tx: AsyncSession, creator_id: UUID, request_id: UUID) -> ServiceToken:
    """The token that a request created."""
    return (
        await tx.scalars(
            select(ServiceToken).where(
                ServiceToken.creator_id == creator_id, ServiceToken.request_id == request_id
            )
        )
    ).one()


async def tokens(tx: AsyncSession, after: UUID | None, limit: int) -> Sequence[ServiceToken]:
    """Tokens, newest first."""
    query = select(ServiceToken).order_by(ServiceToken.id.desc()).limit(limit)
    if after:
        query = query.where(ServiceToken.id < after)
    return (await tx.scalars(query)).all()


async def revoke(tx: AsyncSession, token_id: UUID, when: datetime) -> bool:
    """End a token; False if there is none. One that was revoked keeps its time."""
    row = await tx.execute(
        update(ServiceToken)
        .where(ServiceToken.id == token_id)
        .values(revoke_time=func.coalesce(ServiceToken.revoke_time, when))
        .returning(ServiceToken.id)
    )
    return row.scalar_one_or_none() is not None
