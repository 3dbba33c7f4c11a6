"""Conversations and turns as their people look back on them: list, read, reset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.errors import ConversationNotFound, PersonalityNotFound, TurnNotFound
from tzurot.personality.characters import Label
from tzurot.session import archive, faces
from tzurot.session.archive import Conversation, ConversationFilter, Message, Turn
from tzurot.session.delivery import turn_store
from tzurot.session.prompt.sections import Words
from tzurot.session.rooms import Rooms
from tzurot.transport.subject import Caller

CLAIM_SECONDS = 30  # that an instance has, until it asks again, to show a turn


@dataclass(frozen=True, slots=True)
class Traced:
    """How a turn came to its end."""

    turn: Turn
    document: dict[str, Any] | None
    """As `traces.py` defines it; None: it did not end yet."""
    words: Words


@dataclass(frozen=True, slots=True)
class Claimed:
    """Whether an instance is the one to show a turn."""

    granted: bool
    expire_time: datetime | None
    """When the grant, or somebody else's, ends; None: the turn was shown."""


class Conversations:
    """What the servicer asks besides chatting."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def get(self, caller: Caller, conversation_id: UUID) -> tuple[Conversation, Label]:
        """A conversation and its character's name and slug.

        Raises:
            ConversationNotFound: the caller takes no part in it.
        """
        async with self._rooms.database.transaction() as tx:
            found = await archive.conversation(tx, caller.person_id, conversation_id)
            if found is None:
                raise ConversationNotFound(conversation_id)
            names = await self._rooms.characters.labels(tx, [found.personality_id])
        return found, names[found.personality_id]

    async def list(
        self, caller: Caller, wanted: ConversationFilter, limit: int
    ) -> Sequence[tuple[Conversation, Label]]:
        """Conversations with their characters' names and slugs, the newest spoken in first."""
        async with self._rooms.database.transaction() as tx:
            found = await archive.conversations(tx, caller.person_id, wanted, limit)
            names = await self._rooms.characters.labels(tx, [c.personality_id for c in found])
        return [(conversation, names[conversation.personality_id]) for conversation in found]

    async def count(self, personality_id: UUID) -> int:
        """How many conversations a character has with everybody: for whoever owns it."""
        async with self._rooms.database.transaction() as tx:
            return await archive.count(tx, personality_id)

    async def reset(self, caller: Caller, conversation_id: UUID) -> tuple[Conversation, Label]:
        """Begin a new epoch: what was said before leaves the character's sight.

        Raises:
            ConversationNotFound: the caller takes no part in it.
        """
        async with self._rooms.database.transaction() as tx:
            found = await archive.conversation(tx, caller.person_id, conversation_id, lock=True)
            if found is None:
                raise ConversationNotFound(conversation_id)
            found.epoch += 1
            found.head_message_id = None
            found.greeting_index, found.variables, found.timings = 0, {}, {}
            found.update_time = found.reset_time = clock.now()
            await tx.flush()
            names = await self._rooms.characters.labels(tx, [found.personality_id])
        return found, names[found.personality_id]

    async def messages(
        self, caller: Caller, conversation_id: UUID, after: UUID | None, limit: int
    ) -> Sequence[Message]:
        """What the caller said in a conversation and was answered, newest first.

        Raises:
            ConversationNotFound: the caller takes no part in it.
        """
        async with self._rooms.database.transaction() as tx:
            if await archive.conversation(tx, caller.person_id, conversation_id) is None:
                raise ConversationNotFound(conversation_id)
            return await archive.messages(tx, caller.person_id, conversation_id, after, limit)

    async def turn(self, caller: Caller, turn_id: UUID) -> Turn:
        """One turn.

        Raises:
            TurnNotFound: the caller has no such turn.
        """
        async with self._rooms.database.transaction() as tx:
            found = await archive.turn(tx, caller.person_id, turn_id)
        if found is None:
            raise TurnNotFound(turn_id)
        return found

    async def turns(
        self, caller: Caller, conversation_id: UUID | None, after: UUID | None, limit: int
    ) -> Sequence[Turn]:
        """Turns, newest first."""
        async with self._rooms.database.transaction() as tx:
            return await archive.turns(tx, caller.person_id, conversation_id, after, limit)

    async def trace(self, caller: Caller, turn_id: UUID) -> Traced:
        """A turn, its trace if it ended, and what the caller may read of it.

        Raises:
            TurnNotFound: the caller has no such turn.
        """
        turn = await self.turn(caller, turn_id)
        async with self._rooms.database.transaction() as tx:
            document = await archive.trace(tx, turn_id)
        ids = [UUID(memory["memory_id"]) for memory in (document or {}).get("memories", [])]
        shown = await self._rooms.recall.shown(
            await faces.heard(caller, turn.personality_id, self._rooms), ids
        )
        passages = [UUID(known["passage_id"]) for known in (document or {}).get("knowledge", [])]
        words = Words(
            {memory.memory_id: memory for memory in shown},
            await self._rooms.knowledge.shown(turn.personality_id, passages),
            sees_definition=await self._sees_definition(caller, turn.personality_id),
        )
        return Traced(turn, document, words)

    async def _sees_definition(self, caller: Caller, personality_id: UUID) -> bool:
        try:
            found = await self._rooms.characters.get(caller.person_id, personality_id)
        except PersonalityNotFound:  # it was shared with the person, and is no more
            return False
        return found.sees_definition

    async def report(
        self, caller: Caller, turn_id: UUID, platform_message_ids: Sequence[str]
    ) -> None:
        """Remember which messages of the platform show a turn's reply.

        Raises:
            TurnNotFound: the caller has no such turn.
        """
        async with self._rooms.database.transaction() as tx:
            found = await archive.turn(tx, caller.person_id, turn_id)
            if found is None:
                raise TurnNotFound(turn_id)
            await turn_store.report(tx, found, platform_message_ids)

    async def claim(self, caller: Caller, turn_id: UUID, instance_id: UUID) -> Claimed:
        """Let a client's instance show a turn, unless another one does, or it was shown.

        Raises:
            TurnNotFound: the caller has no such turn.
        """
        now = clock.now()
        until = now + timedelta(seconds=CLAIM_SECONDS)
        values = {"instance": instance_id, "now": now, "until": until}
        async with self._rooms.database.transaction() as tx:
            found = await turn_store.claim(tx, caller.person_id, turn_id, values)
        if found is None:
            raise TurnNotFound(turn_id)
        holder, expire_time = found
        return Claimed(holder == instance_id, expire_time)


def position(conversation: Conversation) -> str:
    """Where a conversation stands in the list's order."""
    return f"{conversation.update_time.isoformat()} {conversation.id}"


def before(position_text: str) -> tuple[datetime, UUID]:
    """The same, read back from a page token.

    Raises:
        ValueError: it is none.
    """
    when, _, conversation_id = position_text.partition(" ")
    return datetime.fromisoformat(when), UUID(conversation_id)
