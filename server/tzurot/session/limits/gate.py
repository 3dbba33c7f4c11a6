"""Who may be answered at all: maintenance, denials, age, and how fast people speak.

    admitted    before anybody is looked for: maintenance, and denials of the person and the place;
                who speaks where only adults are let in has proved to be one
    allowed     who of those addressed may answer: denials of characters, and ages; then it is taken
                from the buckets what that many answers take

Nobody addressed takes nothing and is told nothing. Where several are addressed and some may not
answer, the others do, and nothing is told; where nobody would answer, or in private, or whoever
was chosen by name, the refusal is told. Who is muted hears nothing. What was admitted before is not
refused later: the same request again leads to the same turns. A check that fails lets nobody in.
"""

from collections.abc import Iterable, Sequence

from tzurot.account import standing
from tzurot.account.standing import Age, DenialKind, Location, Standing
from tzurot.errors import (
    AgeVerificationRequired,
    PlaceNotAgeRestricted,
    SubjectDenied,
    TzurotError,
    UnderMaintenance,
)
from tzurot.memory.venues import Venue
from tzurot.session.channels.addressing import Addressee
from tzurot.session.limits import ages, limit_store, limits
from tzurot.session.limits.ages import Verdict
from tzurot.session.rooms import Rooms
from tzurot.session.said import Place, Said, Utterance
from tzurot.session.settings.deciding import settings_for
from tzurot.transport.subject import Caller
from tzurot.wallet.paying import SERVER


async def admitted(said: Said, caller: Caller, rooms: Rooms) -> bool:
    """Let what is said in before anybody is looked for; False: nobody answers, and nobody is told.

    Raises:
        UnderMaintenance, SubjectDenied: by their names.
    """
    async with rooms.database.reading() as tx:
        found = await standing.standing(tx, caller, location(said.place))
        closed = found.maintenance is not None or found.denied is not None
        if closed and await limit_store.repeated(tx, caller.person_id, said.request_id):
            return True
    if found.maintenance is not None:
        raise UnderMaintenance(found.maintenance)
    if found.denied is DenialKind.BLOCK:
        raise SubjectDenied(caller.subject)
    if found.denied is DenialKind.MUTE:
        return False
    if found.age is Age.UNPROVEN and ages.is_for_adults(said.place):
        async with rooms.database.transaction() as tx:
            await standing.prove_adult(tx, caller.person_id)
    return True


async def allowed(
    said: Said, caller: Caller, addressees: Sequence[Addressee], rooms: Rooms
) -> list[Addressee]:
    """Those who may answer here and now; what that takes is taken from the buckets.

    Raises:
        SubjectDenied, AgeVerificationRequired, PlaceNotAgeRestricted, RateLimited: by their names,
            where otherwise nobody would answer.
    """
    if not addressees:
        return []
    ids = list({it.access.personality.id for it in addressees})
    async with rooms.database.reading() as tx:
        found = await standing.standing(tx, caller, location(said.place), ids)
        answering = [it for it in addressees if not _is_kept(it, said.place, found)]
        if len(answering) < len(addressees):
            if await limit_store.repeated(tx, caller.person_id, said.request_id):
                return answering or list(addressees[:1])
            refusals = _refusals(addressees, said.place, found, caller)
            if refusals and (not answering or _is_asked_by_name(said)):
                raise refusals[0]
        if answering:
            settings = await settings_for(tx, None, None, said.place)
            # Nobody is looked up where no payer is limited.
            rated = settings.chosen.payer_rate is not None
            payer = SERVER
            if rated:
                payer = await rooms.wallet.payer_of(tx, caller.person_id, said.place.space)
            buckets = limits.buckets_of(said.place, caller, settings.chosen, payer)
            await limits.take(tx, said, caller, len(answering), buckets)
    return answering


def location(place: Place) -> Location:
    """A place as denials name it."""
    return Location(place.platform, place.space_id, place.channel_id, place.parent_channel_id)


def _is_kept(addressee: Addressee, place: Place, found: Standing) -> bool:
    """Whether a character may not answer."""
    who = addressee.access.personality
    verdict = ages.verdict(place, found.age, restricted=who.age_restricted)
    return who.id in found.denied_characters or verdict is not Verdict.ALLOWED


def _is_asked_by_name(said: Said) -> bool:
    """Whether one who may not answer has to be told of: others don't speak in their place."""
    by_words = isinstance(said.ask, Utterance) and not said.addressees
    return not by_words or said.place.venue is Venue.DIRECT


def _refusals(
    addressees: Iterable[Addressee], place: Place, found: Standing, caller: Caller
) -> list[TzurotError]:
    """What is told of those who may not answer; nothing of who is muted or wasn't spoken to."""
    refusals: list[TzurotError] = []
    for addressee in addressees:
        who = addressee.access.personality
        denied = found.denied_characters.get(who.id)
        if not addressee.spoken_to or denied is DenialKind.MUTE:
            continue
        if denied is DenialKind.BLOCK:
            refusals.append(SubjectDenied(caller.subject))
            continue
        match ages.verdict(place, found.age, restricted=who.age_restricted):
            case Verdict.NEEDS_PROOF:
                refusals.append(AgeVerificationRequired(who.slug))
            case Verdict.NOT_HERE:
                refusals.append(PlaceNotAgeRestricted(who.slug))
            case Verdict.ALLOWED:
                pass
    return refusals
