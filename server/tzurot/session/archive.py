"""The SQL of looking back: what people read about their conversations and turns. See store.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from tzurot.session.tables import Conversation, Message, Trace, Turn

_NOTED = joinedload(Conversation.note)


@dataclass(frozen=True, slots=True)
class Link:
    """A message without its words: it may be somebody else's."""

    id: UUID
    epoch: int
    parent_id: UUID | None
    chosen: bool = True


async def turn(tx: AsyncSession, person_id: UUID, turn_id: UUID) -> Turn | None:
    """One turn of the person's."""
    query = select(Turn).where(Turn.person_id == person_id, Turn.id == turn_id)
    return (await tx.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def turns(
    tx: AsyncSession, person_id: UUID, conversation_id: UUID | None, after: UUID | None, limit: int
) -> Sequence[Turn]:
    """Turns of the person's, newest first."""
    query = select(Turn).where(Turn.person_id == person_id).order_by(Turn.id.desc()).limit(limit)
    if conversation_id:
        query = query.where(Turn.conversation_id == conversation_id)
    if after:
        query = query.where(Turn.id < after)
    return (await tx.scalars(query)).all()


async def trace(tx: AsyncSession, turn_id: UUID) -> dict[str, Any] | None:
    """The trace of a turn that the caller has checked the ownership of."""
    return (await tx.scalars(select(Trace.document).where(Trace.turn_id == turn_id))).one_or_none()


async def message(tx: AsyncSession, message_id: UUID) -> Message | None:
    """A message of a turn that the caller has checked the ownership of."""
    return (await tx.scalars(select(Message).where(Message.id == message_id))).one_or_none()


def took_part(person_id: UUID) -> ColumnElement[bool]:
    """Whether a person may see a conversation: it is its own, or the person spoke in it."""
    return (Conversation.direct_person_id == person_id) | exists().where(
        Message.conversation_id == Conversation.id, Message.person_id == person_id
    )


async def conversation(
    tx: AsyncSession, person_id: UUID, conversation_id: UUID
) -> Conversation | None:
    """One conversation that the person takes part in."""
    query = select(Conversation).where(Conversation.id == conversation_id, took_part(person_id))
    return (await tx.scalars(query.options(_NOTED))).one_or_none()


async def place(tx: AsyncSession, turn: Turn) -> Conversation | None:
    """Where a turn was, as its conversation has it."""
    return await tx.get(Conversation, turn.conversation_id)


async def count(tx: AsyncSession, personality_id: UUID) -> int:
    """How many conversations there are with a character that the caller owns."""
    query = (
        select(func.count())
        .select_from(Conversation)
        .where(Conversation.personality_id == personality_id)
    )
    return await tx.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """Which conversations a list shows."""

    personality_id: UUID | None
    platform: str
    before: tuple[datetime, UUID] | None
    channel_id: str = ""


async def conversations(
    tx: AsyncSession, person_id: UUID, wanted: ConversationFilter, limit: int
) -> Sequence[Conversation]:
    """Conversations that the person takes part in, the newest spoken in first."""
    query = (
        select(Conversation)
        .where(took_part(person_id))
        .options(_NOTED)
        .order_by(Conversation.update_time.desc(), Conversation.id.desc())
        .limit(limit)
    )
    if wanted.personality_id:
        query = query.where(Conversation.personality_id == wanted.personality_id)
    if wanted.platform:
        query = query.where(Conversation.platform == wanted.platform)
    if wanted.channel_id:
        query = query.where(Conversation.channel_id == wanted.channel_id)
    if wanted.before:
        position = func.row(*wanted.before)
        query = query.where(func.row(Conversation.update_time, Conversation.id) < position)
    return (await tx.scalars(query)).all()


async def messages(
    tx: AsyncSession, person_id: UUID, conversation_id: UUID, after: UUID | None, limit: int
) -> Sequence[Message]:
    """What the person said in a conversation and was answered, newest first."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.person_id == person_id)
        .order_by(Message.id.desc())
        .limit(limit)
    )
    if after:
        query = query.where(Message.id < after)
    return (await tx.scalars(query)).all()


async def links(tx: AsyncSession, conversation_id: UUID) -> Sequence[Link]:
    """How all messages of a conversation follow each other, whoever said them."""
    rows = await tx.execute(
        select(Message.id, Message.epoch, Message.parent_id, Message.chosen)
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.id)
    )
    return [Link(*row) for row in rows]


async def all_messages(
    tx: AsyncSession, person_id: UUID, conversation_id: UUID
) -> Sequence[Message]:
    """All that the person said in a conversation and was answered, alternatives included."""
    query = select(Message).where(
        Message.conversation_id == conversation_id, Message.person_id == person_id
    )
    return (await tx.scalars(query.order_by(Message.id))).all()
