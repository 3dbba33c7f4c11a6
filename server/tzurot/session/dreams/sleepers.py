"""A character as it would answer a person who is away, where nobody else listens."""

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.account import personas, standing
from tzurot.account.standing import Age, Location
from tzurot.errors import PersonalityNotFound
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Venue, Where
from tzurot.session.dreams import dreamer_store
from tzurot.session.limits import ages
from tzurot.session.limits.ages import Verdict
from tzurot.session.rooms import Rooms
from tzurot.session.said import Interjection, Place, Said
from tzurot.session.settings.deciding import settings_for
from tzurot.session.settings.settings import Chosen
from tzurot.session.turns import Turn, TurnId
from tzurot.transport.subject import Caller
from tzurot.wallet.usage.attempts import Cause, Purpose

_SECONDS = 120.0  # for what a model is asked


@dataclass(frozen=True, slots=True)
class Sleeper:
    """Who is asked, for whom, and what may come up between the two."""

    turn: Turn
    where: Where
    last_time: datetime | None
    """When the person last talked with the character."""

    @property
    def chosen(self) -> Chosen:
        """What counts for the two."""
        return self.turn.settings.chosen

    def cause(self, purpose: Purpose) -> Cause:
        """Why a model is asked, in no turn and no conversation."""
        who = self.turn.personality
        return Cause(purpose, who.id, who.name)


async def find(tx: AsyncSession, owner: Owner, rooms: Rooms) -> Sleeper | None:
    """The character of an owner; None if it may not answer the person, as in any turn."""
    away = await dreamer_store.away(tx, owner)
    if away is None:
        return None
    person_id, personality_id = away.person_id, owner.personality_id
    try:
        access = await rooms.characters.seen(tx, person_id, personality_id)
    except PersonalityNotFound:
        return None
    place = Place(away.subject.partition(":")[0], "", "", Venue.DIRECT)
    caller = Caller(person_id, owner.persona_id, away.subject, frozenset(), UUID(int=0))
    found = await standing.standing(tx, caller, Location(place.platform), [personality_id])
    verdict = ages.verdict(place, found.age, restricted=access.personality.age_restricted)
    is_kept = found.denied or found.denied_characters or found.maintenance is not None
    if is_kept or verdict is not Verdict.ALLOWED:
        return None
    settings = await settings_for(tx, person_id, personality_id, None)
    face = await personas.shown_to(tx, person_id, personality_id, owner.persona_id, fronts=False)
    ask, arrived = Interjection(away.name), time.perf_counter()
    turn = Turn(
        id=TurnId(clock.uuid7()),
        conversation_id=owner.persona_id,  # there is none: what macros pick goes by this
        epoch=0,
        person_id=person_id,
        persona_id=owner.persona_id,
        subject=away.subject,
        access=access,
        said=Said(place, ask, (), None, b"", arrived, _SECONDS),
        utterance_message_id=None,
        history=(),
        create_time=clock.now(),
        face=face,
        settings=settings,
    )
    adults, heard = found.age is Age.ADULT, settings.chosen.servers_recalled
    where = Where(Venue.DIRECT, adults=adults, servers_recalled=heard)
    return Sleeper(turn, where, away.last_time)
