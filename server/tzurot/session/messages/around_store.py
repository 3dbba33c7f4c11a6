"""The SQL of messages as others see them in their place: see place_tables.ChannelLine."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.channels.place_tables import ChannelLine
from tzurot.session.said import MessageRef
from tzurot.session.tables import Conversation, Message
from tzurot.transport.subject import Caller


async def in_passing(tx: AsyncSession, me: Caller, ref: MessageRef) -> ChannelLine | None:
    """What the caller said in passing where a platform shows it, locked."""
    if isinstance(ref, UUID):
        return None
    query = select(ChannelLine).where(
        # Who had never been here was known by their subject alone.
        or_(ChannelLine.person_id == me.person_id, ChannelLine.author_subject == me.subject),
        ChannelLine.author == "person",
        ChannelLine.platform == ref.platform,
        ChannelLine.channel_id == ref.channel_id,
        ChannelLine.platform_message_id == ref.message_id,
    )
    return (await tx.scalars(query.with_for_update())).one_or_none()


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
            # One that is a turn's goes with that: what was said to several has one for all.
            and_(ChannelLine.turn_id.is_(None), ChannelLine.platform_message_id.in_(shown)),
        ),
    )
