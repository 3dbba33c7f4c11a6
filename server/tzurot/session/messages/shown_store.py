"""The SQL of what is told beside a message: its alternatives, where it is shown, attachments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.tables import Message

# Alternatives are what the same side says in a message's place, to or by the same person. A
# platform shows one of them at a time: what shows one of their turns shows the chosen one.
_BESIDE = """
    unnest(CAST(:ids AS uuid[])) AS asked (id) JOIN messages m ON m.id = asked.id
    JOIN messages beside ON beside.conversation_id = m.conversation_id AND beside.epoch = m.epoch
        AND beside.parent_id IS NOT DISTINCT FROM m.parent_id
        AND beside.person_id = m.person_id AND beside.author = m.author
"""

_COUNTS = text(f"SELECT m.id, count(*) FROM {_BESIDE} GROUP BY m.id")  # noqa: S608 - a constant

# Platforms count up: of two ids the shorter one is the older one.
_DELIVERED = text(f"""
    SELECT m.id, d.platform_message_id FROM {_BESIDE}
    JOIN turns t ON t.reply_message_id = beside.id JOIN deliveries d ON d.turn_id = t.id
    ORDER BY m.id, length(d.platform_message_id), d.platform_message_id
""")  # noqa: S608 - made of constants

# What is said to several characters has its attachments once.
_ATTACHED = text("""
    SELECT DISTINCT m.id, a.id, a.name, a.media_type, length(a.content), a.description,
        a.expire_time, a.position
    FROM unnest(CAST(:ids AS uuid[])) AS asked (id)
        JOIN messages m ON m.id = asked.id AND m.author = 'person'
        JOIN turns t ON t.id = m.turn_id
        JOIN turns twin ON twin.person_id = t.person_id AND twin.request_id = t.request_id
        JOIN attachments a ON a.turn_id = twin.id
    ORDER BY m.id, a.position, a.id
""")


@dataclass(frozen=True, slots=True)
class File:
    """What a message was said with, without its content."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int
    description: str
    expire_time: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with what is told beside it."""

    message: Message
    alternative_count: int
    platform_message_ids: tuple[str, ...]
    attachments: tuple[File, ...]


async def shown(tx: AsyncSession, messages: Sequence[Message]) -> list[Shown]:
    """Messages with what is told beside them, in their order."""
    asked = {"ids": [message.id for message in messages]}
    counts = dict((await tx.execute(_COUNTS, asked)).all())
    delivered: dict[UUID, list[str]] = {}
    for id_, platform_message_id in await tx.execute(_DELIVERED, asked):
        delivered.setdefault(id_, []).append(platform_message_id)
    attached: dict[UUID, list[File]] = {}
    for id_, *columns, _ in await tx.execute(_ATTACHED, asked):
        attached.setdefault(id_, []).append(File(*columns))
    return [
        Shown(
            it,
            counts.get(it.id, 1),
            (it.platform_message_id,)
            if it.platform_message_id
            else tuple(delivered.get(it.id, ())),
            tuple(attached.get(it.id, ())),
        )
        for it in messages
    ]


async def shown_as(tx: AsyncSession, message: Message) -> tuple[str, ...]:
    """The platform's messages that show a reply, in order."""
    rows = await tx.execute(_DELIVERED, {"ids": [message.id]})
    return tuple(platform_message_id for _, platform_message_id in rows)
