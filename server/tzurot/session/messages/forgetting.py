"""Forgetting what a person said lately and was answered, wherever that was, with all it led to.

Memories of it go, locked ones too, and with them what was gathered and learnt from them alone; its
turns with their traces and attachments; what was said in passing; and what is held in memory of it
where it was said incognito. Others' words stay. A turn of theirs that runs is stopped, and one that
begins meanwhile finds nothing to end: nothing comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.memory import following
from tzurot.memory.following import Side, Sources
from tzurot.personality.characters import Ref
from tzurot.session.incognito import letting_go, news
from tzurot.session.incognito.news import Change
from tzurot.session.messages import (
    around_store,
    erase_store,
    erasing,
    forget_store,
    message_store,
    path_store,
    paths,
)
from tzurot.session.messages.forget_store import Lately
from tzurot.session.rooms import Rooms
from tzurot.session.tables import Conversation, Message
from tzurot.session.turns import TurnId
from tzurot.transport.subject import Caller

_PATIENCE = 5.0  # seconds in all until turns that are to be stopped are forgotten all the same
_AT_ONCE = 200  # texts that traces are looked through for in one statement


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is gone, or would be."""

    messages: int = 0
    memories: int = 0
    facts: int = 0

    def __add__(self, other: "Forgotten") -> "Forgotten":
        return Forgotten(
            self.messages + other.messages,
            self.memories + other.memories,
            self.facts + other.facts,
        )


async def preview(me: Caller, duration: timedelta, ref: Ref | None, rooms: Rooms) -> Forgotten:
    """What would be forgotten now: it is done, and taken back.

    Raises:
        PersonalityNotFound: by its name.
    """
    it = await _lately(me, duration, ref, rooms)
    held = rooms.held.since(it.person_id, it.since, it.personality_id)
    async with rooms.database.rehearsal() as tx:
        would = await _forget(tx, it, rooms) + Forgotten(held)
    async with rooms.database.rehearsal() as tx:
        return would + await _in_passing(tx, me, it)


async def forget(me: Caller, duration: timedelta, ref: Ref | None, rooms: Rooms) -> Forgotten:
    """Forget what the caller said within a duration from now, with one character or with all.

    Raises:
        PersonalityNotFound: by its name.
    """
    it = await _lately(me, duration, ref, rooms)
    async with rooms.database.transaction() as tx:
        running = await forget_store.running(tx, it)
    for turn_id in running:
        await rooms.replicas.silence(TurnId(turn_id), _PATIENCE / len(running))
    change = Change(it.person_id, it.since, it.personality_id)
    async with rooms.database.transaction() as tx:
        forgotten = await _forget(tx, it, rooms)
        await news.tell(rooms.signals, change, tx)
        forgotten += Forgotten(letting_go.forget(rooms.held, change))
    async with rooms.database.transaction() as tx:
        return forgotten + await _in_passing(tx, me, it)


async def _lately(me: Caller, duration: timedelta, ref: Ref | None, rooms: Rooms) -> Lately:
    since = clock.now() - duration
    if ref is None:
        return Lately(me.person_id, since)
    async with rooms.database.reading() as tx:
        seen = await rooms.characters.seen(tx, me.person_id, ref)
    return Lately(me.person_id, since, seen.personality.id)


async def _forget(tx: AsyncSession, it: Lately, rooms: Rooms) -> Forgotten:
    gone = Forgotten()
    conversations = await forget_store.conversations(tx, it)
    for conversation_id in conversations:
        await path_store.hold(tx, conversation_id)
    await erase_store.alone(tx, conversations)
    for conversation_id in conversations:
        if found := await forget_store.messages(tx, it, conversation_id):
            gone += await _of_conversation(tx, found, rooms)
    await forget_store.end_wordless(tx, it)
    return gone


async def _of_conversation(tx: AsyncSession, doomed: Sequence[Message], rooms: Rooms) -> Forgotten:
    """Delete messages of one conversation, which is held, oldest first."""
    there = await tx.get_one(Conversation, doomed[0].conversation_id)
    memories, facts = await _memories(tx, doomed, rooms)
    turns = await erase_store.turns(tx, doomed)
    await erase_store.leave_to_twins(tx, turns)
    for author in ("person", "personality"):
        if side := [it for it in doomed if it.author == author]:
            for it in [
                it for it in side if it.turn_id is None
            ]:  # an alternative, told as the first
                await around_store.unsay_around(tx, await message_store.alternatives(tx, it))
            await around_store.unsay_around(tx, side)
            await erase_store.detach(tx, side, await erase_store.turns(tx, side))
    await erase_store.erase(tx, there.id, [it.id for it in doomed])
    await erase_store.end_empty(tx, turns)
    await paths.memories_follow(tx, there.id, rooms.jobs)
    since = min(min(it.turn_id or it.id, it.id) for it in doomed)
    told = sorted({erasing.told(it.text) for it in doomed})
    for start in range(0, len(told), _AT_ONCE):
        await erase_store.scrub(tx, there, since, told[start : start + _AT_ONCE])
    return Forgotten(len(doomed), memories, facts)


async def _memories(tx: AsyncSession, doomed: Sequence[Message], rooms: Rooms) -> tuple[int, int]:
    """Forget what is remembered of messages: how many memories, and facts with them.

    Where they answered something that stays, or were answered with it, that is remembered on.
    """
    ids, first = [it.id for it in doomed], doomed[0]
    whole = await forget_store.whole(tx, first.conversation_id, first.person_id, ids)
    brought = [it.id for it in doomed if it.turn_id is None]
    alone = Sources(whole, brought)
    facts = await following.learnt(tx, alone)
    forgotten = await following.forget(tx, alone, rooms.jobs)
    for message in doomed:
        known = await _besides(tx, message, whole)
        words = (message.text, "")
        forgotten += await following.reword(tx, known, Side(message.author), words, rooms.jobs)
    return forgotten, facts


async def _besides(tx: AsyncSession, message: Message, whole: set[UUID]) -> Sources:
    """What is remembered of a message together with what stays."""
    if message.turn_id in whole:
        return Sources()
    known = await message_store.remembered_with(tx, message)
    return Sources([it for it in known.turns if it not in whole], known.messages)


async def _in_passing(tx: AsyncSession, me: Caller, it: Lately) -> Forgotten:
    """Delete what the person said to nobody in particular, unless it is about one character."""
    lines = await forget_store.lines(tx, me, it.since) if it.personality_id is None else ()
    for line in lines:
        await erasing.scrub_line(tx, line)
    await forget_store.erase_lines(tx, [line.id for line in lines])
    return Forgotten(len(lines))
