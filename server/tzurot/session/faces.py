"""Under which face a person speaks, and whose memories it hears.

    the member in whose name a service says it → who was put in front → who fronts at PluralKit, for
    people who follow that → the usual face

Members of a system hear only what they said themselves, unless the person lets them share it.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.account import people, personas
from tzurot.account.personas import Member, Shown
from tzurot.memory.venues import Where
from tzurot.session.rooms import Rooms
from tzurot.session.said import Place, Proxy, Said
from tzurot.session.settings.cascade import Explained
from tzurot.session.settings.deciding import settings_for
from tzurot.session.turns import Redo
from tzurot.transport.subject import Caller


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, and what counts for them."""

    persona_id: UUID
    others: tuple[UUID, ...]
    """Personas of the same person that share their memories with this one."""
    face: Shown
    settings: Explained


@asynccontextmanager
async def speaking(
    caller: Caller,
    personality_id: UUID | None,
    rooms: Rooms,
    said: Said | None = None,
    redo: Redo | None = None,
) -> AsyncGenerator[tuple[AsyncSession, Speaker]]:
    """A transaction with a character (None: with none in particular), and who speaks in it.

    A reply in place of another is for whom that was for. PluralKit is asked outside of any
    transaction, and only where its answer counts.
    """
    situation = _situation(caller, personality_id, said, redo)
    async with rooms.database.transaction() as tx:
        speaker = await _speaker(tx, situation)
        if not (situation.fronts and _follows(speaker, caller, rooms)):
            yield tx, speaker
            return
    fronter = await rooms.fronters.first(caller.subject)
    async with rooms.database.transaction() as tx:
        yield tx, await _speaker(tx, replace(situation, member=fronter))


async def heard(caller: Caller, personality_id: UUID | None, rooms: Rooms) -> tuple[UUID, ...]:
    """The personas whose memories whoever speaks now may see; their own comes first."""
    async with speaking(caller, personality_id, rooms) as (_, speaker):
        return (speaker.persona_id, *speaker.others)


async def alone(caller: Caller, personality_id: UUID, rooms: Rooms) -> Where:
    """What a person and a character hear where they are alone, on no platform in particular."""
    async with rooms.database.reading() as tx:
        settings = await settings_for(tx, caller.person_id, personality_id, None)
        adults = await people.is_adult(tx, caller.person_id)
    return Where.direct(adults=adults, characters_recalled=settings.chosen.characters_share)


@dataclass(frozen=True, slots=True)
class _Situation:
    """What decides who speaks, but for what the person has decided."""

    caller: Caller
    personality_id: UUID | None
    place: Place | None
    member: Member | UUID | None
    fronts: bool
    """Whether it can be somebody who fronts: nothing else says who it is."""


def _situation(
    caller: Caller, personality_id: UUID | None, said: Said | None, redo: Redo | None
) -> _Situation:
    place = said.place if said else None
    if redo and redo.persona_id:
        spoken_to = redo.persona_id if redo.persona_id != caller.persona_id else None
        return _Situation(caller, personality_id, place, spoken_to, fronts=False)
    proxy = said.utterance.proxy if said and said.utterance else None
    return _Situation(caller, personality_id, place, _member(proxy), fronts=proxy is None)


async def _speaker(tx: AsyncSession, it: _Situation) -> Speaker:
    person_id = it.caller.person_id
    settings = await settings_for(tx, person_id, it.personality_id, it.place)
    face = await personas.shown_to(tx, person_id, it.personality_id, it.member, fronts=it.fronts)
    persona_id = face.speaks_as or it.caller.persona_id
    shares = settings.chosen.members_share
    others = await personas.others(tx, person_id, persona_id) if shares else ()
    return Speaker(persona_id, others, face, settings)


def _follows(speaker: Speaker, caller: Caller, rooms: Rooms) -> bool:
    """Whether it is to be asked who fronts: nobody was put in front, and the person wants it."""
    follows = speaker.settings.chosen.front_followed and speaker.face.speaks_as is None
    return follows and rooms.fronters.knows(caller.subject)


def _member(proxy: Proxy | None) -> Member | None:
    """In whose name it is said; none that the service itself has not confirmed."""
    if proxy is None or not proxy.verified:
        return None
    return Member(proxy.service, proxy.member_id, proxy.member_name)
