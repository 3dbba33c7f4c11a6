"""Who answers a message.

An explicit choice, else the character whose message is replied to, else those that are mentioned,
else in a direct message whom the person last spoke to. Nobody is an answer too.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import PersonalityNotFound
from tzurot.memory.venues import Venue
from tzurot.personality import resolving
from tzurot.personality.sharing import Access
from tzurot.session import store
from tzurot.session.rooms import Rooms
from tzurot.session.turns import Said, Utterance
from tzurot.transport.subject import Caller

MAX_ANSWERS = 5  # characters that answer one message


async def addressees(said: Said, caller: Caller, rooms: Rooms) -> list[Access]:
    """The characters that are to answer, in order.

    Raises:
        PersonalityNotFound: an explicitly chosen one is none that the caller may see.
    """
    async with rooms.database.reading() as tx:
        if said.addressees:
            seen = rooms.characters.seen
            chosen = [await seen(tx, caller.person_id, ref) for ref in said.addressees]
            return list({access.personality.id: access for access in chosen}.values())
        if said.utterance is None:
            return []
        return await _by_words(tx, said, said.utterance, caller, rooms)


async def _by_words(
    tx: AsyncSession, said: Said, utterance: Utterance, caller: Caller, rooms: Rooms
) -> list[Access]:
    if utterance.replied_to_message_id:
        replied = await store.personality_of_delivery(
            tx, said.place, utterance.replied_to_message_id
        )
        if replied:
            return await _still_seen(tx, replied, caller, rooms)
    if mentioned := await resolving.mentioned(tx, caller.person_id, utterance.text):
        return [match.access for match in mentioned[:MAX_ANSWERS]]
    if said.place.venue is Venue.DIRECT:
        last = await store.last_spoken_to(tx, said.place, caller.person_id)
        return await _still_seen(tx, last, caller, rooms) if last else []
    return []


async def _still_seen(
    tx: AsyncSession, personality_id: UUID, caller: Caller, rooms: Rooms
) -> list[Access]:
    """The character, unless the person may not see it any more."""
    try:
        return [await rooms.characters.seen(tx, caller.person_id, personality_id)]
    except PersonalityNotFound:
        return []
