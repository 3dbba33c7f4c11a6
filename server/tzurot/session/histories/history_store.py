"""The SQL of conversations as a whole: joining two epochs, counting, the note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.histories.history_tables import ConversationNote, ConversationReset
from tzurot.session.tables import Conversation, Message

# The last message of an epoch's path: it is chosen, and nothing that follows it is.
_LAST = text("""
    SELECT m.id FROM messages m WHERE m.conversation_id = :conversation_id AND m.epoch = :epoch
        AND m.chosen AND NOT EXISTS (
            SELECT 1 FROM messages next WHERE next.conversation_id = :conversation_id
                AND next.epoch = :epoch AND next.chosen AND next.parent_id = m.id)
""")

# Earlier epochs of which something is on their paths: what a reset took away, and nobody deleted.
_EARLIER = text("""
    SELECT DISTINCT epoch FROM messages
    WHERE conversation_id = :conversation_id AND epoch < :epoch AND chosen ORDER BY epoch DESC
""")

# Answers that came when a conversation was reset already stand beside the path that they were to
# continue. Those in place of another stand beside that, and what was put aside is older.
_LATE = text("""
    SELECT m.id FROM messages m JOIN messages answered ON answered.id = m.parent_id
    WHERE m.conversation_id = :conversation_id AND m.epoch = :epoch AND NOT m.chosen
        AND m.author = 'personality' AND m.create_time > :reset_time AND answered.chosen
        AND NOT EXISTS (
            SELECT 1 FROM messages beside WHERE beside.parent_id = m.parent_id AND beside.chosen
                AND beside.author = m.author AND beside.person_id = m.person_id)
    ORDER BY m.id
""")

_GO_ON = text("""
    UPDATE messages SET parent_id = CAST(:last AS uuid), chosen = true WHERE id = :id
""")

# An epoch goes on where an earlier one ended: its first messages follow that one's last. Nothing
# chosen follows that yet, and of the first messages at most one is chosen.
_JOIN = text("""
    UPDATE messages SET epoch = :earlier, parent_id = coalesce(parent_id, CAST(:last AS uuid))
    WHERE conversation_id = :conversation_id AND epoch > :earlier
""")

_MESSAGES = text("""
    SELECT count(*), count(*) FILTER (WHERE author = 'person'),
        count(*) FILTER (WHERE chosen AND NOT hidden AND epoch = :epoch),
        min(create_time), max(create_time)
    FROM messages WHERE conversation_id = :conversation_id AND person_id = :person_id
""")

_TOKENS = text("""
    SELECT coalesce(sum(prompt_token_count + completion_token_count), 0) FROM turns
    WHERE conversation_id = :conversation_id AND person_id = :person_id
""")

# What can have come of a person's part: their turns, and their messages.
_SOURCES = text("""
    SELECT ARRAY(SELECT id FROM turns
            WHERE conversation_id = :conversation_id AND person_id = :person_id),
        ARRAY(SELECT id FROM messages
            WHERE conversation_id = :conversation_id AND person_id = :person_id)
""")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a person said in a conversation and was answered, in numbers."""

    message_count: int
    person_message_count: int
    visible_message_count: int
    first_time: datetime | None
    last_time: datetime | None
    token_count: int


async def last_of(tx: AsyncSession, conversation_id: UUID, epoch: int) -> UUID | None:
    """Where an epoch's path ends; None: nothing is on it."""
    asked = {"conversation_id": conversation_id, "epoch": epoch}
    return (await tx.scalars(_LAST, asked)).one_or_none()


async def earlier(tx: AsyncSession, there: Conversation) -> Sequence[int]:
    """The epochs that a conversation can go back to, the newest first."""
    asked = {"conversation_id": there.id, "epoch": there.epoch}
    return (await tx.scalars(_EARLIER, asked)).all()


async def go_on(
    tx: AsyncSession, conversation_id: UUID, epoch: int, reset_time: datetime
) -> list[UUID]:
    """Put answers at the end of an epoch's path that came right after its reset; which ones."""
    asked = {"conversation_id": conversation_id, "epoch": epoch, "reset_time": reset_time}
    late = list((await tx.scalars(_LATE, asked)).all())
    last = await last_of(tx, conversation_id, epoch)
    for message_id in late:
        await tx.execute(_GO_ON, {"id": message_id, "last": last})
        last = message_id
    return late


async def join(tx: AsyncSession, there: Conversation, earlier: int, last: UUID | None) -> None:
    """Let what was said since an earlier epoch follow its last message, and be of it."""
    values = {"conversation_id": there.id, "earlier": earlier, "last": last}
    await tx.execute(_JOIN, values)


async def add_reset(tx: AsyncSession, there: Conversation, now: datetime) -> None:
    """Keep what a conversation's reset is about to take out of it."""
    values: dict[str, Any] = {
        "conversation_id": there.id,
        "epoch": there.epoch,
        "reset_time": now,
        "greeting_index": there.greeting_index,
        "variables": there.variables,
        "timings": there.timings,
    }
    # A release that knows nothing of this may have left one of an epoch that was there before.
    added = insert(ConversationReset).values(values)
    key = [ConversationReset.conversation_id, ConversationReset.epoch]
    await tx.execute(added.on_conflict_do_update(index_elements=key, set_=values))


async def reset_of(tx: AsyncSession, conversation_id: UUID, epoch: int) -> ConversationReset | None:
    """What the reset kept that ended an epoch."""
    query = select(ConversationReset).where(
        ConversationReset.conversation_id == conversation_id, ConversationReset.epoch == epoch
    )
    return (await tx.scalars(query)).one_or_none()


async def began(tx: AsyncSession, conversation_id: UUID, epoch: int) -> datetime | None:
    """When the reset was that an epoch began with; None: it is the first, or nobody knows."""
    query = (
        select(ConversationReset.reset_time)
        .where(
            ConversationReset.conversation_id == conversation_id, ConversationReset.epoch < epoch
        )
        .order_by(ConversationReset.epoch.desc())
        .limit(1)
    )
    return (await tx.scalars(query)).one_or_none()


async def forget_resets(tx: AsyncSession, conversation_id: UUID, since: int) -> None:
    """Keep nothing any longer of the resets that ended this epoch and later ones."""
    await tx.execute(
        delete(ConversationReset).where(
            ConversationReset.conversation_id == conversation_id, ConversationReset.epoch >= since
        )
    )


async def page(
    tx: AsyncSession, person_id: UUID, conversation_id: UUID, before: UUID, limit: int
) -> Sequence[Message]:
    """What a person said and was answered, of what was chosen each time, newest first."""
    query = (
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.person_id == person_id,
            Message.id < before,
            Message.chosen,
            ~Message.hidden,
        )
        .order_by(Message.id.desc())
        .limit(limit)
    )
    return (await tx.scalars(query)).all()


async def counted(tx: AsyncSession, person_id: UUID, there: Conversation) -> Counted:
    """A person's part of a conversation in numbers."""
    asked = {"conversation_id": there.id, "person_id": person_id, "epoch": there.epoch}
    total, said, visible, first, last = (await tx.execute(_MESSAGES, asked)).one()
    tokens = int(await tx.scalar(_TOKENS, asked) or 0)
    return Counted(total, said, visible, first, last, tokens)


async def sources(
    tx: AsyncSession, person_id: UUID, conversation_id: UUID
) -> tuple[list[UUID], list[UUID]]:
    """The turns and messages of a person's part of a conversation."""
    asked = {"conversation_id": conversation_id, "person_id": person_id}
    turns, messages = (await tx.execute(_SOURCES, asked)).one()
    return turns, messages


async def put_note(
    tx: AsyncSession, conversation_id: UUID, person_id: UUID, note: Mapping[str, object]
) -> None:
    """Write a conversation's note in place of any other: its `text` and `depth`."""
    values = {**note, "person_id": person_id}
    written = insert(ConversationNote).values(conversation_id=conversation_id, **values)
    key = [ConversationNote.conversation_id]
    await tx.execute(written.on_conflict_do_update(index_elements=key, set_=values))


async def take_note(tx: AsyncSession, conversation_id: UUID) -> None:
    """Take a conversation's note away."""
    await tx.execute(
        delete(ConversationNote).where(ConversationNote.conversation_id == conversation_id)
    )
