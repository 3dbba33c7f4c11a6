"""The SQL of deleting messages: what follows them stays, what was derived from them goes."""

import json
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.channels.place_tables import ChannelLine
from tzurot.session.tables import Conversation, Message

# First unchosen, then passed over, then deleted: at no moment are two chosen in one place.
_UNCHOOSE = text("UPDATE messages SET chosen = false WHERE id = ANY(CAST(:ids AS uuid[]))")

_PASS_OVER = text("""
    UPDATE messages SET parent_id = CAST(:parent_id AS uuid)
    WHERE parent_id = ANY(CAST(:ids AS uuid[]))
""")

_STEP_BACK = text("""
    UPDATE conversations SET head_message_id = CAST(:parent_id AS uuid)
    WHERE head_message_id = ANY(CAST(:ids AS uuid[]))
""")

_DELETE = text("DELETE FROM messages WHERE id = ANY(CAST(:ids AS uuid[]))")

# The turns that said or answered them.
_TURNS = text("""
    SELECT id, state = 'running' FROM turns WHERE conversation_id = :conversation_id AND (
        utterance_message_id = ANY(CAST(:ids AS uuid[]))
        OR reply_message_id = ANY(CAST(:ids AS uuid[])))
    ORDER BY id
""")

_FORGET_WHICH = text("""
    UPDATE turns SET
        utterance_message_id = CASE WHEN utterance_message_id = ANY(CAST(:ids AS uuid[]))
            THEN NULL ELSE utterance_message_id END,
        reply_message_id = CASE WHEN reply_message_id = ANY(CAST(:ids AS uuid[]))
            THEN NULL ELSE reply_message_id END
    WHERE id = ANY(CAST(:turns AS uuid[]))
""")

# A turn of which no message is left goes, and with it how it came to its end.
_END_EMPTY = text("""
    DELETE FROM turns WHERE id = ANY(CAST(:turns AS uuid[]))
        AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.turn_id = turns.id)
""")

_TRACES = text("DELETE FROM traces WHERE turn_id = ANY(CAST(:turns AS uuid[]))")

_DELIVERIES = text("DELETE FROM deliveries WHERE turn_id = ANY(CAST(:turns AS uuid[]))")

_ATTACHMENTS = text("DELETE FROM attachments WHERE turn_id = ANY(CAST(:turns AS uuid[]))")

# Later prompts told the words, in every conversation of the place.
_SCRUB = text("""
    UPDATE traces SET document = jsonb_set(jsonb_set(document, '{sections}', (
        SELECT coalesce(jsonb_agg(CASE WHEN position(:words IN it ->> 'text') > 0
                AND it ->> 'name' IN ('history', 'message', 'reference')
            THEN it || '{"text": ""}' ELSE it END ORDER BY number), '[]')
        FROM jsonb_array_elements(document -> 'sections') WITH ORDINALITY AS each (it, number)
    )), '{skill_calls}', (
        SELECT coalesce(jsonb_agg(CASE WHEN position(:words IN it ->> 'result') > 0
                OR position(:words IN it ->> 'arguments') > 0
            THEN it || '{"arguments": "", "result": ""}' ELSE it END ORDER BY number), '[]')
        FROM jsonb_array_elements(document -> 'skill_calls') WITH ORDINALITY AS each (it, number)
    ))
    FROM turns t JOIN conversations c ON c.id = t.conversation_id
    WHERE traces.turn_id = t.id AND t.id >= :since
        AND c.platform = :platform AND c.channel_id = :channel_id
        AND c.direct_person_id IS NOT DISTINCT FROM CAST(:direct_person_id AS uuid)
        AND position(:escaped IN document::text) > 0
""")


async def erase(tx: AsyncSession, doomed: Sequence[Message]) -> None:
    """Delete messages that stand in one place; what follows them follows what they followed."""
    values = {"ids": [it.id for it in doomed], "parent_id": doomed[0].parent_id}
    for statement in (_UNCHOOSE, _PASS_OVER, _STEP_BACK, _DELETE):
        await tx.execute(statement, values)


async def turns(tx: AsyncSession, doomed: Sequence[Message]) -> dict[UUID, bool]:
    """The turns that said or answered messages of one place, and whether each still runs."""
    asked = {
        "conversation_id": doomed[0].conversation_id,
        "ids": [it.id for it in doomed],
    }
    return dict((await tx.execute(_TURNS, asked)).all())


async def detach(tx: AsyncSession, doomed: Sequence[Message], turn_ids: Collection[UUID]) -> None:
    """Let turns name messages no more that are about to go, nor tell how they came to their end."""
    values = {"ids": [it.id for it in doomed], "turns": list(turn_ids)}
    await tx.execute(_FORGET_WHICH, values)
    await tx.execute(_TRACES, values)
    await tx.execute(_DELIVERIES if doomed[0].author == "personality" else _ATTACHMENTS, values)


async def scrub(
    tx: AsyncSession, there: Conversation | ChannelLine, since: UUID, words: str
) -> None:
    """Take words out of the traces of the turns of a place, from one on.

    `words` are as prompts have them.
    """
    if not words:
        return
    alone_with = there.direct_person_id if isinstance(there, Conversation) else None
    values = {
        "platform": there.platform,
        "channel_id": there.channel_id,
        "direct_person_id": alone_with,
        "since": since,
        "words": words,
        "escaped": json.dumps(words, ensure_ascii=False)[1:-1],  # as within a document
    }
    await tx.execute(_SCRUB, values)


async def end_empty(tx: AsyncSession, turn_ids: Collection[UUID]) -> None:
    """Delete turns of which no message is left."""
    await tx.execute(_END_EMPTY, {"turns": list(turn_ids)})
