"""The SQL of references: which messages are stored here, too, and what was told of them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.prompt.references import Known
from tzurot.session.said import AgeLimit, Place, Reference, ReferenceKind, ReferenceState

# By the platform's ids: what was said in the conversation, what the character answered there, and
# what was said or answered around it in the same channel.
_KNOWN = text("""
    SELECT m.platform_message_id, m.id, false FROM messages m
    WHERE m.platform_message_id <> '' AND m.platform_message_id = ANY(CAST(:ids AS text[]))
        AND m.conversation_id = :conversation_id
  UNION ALL
    SELECT d.platform_message_id, t.reply_message_id, t.conversation_id = :conversation_id
    FROM deliveries d JOIN turns t ON t.id = d.turn_id
    WHERE d.platform = :platform AND d.channel_id = ANY(CAST(:channel_ids AS text[]))
        AND d.platform_message_id = ANY(CAST(:ids AS text[])) AND t.reply_message_id IS NOT NULL
  UNION ALL
    SELECT l.platform_message_id, l.id, false FROM channel_lines l
    WHERE l.platform_message_id <> '' AND l.platform_message_id = ANY(CAST(:ids AS text[]))
        AND l.platform = :platform AND l.channel_id = :channel_id
""")

# What was told of a turn's references, as its trace has it.
_TOLD = text("""
    SELECT part ->> 'text' FROM traces, jsonb_array_elements(document -> 'sections')
        WITH ORDINALITY AS parts (part, place)
    WHERE turn_id = :turn_id AND part ->> 'name' = 'reference' AND NOT (part ->> 'cut')::boolean
    ORDER BY place
""")

_NOTHING = Known(frozenset(), is_own=False)


def written(references: Sequence[Reference]) -> list[list[dict[str, Any]]] | None:
    """The references of one message as JSON, for a turn's row; None: there are none."""
    told = [
        asdict(it) | {"create_time": it.create_time and it.create_time.isoformat()}
        for it in references
    ]
    return [told] if told else None


def read(stored: Sequence[Sequence[dict[str, Any]]] | None) -> tuple[tuple[Reference, ...], ...]:
    """References as `written` made them, message by message."""
    return tuple(tuple(_reference(**it) for it in message) for message in stored or ())


def _reference(
    *, kind: str, state: str, age_limit: str, create_time: str | None, **others: Any
) -> Reference:
    return Reference(
        kind=ReferenceKind(kind),
        state=ReferenceState(state),
        age_limit=AgeLimit(age_limit),
        create_time=datetime.fromisoformat(create_time) if create_time else None,
        **others,
    )


async def known(
    tx: AsyncSession, references: Sequence[Reference], place: Place, conversation_id: UUID
) -> dict[str, Known]:
    """The stored ones among the messages that are referred to, by their platform's ids."""
    asked = {
        "ids": [it.platform_message_id for it in references if it.platform_message_id],
        "channel_ids": sorted({it.channel_id or place.channel_id for it in references}),
        "platform": place.platform,
        "channel_id": place.channel_id,
        "conversation_id": conversation_id,
    }
    found: dict[str, Known] = {}
    for name, line_id, is_own in await tx.execute(_KNOWN, asked):
        before = found.get(name, _NOTHING)
        found[name] = Known(before.lines | {line_id}, before.is_own or is_own)
    return found


async def told(tx: AsyncSession, turn_id: UUID) -> tuple[str, ...]:
    """What the model was told of a turn's references, line by line."""
    return tuple((await tx.execute(_TOLD, {"turn_id": turn_id})).scalars())
