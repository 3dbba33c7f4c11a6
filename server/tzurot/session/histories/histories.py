"""Conversations as a whole: reset, and back; counted; with a note over them.

A reset ends an epoch: what was said in it stays as it is, out of sight. Taking it back joins two
epochs: what was said since goes on where the earlier one ended, so that both are one path. What
macros and lore have kept comes back with it; of what both know the newer counts. How a conversation
is deleted: deleting.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import ConversationNotFound, NothingToRestore
from tzurot.memory import following
from tzurot.memory.following import Sources
from tzurot.personality.characters import Label
from tzurot.session import archive, store
from tzurot.session.archive import Conversation, Message
from tzurot.session.histories import deleting, history_store
from tzurot.session.histories.history_store import Counted
from tzurot.session.histories.history_tables import ConversationReset
from tzurot.session.messages import path_store, paths
from tzurot.session.messages.erasing import Erased
from tzurot.session.rooms import Rooms
from tzurot.session.summaries import summary_store
from tzurot.session.summaries.summary import Read
from tzurot.session.turns import Note
from tzurot.transport.subject import Caller

MAX_NOTE = 4_000  # characters
MAX_NOTE_DEPTH = 1_000  # messages after it
_COUNTS = ("sticky_until", "cooldown_until", "since", "matched_since")  # of a `Timed`; 0 is never


@dataclass(frozen=True, slots=True)
class Stats:
    """What somebody said in a conversation and was answered, in numbers."""

    counted: Counted
    memory_count: int
    restorable_count: int
    summary_count: int


class Histories:
    """What the servicer and the flows ask: ConversationNotFound where one takes no part."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def reset(self, caller: Caller, conversation_id: UUID) -> tuple[Conversation, Label]:
        """Begin a new epoch: what was said before leaves the character's sight."""
        now = clock.now()
        async with self._rooms.database.transaction() as tx:
            found = await _held(tx, caller, conversation_id)
            await history_store.add_reset(tx, found, now)
            found.epoch += 1
            found.head_message_id = found.sight_message_id = None
            found.greeting_index, found.variables, found.timings = 0, {}, {}
            found.update_time = found.reset_time = now
            await tx.flush()
            return found, await self._label(tx, found)

    async def restore(self, caller: Caller, conversation_id: UUID) -> tuple[Conversation, Label]:
        """Take back the last reset that took anything out of sight which is still there.

        Raises:
            NothingToRestore: there is none.
        """
        async with self._rooms.database.transaction() as tx:
            found = await _held(tx, caller, conversation_id)
            earlier = await history_store.earlier(tx, found)
            if not earlier:
                raise NothingToRestore(conversation_id)
            if await _join(tx, found, earlier[0]):
                await paths.memories_follow(tx, found.id, self._rooms.jobs)
            return found, await self._label(tx, found)

    async def page(
        self, caller: Caller, conversation_id: UUID, before: UUID, limit: int
    ) -> Sequence[Message]:
        """What the caller said and was answered, in sight and before, newest first.

        Of alternatives it is the chosen one.
        """
        async with self._rooms.database.reading() as tx:
            if await archive.conversation(tx, caller.person_id, conversation_id) is None:
                raise ConversationNotFound(conversation_id)
            return await history_store.page(tx, caller.person_id, conversation_id, before, limit)

    async def stats(self, caller: Caller, conversation_id: UUID) -> Stats:
        """How much there is, how much of it is in sight, and what came of it."""
        async with self._rooms.database.reading() as tx:
            found = await archive.conversation(tx, caller.person_id, conversation_id)
            if found is None:
                raise ConversationNotFound(conversation_id)
            sources = await history_store.sources(tx, caller.person_id, conversation_id)
            return Stats(
                await history_store.counted(tx, caller.person_id, found),
                await following.count(tx, Sources(*sources)),
                len(await history_store.earlier(tx, found)),
                await summary_store.count(tx, caller.person_id, conversation_id),
            )

    async def summaries(
        self, caller: Caller, conversation_id: UUID, after: UUID | None, limit: int
    ) -> Sequence[Read]:
        """What is told of it in short, the newest first, as far as the caller has a part in it."""
        async with self._rooms.database.reading() as tx:
            if await archive.conversation(tx, caller.person_id, conversation_id) is None:
                raise ConversationNotFound(conversation_id)
            return await summary_store.listed(tx, caller.person_id, conversation_id, after, limit)

    async def delete(self, caller: Caller, conversation_id: UUID) -> Erased:
        """Delete what the caller said and was answered, for good; others' words stay."""
        return await deleting.delete(caller, conversation_id, self._rooms)

    async def set_note(
        self, caller: Caller, conversation_id: UUID, note: Note | None
    ) -> tuple[Conversation, Label]:
        """Write the note that stands over a conversation, or take it away."""
        async with self._rooms.database.transaction() as tx:
            found = await _held(tx, caller, conversation_id)
            if note:
                written = {"text": note.text, "depth": note.depth}
                await history_store.put_note(tx, found.id, caller.person_id, written)
            else:
                await history_store.take_note(tx, found.id)
            await tx.refresh(found, ["note"])
            return found, await self._label(tx, found)

    async def _label(self, tx: AsyncSession, found: Conversation) -> Label:
        return (await self._rooms.characters.labels(tx, [found.personality_id]))[
            found.personality_id
        ]


async def _held(tx: AsyncSession, caller: Caller, conversation_id: UUID) -> Conversation:
    """A conversation that the caller takes part in, locked, as it is then."""
    await path_store.hold(tx, conversation_id)
    found = await archive.conversation(tx, caller.person_id, conversation_id)
    if found is None:
        raise ConversationNotFound(conversation_id)
    return found


async def _join(tx: AsyncSession, found: Conversation, earlier: int) -> list[UUID]:
    """Go back to an earlier epoch; returns the answers that are on its path only now."""
    kept = await history_store.reset_of(tx, found.id, earlier)
    said, _ = await store.counts(tx, found.id, earlier)
    late = await history_store.go_on(tx, found.id, earlier, kept.reset_time) if kept else []
    last = await history_store.last_of(tx, found.id, earlier)
    await history_store.join(tx, found, earlier, last)
    if kept:
        _bring_back(found, kept, said + len(late))
    found.epoch = earlier
    found.head_message_id = found.head_message_id or last
    found.sight_message_id = None
    found.reset_time = await history_store.began(tx, found.id, earlier)
    found.update_time = clock.now()
    await history_store.forget_resets(tx, found.id, earlier)
    await tx.flush()
    return late


def _bring_back(found: Conversation, kept: ConversationReset, said: int) -> None:
    """What was kept before stands again; `said` messages come before those counted since."""
    found.variables = {**kept.variables, **found.variables}
    found.timings = {**kept.timings, **later(found.timings, said)}
    if found.head_message_id is None:
        found.greeting_index = kept.greeting_index


def later(timings: Mapping[str, Any], count: int) -> dict[str, Any]:
    """What is remembered of lorebook entries, with so many messages before all that it counts."""
    return {
        name: {
            key: value + count if key in _COUNTS and value else value
            for key, value in timed.items()
        }
        for name, timed in timings.items()
    }
