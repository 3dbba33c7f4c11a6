"""Personas, the faces of a person: listed, deleted, and moving in from elsewhere.

A face that moves in is known again by its origin (its id at the source), or without one by its
name. The default persona is never changed by it.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.account import store
from tzurot.account.store import Named
from tzurot.account.tables import Persona, ProxyTag
from tzurot.errors import PersonaIsDefault, PersonaNotFound
from tzurot.formats.found import Face
from tzurot.storage.database import Database

_MAX_NAME = 255  # characters of what is shown as a name
_MAX_BIRTHDAY = 10
_MAX_ID = 64  # of a member's, as clients tell it
_TUPPERBOX = "tupperbox"  # of whose members clients learn the name and no id


@dataclass(frozen=True, slots=True)
class Arrived:
    """How many personas are new, how many changed at the source, how many are as they were."""

    created: int
    updated: int
    kept: int


@dataclass(frozen=True, slots=True)
class Position:
    """Where a persona stands in the list's order."""

    is_default: bool
    name: str
    id: UUID


class Personas:
    """What the servicer asks."""

    def __init__(self, database: Database, forget: Callable[[UUID], Awaitable[None]]) -> None:
        """`forget` clears the search index of the memories of a deleted persona."""
        self._database = database
        self._forget = forget

    async def list(
        self, person_id: UUID, *, after: Position | None, limit: int
    ) -> Sequence[tuple[Persona, Sequence[ProxyTag]]]:
        """The person's personas with their proxy tags: the default first, then by name."""
        async with self._database.transaction() as tx:
            place = (not after.is_default, after.name, after.id) if after else None
            found = await store.personas(tx, person_id, after=place, limit=limit)
            tags = await store.proxy_tags(tx, [persona.id for persona in found])
        return [(persona, tags.get(persona.id, ())) for persona in found]

    async def delete(self, person_id: UUID, persona_id: UUID) -> None:
        """Delete a persona with its memories.

        Raises:
            PersonaNotFound, PersonaIsDefault: by their names.
        """
        async with self._database.transaction() as tx:
            found = await store.persona(tx, person_id, persona_id)
            if found is None:
                raise PersonaNotFound(persona_id)
            if found.is_default:
                raise PersonaIsDefault(persona_id)
            await tx.delete(found)
        await self._forget(persona_id)

    async def front(
        self, person_id: UUID, persona_id: UUID | None, duration: timedelta | None
    ) -> None:
        """Let a persona speak where no service speaks for the person; None: whoever usually does.

        Raises:
            PersonaNotFound: the person has no such persona.
        """
        async with self._database.transaction() as tx:
            if persona_id and await store.persona(tx, person_id, persona_id) is None:
                raise PersonaNotFound(persona_id)
            until = clock.now() + duration if persona_id and duration else None
            await store.front(tx, person_id, persona_id, until)

    async def in_front(self, person_id: UUID) -> str:
        """What the persona in front is called; empty if none is."""
        async with self._database.transaction() as tx:
            person, _ = await store.person(tx, person_id)
            until = person.front_expire_time
            if person.front_persona_id is None or (until and until <= clock.now()):
                return ""
            found = await store.persona(tx, person_id, person.front_persona_id)
        return called(found) if found else ""


def called(persona: Persona) -> str:
    """What a persona is called where it is chosen."""
    return persona.display_name or persona.name or "Without a name"


async def arrive(
    tx: AsyncSession, person_id: UUID, faces: Sequence[Face], personality_id: UUID | None
) -> Arrived:
    """Let faces move in. Those for a character get `personality_id`; the last of twins counts."""
    await store.lock_person(tx, person_id)
    known = await store.all_personas(tx, person_id)
    matches = list(_matches(known, faces, personality_id))
    for match in matches:
        if match.changed:
            persona = match.persona or Persona(id=clock.uuid7(), person_id=person_id)
            _put(persona, match.face, personality_id)
            tags = [(tag.prefix, tag.suffix) for tag in match.face.proxy_tags]
            await store.put_persona(tx, persona, tags)
    return _counted(matches)


@dataclass(frozen=True, slots=True)
class Shown:
    """How a person shows themselves to a character; all of it may be empty."""

    name: str = ""
    pronouns: str = ""
    description: str = ""
    private: bool = True
    """Whether its description is for nobody else's ears."""
    adult: bool = False
    """Whether the person has proved to be an adult."""
    speaks_as: UUID | None = None
    """The persona that says it, where it is not the usual one: what is remembered is its own."""
    time_zone: str = ""
    """Where the person's clock is, by its name in the IANA database; empty: not known."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a system, in whose name a service such as PluralKit speaks."""

    service: str
    id: str
    name: str
    uuid: str = ""

    @property
    def origin(self) -> str:
        """By what its persona is known, also when it was imported."""
        return f"{self.service}:{self.id}"

    @property
    def named(self) -> Named:
        """The same by its other id, which imports can have, and for Tupperbox by its name."""
        origins = [self.origin, *([f"{self.service}:{self.uuid}"] if self.uuid else [])]
        return Named(origins, self.service, self.name if self.service == _TUPPERBOX else "")


async def shown_to(
    tx: AsyncSession,
    person_id: UUID,
    personality_id: UUID | None,
    member: Member | UUID | None = None,
    *,
    fronts: bool = True,
) -> Shown:
    """The face that a person shows to this character: that of the member, or persona, that speaks.

    Without a member: who is in front if that counts here, else the one for this character alone,
    else the default one. A member who was never heard before gets a persona.
    """
    if not isinstance(member, Member):
        named = Named(persona_id=member)
        face = await store.persona_for(tx, person_id, personality_id, named=named, fronts=fronts)
    else:
        face = await store.persona_for(tx, person_id, personality_id, named=member.named)
        if not face.speaks:
            await _meet(tx, person_id, member)
            face = await store.persona_for(tx, person_id, personality_id, named=member.named)
    it = face.persona
    return Shown(
        it.display_name or it.name,
        it.pronouns,
        it.description,
        it.private,
        face.adult,
        it.id if face.speaks else None,
        face.time_zone,
    )


async def spoken_as(tx: AsyncSession, person_id: UUID, persona_id: UUID) -> str:
    """What the member is called whose persona this is; empty if it is the usual one."""
    found = await store.persona(tx, person_id, persona_id)
    return found.display_name or found.name if found and not found.is_default else ""


async def names(tx: AsyncSession, person_id: UUID) -> dict[UUID, str]:
    """What the person's personas are called, by their ids, the oldest first; may be empty."""
    found = await store.all_personas(tx, person_id)
    return {it.id: it.display_name or it.name for it in found}


async def others(tx: AsyncSession, person_id: UUID, persona_id: UUID) -> tuple[UUID, ...]:
    """The ids of the person's personas besides this one."""
    return tuple(it for it in await store.persona_ids(tx, person_id) if it != persona_id)


async def _meet(tx: AsyncSession, person_id: UUID, member: Member) -> None:
    """Give a persona to a member; of two first words at once the second finds it."""
    await store.lock_person(tx, person_id)
    if (await store.persona_for(tx, person_id, None, named=member.named)).speaks:
        return
    met = {"name": member.name[:_MAX_NAME], "is_default": False, "origin": member.origin}
    tx.add(Persona(id=clock.uuid7(), person_id=person_id, **met))
    await tx.flush()


@dataclass(frozen=True, slots=True)
class _Match:
    """A face, and the persona that it is already, if it is one."""

    face: Face
    persona: Persona | None
    changed: bool


def _once(faces: Sequence[Face]) -> Iterator[Face]:
    """Each face once: of several with the same origin or name the last."""
    return iter({_key(face): face for face in faces}.values())


def _key(face: Face) -> tuple[object, ...]:
    return (face.origin,) if face.origin else (face.name, face.for_character)


def _matches(
    known: Sequence[Persona], faces: Sequence[Face], personality_id: UUID | None
) -> Iterator[_Match]:
    """Each face with its persona. One that spoke before it moved in is one face's alone."""
    by_origin = {it.origin: it for it in known if it.origin}
    for face in _once(faces):
        owner = personality_id if face.for_character else None
        persona = _by_name(known, face.name[:_MAX_NAME], owner)
        if face.origin:
            persona = by_origin.get(face.origin) or by_origin.pop(_spoke_as(face), None)
        same = persona is not None and _is_as_before(persona, face)
        yield _Match(face, persona, changed=not same)


def _by_name(known: Sequence[Persona], name: str, owner: UUID | None) -> Persona | None:
    alike = (it for it in known if not it.origin and not it.is_default)
    return next((it for it in alike if (it.name, it.personality_id) == (name, owner)), None)


def _spoke_as(face: Face) -> str:
    """The origin of the persona that its service's words made before the face moved in."""
    service = face.origin.partition(":")[0]
    return f"{service}:{face.shown_as[:_MAX_ID]}" if face.shown_as else ""


def _is_as_before(persona: Persona, face: Face) -> bool:
    shown_as = face.shown_as[:_MAX_NAME]
    return ((persona.source or b""), persona.shown_as) == (face.source, shown_as)


def _put(persona: Persona, face: Face, personality_id: UUID | None) -> None:
    persona.is_default = False
    persona.name = face.name[:_MAX_NAME]
    persona.display_name = face.display_name[:_MAX_NAME]
    persona.description = face.description
    persona.pronouns = face.pronouns[:_MAX_NAME]
    persona.birthday = face.birthday[:_MAX_BIRTHDAY]
    persona.avatar_url = face.avatar_url
    persona.keep_proxy = face.keep_proxy
    persona.private = face.private
    persona.personality_id = personality_id if face.for_character else None
    persona.origin = face.origin
    persona.shown_as = face.shown_as[:_MAX_NAME]
    persona.source = face.source or None


def _counted(matches: Sequence[_Match]) -> Arrived:
    created = sum(match.persona is None for match in matches)
    changed = sum(match.changed for match in matches)
    return Arrived(created, changed - created, len(matches) - changed)
