"""The SQL of conversations that come from elsewhere. See histories.py, and store.py for others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.session.chats.grafting import Growth, Node, Tree

PLATFORM = "import"

_BATCH = 1_000  # rows that go to Postgres in one statement

_FIND = text("""
    SELECT id, epoch, head_message_id FROM conversations
    WHERE platform = :platform AND channel_id = :channel_id
        AND personality_id = :personality_id AND direct_person_id = :person_id
""")

# Found or made, and locked either way.
_OPEN = text("""
    INSERT INTO conversations (id, personality_id, platform, space_id, channel_id, venue,
        direct_person_id, epoch, create_time, update_time)
    VALUES (:id, :personality_id, :platform, '', :channel_id, 'direct', :person_id, 0, :began,
        :began)
    ON CONFLICT ON CONSTRAINT conversations_place_key DO UPDATE SET platform = excluded.platform
    RETURNING id, epoch, head_message_id
""")

# Imported messages stand before any reset.
_MESSAGES = text("""
    SELECT id, parent_id, author = 'person', author_name, text, create_time, hidden, chosen,
        source IS NOT NULL
    FROM messages WHERE conversation_id = :conversation_id AND epoch = 0 ORDER BY id
""")

_ADD = text("""
    INSERT INTO messages (id, conversation_id, epoch, parent_id, chosen, author, author_name,
        person_id, text, hidden, source, create_time)
    SELECT id, :conversation_id, 0, parent_id, chosen,
        CASE WHEN by_person THEN 'person' ELSE 'personality' END, author_name, :person_id, text,
        hidden, source, create_time
    FROM unnest(CAST(:ids AS uuid[]), CAST(:parents AS uuid[]), CAST(:chosen AS boolean[]),
        CAST(:persons AS boolean[]), CAST(:names AS text[]), CAST(:texts AS text[]),
        CAST(:hidden AS boolean[]), CAST(:sources AS bytea[]), CAST(:times AS timestamptz[]))
        AS it (id, parent_id, chosen, by_person, author_name, text, hidden, source, create_time)
""")

_CHANGE = text("""
    UPDATE messages SET chosen = it.chosen, create_time = it.create_time,
        source = CASE WHEN it.has_new_source THEN it.source ELSE messages.source END
    FROM unnest(CAST(:ids AS uuid[]), CAST(:chosen AS boolean[]), CAST(:times AS timestamptz[]),
        CAST(:new_sources AS boolean[]), CAST(:sources AS bytea[]))
        AS it (id, chosen, create_time, has_new_source, source)
    WHERE messages.id = it.id AND messages.conversation_id = :conversation_id
""")

_MOVE = text("""
    UPDATE conversations
    SET head_message_id = :head, update_time = :spoken, source = CAST(:header AS bytea)
    WHERE id = :conversation_id
""")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person's chat with a character goes."""

    person_id: UUID
    personality_id: UUID
    channel_id: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """What of a conversation says where it goes on."""

    id: UUID
    epoch: int
    head_message_id: UUID | None


async def open_conversation(tx: AsyncSession, place: Place, began: datetime) -> Conversation:
    """The same, made if it is new, and locked."""
    values = _of(place) | {"id": clock.uuid7(), "began": began}
    return Conversation(*(await tx.execute(_OPEN, values)).one())


async def tree(tx: AsyncSession, conversation: Conversation) -> Tree:
    """All that was said in a conversation before it was reset."""
    rows = await tx.execute(_MESSAGES, {"conversation_id": conversation.id})
    nodes: dict[UUID | None, Node] = {None: Node()}
    parents: list[tuple[Node, UUID | None]] = []
    for row_id, parent_id, by_person, name, words, time, hidden, chosen, has_source in rows:
        node = Node(by_person, name, words, time, hidden, chosen, row_id, has_source=has_source)
        nodes[row_id] = node
        parents.append((node, parent_id))
    for node, parent_id in parents:
        node.parent = nodes[parent_id]
        node.parent.children.append(node)
    head = nodes.get(conversation.head_message_id) if conversation.epoch == 0 else None
    return Tree(nodes[None], head)


async def store(tx: AsyncSession, conversation_id: UUID, person_id: UUID, growth: Growth) -> None:
    """Write new messages, and what changed of others: first which are not chosen any more."""
    whose = {"conversation_id": conversation_id, "person_id": person_id}
    await _change(tx, conversation_id, [node for node in growth.changed if not node.chosen])
    for start in range(0, len(growth.planted), _BATCH):
        await tx.execute(_ADD, whose | _columns(growth.planted[start : start + _BATCH]))
    await _change(tx, conversation_id, [node for node in growth.changed if node.chosen])


async def move(tx: AsyncSession, conversation_id: UUID, head: Node, header: bytes) -> None:
    """Let a conversation end at `head`, by the file that has this header."""
    values = {"conversation_id": conversation_id, "head": head.id, "spoken": head.time}
    await tx.execute(_MOVE, values | {"header": header or None})


async def _change(tx: AsyncSession, conversation_id: UUID, nodes: Sequence[Node]) -> None:
    if not nodes:
        return
    values = {
        "conversation_id": conversation_id,
        "ids": [node.id for node in nodes],
        "chosen": [node.chosen for node in nodes],
        "times": [node.time for node in nodes],
        "new_sources": [node.has_new_source for node in nodes],
        "sources": [node.source for node in nodes],
    }
    await tx.execute(_CHANGE, values)


def _columns(nodes: Sequence[Node]) -> dict[str, object]:
    return {
        "ids": [node.id for node in nodes],
        "parents": [node.parent_id for node in nodes],
        "chosen": [node.chosen for node in nodes],
        "persons": [node.by_person for node in nodes],
        "names": [node.name for node in nodes],
        "texts": [node.text for node in nodes],
        "hidden": [node.hidden for node in nodes],
        "sources": [node.source for node in nodes],
        "times": [node.time for node in nodes],
    }


def _of(place: Place) -> dict[str, object]:
    return {
        "platform": PLATFORM,
        "channel_id": place.channel_id,
        "personality_id": place.personality_id,
        "person_id": place.person_id,
    }
