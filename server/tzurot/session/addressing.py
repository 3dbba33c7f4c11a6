"""Who answers a message.

An explicit choice, else the character whose message is replied to, else those that are mentioned,
else in a direct message whom the person last spoke to. Nobody is an answer too.
"""

from dataclasses import dataclass
from itertools import cycle, islice
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import MessageNotFound, PersonalityNotFound
from tzurot.memory.venues import Venue
from tzurot.personality import resolving
from tzurot.personality.sharing import Access
from tzurot.session import message_store, turn_store
from tzurot.session.rooms import Rooms
from tzurot.session.said import (
    Continuation,
    MessageRef,
    Regeneration,
    Said,
    Scene,
    Utterance,
)
from tzurot.session.turns import Redo
from tzurot.transport.subject import Caller

MAX_ANSWERS = 5  # characters that answer one message


@dataclass(frozen=True, slots=True)
class Addressee:
    """A character that is to answer, and why."""

    access: Access
    because: str
    redo: Redo | None = None


async def addressees(said: Said, caller: Caller, rooms: Rooms) -> list[Addressee]:
    """The characters that are to answer, in order.

    Raises:
        PersonalityNotFound: an explicitly chosen one is none that the caller may see.
        MessageNotFound, OthersFollowed: of a reply that is to be given again, or to go on.
    """
    async with rooms.database.reading() as tx:
        match said.ask:
            case Regeneration(message):
                return [await _again(tx, message, caller, rooms, goes_on=False)]
            case Continuation(message):
                return [await _again(tx, message, caller, rooms, goes_on=True)]
            case Scene(reply_limit):
                chosen = await _chosen(tx, said, caller, rooms)
                return list(islice(cycle(chosen), reply_limit if len(chosen) > 1 else 0))
            case Utterance() as utterance if not said.addressees:
                return await _by_words(tx, said, utterance, caller, rooms)
            case _:
                return await _chosen(tx, said, caller, rooms)


async def _again(
    tx: AsyncSession, message: MessageRef, caller: Caller, rooms: Rooms, *, goes_on: bool
) -> Addressee:
    found = await message_store.reply(tx, caller.person_id, message, goes_on=goes_on)
    if found is None:
        raise MessageNotFound(message)
    access = await rooms.characters.seen(tx, caller.person_id, found.personality_id)
    return Addressee(access, "its reply is to go on" if goes_on else "another reply", found.redo)


async def _chosen(tx: AsyncSession, said: Said, caller: Caller, rooms: Rooms) -> list[Addressee]:
    seen = rooms.characters.seen
    chosen = [await seen(tx, caller.person_id, ref) for ref in said.addressees]
    once = {access.personality.id: access for access in chosen}
    return [Addressee(access, "chosen") for access in once.values()]


async def _by_words(
    tx: AsyncSession, said: Said, utterance: Utterance, caller: Caller, rooms: Rooms
) -> list[Addressee]:
    if utterance.replied_to_message_id:
        replied = await turn_store.personality_of_delivery(
            tx, said.place, utterance.replied_to_message_id
        )
        if replied:
            return await _still_seen(tx, replied, caller, rooms, "its message is replied to")
    if mentioned := await resolving.mentioned(tx, caller.person_id, utterance.text):
        return [Addressee(match.access, "named") for match in mentioned[:MAX_ANSWERS]]
    if said.place.venue is Venue.DIRECT:
        last = await turn_store.last_spoken_to(tx, said.place, caller.person_id)
        return await _still_seen(tx, last, caller, rooms, "last spoken to") if last else []
    return []


async def _still_seen(
    tx: AsyncSession, personality_id: UUID, caller: Caller, rooms: Rooms, because: str
) -> list[Addressee]:
    """The character, unless the person may not see it any more."""
    try:
        access = await rooms.characters.seen(tx, caller.person_id, personality_id)
    except PersonalityNotFound:
        return []
    return [Addressee(access, because)]
