"""The SQL of deleting messages: what follows them stays, what was derived from them goes."""

import json
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.session.channels.place_tables import ChannelLine
from tzurot.session.tables import Conversation, Message

# First none of them is chosen, so that what follows can come in their place.
_UNCHOOSE = text("UPDATE messages SET chosen = false WHERE id = ANY(CAST(:ids AS uuid[]))")

_STEP_BACK = text("""
    WITH RECURSIVE up AS (
        SELECT m.id, m.parent_id FROM messages m JOIN conversations c
            ON c.id = :conversation_id AND m.id = c.head_message_id
      UNION ALL
        SELECT m.id, m.parent_id FROM up JOIN messages m ON m.id = up.parent_id
        WHERE up.id = ANY(CAST(:ids AS uuid[]))
    )
    UPDATE conversations
    SET head_message_id = (SELECT id FROM up WHERE id <> ALL(CAST(:ids AS uuid[])))
    WHERE id = :conversation_id AND head_message_id = ANY(CAST(:ids AS uuid[]))
""")

# What follows them follows the nearest that stays.
_PASS_OVER = text("""
    WITH RECURSIVE up AS (
        SELECT m.id, m.parent_id AS at FROM messages m
        WHERE m.parent_id = ANY(CAST(:ids AS uuid[])) AND m.id <> ALL(CAST(:ids AS uuid[]))
      UNION ALL
        SELECT up.id, gone.parent_id FROM up JOIN messages gone ON gone.id = up.at
        WHERE gone.id = ANY(CAST(:ids AS uuid[]))
    )
    UPDATE messages SET parent_id = up.at FROM up
    WHERE messages.id = up.id AND (up.at IS NULL OR up.at <> ALL(CAST(:ids AS uuid[])))
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

# What was said to several characters at once is attached to, and seen around with, the first turn.
_TWIN = """
    UPDATE {table} SET turn_id = twin.id FROM turns t, LATERAL (
        SELECT id FROM turns twin WHERE twin.person_id = t.person_id
            AND twin.request_id = t.request_id AND twin.conversation_id <> t.conversation_id
            AND EXISTS (SELECT 1 FROM messages m WHERE m.turn_id = twin.id AND m.author = 'person')
        ORDER BY position LIMIT 1
    ) twin
    WHERE t.id = ANY(CAST(:turns AS uuid[])) AND {table}.turn_id = t.id {more}
"""
_ATTACHMENTS_TO_TWINS = text(_TWIN.format(table="attachments", more=""))
_LINES_TO_TWINS = text(_TWIN.format(table="channel_lines", more="AND author = 'person'"))

# Later prompts told the words, in every conversation of the place.
_SCRUB = text("""
    UPDATE traces SET document = jsonb_set(jsonb_set(document, '{sections}', (
        SELECT coalesce(jsonb_agg(CASE
            WHEN it ->> 'name' IN ('history', 'message', 'reference', 'conversation_note')
                AND EXISTS (
                SELECT 1 FROM unnest(CAST(:words AS text[])) AS gone
                WHERE position(gone IN it ->> 'text') > 0)
            THEN it || '{"text": ""}' ELSE it END ORDER BY number), '[]')
        FROM jsonb_array_elements(document -> 'sections') WITH ORDINALITY AS each (it, number)
    )), '{skill_calls}', (
        SELECT coalesce(jsonb_agg(CASE WHEN EXISTS (
                SELECT 1 FROM unnest(CAST(:words AS text[])) AS gone
                WHERE position(gone IN it ->> 'result') > 0
                    OR position(gone IN it ->> 'arguments') > 0)
            THEN it || '{"arguments": "", "result": ""}' ELSE it END ORDER BY number), '[]')
        FROM jsonb_array_elements(document -> 'skill_calls') WITH ORDINALITY AS each (it, number)
    ))
    FROM turns t JOIN conversations c ON c.id = t.conversation_id
    WHERE traces.turn_id = t.id AND t.id >= :since
        AND c.platform = :platform AND c.channel_id = :channel_id
        AND c.direct_person_id IS NOT DISTINCT FROM CAST(:direct_person_id AS uuid)
        AND EXISTS (
            SELECT 1 FROM unnest(CAST(:escaped AS text[])) AS gone
            WHERE position(gone IN document::text) > 0)
""")


# Of one place, one after another, in the order of places: what follows locks rows of all that was
# said there. Whoever deletes holds conversations before.
_KEY = "hashtextextended(concat_ws(' ', 'scrub', platform, channel_id, direct_person_id), 0)"
_ALONE = text(f"""
    SELECT pg_advisory_xact_lock({_KEY}) FROM (
        SELECT DISTINCT platform, channel_id, direct_person_id FROM conversations
        WHERE id = ANY(CAST(:ids AS uuid[]))
        ORDER BY platform, channel_id, direct_person_id) places
""")  # noqa: S608 - made of a constant
_ALONE_THERE = text(f"""
    SELECT pg_advisory_xact_lock({_KEY}) FROM (
        SELECT CAST(:platform AS text) AS platform, CAST(:channel_id AS text) AS channel_id,
            CAST(:direct_person_id AS text) AS direct_person_id) place
""")  # noqa: S608 - made of a constant

_UNTRACE = text("""
    UPDATE turns SET untraced = true FROM conversations c
    WHERE c.id = turns.conversation_id AND turns.state = 'running'
        AND c.platform = :platform AND c.channel_id = :channel_id
        AND c.direct_person_id IS NOT DISTINCT FROM CAST(:direct_person_id AS uuid)
""")

# Of what a macro has kept it is not known whose words made it: a short word says little.
_MADE = "(value = gone OR length(gone) >= 8 AND position(gone IN value) > 0)"

# A conversation that somebody else holds at this moment is passed over: waiting could be for ever.
_UNSET = text(f"""
    UPDATE conversations SET variables = (
        SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each_text(variables)
        WHERE NOT EXISTS (
            SELECT 1 FROM unnest(CAST(:words AS text[])) AS gone WHERE {_MADE}))
    WHERE id IN (
        SELECT id FROM conversations
        WHERE platform = :platform AND channel_id = :channel_id
            AND direct_person_id IS NOT DISTINCT FROM CAST(:direct_person_id AS uuid)
            AND EXISTS (
                SELECT 1 FROM jsonb_each_text(variables), unnest(CAST(:words AS text[])) AS gone
                WHERE {_MADE})
        FOR UPDATE SKIP LOCKED)
""")  # noqa: S608 - made of a constant

# A reset that is taken back brings them again.
_UNSET_BEFORE = text(f"""
    UPDATE conversation_resets r SET variables = (
        SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each_text(r.variables)
        WHERE NOT EXISTS (
            SELECT 1 FROM unnest(CAST(:words AS text[])) AS gone WHERE {_MADE}))
    FROM conversations c
    WHERE c.id = r.conversation_id AND c.platform = :platform AND c.channel_id = :channel_id
        AND c.direct_person_id IS NOT DISTINCT FROM CAST(:direct_person_id AS uuid)
        AND EXISTS (
            SELECT 1 FROM jsonb_each_text(r.variables), unnest(CAST(:words AS text[])) AS gone
            WHERE {_MADE})
""")  # noqa: S608 - made of a constant


async def alone(tx: AsyncSession, conversation_ids: Collection[UUID]) -> None:
    """Let nobody else delete where these conversations are, which are held, until it is done."""
    await tx.execute(_ALONE, {"ids": list(conversation_ids)})


async def erase(tx: AsyncSession, conversation_id: UUID, ids: Collection[UUID]) -> None:
    """Delete messages of a conversation; what follows them follows what they followed."""
    values = {"conversation_id": conversation_id, "ids": list(ids)}
    for statement in (_UNCHOOSE, _STEP_BACK, _PASS_OVER, _DELETE):
        await tx.execute(statement, values)


async def turns(tx: AsyncSession, doomed: Sequence[Message]) -> dict[UUID, bool]:
    """The turns that said or answered messages of one place, and whether each still runs."""
    asked = {
        "conversation_id": doomed[0].conversation_id,
        "ids": [it.id for it in doomed],
    }
    return dict((await tx.execute(_TURNS, asked)).all())


async def leave_to_twins(tx: AsyncSession, turn_ids: Collection[UUID]) -> None:
    """Let what was said in other conversations, too, belong to the turns that answered it there."""
    for statement in (_ATTACHMENTS_TO_TWINS, _LINES_TO_TWINS):
        await tx.execute(statement, {"turns": list(turn_ids)})


async def detach(tx: AsyncSession, doomed: Sequence[Message], turn_ids: Collection[UUID]) -> None:
    """Let turns name messages no more that are about to go, nor tell how they came to their end."""
    values = {"ids": [it.id for it in doomed], "turns": list(turn_ids)}
    await tx.execute(_FORGET_WHICH, values)
    await tx.execute(_TRACES, values)
    await tx.execute(_DELIVERIES if doomed[0].author == "personality" else _ATTACHMENTS, values)


async def scrub(
    tx: AsyncSession, there: Conversation | ChannelLine, since: UUID, told: Collection[str]
) -> None:
    """Take what was told out of the traces of the turns of a place, from one on.

    A turn that runs there may have been told it: it leaves no trace. What a macro has made of it is
    forgotten, too. `told` is each time as prompts have it.
    """
    words = [it for it in told if it]
    if not words:
        return
    alone_with = there.direct_person_id if isinstance(there, Conversation) else None
    values = {
        "platform": there.platform,
        "channel_id": there.channel_id,
        "direct_person_id": alone_with,
        "since": since,
        "words": words,
        "escaped": [json.dumps(it, ensure_ascii=False)[1:-1] for it in words],  # in a document
    }
    for statement in (_ALONE_THERE, _UNTRACE, _SCRUB, _UNSET, _UNSET_BEFORE):
        await tx.execute(statement, values)


async def end_empty(tx: AsyncSession, turn_ids: Collection[UUID]) -> None:
    """Delete turns of which no message is left."""
    await tx.execute(_END_EMPTY, {"turns": list(turn_ids)})
