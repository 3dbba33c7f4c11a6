"""The SQL of a turn's hot path: its conversation, what was said there and around, begin and end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import PersonalityNotFound
from tzurot.personality.characters import Personality
from tzurot.session.prompt import reference_store
from tzurot.session.said import Place
from tzurot.session.turns import Earlier, Line, Note, Talk, TurnId

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
    SELECT path.id, turn_id, author = 'person', author_name, text, path.create_time, path.person_id,
        t.persona_id
    FROM path LEFT JOIN turns t ON t.id = turn_id WHERE NOT hidden ORDER BY depth DESC
""")

# The conversation of a place and a character, made if it is new, and locked either way. The
# character is held before, as by whoever deletes it: else both could wait for each other. Turns of
# one place are begun one after another, on all servers: so each sees those that were before it.
_OPEN = text("""
    INSERT INTO conversations (id, personality_id, platform, space_id, channel_id, venue,
        direct_person_id, epoch, create_time, update_time)
    SELECT :id, held.id, :platform, :space_id, :channel_id, :venue,
        CAST(:direct_person_id AS uuid), 0, :now, :now
    FROM (SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(' ', CAST(:platform AS text),
            CAST(:channel_id AS text), CAST(:direct_person_id AS text)), 0))) alone,
        LATERAL (SELECT id FROM personalities WHERE id = :personality_id FOR KEY SHARE) held
    ON CONFLICT ON CONSTRAINT conversations_place_key DO UPDATE
        SET update_time = :now, venue = :venue, space_id = :space_id
    RETURNING id, epoch, head_message_id, reset_time,
        EXISTS (
            SELECT 1 FROM conversations other JOIN personalities p ON p.id = other.personality_id
            WHERE other.platform = conversations.platform
                AND other.channel_id = conversations.channel_id
                AND other.direct_person_id IS NOT DISTINCT FROM conversations.direct_person_id
                AND other.id < conversations.id AND p.folded_name = :folded_name),
        greeting_index, variables, timings, sight_message_id,
        (SELECT ARRAY[n.text, n.depth::text] FROM conversation_notes n
            WHERE n.conversation_id = conversations.id),
        EXISTS (SELECT 1 FROM facts WHERE persona_id = ANY(CAST(:persona_ids AS uuid[]))),
        EXISTS (SELECT 1 FROM facts f WHERE f.persona_id = ANY(CAST(:persona_ids AS uuid[]))
            AND f.personality_id = :personality_id AND f.shown_time IS NULL)
""")

# What was said in a place to others or by other characters, newest first: what a conversation has
# of it itself, and what is being answered, aside. In a direct place characters only hear who else
# answers the same message.
_AROUND = text("""
    SELECT l.id, l.turn_id, l.author = 'person', l.author_name, l.text, l.create_time, l.person_id,
        t.persona_id
    FROM channel_lines l LEFT JOIN turns t ON t.id = l.turn_id
        LEFT JOIN conversations c ON c.id = t.conversation_id
    WHERE l.platform = :platform AND l.channel_id = :channel_id AND l.create_time > :since
        AND c.direct_person_id IS NOT DISTINCT FROM CAST(:direct_person_id AS uuid)
        AND (CAST(:direct_person_id AS uuid) IS NULL
            OR t.request_id = CAST(:request_id AS uuid))
        AND t.conversation_id IS DISTINCT FROM :conversation_id
        AND (l.platform_message_id = '' OR l.platform_message_id <> :platform_message_id)
        AND NOT (l.author = 'person' AND (
            t.request_id IS NOT DISTINCT FROM CAST(:request_id AS uuid)
            OR EXISTS (
                SELECT 1 FROM turns mine WHERE mine.person_id = t.person_id
                    AND mine.request_id = t.request_id AND mine.conversation_id = :conversation_id)
            OR EXISTS (
                SELECT 1 FROM messages m WHERE l.platform_message_id <> ''
                    AND m.platform_message_id = l.platform_message_id
                    AND m.conversation_id = :conversation_id)))
    ORDER BY l.id DESC LIMIT :limit
""")

# A turn with its utterance at the head of the conversation, unless the request has one already.
# The first turn of a request says it to the whole place, too. Found are the turns that run there:
# those of the same exchange with what they have to answer and refer to besides. What is said
# incognito has an id, and is nowhere.
BEGIN = text("""
    WITH running AS (
        SELECT t.id, t.exchange_turn_ids, t.referred, CAST(:supersedes AS boolean)
            AND t.conversation_id = :conversation_id AND t.person_id = :person_id
            AND t.persona_id = :persona_id AS same
        FROM turns t WHERE t.platform = :platform AND t.channel_id = :channel_id
            AND t.state = 'running' AND t.lease_expire_time > :now
            AND (CAST(:direct_person_id AS uuid) IS NULL OR t.person_id = :direct_person_id)
    ), earlier AS (
        SELECT (SELECT array_agg(id ORDER BY id) FROM running) AS running,
            (SELECT array_agg(id ORDER BY id) FROM running WHERE same) AS of_same_exchange,
            CAST(:exchange AS uuid[]) || ARRAY(
                SELECT DISTINCT unnest(exchange_turn_ids || id) FROM running WHERE same ORDER BY 1
            ) AS exchange,
            (SELECT jsonb_agg(each ORDER BY running.id, number) FROM running,
                jsonb_array_elements(referred) WITH ORDINALITY AS parts (each, number)
                WHERE same) AS referred
    ), turn AS (
        INSERT INTO turns (id, conversation_id, person_id, persona_id, personality_id, request_id,
            request_hash, position, state, lease_expire_time, utterance_message_id, model,
            prompt_token_count, completion_token_count, cached_token_count, reasoning_token_count,
            tokens_estimated, last_sequence, platform, channel_id, display_name, followed,
            incognito, exchange_turn_ids, referred, create_time)
        SELECT :turn_id, :conversation_id, :person_id, :persona_id, :personality_id,
            CAST(:request_id AS uuid), :digest, :position, 'running', :lease,
            CAST(:utterance_id AS uuid), '', 0, 0, 0, 0, false, 0, :platform, :channel_id,
            :display_name, :followed, :incognito, exchange,
            coalesce(referred || CAST(:referred AS jsonb), referred, CAST(:referred AS jsonb)), :now
        FROM earlier
        ON CONFLICT (person_id, request_id, position) DO NOTHING
        RETURNING id
    ), said AS (
        INSERT INTO messages (id, conversation_id, epoch, parent_id, chosen, turn_id, author,
            author_name, person_id, text, platform_message_id, create_time)
        SELECT CAST(:message_id AS uuid), :conversation_id, :epoch, CAST(:head AS uuid), true,
            turn.id, 'person', :author_name, :person_id, :text, :platform_message_id, :now
        FROM turn WHERE CAST(:message_id AS uuid) IS NOT NULL
        RETURNING id
    ), told AS (
        INSERT INTO channel_lines (id, platform, channel_id, platform_message_id, author,
            author_subject, author_name, person_id, turn_id, text, create_time)
        SELECT :line_id, :platform, :channel_id, :platform_message_id, 'person', :subject,
            :author_name, :person_id, turn.id, :text, :now
        FROM turn, said WHERE :position = 0
        ON CONFLICT DO NOTHING
    ), moved AS (
        UPDATE conversations SET head_message_id = said.id FROM said
        WHERE conversations.id = :conversation_id
    )
    SELECT earlier.running, earlier.of_same_exchange, earlier.exchange, earlier.referred
    FROM turn, earlier
""").bindparams(bindparam("referred", type_=JSONB(none_as_null=True)))

# The end of a turn: its row, its reply behind whatever was said meanwhile, its trace. Nothing if
# the turn was declared interrupted in the meantime. The reply stays beside the path after a reset,
# and if what it answers was put aside meanwhile. A reply in place of another stands beside it, and
# on the path if nothing was said meanwhile (messages/paths.py has cleared it).
# Its epoch is that of what it answers, as it is now: resets are taken back, and epochs with them.
# The locks come in the order in which others take them: character, conversation, message, turn.
# That of the message also reads it as it is now, whoever changed it last. Of an incognito turn
# only its row is kept.
_END = text("""
    WITH held AS (
        SELECT id FROM personalities WHERE id = :personality_id FOR KEY SHARE
    ), here AS (
        SELECT c.epoch, c.head_message_id
        FROM held, conversations c WHERE c.id = :conversation_id FOR UPDATE OF c
    ), answered AS (
        SELECT m.chosen, m.epoch FROM here, messages m WHERE m.id = CAST(:utterance_id AS uuid)
        FOR SHARE OF m
    ), mine AS (
        SELECT CASE WHEN :redone THEN :epoch ELSE coalesce(
            (SELECT epoch FROM answered), least(CAST(:epoch AS integer), here.epoch)) END AS epoch
        FROM here
    ), place AS (
        SELECT mine.epoch, head_message_id, here.epoch = mine.epoch AND CASE
            WHEN :redone THEN head_message_id IS NOT DISTINCT FROM CAST(:head_id AS uuid)
            ELSE coalesce((SELECT chosen FROM answered), CAST(:utterance_id AS uuid) IS NULL)
            END AS goes_on
        FROM here, mine
    ), ended AS (
        UPDATE turns SET state = :state, finish_reason = :finish, failure_reason = :failure_reason,
            failure_message = :failure_message, reply_message_id = CAST(:reply_id AS uuid),
            model = :model, prompt_token_count = :prompt, completion_token_count = :completion,
            cached_token_count = :cached, reasoning_token_count = :reasoning,
            tokens_estimated = :estimated, last_sequence = :last_sequence, finish_time = :now,
            referred = NULL
        FROM place WHERE turns.id = :turn_id AND state = 'running'
        RETURNING turns.id, turns.untraced
    ), reply AS (
        INSERT INTO messages (id, conversation_id, epoch, parent_id, chosen, turn_id, author,
            author_name, person_id, text, platform_message_id, create_time)
        SELECT CAST(:reply_id AS uuid), :conversation_id, place.epoch,
            CASE WHEN :redone THEN CAST(:parent_id AS uuid)
                 WHEN place.goes_on THEN place.head_message_id
                 ELSE CAST(:utterance_id AS uuid) END,
            place.goes_on, ended.id, 'personality', :author_name, :person_id, :text, '', :now
        FROM ended, place WHERE CAST(:reply_id AS uuid) IS NOT NULL AND :kept
        RETURNING id, parent_id, chosen
    ), told AS (
        INSERT INTO channel_lines (id, platform, channel_id, platform_message_id, author,
            author_subject, author_name, person_id, personality_id, turn_id, text, create_time)
        SELECT reply.id, :platform, :channel_id, '', 'personality', '', :display_name, :person_id,
            :personality_id, :turn_id, :text, :now
        FROM reply WHERE reply.chosen
    ), moved AS (
        UPDATE conversations SET head_message_id = reply.id, update_time = :now,
            greeting_index = coalesce(CAST(:greeting_index AS integer), greeting_index),
            variables = CASE WHEN ended.untraced THEN variables
                ELSE coalesce(:variables, variables) END,
            timings = coalesce(:timings, timings),
            sight_message_id = coalesce(
                CASE WHEN here.epoch = :epoch THEN CAST(:sight_id AS uuid) END, sight_message_id)
        FROM here, reply, ended
        WHERE conversations.id = :conversation_id AND reply.chosen
    ), traced AS (
        INSERT INTO traces (turn_id, document) SELECT id, :document FROM ended
        WHERE :kept AND NOT untraced
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
    reset_time: datetime | None
    has_namesake: bool
    """Whether a character of the same name has spoken there before."""
    talk: Talk
    facts_known: bool
    """Whether anything is known of who speaks there."""
    facts_new: bool
    """Whether they were not told of some of it."""


async def open_conversation(
    tx: AsyncSession,
    place: Place,
    personality: Personality,
    direct_person_id: UUID | None,
    persona_ids: Sequence[UUID] = (),
) -> Opened:
    """The conversation of this place and character, locked; `persona_ids`: who speaks there.

    Raises:
        PersonalityNotFound: the character was deleted meanwhile.
    """
    row = await tx.execute(
        _OPEN,
        {
            "id": clock.uuid7(),
            "personality_id": personality.id,
            "folded_name": personality.folded_name,
            "platform": place.platform,
            "space_id": place.space_id,
            "channel_id": place.channel_id,
            "venue": place.venue,
            "direct_person_id": direct_person_id,
            "persona_ids": list(persona_ids),
            "now": clock.now(),
        },
    )
    found = row.one_or_none()
    if found is None:
        raise PersonalityNotFound(personality.id)
    conversation_id, epoch, head, reset_time, has_namesake, *rest = found
    *talk, sight_id, note, known, new = rest
    told = Note(note[0], int(note[1])) if note else None
    kept = Talk(*talk, sight_id=sight_id, note=told)
    return Opened(conversation_id, epoch, head, reset_time, has_namesake, kept, known, new)


async def path(tx: AsyncSession, head: UUID, limit: int) -> tuple[Line, ...]:
    """The newest messages, at most `limit`, of the path that ends at `head`, oldest first."""
    rows = await tx.execute(_PATH, {"head": head, "limit": limit})
    return tuple(
        Line(message, TurnId(turn) if turn else None, *others) for message, turn, *others in rows
    )


async def around(tx: AsyncSession, asked: dict[str, Any]) -> tuple[Line, ...]:
    """What was said around a conversation since a time, the newest, oldest first."""
    rows = (await tx.execute(_AROUND, asked)).all()
    return tuple(
        Line(line, TurnId(turn) if turn else None, *others, around=True)
        for line, turn, *others in reversed(rows)
    )


async def counts(tx: AsyncSession, conversation_id: UUID, epoch: int) -> tuple[int, int]:
    """How many messages the chosen path has, and how many of them the character said."""
    row = await tx.execute(_COUNTS, {"conversation_id": conversation_id, "epoch": epoch})
    said, answered = row.one()
    return said, answered


async def begin_turn(tx: AsyncSession, values: dict[str, Any]) -> Earlier | None:
    """Store a turn and its utterance; None if the request has this turn already."""
    row = (await tx.execute(BEGIN, values)).one_or_none()
    if row is None:
        return None
    running, same, exchange, referred = row
    return Earlier(
        tuple(running or ()), tuple(same or ()), tuple(exchange), reference_store.read(referred)
    )


@dataclass(frozen=True, slots=True)
class Ended:
    """Where a reply was put in the tree; both None without a reply."""

    parent_id: UUID | None
    chosen: bool | None


async def end_turn(tx: AsyncSession, values: dict[str, Any]) -> Ended | None:
    """Store the end of a running turn; None if it does not run any more."""
    row = (await tx.execute(_END, values)).one_or_none()
    return Ended(row[0], row[1]) if row else None
