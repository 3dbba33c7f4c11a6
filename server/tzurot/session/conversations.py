"""Conversations and turns as their people look back on them: list, read, reset."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tzurot import clock
from tzurot.errors import ConversationNotFound, PersonalityNotFound, TurnNotFound
from tzurot.memory import scoring
from tzurot.memory.facts.telling import FactTold
from tzurot.memory.reasons import Asking
from tzurot.memory.recall import Shown
from tzurot.memory.scoring import ScoreParts
from tzurot.personality.characters import Label
from tzurot.session import archive, earshot, faces
from tzurot.session.archive import Conversation, ConversationFilter, Message, Turn
from tzurot.session.delivery import turn_store
from tzurot.session.prompt import marks
from tzurot.session.prompt.sections import Words
from tzurot.session.rooms import Rooms
from tzurot.session.summaries import summary_store
from tzurot.session.summaries.summary import Read
from tzurot.transport.subject import Caller

CLAIM_SECONDS = 30  # that an instance has, until it asks again, to show a turn


@dataclass(frozen=True, slots=True)
class Traced:
    """How a turn came to its end."""

    turn: Turn
    document: dict[str, Any] | None
    """As `trace_document.py` defines it; None: it did not end yet."""
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
            said = turn.utterance_message_id
            answered = await archive.message(tx, said) if said else None
        if document is None:
            return Traced(turn, None, Words({}, {}))
        memories = await self._memories(caller, turn, document)
        own = await faces.heard(caller, turn.personality_id, self._rooms)
        others = _others(memories, (turn.persona_id, *own), document)
        passages = [UUID(known["passage_id"]) for known in document.get("knowledge", [])]
        question = answered.text if answered else ""
        asking = Asking(question, turn.create_time, turn.personality_id, others)
        words = Words(
            memories,
            await self._rooms.knowledge.shown(turn.personality_id, passages),
            facts=await self._facts(caller, turn, document),
            sees_definition=await self._sees_definition(caller, turn.personality_id),
            reasons=await self._reasons(asking, memories, document),
            others=others,
            summaries=await self._summaries(caller, document),
        )
        return Traced(turn, document, words)

    async def _memories(
        self, caller: Caller, turn: Turn, document: dict[str, Any]
    ) -> dict[UUID, Shown]:
        """What came up in a turn, as far as it still exists and is the caller's.

        With what others said in the same channel, as far as it may still come up there.
        """
        came_up = [*document.get("memories", []), *document.get("considered", [])]
        ids = [UUID(it["memory_id"]) for it in came_up]
        heard = await faces.heard(caller, turn.personality_id, self._rooms)
        own = (turn.persona_id, *heard)
        hearing = await earshot.at(turn, own, document, self._rooms)
        shown = await self._rooms.recall.shown(heard, ids, hearing)
        return {memory.memory_id: memory for memory in shown}

    async def _facts(
        self, caller: Caller, turn: Turn, document: dict[str, Any]
    ) -> Mapping[UUID, FactTold]:
        """What was told of facts, as far as they still exist and are the caller's."""
        ids = [UUID(it["fact_id"]) for it in document.get("sections", []) if it.get("fact_id")]
        if not ids:
            return {}
        heard = await faces.heard(caller, turn.personality_id, self._rooms)
        return await self._rooms.facts.shown((turn.persona_id, *heard), ids)

    async def _summaries(self, caller: Caller, document: dict[str, Any]) -> Mapping[UUID, Read]:
        """The summaries that were told, as far as they still exist and the caller has a part."""
        sections = document.get("sections", [])
        ids = [UUID(it["summary_id"]) for it in sections if it.get("summary_id")]
        if not ids:
            return {}
        async with self._rooms.database.reading() as tx:
            return await summary_store.some(tx, caller.person_id, ids)

    async def _reasons(
        self, asking: Asking, memories: Mapping[UUID, Shown], document: dict[str, Any]
    ) -> Mapping[UUID, Sequence[str]]:
        """Why each memory was recalled that still exists."""
        told = [
            (memory, ScoreParts(**scoring.stored(it)))
            for it in document.get("memories", [])
            if (memory := memories.get(UUID(it["memory_id"])))
        ]
        why = await self._rooms.recall.why(asking, told)
        return {memory.memory_id: its for (memory, _), its in zip(told, why, strict=True)}

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


def _others(
    memories: Mapping[UUID, Shown], own: Collection[UUID], document: dict[str, Any]
) -> dict[UUID, str]:
    """Who said what none of the caller's own faces did, as the model was told."""
    told = {it["memory_id"]: it.get("said_by", "") for it in document.get("sections", [])}
    return {
        memory_id: told.get(str(memory_id)) or marks.name(it.person_name) or "Somebody else"
        for memory_id, it in memories.items()
        if it.persona_id not in own
    }


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
