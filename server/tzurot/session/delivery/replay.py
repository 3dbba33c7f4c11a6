"""Telling a turn again from what is stored: for a repeated request, a late or a lost follower.

Of an incognito turn nothing is stored: while this server holds its words they are told, and then
that they are gone.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from tzurot.account import personas
from tzurot.errors import MessageNotKept, TurnNotFound
from tzurot.session import archive, earshot, faces
from tzurot.session.archive import Turn
from tzurot.session.delivery import turn_store
from tzurot.session.delivery.delivery import Feed
from tzurot.session.delivery.events import (
    ChatEvent,
    Failure,
    Kind,
    KnowledgeCited,
    MemoryCited,
    StoredMessage,
    TextDelta,
    TurnFinished,
    TurnStarted,
    failure_of,
)
from tzurot.session.rooms import Rooms
from tzurot.session.said import Said
from tzurot.session.turns import Finish, State, TurnId, Usage
from tzurot.transport.subject import Caller


@dataclass(frozen=True, slots=True)
class Repeated:
    """The turns of a request that were admitted before."""

    position: int
    """The next one's."""
    answered: bool
    """Whether the last one was."""


async def request(
    said: Said, caller: Caller, rooms: Rooms, feed: Feed, *, position: int
) -> Repeated:
    """Tell the turns of a request from a position on that were admitted before, or elsewhere."""
    if said.request_id is None:
        return Repeated(position, answered=True)
    async with rooms.database.transaction() as tx:
        turns = await turn_store.turns_of_request(tx, caller.person_id, said.request_id)
    for turn in (it for it in turns if it.position >= position):
        async for event in watch(TurnId(turn.id), caller, rooms, after=0):
            feed.add(event)
    last = await _turn(turns[-1].id, caller, rooms)
    return Repeated(last.position + 1, last.state == State.ANSWERED)


async def watch(
    turn_id: TurnId, caller: Caller, rooms: Rooms, *, after: int
) -> AsyncIterator[ChatEvent]:
    """A turn's events after a number: live while it runs, then what is stored.

    Raises:
        TurnNotFound: the caller has no such turn.
    """
    while (turn := await _turn(turn_id, caller, rooms)).state == State.RUNNING:
        if running := rooms.delivery.feed_of(turn_id):
            async for event in running.follow(turn_id, after):
                yield event
            return
        async for event in _elsewhere(turn_id, caller, rooms, after):
            yield event
            after = event.sequence
    for event in await _stored(turn, caller, rooms, after):
        if event.sequence > after:
            yield event


async def _elsewhere(
    turn_id: TurnId, caller: Caller, rooms: Rooms, after: int
) -> AsyncIterator[ChatEvent]:
    """What the server that runs a turn tells of it, until it ended or its events got lost.

    Of a turn that no server runs any more the sweeper will tell.
    """
    async with rooms.replicas.following(turn_id, after) as asking:
        while not asking.over:
            events = await asking.next()
            for event in events:
                yield event
            if not events and (
                rooms.delivery.feed_of(turn_id)
                or (await _turn(turn_id, caller, rooms)).state != State.RUNNING
            ):
                return


async def _turn(turn_id: UUID, caller: Caller, rooms: Rooms) -> Turn:
    async with rooms.database.transaction() as tx:
        turn = await archive.turn(tx, caller.person_id, turn_id)
    if turn is None:
        raise TurnNotFound(turn_id)
    return turn


async def _stored(turn: Turn, caller: Caller, rooms: Rooms, after: int) -> list[ChatEvent]:
    """Started, the whole text, what was cited, finished. The last has the number it always had.

    Of an interrupted turn nobody knows that number: then it is one that its follower hasn't seen.
    """
    async with rooms.database.transaction() as tx:
        access = await rooms.characters.seen(tx, caller.person_id, turn.personality_id)
        reply = await archive.message(tx, turn.reply_message_id) if turn.reply_message_id else None
        stored = stored_message(reply) if reply else None
        document = await archive.trace(tx, turn.id)
        taken_for = await personas.spoken_as(tx, caller.person_id, turn.persona_id)
    who, document = access.personality, document or {}
    heard = (turn.persona_id, *await faces.heard(caller, turn.personality_id, rooms))
    kinds: list[Kind] = [
        TurnStarted(
            turn.conversation_id,
            who.id,
            who.name,
            who.slug,
            who.avatar_sha256 or "",
            turn.model,
            turn.display_name or who.name,
            persona_name=taken_for,
            incognito=turn.incognito,
            fresh=_was_fresh(document),
        )
    ]
    cited = {UUID(m["memory_id"]): m["final"] for m in document.get("memories", []) if m["cited"]}
    said_by = {it["memory_id"]: it.get("said_by", "") for it in document.get("sections", [])}
    hearing = await earshot.at(turn, heard, document, rooms) if cited else None
    kinds += [
        MemoryCited(
            memory.memory_id,
            memory.excerpt,
            cited[memory.memory_id],
            memory.occur_time,
            memory.personality_id,
            "" if memory.persona_id in heard else said_by.get(str(memory.memory_id), ""),
        )
        for memory in await rooms.recall.shown(heard, list(cited), hearing)
    ]
    if access.sees_definition:
        kinds += await _known(turn, document, rooms)
    finished = (
        _held(turn, rooms)
        if turn.incognito
        else _finished(turn, stored, document.get("error_message", ""))
    )
    finished = replace(finished, attempts=document.get("attempts", ()))
    if finished.message:
        kinds.append(TextDelta(finished.message.text))
    kinds.append(finished)
    last = max(turn.last_sequence or after + 1, len(kinds))
    numbers = [*range(1, len(kinds)), last]
    return [
        ChatEvent(TurnId(turn.id), number, kind)
        for number, kind in zip(numbers, kinds, strict=True)
    ]


async def _known(turn: Turn, document: dict[str, Any], rooms: Rooms) -> list[Kind]:
    """The passages that were cited, if they still exist."""
    cited = {
        UUID(it["passage_id"]): it["score"] for it in document.get("knowledge", []) if it["cited"]
    }
    shown = await rooms.knowledge.shown(turn.personality_id, cited)
    return [
        KnowledgeCited(passage.document_id, passage.title, passage.excerpt, cited[passage_id])
        for passage_id in cited
        if (passage := shown.get(passage_id))
    ]


def _held(turn: Turn, rooms: Rooms) -> TurnFinished:
    """The end of an incognito turn, from this server's memory; else that its words are gone."""
    held = rooms.held.round(turn.person_id, TurnId(turn.id))
    finished = _finished(turn, held.reply if held else None, held.own_words if held else "")
    if finished.message is None and turn.reply_message_id:
        gone = failure_of(MessageNotKept())
        return replace(finished, finish=Finish.INTERRUPTED, failure=gone)
    return finished


def _finished(turn: Turn, message: StoredMessage | None, own_words: str) -> TurnFinished:
    failure = (
        Failure(turn.failure_reason, turn.failure_message or "") if turn.failure_reason else None
    )
    usage = Usage(
        turn.prompt_token_count,
        turn.completion_token_count,
        turn.cached_token_count,
        turn.reasoning_token_count,
        turn.tokens_estimated,
    )
    finish = Finish(turn.finish_reason or Finish.INTERRUPTED)
    return TurnFinished(finish, message, failure, usage, own_words)


def stored_message(row: archive.Message) -> StoredMessage:
    """A message as it is told."""
    return StoredMessage(
        id=row.id,
        conversation_id=row.conversation_id,
        parent_id=row.parent_id,
        turn_id=row.turn_id,
        by_person=row.author == "person",
        author_name=row.author_name,
        text=row.text,
        chosen=row.chosen,
        create_time=row.create_time,
        edit_time=row.edit_time,
    )


def _was_fresh(document: Mapping[str, Any]) -> bool:
    """Whether the person was told to be unknown, as a trace's settings say."""
    return any(
        it["key"] == "fresh" and it["counts"][1] is True for it in document.get("settings", [])
    )
