"""The SQL of messages as others see them in their place: see place_tables.ChannelLine."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.channels.place_tables import ChannelLine
from tzurot.session.said import MessageRef
from tzurot.session.tables import Conversation, Message


async def unsay(tx: AsyncSession, person_id: UUID, ref: MessageRef) -> bool:
    """Delete what a person said in passing where a platform shows it; whether there was any."""
    if isinstance(ref, UUID):
        return False
    gone = await tx.execute(
        delete(ChannelLine)
        .where(
            ChannelLine.person_id == person_id,
            ChannelLine.author == "person",
            ChannelLine.platform == ref.platform,
            ChannelLine.channel_id == ref.channel_id,
            ChannelLine.platform_message_id == ref.message_id,
        )
        .returning(ChannelLine.id)
    )
    return gone.first() is not None


async def say_around(tx: AsyncSession, messages: Sequence[Message], words: str) -> None:
    """Let what is seen around other characters say the words of a message now."""
    await tx.execute(update(ChannelLine).where(_lines(messages)).values(text=words))


async def unsay_around(tx: AsyncSession, messages: Sequence[Message]) -> None:
    """Let messages be seen around other characters no more."""
    await tx.execute(delete(ChannelLine).where(_lines(messages)))


def _lines(messages: Sequence[Message]) -> Any:
    """The lines of a place that tell the messages, all of which are of one side."""
    shown = [it.platform_message_id for it in messages if it.platform_message_id]
    there = select(Conversation.platform, Conversation.channel_id).where(
        Conversation.id.in_([it.conversation_id for it in messages])
    )
    return and_(
        tuple_(ChannelLine.platform, ChannelLine.channel_id).in_(there),
        ChannelLine.author == messages[0].author,
        ChannelLine.person_id == messages[0].person_id,
        or_(
            ChannelLine.turn_id.in_([it.turn_id for it in messages if it.turn_id]),
            ChannelLine.platform_message_id.in_(shown),
        ),
    )
