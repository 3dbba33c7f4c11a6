"""The SQL of the chosen path: what is on it, and turning a conversation to another one.

A message is chosen exactly if it is on its epoch's path, which ends at the conversation's head. So
of alternatives at most one is chosen, and below one that isn't nothing is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# The character is held before the conversation is locked, as by whoever deletes it.
_HOLD = text("""
    WITH held AS (
        SELECT p.id FROM conversations c JOIN personalities p ON p.id = c.personality_id
        WHERE c.id = :conversation_id FOR KEY SHARE OF p
    )
    SELECT c.id, c.epoch, c.head_message_id FROM held, conversations c
    WHERE c.id = :conversation_id FOR UPDATE OF c
""")

_PATH = """
    {name} AS (
        SELECT id, parent_id, person_id FROM messages WHERE id = CAST(:{end} AS uuid)
      UNION ALL
        SELECT m.id, m.parent_id, m.person_id FROM messages m JOIN {name} ON m.id = {name}.parent_id
    )
"""
_CURRENT, _WANTED = _PATH.format(name="current", end="head"), _PATH.format(name="wanted", end="end")

# Whether somebody else is on the path that ends at `head`, and not on the one that ends at `end`.
_OTHERS = text(f"""
    WITH RECURSIVE {_CURRENT}, {_WANTED}
    SELECT EXISTS (
        SELECT 1 FROM current WHERE person_id <> :person_id AND id NOT IN (SELECT id FROM wanted))
""")  # noqa: S608 - made of constants

# What is on the path that ends at `head`, back to right behind a message.
_BETWEEN = text("""
    WITH RECURSIVE path AS (
        SELECT id, parent_id, turn_id FROM messages WHERE id = CAST(:head AS uuid)
      UNION ALL
        SELECT m.id, m.parent_id, m.turn_id FROM messages m JOIN path ON m.id = path.parent_id
        WHERE path.parent_id IS DISTINCT FROM CAST(:after AS uuid)
    )
    SELECT id, turn_id FROM path WHERE id IS DISTINCT FROM CAST(:after AS uuid)
""")

# What is left goes first: of alternatives only one is chosen at any moment.
_LEAVE = text(f"""
    WITH RECURSIVE {_WANTED}
    UPDATE messages SET chosen = false
    WHERE conversation_id = :conversation_id AND epoch = :epoch AND chosen
        AND id NOT IN (SELECT id FROM wanted)
""")  # noqa: S608 - made of constants

_CHOOSE = text(f"""
    WITH RECURSIVE {_WANTED}
    UPDATE messages SET chosen = true FROM wanted WHERE messages.id = wanted.id AND NOT chosen
""")  # noqa: S608 - made of constants

_MOVE = text("""
    UPDATE conversations SET head_message_id = CAST(:end AS uuid) WHERE id = :conversation_id
""")

# The newest message of all that follow one, as far as the person's own words lead.
_NEWEST_BELOW = text("""
    WITH RECURSIVE below AS (
        SELECT id FROM messages WHERE id = :message_id
      UNION ALL
        SELECT m.id FROM messages m JOIN below ON m.parent_id = below.id
        WHERE m.person_id = :person_id
    )
    SELECT id FROM below ORDER BY id DESC LIMIT 1
""")

_TURNS = text("""
    SELECT t.id, coalesce(reply.chosen, said.chosen)
    FROM turns t LEFT JOIN messages reply ON reply.id = t.reply_message_id
        LEFT JOIN messages said ON said.id = t.utterance_message_id
    WHERE t.conversation_id = :conversation_id AND coalesce(reply.chosen, said.chosen) IS NOT NULL
""")

_MESSAGES = text("""
    SELECT id, chosen FROM messages WHERE conversation_id = :conversation_id AND turn_id IS NULL
""")


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation that is locked."""

    id: UUID
    epoch: int
    head: UUID | None


async def hold(tx: AsyncSession, conversation_id: UUID) -> Held | None:
    """Lock a conversation; None if it is gone."""
    row = (await tx.execute(_HOLD, {"conversation_id": conversation_id})).one_or_none()
    return Held(*row) if row else None


async def others_followed(
    tx: AsyncSession, person_id: UUID, head: UUID | None, end: UUID | None
) -> bool:
    """Whether others than the person are on the path to `head` where that to `end` has left it."""
    asked = {"head": head, "end": end, "person_id": person_id}
    return bool(await tx.scalar(_OTHERS, asked))


async def between(
    tx: AsyncSession, head: UUID | None, after: UUID | None
) -> tuple[tuple[UUID, UUID | None], ...]:
    """The messages behind one on the path that ends at `head`, with their turns."""
    rows = await tx.execute(_BETWEEN, {"head": head, "after": after})
    return tuple((message_id, turn_id) for message_id, turn_id in rows)


async def lay(tx: AsyncSession, held: Held, end: UUID | None) -> None:
    """Let the path end at a message of the conversation's epoch."""
    values = {"conversation_id": held.id, "epoch": held.epoch, "end": end}
    await tx.execute(_LEAVE, values)
    await tx.execute(_CHOOSE, {"end": end})
    await tx.execute(_MOVE, {"conversation_id": held.id, "end": end})


async def newest_below(tx: AsyncSession, person_id: UUID, message_id: UUID) -> UUID:
    """The newest of the person's messages that follow one of theirs; itself if none does."""
    asked = {"person_id": person_id, "message_id": message_id}
    return (await tx.scalars(_NEWEST_BELOW, asked)).one()


async def sources(
    tx: AsyncSession, conversation_id: UUID
) -> tuple[Mapping[UUID, bool], Mapping[UUID, bool]]:
    """Turns, and messages of no turn, each with whether what came of it is on the path."""
    asked = {"conversation_id": conversation_id}
    turns = dict((await tx.execute(_TURNS, asked)).all())
    messages = dict((await tx.execute(_MESSAGES, asked)).all())
    return turns, messages
