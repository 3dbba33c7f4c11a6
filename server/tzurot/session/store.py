"""The SQL of conversations, messages, turns and deliveries. A turn's hot path is at the top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import PersonalityNotFound
from tzurot.session.tables import Conversation, Delivery, Turn
from tzurot.session.turns import Line, Place, Talk, TurnId

# The chosen path, from its newest message back: it follows parents, so branches cannot mix.
# Hidden messages lead on, but neither show nor count.
_PATH = text("""
    WITH RECURSIVE path AS (
        SELECT id, parent_id, turn_id, author, author_name, text, create_time, person_id, hidden,
            CASE WHEN hidden THEN 0 ELSE 1 END AS depth
        FROM messages WHERE id = :head
      UNION ALL
        SELECT m.id, m.parent_id, m.turn_id, m.author, m.author_name, m.text, m.create_time,
            m.person_id, m.hidden,
            path.depth + CASE WHEN m.hidden THEN 0 ELSE 1 END
        FROM messages m JOIN path ON m.id = path.parent_id WHERE path.depth < :limit
    )
    SELECT id, turn_id, author = 'person', author_name, text, create_time, person_id FROM path
    WHERE NOT hidden ORDER BY depth DESC
""")

# The conversation of a place and a character, made if it is new, and locked either way. The
# character is held before, as by whoever deletes it: else both could wait for each other.
_OPEN = text("""
    INSERT INTO conversations (id, personality_id, platform, space_id, channel_id, venue,
        direct_person_id, epoch, create_time, update_time)
    SELECT :id, held.id, :platform, :space_id, :channel_id, :venue,
        CAST(:direct_person_id AS uuid), 0, :now, :now
    FROM (SELECT id FROM personalities WHERE id = :personality_id FOR KEY SHARE) held
    ON CONFLICT ON CONSTRAINT conversations_place_key DO UPDATE
        SET update_time = :now, venue = :venue, space_id = :space_id
    RETURNING id, epoch, head_message_id, greeting_index, variables, timings
""")

# A turn with its utterance at the head of the conversation, unless the request has one already.
_BEGIN = text("""
    WITH turn AS (
        INSERT INTO turns (id, conversation_id, person_id, persona_id, personality_id, request_id,
            request_hash, position, state, lease_expire_time, utterance_message_id, model,
            prompt_token_count, completion_token_count, cached_token_count, reasoning_token_count,
            tokens_estimated, last_sequence, create_time)
        VALUES (:turn_id, :conversation_id, :person_id, :persona_id, :personality_id,
            CAST(:request_id AS uuid), :digest, :position, 'running', :lease,
            CAST(:message_id AS uuid), '', 0, 0, 0, 0, false, 0, :now)
        ON CONFLICT (person_id, request_id, position) DO NOTHING
        RETURNING id
    ), said AS (
        INSERT INTO messages (id, conversation_id, epoch, parent_id, chosen, turn_id, author,
            author_name, person_id, text, create_time)
        SELECT CAST(:message_id AS uuid), :conversation_id, :epoch, CAST(:head AS uuid), true,
            turn.id, 'person', :author_name, :person_id, :text, :now
        FROM turn WHERE CAST(:message_id AS uuid) IS NOT NULL
        RETURNING id
    ), moved AS (
        UPDATE conversations SET head_message_id = said.id FROM said
        WHERE conversations.id = :conversation_id
    )
    SELECT id FROM turn
""")

# The end of a turn: its row, its reply behind whatever was said meanwhile, its trace. Nothing if
# the turn was declared interrupted in the meantime. After a reset the reply stays off the path.
_END = text("""
    WITH ended AS (
        UPDATE turns SET state = :state, finish_reason = :finish, failure_reason = :failure_reason,
            failure_message = :failure_message, reply_message_id = CAST(:reply_id AS uuid),
            model = :model, prompt_token_count = :prompt, completion_token_count = :completion,
            cached_token_count = :cached, reasoning_token_count = :reasoning,
            tokens_estimated = :estimated, last_sequence = :last_sequence, finish_time = :now
        WHERE id = :turn_id AND state = 'running'
        RETURNING id
    ), place AS (
        SELECT epoch, head_message_id FROM conversations WHERE id = :conversation_id FOR UPDATE
    ), reply AS (
        INSERT INTO messages (id, conversation_id, epoch, parent_id, chosen, turn_id, author,
            author_name, person_id, text, create_time)
        SELECT CAST(:reply_id AS uuid), :conversation_id, :epoch,
            CASE WHEN place.epoch = :epoch THEN place.head_message_id
                 ELSE CAST(:utterance_id AS uuid) END,
            place.epoch = :epoch, ended.id, 'personality', :author_name, :person_id, :text, :now
        FROM ended, place WHERE CAST(:reply_id AS uuid) IS NOT NULL
        RETURNING id, parent_id, chosen
    ), moved AS (
        UPDATE conversations SET head_message_id = reply.id, update_time = :now,
            greeting_index = coalesce(CAST(:greeting_index AS integer), greeting_index),
            variables = coalesce(:variables, variables), timings = coalesce(:timings, timings)
        FROM reply
        WHERE conversations.id = :conversation_id AND reply.chosen
    ), traced AS (
        INSERT INTO traces (turn_id, document) SELECT id, :document FROM ended
    )
    SELECT reply.parent_id, reply.chosen FROM ended LEFT JOIN reply ON true
""").bindparams(
    bindparam("document", type_=JSONB),
    bindparam("variables", type_=JSONB(none_as_null=True)),
    bindparam("timings", type_=JSONB(none_as_null=True)),
)

_COUNTS = text("""
    SELECT count(*), count(*) FILTER (WHERE author = 'personality') FROM messages
    WHERE conversation_id = :conversation_id AND epoch = :epoch AND chosen AND NOT hidden
""")


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation as a turn finds it."""

    id: UUID
    epoch: int
    head: UUID | None
    talk: Talk


async def open_conversation(
    tx: AsyncSession, place: Place, personality_id: UUID, direct_person_id: UUID | None
) -> Opened:
    """The conversation of this place and character, locked.

    Raises:
        PersonalityNotFound: the character was deleted meanwhile.
    """
    row = await tx.execute(
        _OPEN,
        {
            "id": clock.uuid7(),
            "personality_id": personality_id,
            "platform": place.platform,
            "space_id": place.space_id,
            "channel_id": place.channel_id,
            "venue": place.venue,
            "direct_person_id": direct_person_id,
            "now": clock.now(),
        },
    )
    found = row.one_or_none()
    if found is None:
        raise PersonalityNotFound(personality_id)
    conversation_id, epoch, head, *talk = found
    return Opened(conversation_id, epoch, head, Talk(*talk))


async def path(tx: AsyncSession, head: UUID, limit: int) -> tuple[Line, ...]:
    """The newest messages, at most `limit`, of the path that ends at `head`, oldest first."""
    rows = await tx.execute(_PATH, {"head": head, "limit": limit})
    return tuple(
        Line(message, TurnId(turn) if turn else None, *others) for message, turn, *others in rows
    )


async def counts(tx: AsyncSession, conversation_id: UUID, epoch: int) -> tuple[int, int]:
    """How many messages the chosen path has, and how many of them the character said."""
    row = await tx.execute(_COUNTS, {"conversation_id": conversation_id, "epoch": epoch})
    said, answered = row.one()
    return said, answered


async def begin_turn(tx: AsyncSession, values: dict[str, Any]) -> bool:
    """Store a turn and its utterance; False if the request has this turn already."""
    return (await tx.execute(_BEGIN, values)).scalar_one_or_none() is not None


@dataclass(frozen=True, slots=True)
class Ended:
    """Where a reply was put in the tree; both None without a reply."""

    parent_id: UUID | None
    chosen: bool | None


async def end_turn(tx: AsyncSession, values: dict[str, Any]) -> Ended | None:
    """Store the end of a running turn; None if it does not run any more."""
    row = (await tx.execute(_END, values)).one_or_none()
    return Ended(row[0], row[1]) if row else None


async def personality_of_delivery(
    tx: AsyncSession, place: Place, platform_message_id: str
) -> UUID | None:
    """Whose reply a message of the platform shows."""
    query = (
        select(Turn.personality_id)
        .join(Delivery, Delivery.turn_id == Turn.id)
        .where(
            Delivery.platform == place.platform,
            Delivery.channel_id == place.channel_id,
            Delivery.platform_message_id == platform_message_id,
        )
    )
    return (await tx.scalars(query)).one_or_none()


async def last_spoken_to(tx: AsyncSession, place: Place, person_id: UUID) -> UUID | None:
    """The character of the newest conversation that the person has in a direct place."""
    query = (
        select(Conversation.personality_id)
        .where(
            Conversation.platform == place.platform,
            Conversation.channel_id == place.channel_id,
            Conversation.direct_person_id == person_id,
        )
        .order_by(Conversation.update_time.desc())
        .limit(1)
    )
    return (await tx.scalars(query)).one_or_none()


async def turns_of_request(tx: AsyncSession, person_id: UUID, request_id: UUID) -> Sequence[Turn]:
    """All turns of a request, in order."""
    query = (
        select(Turn)
        .where(Turn.person_id == person_id, Turn.request_id == request_id)
        .order_by(Turn.position)
    )
    return (await tx.scalars(query)).all()


async def report(tx: AsyncSession, turn_row: Turn, platform_message_ids: Sequence[str]) -> None:
    """Remember which messages of the platform show a turn's reply."""
    place = (
        await tx.execute(
            select(Conversation.platform, Conversation.channel_id).where(
                Conversation.id == turn_row.conversation_id
            )
        )
    ).one()
    await tx.execute(
        insert(Delivery)
        .values(
            [
                {
                    "platform": place[0],
                    "channel_id": place[1],
                    "platform_message_id": message_id,
                    "turn_id": turn_row.id,
                }
                for message_id in dict.fromkeys(platform_message_ids)
            ]
        )
        .on_conflict_do_nothing()
    )


async def renew_leases(tx: AsyncSession, turn_ids: Sequence[UUID], until: datetime) -> None:
    """Hold on to running turns."""
    await tx.execute(
        update(Turn)
        .where(Turn.id.in_(turn_ids), Turn.state == "running")
        .values(lease_expire_time=until)
    )


async def interrupt_abandoned(tx: AsyncSession, values: dict[str, Any]) -> Sequence[UUID]:
    """Declare running turns interrupted whose lease expired before `expired`."""
    rows = await tx.scalars(
        update(Turn)
        .where(Turn.state == "running", Turn.lease_expire_time < values["expired"])
        .values(
            state="interrupted",
            finish_reason="interrupted",
            finish_time=values["now"],
            failure_reason=values["reason"],
            failure_message=values["message"],
        )
        .returning(Turn.id)
    )
    return rows.all()
