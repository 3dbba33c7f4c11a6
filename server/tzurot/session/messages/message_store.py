"""The SQL of single messages: which one is meant, what stands beside it, where it is shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.errors import MessageNotFound, MessageNotKept, OthersFollowed, TzurotError
from tzurot.memory.following import Sources
from tzurot.session.delivery import turn_store
from tzurot.session.messages import path_store, shown_store
from tzurot.session.said import MessageRef, Place
from tzurot.session.tables import Conversation, Delivery, Message, Turn
from tzurot.session.turns import Line, Redo, TurnId


@dataclass(frozen=True, slots=True)
class Found:
    """A reply, whose it is, and what it answers."""

    personality_id: UUID
    redo: Redo


async def by_id(tx: AsyncSession, message_id: UUID) -> Message | None:
    """A message as it is now, whoever's it is."""
    query = select(Message).where(Message.id == message_id)
    return (await tx.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def named(tx: AsyncSession, person_id: UUID, ref: MessageRef) -> Message | None:
    """The oldest message of the person's that `ref` names: theirs, or what they were answered.

    Where a platform shows one, that is the chosen one of its alternatives.
    """
    mine = select(Message).where(Message.person_id == person_id)
    mine = mine.execution_options(populate_existing=True)
    if isinstance(ref, UUID):
        return (await tx.scalars(mine.where(Message.id == ref))).one_or_none()
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
    found = (await tx.scalars(query.order_by(Message.id).limit(1))).one_or_none()
    if found is None or found.chosen:
        return found
    beside = await alternatives(tx, found)
    return next((it for it in beside if it.chosen), found)


async def missing(tx: AsyncSession, person_id: UUID, ref: MessageRef) -> TzurotError:
    """Why no message of the person's is named by `ref`: there is none, or it was said incognito."""
    return MessageNotKept() if await incognito(tx, person_id, ref) else MessageNotFound(ref)


async def incognito(tx: AsyncSession, person_id: UUID, ref: MessageRef) -> Sequence[TurnId]:
    """The person's incognito turns that said, answered, or show as a platform does, a message."""
    query = select(Turn.id).where(Turn.person_id == person_id, Turn.incognito)
    if isinstance(ref, UUID):
        query = query.where(or_(Turn.reply_message_id == ref, Turn.utterance_message_id == ref))
    else:
        query = query.join(Delivery, Delivery.turn_id == Turn.id).where(
            Delivery.platform == ref.platform,
            Delivery.channel_id == ref.channel_id,
            Delivery.platform_message_id == ref.message_id,
        )
    return [TurnId(it) for it in await tx.scalars(query)]


async def newest(tx: AsyncSession, person_id: UUID, limit: int) -> Sequence[Message]:
    """The person's newest messages on chosen paths, newest first."""
    query = select(Message).where(Message.person_id == person_id, Message.chosen, ~Message.hidden)
    return (await tx.scalars(query.order_by(Message.id.desc()).limit(limit))).all()


async def with_whom(tx: AsyncSession, conversation_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The characters of conversations."""
    query = select(Conversation.id, Conversation.personality_id).where(
        Conversation.id.in_(conversation_ids)
    )
    return dict((await tx.execute(query)).all())


async def reply(
    tx: AsyncSession, person_id: UUID, ref: MessageRef, place: Place, *, goes_on: bool
) -> Found | None:
    """A reply to the person in a place that is to be given again, or to go on.

    None too if its place in the tree is not on the chosen path.

    Raises:
        OthersFollowed: others have spoken since.
    """
    message = await named(tx, person_id, ref)
    if message is None or message.author != "personality":
        return None
    conversation = await tx.get_one(Conversation, message.conversation_id)
    said = await by_id(tx, message.parent_id) if message.parent_id else None
    here = (conversation.platform, conversation.channel_id) == (place.platform, place.channel_id)
    if not here or message.epoch != conversation.epoch or (said and not said.chosen):
        return None
    head = conversation.head_message_id
    if await path_store.others_followed(tx, person_id, head, message.parent_id):
        raise OthersFollowed
    return Found(conversation.personality_id, await _redo(tx, message, said, goes_on=goes_on))


async def _redo(tx: AsyncSession, message: Message, said: Message | None, *, goes_on: bool) -> Redo:
    answers = said if said and said.author == "person" else None
    conversation = await tx.get_one(Conversation, message.conversation_id)
    before = answers.parent_id if answers else message.parent_id
    asked = answers.turn_id if answers else None
    together = await turn_store.answered_with(tx, asked) if asked else {}
    greets = not answers and not goes_on and await _is_greeting(tx, message)
    return Redo(
        message_id=message.id,
        parent_id=message.parent_id,
        history_id=message.id if goes_on else before,
        head_id=conversation.head_message_id,
        answers=_line(answers) if answers else None,
        goes_on=goes_on,
        text=message.text,
        aside=await _aside(tx, conversation.head_message_id, message, answers),
        platform_message_ids=await shown_store.shown_as(tx, message),
        persona_id=await _spoken_to(tx, message),
        greeting_index=conversation.greeting_index + 1 if greets else None,
        exchange=tuple(together),
    )


async def _spoken_to(tx: AsyncSession, message: Message) -> UUID | None:
    query = select(Turn.persona_id).where(Turn.id == message.turn_id)
    return (await tx.scalars(query)).one_or_none()


async def _aside(
    tx: AsyncSession, head: UUID | None, reply: Message, answers: Message | None
) -> tuple[tuple[UUID, TurnId | None], ...]:
    """What stands from the head back to a reply's place, and what that answers."""
    left = await path_store.between(tx, head, reply.parent_id)
    if answers:
        left = (*left, (answers.id, answers.turn_id))
    return tuple((message_id, TurnId(turn) if turn else None) for message_id, turn in left)


async def _is_greeting(tx: AsyncSession, message: Message) -> bool:
    """Whether one of its alternatives is the character's own words: no model spoke then."""
    turns = [it.turn_id for it in await alternatives(tx, message) if it.turn_id]
    query = select(Turn.id).where(Turn.id.in_(turns), Turn.model == "").limit(1)
    return (await tx.scalars(query)).one_or_none() is not None


async def alternatives(tx: AsyncSession, message: Message) -> Sequence[Message]:
    """What the same side says in the message's place, to or by the same person, oldest first."""
    query = select(Message).where(_beside(message)).order_by(Message.id)
    return (await tx.scalars(query.execution_options(populate_existing=True))).all()


async def count(tx: AsyncSession, message_id: UUID) -> int:
    """How many stand in a message's place, itself included."""
    message = await by_id(tx, message_id)
    return len(await alternatives(tx, message)) if message else 0


def _beside(message: Message) -> Any:
    return and_(
        Message.conversation_id == message.conversation_id,
        Message.epoch == message.epoch,
        Message.parent_id.is_not_distinct_from(message.parent_id),
        Message.person_id == message.person_id,
        Message.author == message.author,
    )


# What a person said is one message in each conversation of those who answered it.
_COPIES = text("""
    SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id
    WHERE m.person_id = :person_id AND m.author = 'person' AND (m.id = :id
        OR (:shown_as <> '' AND m.platform_message_id = :shown_as AND EXISTS (
            SELECT 1 FROM conversations here WHERE here.id = :conversation_id
                AND here.platform = c.platform AND here.channel_id = c.channel_id))
        OR m.turn_id IN (
            SELECT t.id FROM turns mine JOIN turns t
                ON t.person_id = mine.person_id AND t.request_id = mine.request_id
            WHERE mine.id = CAST(:turn_id AS uuid)))
""")


async def copies(tx: AsyncSession, message: Message) -> Sequence[Message]:
    """The message in each conversation that it stands in, in order. A reply stands in one."""
    if message.author != "person":
        return [message]
    asked = {
        "id": message.id,
        "person_id": message.person_id,
        "conversation_id": message.conversation_id,
        "turn_id": message.turn_id,
        "shown_as": message.platform_message_id,
    }
    ids = (await tx.scalars(_COPIES, asked)).all()
    query = select(Message).where(Message.id.in_(ids)).order_by(Message.conversation_id)
    return (await tx.scalars(query.execution_options(populate_existing=True))).all()


async def reword(
    tx: AsyncSession, message_ids: Collection[UUID], words: str, now: datetime
) -> None:
    """Give messages other words."""
    new = update(Message).where(Message.id.in_(message_ids))
    await tx.execute(new.values(text=words, edit_time=now))


async def add(
    tx: AsyncSession, beside: Message, message_id: UUID, words: str, now: datetime
) -> None:
    """Store another message in the place of one. It is of no turn, and not chosen yet."""
    tx.add(
        Message(
            id=message_id,
            conversation_id=beside.conversation_id,
            epoch=beside.epoch,
            parent_id=beside.parent_id,
            chosen=False,
            author=beside.author,
            author_name=beside.author_name,
            person_id=beside.person_id,
            text=words,
            create_time=now,
        )
    )
    await tx.flush()


async def remembered_with(tx: AsyncSession, message: Message) -> Sources:
    """What the memories came from that tell of a message, whoever answered it and how often.

    Of an imported one that is the first message of its round.
    """
    asked = {"id": message.id, "conversation_id": message.conversation_id}
    turns, messages = await tx.scalars(_ITS_TURNS, asked), await tx.scalars(_ITS_ROUND, asked)
    return Sources(turns.all(), messages.all())


_ITS_TURNS = text("""
    SELECT id FROM turns WHERE conversation_id = :conversation_id
        AND (utterance_message_id = :id OR reply_message_id = :id)
    UNION
    SELECT answer.id FROM turns said JOIN turns answer ON said.id = ANY(answer.exchange_turn_ids)
    WHERE said.conversation_id = :conversation_id AND said.utterance_message_id = :id
        AND said.finish_reason = 'superseded' AND answer.conversation_id = :conversation_id
""")

# Whether more is left that the person said in an exchange.
_WITH_OTHERS = text("""
    SELECT EXISTS (
        SELECT 1 FROM turns answer
            JOIN turns said ON said.id = answer.id
                OR said.id = ANY(answer.exchange_turn_ids) AND said.finish_reason = 'superseded'
            JOIN messages m ON m.id = said.utterance_message_id
        WHERE answer.id = ANY(CAST(:turns AS uuid[])) AND m.id <> :id)
""")


async def was_said_with_others(tx: AsyncSession, message: Message, turns: Collection[UUID]) -> bool:
    """Whether one of these turns answered other messages of the person's together with one."""
    found = await tx.scalars(_WITH_OTHERS, {"id": message.id, "turns": list(turns)})
    return bool(found.one())


# Back to the first words of the person that led to it, and answers that somebody wrote themselves.
_ITS_ROUND = text("""
    WITH RECURSIVE round AS (
        SELECT id, parent_id, author FROM messages WHERE id = :id
      UNION ALL
        SELECT m.id, m.parent_id, m.author FROM messages m JOIN round ON m.id = round.parent_id
        WHERE NOT (round.author = 'person' AND m.author = 'personality')
    )
    SELECT id FROM round
    UNION
    SELECT written.id FROM messages m JOIN messages written ON written.parent_id = m.id
    WHERE m.id = :id AND m.author = 'person' AND written.author = 'personality'
        AND written.turn_id IS NULL
""")


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
