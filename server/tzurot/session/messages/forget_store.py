"""The SQL of forgetting what was said lately: what it is, and taking it out of its trees."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.channels.place_tables import ChannelLine
from tzurot.session.tables import Conversation, Message, Turn
from tzurot.transport.subject import Caller


@dataclass(frozen=True, slots=True)
class Lately:
    """Whose words since when; with one character or with all."""

    person_id: UUID
    since: datetime
    personality_id: UUID | None = None


# Of an answer the person's words are those of its own message, and of those that were superseded
# for it. What is remembered of it goes if all of them do.
_WHOLE = text("""
    SELECT answer.id FROM turns answer
    WHERE answer.conversation_id = :conversation_id AND answer.person_id = :person_id
        AND answer.id IN (
            SELECT t.id FROM turns t WHERE t.conversation_id = :conversation_id
                AND t.utterance_message_id = ANY(CAST(:ids AS uuid[]))
            UNION ALL
            SELECT t.id FROM turns said JOIN turns t ON said.id = ANY(t.exchange_turn_ids)
            WHERE t.conversation_id = :conversation_id AND said.finish_reason = 'superseded'
                AND said.utterance_message_id = ANY(CAST(:ids AS uuid[])))
        AND NOT EXISTS (
            SELECT 1 FROM turns said JOIN messages m ON m.id = said.utterance_message_id
            WHERE (said.id = answer.id OR said.id = ANY(answer.exchange_turn_ids)
                    AND said.finish_reason = 'superseded')
                AND m.id <> ALL(CAST(:ids AS uuid[])))
""")

_DELETE_TURNS = text("""
    DELETE FROM turns WHERE person_id = :person_id AND create_time >= :since
        AND personality_id = coalesce(CAST(:personality_id AS uuid), personality_id)
        AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.turn_id = turns.id)
""")


async def running(tx: AsyncSession, it: Lately) -> Sequence[UUID]:
    """The person's turns that run, of those that were begun since then."""
    query = select(Turn.id).where(
        Turn.person_id == it.person_id, Turn.state == "running", Turn.create_time >= it.since
    )
    if it.personality_id:
        query = query.where(Turn.personality_id == it.personality_id)
    return (await tx.scalars(query.order_by(Turn.id))).all()


async def conversations(tx: AsyncSession, it: Lately) -> Sequence[UUID]:
    """Where something was said since then, in the order in which they are locked."""
    said = exists().where(
        Message.conversation_id == Conversation.id,
        Message.person_id == it.person_id,
        Message.create_time >= it.since,
    )
    query = select(Conversation.id).where(said).order_by(Conversation.id)
    if it.personality_id:
        query = query.where(Conversation.personality_id == it.personality_id)
    return (await tx.scalars(query)).all()


async def messages(tx: AsyncSession, it: Lately, conversation_id: UUID) -> Sequence[Message]:
    """What was said there since then by the person and to them, oldest first."""
    query = select(Message).where(
        Message.conversation_id == conversation_id,
        Message.person_id == it.person_id,
        Message.create_time >= it.since,
    )
    fresh = query.order_by(Message.id).execution_options(populate_existing=True)
    return (await tx.scalars(fresh)).all()


async def whole(
    tx: AsyncSession, conversation_id: UUID, person_id: UUID, ids: Collection[UUID]
) -> set[UUID]:
    """The turns that answered nothing else of the person's than these messages."""
    asked = {"conversation_id": conversation_id, "person_id": person_id, "ids": list(ids)}
    return set((await tx.scalars(_WHOLE, asked)).all())


async def end_wordless(tx: AsyncSession, it: Lately) -> None:
    """Delete the person's turns since then of which no message is left, running ones, too."""
    values = {
        "person_id": it.person_id,
        "since": it.since,
        "personality_id": it.personality_id,
    }
    await tx.execute(_DELETE_TURNS, values)


async def lines(tx: AsyncSession, me: Caller, since: datetime) -> Sequence[ChannelLine]:
    """What the person said in passing since then, in the order of places."""
    query = select(ChannelLine).where(
        # Who had never been here was known by their subject alone.
        or_(ChannelLine.person_id == me.person_id, ChannelLine.author_subject == me.subject),
        ChannelLine.author == "person",
        ChannelLine.turn_id.is_(None),  # lines of turns go with their messages
        ChannelLine.create_time >= since,
    )
    there = (ChannelLine.platform, ChannelLine.channel_id, ChannelLine.id)
    return (await tx.scalars(query.order_by(*there))).all()


async def erase_lines(tx: AsyncSession, ids: Collection[UUID]) -> None:
    """Delete what was said in passing."""
    await tx.execute(delete(ChannelLine).where(ChannelLine.id.in_(ids)))
