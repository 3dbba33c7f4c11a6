"""The SQL of characters that may speak up by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.memory.venues import Venue
from tzurot.session.channels.place_tables import Activation
from tzurot.session.said import Place


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proactive character in a channel, and what was last said there."""

    row_id: UUID
    personality_id: UUID
    place: Place
    subject: str
    """Who activated it, on that platform."""
    proactive_time: datetime | None
    last_line_time: datetime | None
    last_person_time: datetime | None
    spoken_count: int
    """How often it has spoken there since a time without having been spoken to."""
    activator_id: UUID | None = None
    """The same as a person."""


# One look a minute at some hundreds of rows; the row is skipped while another look holds it.
_CANDIDATES = text("""
    SELECT a.channel_row_id, a.personality_id, c.platform, c.space_id, c.channel_id, c.venue,
        c.parent_channel_id, who.subject, a.proactive_time,
        (SELECT max(l.create_time) FROM channel_lines l
            WHERE l.platform = c.platform AND l.channel_id = c.channel_id),
        (SELECT max(l.create_time) FROM channel_lines l
            WHERE l.platform = c.platform AND l.channel_id = c.channel_id AND l.author = 'person'),
        (SELECT count(*) FROM conversations v JOIN turns t ON t.conversation_id = v.id
            WHERE v.platform = c.platform AND v.channel_id = c.channel_id
                AND v.personality_id = a.personality_id AND t.create_time > :since
                AND t.utterance_message_id IS NULL),
        a.activator_id
    FROM activations a
    JOIN channels c ON c.id = a.channel_row_id
    JOIN LATERAL (
        SELECT i.subject FROM identities i
        WHERE i.person_id = a.activator_id AND i.subject LIKE c.platform || ':%'
        ORDER BY i.subject LIMIT 1
    ) who ON true
    WHERE a.proactive AND a.mode <> 'muted'
    ORDER BY a.proactive_time NULLS FIRST, a.create_time
    FOR UPDATE OF a SKIP LOCKED
""")


async def candidates(tx: AsyncSession, since: datetime) -> Sequence[Candidate]:
    """All proactive characters, those first that have waited longest; held until the end."""
    rows = await tx.execute(_CANDIDATES, {"since": since})
    return [
        Candidate(
            row_id,
            personality_id,
            Place(platform, space_id, channel_id, Venue(venue), parent),
            *more,
        )
        for row_id, personality_id, platform, space_id, channel_id, venue, parent, *more in rows
    ]


async def mark(tx: AsyncSession, it: Candidate, now: datetime) -> None:
    """Remember that a character was to speak up."""
    key = (Activation.channel_row_id == it.row_id, Activation.personality_id == it.personality_id)
    await tx.execute(
        update(Activation)
        .where(*key)
        .values(proactive_time=now)
        .execution_options(synchronize_session=False)
    )
