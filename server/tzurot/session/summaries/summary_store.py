"""The SQL of summaries: what is out of sight, what is told of it, what waits to be summarized."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.summaries.runs import MOST, TOLD, Passed
from tzurot.session.summaries.summary import InShort, Read
from tzurot.session.summaries.summary_tables import (
    Summary,
    SummarySource,
    UnsummarizedConversation,
)
from tzurot.session.turns import Line, TurnId

_IN_SHORT = """s.id, s.text, s.model, s.message_count, s.first_message_id, s.last_message_id,
    s.first_time, s.last_time"""

# Of what comes before the first message in sight, if that is on the chosen path: whatever has a
# summary is on it, too, and so it is what led there. One in which something was forgotten at the
# moment in which it was stored is not told until the job ends it.
_BEFORE = text(f"""
    SELECT {_IN_SHORT} FROM messages seen, LATERAL (
        SELECT s.* FROM summaries s JOIN messages last ON last.id = s.last_message_id
        WHERE s.conversation_id = seen.conversation_id AND s.last_message_id < seen.id
            AND last.epoch = seen.epoch AND NOT EXISTS (
                SELECT FROM summary_sources x JOIN untold_messages u USING (message_id)
                WHERE x.summary_id = s.id)
        ORDER BY s.last_message_id DESC LIMIT :limit
    ) s
    WHERE seen.id = :seen_id AND seen.chosen ORDER BY s.last_message_id DESC
""")  # noqa: S608 - made of a constant

# Those that the caller has a part in, newest first, with the messages that are theirs.
_READ = f"""
    SELECT {_IN_SHORT}, s.create_time, own.ids FROM summaries s, LATERAL (
        SELECT array_agg(m.id ORDER BY m.id) AS ids
        FROM summary_sources x JOIN messages m ON m.id = x.message_id
        WHERE x.summary_id = s.id AND m.person_id = :person_id
    ) own WHERE own.ids IS NOT NULL AND
"""  # noqa: S608 - made of a constant
_LIST = text(f"""
    {_READ} s.conversation_id = :conversation_id
        AND (CAST(:after AS uuid) IS NULL OR s.last_message_id < :after)
    ORDER BY s.last_message_id DESC LIMIT :limit
""")
_SOME = text(f"{_READ} s.id = ANY(CAST(:ids AS uuid[]))")

_COUNT = text("""
    SELECT count(DISTINCT x.summary_id) FROM messages m
        JOIN summary_sources x ON x.message_id = m.id
    WHERE m.conversation_id = :conversation_id AND m.person_id = :person_id
""")

# Conversations that wait, the longest waiting first. Whoever takes one has it for a while.
_CLAIM = text("""
    WITH due AS (
        SELECT conversation_id FROM unsummarized_conversations
        WHERE due_time IS NULL OR due_time <= now()
        GROUP BY conversation_id ORDER BY min(id) LIMIT :limit
    ), mine AS (
        SELECT u.id FROM unsummarized_conversations u JOIN due USING (conversation_id)
        WHERE u.due_time IS NULL OR u.due_time <= now()
        ORDER BY u.id FOR UPDATE OF u SKIP LOCKED
    ), claimed AS (
        UPDATE unsummarized_conversations u SET due_time = now() + :lease
        FROM mine WHERE u.id = mine.id
        RETURNING u.id, u.conversation_id, u.until_message_id, u.failures
    )
    SELECT conversation_id, array_agg(id),
        (array_agg(until_message_id ORDER BY id DESC)
            FILTER (WHERE until_message_id IS NOT NULL))[1],
        max(failures)
    FROM claimed GROUP BY conversation_id ORDER BY min(id)
""")

_DONE = text("DELETE FROM unsummarized_conversations WHERE id = ANY(CAST(:ids AS bigint[]))")

_PUT_OFF = text("""
    UPDATE unsummarized_conversations SET due_time = now() + :wait, failures = failures + 1
    WHERE id = ANY(CAST(:ids AS bigint[]))
""")

_LATER = text("""
    INSERT INTO unsummarized_conversations (conversation_id, due_time)
    VALUES (:conversation_id, now() + :wait)
""")

# Where it is, with whom, and who spoke there last and was not incognito. What channel a thread
# belongs to is known where something is decided or activated in the thread itself.
_THERE = text("""
    SELECT c.id, c.personality_id, c.platform, c.space_id, c.channel_id, c.venue,
        coalesce((SELECT ch.parent_channel_id FROM channels ch
            WHERE ch.platform = c.platform AND ch.channel_id = c.channel_id), ''),
        c.head_message_id, c.sight_message_id, last.persona_id
    FROM conversations c LEFT JOIN LATERAL (
        SELECT t.persona_id FROM turns t WHERE t.conversation_id = c.id AND NOT t.incognito
        ORDER BY t.id DESC LIMIT 1
    ) last ON true
    WHERE c.id = :conversation_id
""")

# From the newest message back. What is older than the one up to which it goes counts, and so does
# all that led there.
_PASSED = text("""
    WITH RECURSIVE path AS (
        SELECT m.id, m.parent_id, CASE WHEN m.id < :until_id THEN 1 ELSE 0 END AS beyond
        FROM messages m WHERE m.id = CAST(:head AS uuid)
      UNION ALL
        SELECT m.id, m.parent_id, CASE
            WHEN path.beyond > 0 OR path.id = :until_id OR m.id < :until_id THEN path.beyond + 1
            ELSE 0 END
        FROM messages m JOIN path ON m.id = path.parent_id WHERE path.beyond < :limit
    )
    SELECT m.id, m.turn_id, m.author = 'person', m.author_name, m.text, m.create_time, m.person_id,
        t.persona_id, x.summary_id,
        EXISTS (SELECT FROM untold_messages u WHERE u.message_id = m.id)
    FROM path JOIN messages m ON m.id = path.id LEFT JOIN turns t ON t.id = m.turn_id
        LEFT JOIN summary_sources x ON x.message_id = m.id
    WHERE path.beyond > 0 AND NOT m.hidden AND btrim(m.text) <> '' ORDER BY path.beyond DESC
""")

# Held, so that nobody gives them other words before it is written what they say.
_AS_IT_IS = text("""
    SELECT m.id, m.text FROM messages m
    WHERE m.id = ANY(CAST(:ids AS uuid[])) AND m.chosen AND NOT m.hidden
        AND NOT EXISTS (SELECT FROM summary_sources x WHERE x.message_id = m.id)
        AND NOT EXISTS (SELECT FROM untold_messages u WHERE u.message_id = m.id)
    ORDER BY m.id FOR SHARE OF m
""")

_END_UNTOLD = text("""
    DELETE FROM summaries s WHERE s.conversation_id = :conversation_id AND EXISTS (
        SELECT FROM summary_sources x JOIN untold_messages u USING (message_id)
        WHERE x.summary_id = s.id)
""")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation that is to be looked at."""

    conversation_id: UUID
    notes: Sequence[int]
    """What says so."""
    until_id: UUID | None
    """What comes before it is looked at; None: before the first message in sight."""
    failures: int = 0
    """How often a model could not be asked."""


@dataclass(frozen=True, slots=True)
class There:
    """A conversation as its summaries are made."""

    id: UUID
    personality_id: UUID
    platform: str
    space_id: str
    channel_id: str
    venue: str
    parent_channel_id: str
    """Of a thread: the channel that it belongs to, if that is known."""
    head: UUID | None
    sight_id: UUID | None
    persona_id: UUID | None
    """Who spoke there last; None: nobody has, but for what was imported."""


async def before(tx: AsyncSession, seen_id: UUID) -> tuple[InShort, ...]:
    """The newest summaries of what led to a message, the first one in sight, oldest first."""
    rows = (await tx.execute(_BEFORE, {"seen_id": seen_id, "limit": TOLD})).all()
    return tuple(InShort(*row) for row in reversed(rows))


async def listed(
    tx: AsyncSession, person_id: UUID, conversation_id: UUID, after: UUID | None, limit: int
) -> Sequence[Read]:
    """Summaries of a conversation that somebody has a part in, newest first.

    `after`: the last message of one that they come behind.
    """
    asked = {
        "person_id": person_id,
        "conversation_id": conversation_id,
        "after": after,
        "limit": limit,
    }
    return [_read(row) for row in (await tx.execute(_LIST, asked)).all()]


async def some(tx: AsyncSession, person_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, Read]:
    """Those of these that still exist and that somebody has a part in."""
    rows = (await tx.execute(_SOME, {"person_id": person_id, "ids": list(ids)})).all()
    return {read.it.id: read for read in map(_read, rows)}


async def count(tx: AsyncSession, person_id: UUID, conversation_id: UUID) -> int:
    """How many summaries there are that somebody has a part in."""
    asked = {"conversation_id": conversation_id, "person_id": person_id}
    return await tx.scalar(_COUNT, asked) or 0


async def want(tx: AsyncSession, conversation_id: UUID, until_id: UUID) -> None:
    """Have a conversation looked at up to a message."""
    tx.add(UnsummarizedConversation(conversation_id=conversation_id, until_message_id=until_id))
    await tx.flush()


async def claim(tx: AsyncSession, limit: int, lease: timedelta) -> Sequence[Waiting]:
    """Take conversations that wait; nobody else gets them within the lease."""
    rows = (await tx.execute(_CLAIM, {"limit": limit, "lease": lease})).all()
    return [Waiting(*row) for row in rows]


async def done(tx: AsyncSession, it: Waiting) -> None:
    """A conversation was looked at."""
    await tx.execute(_DONE, {"ids": list(it.notes)})


async def put_off(tx: AsyncSession, it: Waiting, wait: timedelta) -> None:
    """Have a conversation looked at again: no model could be asked."""
    await tx.execute(_PUT_OFF, {"ids": list(it.notes), "wait": wait})


async def look_later(tx: AsyncSession, conversation_id: UUID, wait: timedelta) -> None:
    """Have a conversation looked at once more."""
    await tx.execute(_LATER, {"conversation_id": conversation_id, "wait": wait})


async def there(tx: AsyncSession, conversation_id: UUID) -> There | None:
    """The conversation; None if it is gone."""
    row = (await tx.execute(_THERE, {"conversation_id": conversation_id})).one_or_none()
    return There(*row) if row else None


async def passed(tx: AsyncSession, it: There, until_id: UUID) -> list[Passed]:
    """The newest messages before one that could be told in short, oldest first."""
    asked = {"head": it.head, "until_id": until_id, "limit": MOST * TOLD}
    rows = (await tx.execute(_PASSED, asked)).all()
    return [
        Passed(Line(message, TurnId(turn) if turn else None, *said), summary, withheld)
        for message, turn, *said, summary, withheld in rows
    ]


async def as_it_is(tx: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """The words of messages on the chosen path that have no summary and may have one.

    They stay until the end of the transaction.
    """
    return dict((await tx.execute(_AS_IT_IS, {"ids": list(ids)})).all())


async def add(
    tx: AsyncSession, conversation_id: UUID, made: InShort, ids: Sequence[UUID], now: datetime
) -> None:
    """Store a summary of these messages."""
    values = {
        "id": made.id,
        "conversation_id": conversation_id,
        "first_message_id": made.first_message_id,
        "last_message_id": made.last_message_id,
        "message_count": made.message_count,
        "first_time": made.first_time,
        "last_time": made.last_time,
        "text": made.text,
        "model": made.model,
        "create_time": now,
    }
    await tx.execute(insert(Summary).values(values))
    sources = [{"summary_id": made.id, "message_id": id_} for id_ in ids]
    await tx.execute(insert(SummarySource).values(sources))


async def end_untold(tx: AsyncSession, conversation_id: UUID) -> None:
    """Delete summaries of which something is not to be told any more."""
    await tx.execute(_END_UNTOLD, {"conversation_id": conversation_id})


def _read(row: Sequence[Any]) -> Read:
    *it, create_time, ids = row
    return Read(InShort(*it), tuple(ids), create_time)
