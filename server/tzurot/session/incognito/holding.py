"""Beginning an incognito turn: it knows what was said incognito before, and is held from now on."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import Incognito
from tzurot.session.attachments import attachments
from tzurot.session.channels.addressing import Addressee
from tzurot.session.incognito.held import Held
from tzurot.session.incognito.rounds import Spot
from tzurot.session.turns import Line, Talk, Turn


async def begun(
    tx: AsyncSession, turn: Turn, held: Held, *, since: datetime, addressee: Addressee
) -> Turn:
    """An incognito turn as it is admitted; what was said around the character since then it hears.

    Raises:
        Incognito: it is to stand in for a reply, or to go on with one, that is kept.
        AttachmentNotFound: the person has not brought what they want to say it with.
    """
    if turn.redo:
        raise Incognito
    lines, talk = _lines(turn, held, since), _talk(turn, held)
    pieces = await attachments.taken(tx, turn, held)
    held.begin(turn, pieces, leads=addressee.leads, followed=addressee.followed)
    before = held.references(Spot.of(turn), turn.earlier.exchange)
    return replace(
        turn,
        history=tuple(sorted((*turn.history, *lines), key=lambda line: line.create_time)),
        talk=talk,
        earlier=replace(turn.earlier, references=(*turn.earlier.references, *before)),
    )


def _lines(turn: Turn, held: Held, since: datetime) -> tuple[Line, ...]:
    spot = Spot.of(turn)
    own = held.own(spot, turn.conversation_id, turn.epoch)
    if turn.settings.chosen.ambient_limit == 0:
        return own
    around = held.around(spot, turn.said.place, turn.conversation_id, turn.said.request_id)
    return (*own, *(line for line in around if line.create_time > since))


def _talk(turn: Turn, held: Held) -> Talk:
    kept = held.talk(Spot.of(turn), turn.conversation_id, turn.epoch)
    return replace(kept, note=turn.talk.note) if kept else turn.talk
