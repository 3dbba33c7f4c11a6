"""The SQL of turns and of what was delivered where, away from a turn's hot path (store.py)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.said import Place
from tzurot.session.tables import Conversation, Delivery, Turn
from tzurot.session.turns import TurnId

_BETWEEN = timedelta(seconds=10)  # at most, from one reply to a message to the next
NOBODY = UUID(int=0)  # an instance that showed a turn without asking whether it may


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


async def has_talked(tx: AsyncSession, place: Place, person_id: UUID, personality_id: UUID) -> bool:
    """Whether anything was said between the person and a character in a direct place."""
    query = select(Conversation.id).where(
        Conversation.platform == place.platform,
        Conversation.channel_id == place.channel_id,
        Conversation.direct_person_id == person_id,
        Conversation.personality_id == personality_id,
        Conversation.head_message_id.is_not(None),
    )
    return (await tx.scalars(query)).one_or_none() is not None


async def turns_of_request(tx: AsyncSession, person_id: UUID, request_id: UUID) -> Sequence[Turn]:
    """All turns of a request, in order."""
    query = (
        select(Turn)
        .where(Turn.person_id == person_id, Turn.request_id == request_id)
        .order_by(Turn.position)
    )
    return (await tx.scalars(query)).all()


# What was said with the turns that were superseded for one. Of its own it knows.
_TOGETHER = text("""
    SELECT t.id, m.text FROM turns answer
        JOIN turns t ON t.id = ANY(answer.exchange_turn_ids) AND t.finish_reason = 'superseded'
        LEFT JOIN messages m ON m.id = t.utterance_message_id
    WHERE answer.id = :turn_id ORDER BY t.id
""")


async def answered_with(tx: AsyncSession, turn_id: UUID) -> dict[TurnId, str]:
    """The turns that were superseded for one, and what was said with them, in order."""
    rows = await tx.execute(_TOGETHER, {"turn_id": turn_id})
    return {TurnId(superseded): words or "" for superseded, words in rows}


async def runs(tx: AsyncSession, turn_id: UUID, now: datetime) -> bool:
    """Whether a server still holds a turn."""
    query = select(Turn.id).where(
        Turn.id == turn_id, Turn.state == "running", Turn.lease_expire_time > now
    )
    return (await tx.scalars(query)).one_or_none() is not None


# Of a message it is the last reply so far that counts: another one may be about to begin.
_HEARD = text("""
    SELECT last.state = 'running' AND last.lease_expire_time > :now
        OR last.followed AND last.finish_time > :since
    FROM turns t, LATERAL (
        SELECT * FROM turns WHERE turns.id = t.id OR t.utterance_message_id IS NOT NULL
            AND turns.person_id = t.person_id AND turns.request_id = t.request_id
        ORDER BY position DESC LIMIT 1
    ) last WHERE t.id = :turn_id
""")


async def is_being_heard(tx: AsyncSession, turn_id: UUID, now: datetime) -> bool:
    """The same of a turn, or of another one that answers the same message."""
    asked = {"turn_id": turn_id, "now": now, "since": now - _BETWEEN}
    return bool(await tx.scalar(_HEARD, asked))


async def claim(
    tx: AsyncSession, person_id: UUID, turn_id: UUID, values: dict[str, Any]
) -> tuple[UUID, datetime | None] | None:
    """Let an `instance` show a turn `until` then, if nobody else does `now`; who does, until when.

    One statement, which sees the newest state of the row: of several at once one is granted.
    """
    holder, expiry = Turn.delivery_instance_id, Turn.delivery_expire_time
    free = holder.is_(None) | expiry.is_not(None) & (
        (holder == values["instance"]) | (expiry <= values["now"])
    )
    row = await tx.execute(
        update(Turn)
        .where(Turn.id == turn_id, Turn.person_id == person_id)
        .values(
            delivery_instance_id=case((free, values["instance"]), else_=holder),
            delivery_expire_time=case((free, values["until"]), else_=expiry),
        )
        .returning(holder, expiry)
        .execution_options(synchronize_session=False)
    )
    found = row.one_or_none()
    return (found[0] or NOBODY, found[1]) if found else None


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
        update(Turn)
        .where(Turn.id == turn_row.id)
        .values(
            delivery_instance_id=func.coalesce(Turn.delivery_instance_id, NOBODY),
            delivery_expire_time=None,  # it was shown: for good
        )
        .execution_options(synchronize_session=False)
    )
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
        .on_conflict_do_update(
            index_elements=["platform", "channel_id", "platform_message_id"],
            set_={"turn_id": turn_row.id},  # another reply is shown in its place
        )
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
            referred=None,
        )
        .returning(Turn.id)
    )
    return rows.all()
