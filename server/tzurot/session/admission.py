"""Letting an utterance in: may it be said here, and has it been said before."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.account import personas
from tzurot.errors import RequestIdReused
from tzurot.memory.venues import Venue
from tzurot.personality.sharing import Access
from tzurot.session import leases, store
from tzurot.session.cascade import Explained
from tzurot.session.deciding import settings_for
from tzurot.session.rooms import Rooms
from tzurot.session.turns import Said, Turn, TurnId
from tzurot.transport.subject import Caller


async def begin(
    said: Said, caller: Caller, access: Access, position: int, rooms: Rooms
) -> Turn | None:
    """Admit one character's turn: from here on it is a row that no crash forgets.

    None if the same request has been admitted before.

    Raises:
        RequestIdReused: it was admitted with other content.
    """
    direct_person_id = caller.person_id if said.place.venue is Venue.DIRECT else None
    async with rooms.database.transaction() as tx:
        opened = await store.open_conversation(
            tx, said.place, access.personality.id, direct_person_id
        )
        settings = await settings_for(tx, caller.person_id, access.personality.id, said.place)
        turn = Turn(
            id=TurnId(clock.uuid7()),
            conversation_id=opened.id,
            epoch=opened.epoch,
            person_id=caller.person_id,
            persona_id=caller.persona_id,
            subject=caller.subject,
            access=access,
            said=said,
            utterance_message_id=clock.uuid7() if said.utterance else None,
            history=await store.path(tx, opened.head, _looked_at(settings)) if opened.head else (),
            create_time=clock.now(),
            talk=opened.talk,
            settings=settings,
            face=await personas.shown_to(tx, caller.person_id, access.personality.id),
        )
        if not await store.begin_turn(tx, _columns(turn, position, opened.head)):
            await _require_same(tx, said, caller)
            await tx.rollback()  # nobody spoke here: the conversation stays as it was
            return None
    return turn


def _columns(turn: Turn, position: int, head: UUID | None) -> dict[str, object]:
    """A turn and its utterance as `store.begin_turn` takes them."""
    utterance = turn.said.utterance
    return {
        "turn_id": turn.id,
        "conversation_id": turn.conversation_id,
        "person_id": turn.person_id,
        "persona_id": turn.persona_id,
        "personality_id": turn.personality.id,
        "request_id": turn.said.request_id,
        "digest": turn.said.digest,
        "position": position,
        "lease": turn.create_time + timedelta(seconds=leases.LEASE_SECONDS),
        "message_id": turn.utterance_message_id,
        "now": turn.create_time,
        "epoch": turn.epoch,
        "head": head,
        "author_name": utterance.speaker_name if utterance else "",
        "text": utterance.text if utterance else "",
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
    first = await store.turns_of_request(tx, caller.person_id, said.request_id)
    if first and first[0].request_hash != said.digest:
        raise RequestIdReused(said.request_id)
