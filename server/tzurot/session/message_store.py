"""The SQL of single messages: which one is meant, what stands beside it, what follows it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import OthersFollowed
from tzurot.session.said import MessageRef
from tzurot.session.tables import Conversation, Delivery, Message, Turn
from tzurot.session.turns import Line, Redo, TurnId


@dataclass(frozen=True, slots=True)
class Found:
    """A reply, whose it is, and what it answers."""

    personality_id: UUID
    redo: Redo


async def named(tx: AsyncSession, person_id: UUID, ref: MessageRef) -> Message | None:
    """The oldest message of the person's that `ref` names: theirs, or what they were answered."""
    mine = select(Message).where(Message.person_id == person_id)
    if isinstance(ref, UUID):
        query = mine.where(Message.id == ref)
    else:
        there = and_(
            Conversation.id == Message.conversation_id,
            Conversation.platform == ref.platform,
            Conversation.channel_id == ref.channel_id,
        )
        shown = exists().where(
            Delivery.platform == ref.platform,
            Delivery.channel_id == ref.channel_id,
            Delivery.platform_message_id == ref.message_id,
            Delivery.turn_id == Turn.id,
            Turn.reply_message_id == Message.id,
        )
        query = mine.where(
            exists().where(there), or_(Message.platform_message_id == ref.message_id, shown)
        )
    return (await tx.scalars(query.order_by(Message.id).limit(1))).one_or_none()


async def reply(
    tx: AsyncSession, person_id: UUID, ref: MessageRef, *, goes_on: bool
) -> Found | None:
    """A reply to the person that is to be given again, or to go on.

    Raises:
        OthersFollowed: others have spoken since.
    """
    message = await named(tx, person_id, ref)
    if message is None or message.author != "personality":
        return None
    conversation = await tx.get_one(Conversation, message.conversation_id)
    said = await tx.get(Message, message.parent_id) if message.parent_id else None
    answers = said if said and said.author == "person" else None
    if await others_followed(tx, person_id, conversation.head_message_id, message.parent_id):
        raise OthersFollowed
    before = answers.parent_id if answers else message.parent_id
    redo = Redo(
        message_id=message.id,
        parent_id=message.parent_id,
        history_id=message.id if goes_on else before,
        head_id=conversation.head_message_id,
        answers=_line(answers) if answers else None,
        goes_on=goes_on,
        text=message.text,
        platform_message_ids=await shown_as(tx, message.turn_id),
    )
    return Found(conversation.personality_id, redo)


# Whether somebody else spoke on the path from its newest message back to right after another one.
_OTHERS = text("""
    WITH RECURSIVE path AS (
        SELECT id, parent_id, person_id FROM messages WHERE id = CAST(:head AS uuid)
      UNION ALL
        SELECT m.id, m.parent_id, m.person_id FROM messages m JOIN path ON m.id = path.parent_id
        WHERE path.parent_id IS DISTINCT FROM CAST(:after AS uuid)
    )
    SELECT bool_or(person_id <> :person_id) FROM path
    WHERE id IS DISTINCT FROM CAST(:after AS uuid)
""")


async def others_followed(
    tx: AsyncSession, person_id: UUID, head: UUID | None, after: UUID | None
) -> bool:
    """Whether others than the person are on the chosen path behind the message `after`."""
    asked = {"head": head, "after": after, "person_id": person_id}
    return bool((await tx.execute(_OTHERS, asked)).scalar_one_or_none())


async def shown_as(tx: AsyncSession, turn_id: UUID | None) -> tuple[str, ...]:
    """The platform's messages that show a turn's reply."""
    if turn_id is None:
        return ()
    query = select(Delivery.platform_message_id).where(Delivery.turn_id == turn_id)
    return tuple(sorted(await tx.scalars(query), key=lambda it: (len(it), it)))


def _line(message: Message) -> Line:
    return Line(
        message.id,
        TurnId(message.turn_id) if message.turn_id else None,
        True,
        message.author_name,
        message.text,
        message.create_time,
        message.person_id,
    )
