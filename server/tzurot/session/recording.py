"""The one transaction at a turn's end: reply, usage, trace and memory, or why there is none.

What a person is told as finished is in Postgres before. A turn that was declared interrupted in the
meantime is neither recorded nor told as answered. Of an incognito turn only the row is in Postgres;
its words are held in memory (incognito/held.py).
"""

import asyncio
import logging
import time
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import TurnInterrupted
from tzurot.memory import linking
from tzurot.memory.remembering import Exchange, remember
from tzurot.session import store
from tzurot.session.delivery import turn_store
from tzurot.session.delivery.events import Failure, StoredMessage, TurnFinished, failure_of
from tzurot.session.messages import message_store, paths
from tzurot.session.rooms import Rooms
from tzurot.session.summaries import summarizing
from tzurot.session.traces import Tracing
from tzurot.session.turns import Draft, Ending, State, Turn
from tzurot.session.voice import Voice

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
        own_words, attempts = _own_words(turn, failure), trace.document["attempts"]
        return TurnFinished(ending.finish, None, failure, draft.usage, own_words, attempts)


async def _store(
    turn: Turn, draft: Draft, trace: Tracing, ending: Ending, rooms: Rooms
) -> TurnFinished:
    now, began = clock.now(), time.perf_counter()
    failure = failure_of(ending.failure) if ending.failure else None
    reply, own_words = _reply(turn, draft, ending, now), _own_words(turn, failure)
    trace.failed(own_words)
    async with rooms.database.transaction() as tx:
        what = "reply and memory" if reply else f"no reply: {ending.finish}"
        trace.add("remember", began, time.perf_counter(), what)
        columns = _columns(turn, draft, ending, failure) | {
            "reply_id": reply.id if reply else None,
            "document": None if turn.incognito else trace.document,
            "now": now,
        }
        if reply and turn.redo:
            columns |= asdict(await paths.make_room(tx, turn, turn.redo))
        ended = await store.end_turn(tx, columns)
        if ended is None:
            raise TurnInterrupted(turn.id)
        if reply and not turn.incognito:
            reply = replace(reply, parent_id=ended.parent_id, chosen=bool(ended.chosen))
            reply = await _settle(tx, turn, reply, rooms)
            await linking.note_recalled(tx, turn.id, trace.cited)
            await summarizing.note(tx, turn, draft.until_id)
    if turn.incognito:
        rooms.held.end(turn, reply, draft.talk, own_words)
    attempts = trace.document["attempts"]
    return TurnFinished(ending.finish, reply, failure, draft.usage, own_words, attempts)


async def _settle(
    tx: AsyncSession, turn: Turn, reply: StoredMessage, rooms: Rooms
) -> StoredMessage:
    """A reply that has its place is remembered; what it stands in for is dormant from now on."""
    if words := await _words(tx, turn):
        await remember(tx, _exchange(turn, reply, words), rooms.jobs)
    if turn.redo is None:
        return reply
    await paths.memories_follow(tx, turn.conversation_id, rooms.jobs)
    return replace(reply, alternative_count=await message_store.count(tx, reply.id))


async def _words(tx: AsyncSession, turn: Turn) -> str:
    """What the person said that is remembered, if it is known to be theirs; all of an exchange."""
    if not turn.said.is_vouched_for:
        return ""
    before = await turn_store.answered_with(tx, turn.id) if turn.earlier.exchange else {}
    return "\n".join(filter(None, (*before.values(), turn.text)))


def _own_words(turn: Turn, failure: Failure | None) -> str:
    """What the character says of a failure."""
    return Voice(turn).card(turn.personality.error_message, "error_message") if failure else ""


def _reply(turn: Turn, draft: Draft, ending: Ending, now: datetime) -> StoredMessage | None:
    """The reply, if there is one to keep; its place in the tree is found when it is stored."""
    if ending.state not in (State.ANSWERED, State.CANCELLED) or not _says_more(turn, draft, ending):
        return None
    return StoredMessage(
        id=clock.uuid7(),
        conversation_id=turn.conversation_id,
        parent_id=turn.utterance_message_id if turn.incognito else None,
        turn_id=turn.id,
        by_person=False,
        author_name=turn.personality.name,
        text=draft.text,
        chosen=turn.incognito,
        create_time=now,
    )


def _says_more(turn: Turn, draft: Draft, ending: Ending) -> bool:
    """Whether there is something to keep. Of what is in place of another reply not just anything.

    A reply that goes on has the old words in front; another one that was stopped is none.
    """
    if turn.redo is None:
        return bool(draft.text)
    if turn.redo.goes_on:
        return draft.text.strip() != turn.redo.text.strip()
    return bool(draft.text) and ending.state is State.ANSWERED


def _columns(
    turn: Turn, draft: Draft, ending: Ending, failure: Failure | None
) -> dict[str, object]:
    """The end of a turn as `store.end_turn` takes it; reply, trace and time aside."""
    return {
        "turn_id": turn.id,
        "conversation_id": turn.conversation_id,
        "epoch": turn.epoch,
        "redone": turn.redo is not None,
        "parent_id": turn.redo.parent_id if turn.redo else None,
        "head_id": turn.redo.head_id if turn.redo else None,
        "platform": turn.said.place.platform,
        "channel_id": turn.said.place.channel_id,
        "display_name": turn.display_name,
        "personality_id": turn.personality.id,
        "utterance_id": turn.utterance_message_id,
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
        "kept": not turn.incognito,
        "text": "" if turn.incognito else draft.text,
        "greeting_index": draft.talk.greeting_index if draft.talk else None,
        "variables": dict(draft.talk.variables) if draft.talk else None,
        "timings": dict(draft.talk.timings) if draft.talk else None,
        "sight_id": draft.talk.sight_id if draft.talk else None,
    }


def _exchange(turn: Turn, reply: StoredMessage, words: str) -> Exchange:
    place, said = turn.said.place, turn.redo.answers if turn.redo else None
    return Exchange(
        persona_id=turn.persona_id,
        personality_id=turn.personality.id,
        turn_id=turn.id,
        # Of several messages the turn stands for all: the memory outlives each of them.
        message_id=turn.utterance_message_id if words == turn.text else None,
        venue=place.venue,
        platform=place.platform,
        channel_id=place.channel_id,
        person_name=said.author_name if said else turn.said.speaker_name,
        person_text=words,
        personality_name=turn.personality.name,
        personality_text=reply.text,
        occur_time=said.create_time if said else turn.create_time,
        age_restricted=turn.age_restricted,
        dormant=not reply.chosen,
    )
