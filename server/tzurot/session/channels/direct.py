"""Whom a person talks with in direct messages, chosen without saying anything."""

import time
from functools import partial
from uuid import UUID

from tzurot.errors import SubjectDenied
from tzurot.memory.venues import Venue
from tzurot.session import store, turn
from tzurot.session.channels.addressing import Addressee
from tzurot.session.delivery import turn_store
from tzurot.session.delivery.events import TextDelta
from tzurot.session.limits import gate
from tzurot.session.rooms import Rooms
from tzurot.session.said import Greeting, Place, Said
from tzurot.transport.subject import Caller

_GREETING_SECONDS = 30.0  # it asks no model


class Direct:
    """The person's own places."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def choose(self, caller: Caller, place: Place, personality_id: UUID) -> str:
        """From now on the character is whom the person talks with here if they name nobody.

        Returns the greeting with which it opens the conversation; empty if it has none, or if they
        go on with what was said before.

        Raises:
            SubjectDenied: the place is not direct, or the person is not answered.
            PersonalityNotFound: the person may not see the character.
            AgeVerificationRequired, UnderMaintenance, RateLimited, Draining: by their names.
        """
        if place.venue is not Venue.DIRECT:
            raise SubjectDenied(caller.subject)
        said = _asking(place, personality_id)
        async with self._rooms.database.reading() as tx:
            seen = await self._rooms.characters.seen(tx, caller.person_id, personality_id)
            met = await turn_store.has_talked(tx, place, caller.person_id, personality_id)
        greeting = ""
        if seen.greeting(0) and not met:
            greeting = await self._greeting(said, caller)
        elif await gate.admitted(said, caller, self._rooms):
            await gate.allowed(said, caller, [Addressee(seen, "chosen")], self._rooms)
        async with self._rooms.database.transaction() as tx:
            await store.open_conversation(tx, place, seen.personality, caller.person_id)
        return greeting

    async def _greeting(self, said: Said, caller: Caller) -> str:
        chat = partial(turn.chat, said, caller, self._rooms)
        feed = self._rooms.delivery.start(caller.person_id, said, chat)
        kinds = [event.kind async for event in feed.follow()]
        return "".join(kind.text for kind in kinds if isinstance(kind, TextDelta))


def _asking(place: Place, personality_id: UUID) -> Said:
    return Said(
        place=place,
        ask=Greeting(),
        addressees=(personality_id,),
        request_id=None,
        digest=b"",
        arrived=time.perf_counter(),
        seconds=_GREETING_SECONDS,
    )
