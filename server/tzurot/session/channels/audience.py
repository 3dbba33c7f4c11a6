"""Who is there to hear what is said: gathers the facts that addressing.py decides by.

Nobody is an answer too: where characters are active, they then hear it as said around them.
"""

from dataclasses import replace
from itertools import cycle, islice
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory.venues import Venue
from tzurot.personality.names import resolving
from tzurot.session.channels import addressing, channel_store
from tzurot.session.channels.addressing import Active, Addressee, Facts, Mode
from tzurot.session.channels.channel_store import Heard
from tzurot.session.channels.lines import Lines
from tzurot.session.delivery import turn_store
from tzurot.session.messages import message_store
from tzurot.session.rooms import Rooms
from tzurot.session.said import (
    Continuation,
    Interjection,
    MessageRef,
    Place,
    Regeneration,
    Said,
    Scene,
    Utterance,
)
from tzurot.session.settings.deciding import settings_for
from tzurot.transport.subject import Caller


async def addressees(said: Said, caller: Caller, rooms: Rooms) -> list[Addressee]:
    """The characters that are to answer, in order.

    Raises:
        PersonalityNotFound: an explicitly chosen one is none that the caller may see.
        MessageNotFound, MessageNotKept, OthersFollowed: of a reply that is to be given again, or
            to go on.
    """
    meant = await _meant_by(said, caller, rooms)
    return [replace(it, position=position) for position, it in enumerate(meant)]


async def _meant_by(said: Said, caller: Caller, rooms: Rooms) -> list[Addressee]:
    match said.ask:
        case Regeneration(message):
            return [await _again(said, message, caller, rooms, goes_on=False)]
        case Continuation(message):
            return [await _again(said, message, caller, rooms, goes_on=True)]
        case Scene(reply_limit):
            chosen = await _asked(said, caller, rooms)
            return list(islice(cycle(chosen), reply_limit if len(chosen) > 1 else 0))
        case Interjection():
            return await _asked(said, caller, rooms)
        case Utterance() as utterance if not said.addressees:
            return await _by_words(said, utterance, caller, rooms)
        case _:
            return await _chosen(said, caller, rooms)


async def _again(
    said: Said, message: MessageRef, caller: Caller, rooms: Rooms, *, goes_on: bool
) -> Addressee:
    async with rooms.database.reading() as tx:
        found = await message_store.reply(
            tx, caller.person_id, message, said.place, goes_on=goes_on
        )
        if found is None:
            raise await message_store.missing(tx, caller.person_id, message)
        access = await rooms.characters.seen(tx, caller.person_id, found.personality_id)
    return Addressee(access, "its reply is to go on" if goes_on else "another reply", found.redo)


async def _asked(said: Said, caller: Caller, rooms: Rooms) -> list[Addressee]:
    """Those chosen; where nobody is, all who are active in the channel."""
    if said.addressees:
        return await _chosen(said, caller, rooms)
    async with rooms.database.reading() as tx:
        facts, _ = await _gathered(tx, said, Utterance(""), caller)
    return list(addressing.everybody(facts).answering)


async def _chosen(said: Said, caller: Caller, rooms: Rooms) -> list[Addressee]:
    async with rooms.database.reading() as tx:
        seen = rooms.characters.seen
        chosen = [await seen(tx, caller.person_id, ref) for ref in said.addressees]
    by_id = {access.personality.id: access for access in chosen}
    facts = Facts(said.request_id or clock.uuid7(), by_id, chosen=tuple(by_id))
    return list(addressing.decide(facts).answering)


async def _by_words(
    said: Said, utterance: Utterance, caller: Caller, rooms: Rooms
) -> list[Addressee]:
    async with rooms.database.reading() as tx:
        facts, row_id = await _gathered(tx, said, utterance, caller)
    decision = addressing.decide(facts)
    if row_id and decision.next_speaker and not await _takes_turn(rooms, row_id, facts):
        decision = addressing.decide(replace(facts, next_speaker=None))
    if facts.active and not decision.answering:
        await Lines(rooms.database).overhear(caller, said.place, utterance)
    return list(decision.answering)


async def _takes_turn(rooms: Rooms, row_id: UUID, facts: Facts) -> bool:
    """Whether this request has the next speaker's turn: of two at once one does."""
    if facts.next_speaker is None:
        return False
    async with rooms.database.transaction() as tx:
        return await channel_store.take_turn(tx, row_id, facts.next_speaker, facts.request_id)


async def _gathered(
    tx: AsyncSession, said: Said, utterance: Utterance, caller: Caller
) -> tuple[Facts, UUID | None]:
    """The facts, and the row of the channel that counts here, if anybody is active in it."""
    place, request_id = said.place, said.request_id or clock.uuid7()
    direct = place.venue is Venue.DIRECT
    heard = () if direct else await channel_store.heard(tx, place, request_id)
    replied_to = utterance.replied_to_message_id and await turn_store.personality_of_delivery(
        tx, place, utterance.replied_to_message_id
    )
    named = await resolving.mentioned(tx, caller.person_id, utterance.text)
    nobody = not (replied_to or named)
    facts = Facts(
        request_id,
        replied_to=replied_to or None,
        named=tuple(it.access.personality.id for it in named),
        active=tuple(_active(it) for it in heard),
        next_speaker=heard[0].next_speaker_id if heard else None,
        last_spoken_to=await turn_store.last_spoken_to(tx, place, caller.person_id)
        if direct and nobody
        else None,
        limit=await _limit(tx, place, len(heard) + len(named)),
    )
    seen = {it.access.personality.id: it.access for it in named}
    others = _meant(facts) - seen.keys()
    seen |= await resolving.seen(tx, caller.person_id, others)
    return replace(facts, seen=seen), heard[0].row_id if heard else None


def _active(row: Heard) -> Active:
    return Active(row.personality_id, Mode(row.mode), row.talkativeness)


def _meant(facts: Facts) -> set[UUID]:
    """All that the facts are about."""
    single = {facts.replied_to, facts.last_spoken_to} - {None}
    return {*(it for it in single if it), *(it.personality_id for it in facts.active)}


async def _limit(tx: AsyncSession, place: Place, possible: int) -> int:
    """How many may answer here; it is looked up only where it can matter."""
    if possible <= 1:
        return 1 + possible
    return (await settings_for(tx, None, None, place)).chosen.answer_limit
