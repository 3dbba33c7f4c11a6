"""The SQL of deleting somebody's part of a conversation. See deleting.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.messages import erase_store
from tzurot.session.tables import Conversation

_WORDS_AT_ONCE = 200  # that traces are looked through for in one statement

_RUNNING = text("""
    SELECT id FROM turns WHERE conversation_id = :conversation_id AND person_id = :person_id
        AND state = 'running' ORDER BY id
""")

_WORDS = text("""
    SELECT id, text, least(turn_id, id) FROM messages
    WHERE conversation_id = :conversation_id AND person_id = :person_id
""")

# What was seen around by its platform's id and belongs to no turn. Other lines go with their turns.
_UNSAY = text("""
    DELETE FROM channel_lines l USING messages m
    WHERE m.conversation_id = :conversation_id AND m.person_id = :person_id
        AND m.platform_message_id <> '' AND l.platform = :platform AND l.channel_id = :channel_id
        AND l.platform_message_id = m.platform_message_id AND l.author = m.author
        AND NOT EXISTS (
            SELECT 1 FROM messages other WHERE other.person_id = m.person_id
                AND other.platform_message_id = m.platform_message_id
                AND other.conversation_id <> m.conversation_id)
""")

_DELETE_TURNS = text("""
    DELETE FROM turns WHERE conversation_id = :conversation_id AND person_id = :person_id
""")

_DELETE_NOTE = text("""
    DELETE FROM conversation_notes
    WHERE conversation_id = :conversation_id AND person_id = :person_id
""")

_DELETE_RESETS = text("DELETE FROM conversation_resets WHERE conversation_id = :conversation_id")

_EMPTY = text("""
    UPDATE conversations SET variables = '{}', timings = '{}', source = NULL,
        sight_message_id = NULL
    WHERE id = :conversation_id
""")

_DELETE_IF_EMPTY = text("""
    DELETE FROM conversations WHERE id = :conversation_id
        AND NOT EXISTS (SELECT 1 FROM messages WHERE conversation_id = :conversation_id)
        AND NOT EXISTS (SELECT 1 FROM turns WHERE conversation_id = :conversation_id)
""")


@dataclass(frozen=True, slots=True)
class Part:
    """What one person said in a conversation and was answered."""

    there: Conversation
    person_id: UUID

    @property
    def values(self) -> dict[str, Any]:
        """It and its place, as statements take them."""
        return {
            "conversation_id": self.there.id,
            "person_id": self.person_id,
            "platform": self.there.platform,
            "channel_id": self.there.channel_id,
        }


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in a part, message by message, and since when traces can tell of it."""

    ids: Sequence[UUID]
    texts: Sequence[str]
    since: UUID | None


async def running(tx: AsyncSession, person_id: UUID, conversation_id: UUID) -> Sequence[UUID]:
    """The person's turns that run in a conversation."""
    asked = {"conversation_id": conversation_id, "person_id": person_id}
    return (await tx.scalars(_RUNNING, asked)).all()


async def words(tx: AsyncSession, part: Part) -> Words:
    """What would be gone."""
    rows = (await tx.execute(_WORDS, part.values)).all()
    since = min((since for _, _, since in rows), default=None)
    return Words([id_ for id_, _, _ in rows], [said for _, said, _ in rows], since)


async def erase(tx: AsyncSession, part: Part, message_ids: Sequence[UUID]) -> None:
    """Delete a part, which these messages are, with its turns; an empty conversation goes, too."""
    await tx.execute(_UNSAY, part.values)
    await erase_store.erase(tx, part.there.id, message_ids)
    for statement in (
        _DELETE_TURNS,
        _DELETE_NOTE,
        _DELETE_RESETS,
        _EMPTY,
        _DELETE_IF_EMPTY,
    ):
        await tx.execute(statement, part.values)


async def scrub(tx: AsyncSession, part: Part, told: Sequence[str], since: UUID) -> None:
    """Take words, as prompts have them, out of the traces of the place that are left."""
    for start in range(0, len(told), _WORDS_AT_ONCE):
        await erase_store.scrub(tx, part.there, since, told[start : start + _WORDS_AT_ONCE])
