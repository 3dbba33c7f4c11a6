"""Beginning a turn: from here on it is a row that no crash forgets.

What a turn knows from the start is gathered here in one transaction: the conversation with what was
said in it and around it, the settings that count, the face that the person shows. Who may be
answered at all is decided before, in gate.py.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import RequestIdReused
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Personality
from tzurot.session import faces, store
from tzurot.session.attachments import attachments
from tzurot.session.channels.addressing import Addressee
from tzurot.session.delivery import leases, turn_store
from tzurot.session.faces import Speaker
from tzurot.session.incognito import holding
from tzurot.session.limits import ages
from tzurot.session.prompt import reference_store
from tzurot.session.rooms import Rooms
from tzurot.session.said import Said
from tzurot.session.settings.cascade import Explained
from tzurot.session.store import Opened
from tzurot.session.turns import Line, Turn, TurnId
from tzurot.transport.subject import Caller

AROUND_HOURS = 6  # how long it is known what was said around a character

_SLUG_BEHIND = re.compile(r"\([a-z0-9-]+\)$", re.I)


@dataclass(frozen=True, slots=True)
class _Begun:
    """The conversation as it was found, and what counts there."""

    opened: Opened
    settings: Explained


async def begin(said: Said, caller: Caller, addressee: Addressee, rooms: Rooms) -> Turn | None:
    """Admit one character's turn. None if the same request has been admitted before.

    Raises:
        RequestIdReused: it was admitted with other content.
        PersonalityNotFound: the character was deleted meanwhile.
        AttachmentNotFound: the person has not brought what they want to say it with.
        Incognito: a reply is to be given again, or to go on, and the person is incognito.
    """
    access, redo, place = addressee.access, addressee.redo, said.place
    direct_person_id = caller.person_id if place.venue is Venue.DIRECT else None
    async with faces.speaking(caller, access.personality.id, rooms, said, redo) as (tx, speaker):
        said = _called(said, speaker)
        faces_of = (speaker.persona_id, *speaker.others)
        opened = await store.open_conversation(
            tx, place, access.personality, direct_person_id, faces_of
        )
        turn = Turn(
            id=TurnId(clock.uuid7()),
            conversation_id=opened.id,
            epoch=opened.epoch,
            person_id=caller.person_id,
            persona_id=speaker.persona_id,
            sharing=speaker.others,
            subject=caller.subject,
            access=access,
            said=said,
            utterance_message_id=_utterance_id(said, addressee),
            history=await _history(tx, said, caller, addressee, _Begun(opened, speaker.settings)),
            create_time=clock.now(),
            talk=opened.talk,
            settings=speaker.settings,
            face=speaker.face,
            redo=redo,
            display_name=_display_name(access.personality, opened),
            because=addressee.because,
            age_restricted=ages.is_for_adults(place),
            facts_known=opened.facts_known,
            facts_new=opened.facts_new,
        )
        columns = _columns(turn, addressee, opened.head) | {"direct_person_id": direct_person_id}
        earlier = await store.begin_turn(tx, columns)
        if earlier is None:
            await _require_same(tx, said, caller)
            await tx.rollback()  # nobody spoke here: the conversation stays as it was
            return None
        turn = replace(turn, earlier=earlier)
        if turn.incognito:
            since = _since(opened)
            return await holding.begun(tx, turn, rooms.held, since=since, addressee=addressee)
        await attachments.bind(tx, turn, rooms.held)
    return turn


def _called(said: Said, speaker: Speaker) -> Said:
    """The same, by the name of whoever is in front: the client knows only that of the account."""
    if not (speaker.face.speaks_as and speaker.face.name):
        return said
    if said.utterance and said.utterance.proxy:
        return said
    return replace(said, ask=replace(said.ask, speaker_name=speaker.face.name))


def _utterance_id(said: Said, addressee: Addressee) -> UUID | None:
    if addressee.redo:
        return addressee.redo.answers.message_id if addressee.redo.answers else None
    return clock.uuid7() if said.utterance else None


async def _history(
    tx: AsyncSession, said: Said, caller: Caller, addressee: Addressee, begun: _Begun
) -> tuple[Line, ...]:
    """What was said to and by the character, and around it, oldest first."""
    redo, opened, chosen = addressee.redo, begun.opened, begun.settings.chosen
    head = redo.history_id if redo else opened.head
    own = await store.path(tx, head, _looked_at(begun.settings)) if head else ()
    if chosen.ambient_limit == 0 or redo:
        return own
    asked = {
        "platform": said.place.platform,
        "channel_id": said.place.channel_id,
        "since": _since(opened),
        "direct_person_id": caller.person_id if said.place.venue is Venue.DIRECT else None,
        "conversation_id": opened.id,
        "request_id": said.request_id,
        "platform_message_id": said.utterance.platform_message_id if said.utterance else "",
        "limit": chosen.ambient_limit,
    }
    around = await store.around(tx, asked)
    return tuple(sorted((*own, *around), key=lambda line: line.create_time)) if around else own


def _since(opened: Opened) -> datetime:
    earliest = clock.now() - timedelta(hours=AROUND_HOURS)
    return max(earliest, opened.reset_time) if opened.reset_time else earliest


def _display_name(who: Personality, opened: Opened) -> str:
    """Its name, with its slug where somebody else is, or could seem to be, called the same."""
    unclear = opened.has_namesake or _SLUG_BEHIND.search(who.name)
    return f"{who.name} ({who.slug})" if unclear else who.name


def _columns(turn: Turn, addressee: Addressee, head: UUID | None) -> dict[str, object]:
    """A turn and its utterance as `store.begin_turn` takes them."""
    utterance, place = turn.said.utterance, turn.said.place
    kept = None if turn.incognito else utterance
    return {
        "turn_id": turn.id,
        "conversation_id": turn.conversation_id,
        "person_id": turn.person_id,
        "persona_id": turn.persona_id,
        "personality_id": turn.personality.id,
        "request_id": turn.said.request_id,
        "digest": b"" if turn.incognito else turn.said.digest,
        "position": addressee.position,
        "followed": addressee.followed,
        "lease": turn.create_time + timedelta(seconds=leases.LEASE_SECONDS),
        "utterance_id": turn.utterance_message_id,
        "message_id": turn.utterance_message_id if kept else None,
        "line_id": clock.uuid7(),
        "platform": place.platform,
        "channel_id": place.channel_id,
        "display_name": turn.display_name,
        "platform_message_id": kept.platform_message_id if kept else "",
        "subject": turn.subject,
        "now": turn.create_time,
        "epoch": turn.epoch,
        "head": head,
        "author_name": kept.speaker_name if kept else "",
        "text": kept.text if kept else "",
        # Words supersede what is answered to words before, of which all are known to be theirs.
        "supersedes": bool(utterance) and turn.said.is_vouched_for and addressee.leads,
        "exchange": list(turn.redo.exchange) if turn.redo else [],
        "referred": reference_store.written(kept.references) if kept else None,
        "incognito": turn.incognito,
    }


def _looked_at(settings: Explained) -> int:
    """How many messages of the history a turn can need."""
    chosen = settings.chosen
    return max(chosen.history_limit, chosen.lore_scan_depth, 2)


async def _require_same(tx: AsyncSession, said: Said, caller: Caller) -> None:
    """A request id stands for one content.

    Raises:
        RequestIdReused: it was used with another one.
    """
    if said.request_id is None:
        return
    first = await turn_store.turns_of_request(tx, caller.person_id, said.request_id)
    if first and first[0].request_hash not in (said.digest, b""):  # of an incognito turn: none
        raise RequestIdReused(said.request_id)
