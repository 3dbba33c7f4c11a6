"""The SQL of who dreams, and of whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.remembering import Owner

_SWITCHED_ON = text("""
    SELECT personality_id FROM settings
    WHERE key = :key AND value = 'true' AND personality_id IS NOT NULL AND person_id IS NULL
""")

# By whom, and where from, the persona talked with the character last; a persona whose memories all
# came from elsewhere never did.
_AWAY = text("""
    SELECT p.person_id, who.subject, coalesce(last.author_name, ''), last.create_time
    FROM personas p
    LEFT JOIN LATERAL (
        SELECT t.create_time, c.platform, m.author_name FROM turns t
        JOIN conversations c ON c.id = t.conversation_id
        LEFT JOIN messages m ON m.id = t.utterance_message_id
        WHERE t.person_id = p.person_id AND t.persona_id = p.id
            AND t.personality_id = :personality_id
        ORDER BY t.id DESC LIMIT 1
    ) last ON true
    JOIN LATERAL (
        SELECT i.subject FROM identities i
        WHERE i.person_id = p.person_id
            AND (last.platform IS NULL OR i.subject LIKE last.platform || ':%')
        ORDER BY i.subject LIMIT 1
    ) who ON true
    WHERE p.id = :persona_id
""")


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody of whom a character can dream."""

    person_id: UUID
    subject: str
    """As whom they talked last."""
    name: str
    """What they were called then; empty if they said nothing."""
    last_time: datetime | None
    """When that was."""


async def switched_on(tx: AsyncSession, key: str) -> Sequence[UUID]:
    """The characters for which their editors have switched a setting on."""
    return (await tx.scalars(_SWITCHED_ON, {"key": key})).all()


async def away(tx: AsyncSession, owner: Owner) -> Away | None:
    """Whose persona it is; None if it is gone, or talked from where nobody knows them any more."""
    whose = {"persona_id": owner.persona_id, "personality_id": owner.personality_id}
    row = (await tx.execute(_AWAY, whose)).one_or_none()
    return Away(*row) if row else None
