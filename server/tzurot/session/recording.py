"""The one transaction at a turn's end: reply, usage, trace and memory, or why there is none.

What a person is told as finished is in Postgres before. A turn that was declared interrupted in the
meantime is neither recorded nor told as answered.
"""

import asyncio
import logging
import time

from tzurot import clock
from tzurot.errors import TurnInterrupted, TzurotError
from tzurot.memory.remembering import Exchange, remember
from tzurot.session import store
from tzurot.session.events import Failure, StoredMessage, TurnFinished
from tzurot.session.rooms import Rooms
from tzurot.session.traces import Tracing
from tzurot.session.turns import Draft, Ending, State, Turn

log = logging.getLogger(__name__)


async def record(
    turn: Turn, draft: Draft, trace: Tracing, ending: Ending, rooms: Rooms
) -> TurnFinished:
    """Store how a turn ended; returns what to tell.

    Once begun it is not cut short: a cancellation comes too late then, and what is stored is told.

    Raises:
        TurnInterrupted: the turn was declared so, since its lease had run out.
    """
    storing = asyncio.create_task(_store(turn, draft, trace, ending, rooms))
    try:
        return await asyncio.shield(storing)
    except asyncio.CancelledError:
        return await storing


async def record_badly(
    turn: Turn, draft: Draft, trace: Tracing, ending: Ending, rooms: Rooms
) -> TurnFinished:
    """Store an end that is no answer. If even that fails, the sweeper will find the turn."""
    try:
        return await record(turn, draft, trace, ending, rooms)
    except Exception as error:  # the turn's root: its person is told in any case
        log.warning("the end of turn %s is not recorded: %s", turn.id, type(error).__name__)
        failure = failure_of(ending.failure) if ending.failure else None
        return TurnFinished(ending.finish, None, failure, draft.usage)


def failure_of(error: TzurotError) -> Failure:
    """An error as it is stored and told inside a message."""
    return Failure(error.reason, error.message, tuple(error.metadata.items()))


async def _store(
    turn: Turn, draft: Draft, trace: Tracing, ending: Ending, rooms: Rooms
) -> TurnFinished:
    now, began = clock.now(), time.perf_counter()
    keeps_text = ending.state in (State.ANSWERED, State.CANCELLED) and bool(draft.text)
    reply_id = clock.uuid7() if keeps_text else None
    failure = failure_of(ending.failure) if ending.failure else None
    async with rooms.database.transaction() as tx:
        if keeps_text and turn.said.utterance:
            await remember(tx, _exchange(turn, draft), rooms.jobs)
        what = "reply and memory" if reply_id else f"no reply: {ending.finish}"
        trace.add("remember", began, time.perf_counter(), what)
        ended = await store.end_turn(
            tx,
            {
                "turn_id": turn.id,
                "conversation_id": turn.conversation_id,
                "epoch": turn.epoch,
                "utterance_id": turn.utterance_message_id,
                "reply_id": reply_id,
                "state": ending.state,
                "finish": ending.finish,
                "failure_reason": failure.reason if failure else None,
                "failure_message": failure.message if failure else None,
                "model": draft.model,
                "prompt": draft.usage.prompt,
                "completion": draft.usage.completion,
                "cached": draft.usage.cached,
                "reasoning": draft.usage.reasoning,
                "estimated": draft.usage.estimated,
                "last_sequence": draft.told + 1,
                "author_name": turn.personality.name,
                "person_id": turn.person_id,
                "text": draft.text,
                "document": trace.document,
                "now": now,
            },
        )
        if ended is None:
            raise TurnInterrupted(turn.id)
    message = (
        StoredMessage(
            id=reply_id,
            conversation_id=turn.conversation_id,
            parent_id=ended.parent_id,
            turn_id=turn.id,
            by_person=False,
            author_name=turn.personality.name,
            text=draft.text,
            chosen=bool(ended.chosen),
            create_time=now,
        )
        if reply_id
        else None
    )
    return TurnFinished(ending.finish, message, failure, draft.usage)


def _exchange(turn: Turn, draft: Draft) -> Exchange:
    place = turn.said.place
    return Exchange(
        persona_id=turn.persona_id,
        personality_id=turn.personality.id,
        turn_id=turn.id,
        message_id=turn.utterance_message_id,
        venue=place.venue,
        platform=place.platform,
        channel_id=place.channel_id,
        person_name=turn.said.utterance.speaker_name if turn.said.utterance else "",
        person_text=turn.text,
        personality_name=turn.personality.name,
        personality_text=draft.text,
        occur_time=turn.create_time,
    )
