"""Chats that come from elsewhere: what of them is new here, and writing it.

Each becomes a conversation of the person's own on the platform `import`, whose channel is the
chat's key. A later export of it goes on there, and chats that branch off become branches. How: see
grafting.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.formats.found import History
from tzurot.session.chats import grafting, imported
from tzurot.session.chats.grafting import Node


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What the person said and what was answered, until the person spoke again.

    `message_id` is that of the person's first words in it.
    """

    message_id: UUID
    person_name: str
    person_text: str
    personality_name: str
    personality_text: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """What was done, and the exchanges that came to be with it, oldest first."""

    conversation_id: UUID
    new_messages: int
    exchanges: list[Exchanged]


async def write(
    tx: AsyncSession,
    *,
    person_id: UUID,
    personality_id: UUID,
    personality_name: str,
    history: History,
) -> Written:
    """Store what is new of the chat; `personality_name` is for answers that name nobody.

    The conversation is locked until the end of the transaction.
    """
    now = clock.now()
    began = next((said.time for said in history.messages if said.time), now)
    place = _place(person_id, personality_id, history)
    found = await imported.open_conversation(tx, place, began)
    tree = await imported.tree(tx, found)
    growth = grafting.grow(tree, history.messages, now)
    for node, message_id in zip(growth.planted, _ids(len(growth.planted)), strict=True):
        node.id = message_id
    await imported.store(tx, found.id, person_id, growth)
    if growth.path and tree.head is growth.path[-1] and growth.is_any:
        await imported.move(tx, found.id, growth.path[-1], history.header)
    exchanges = list(_exchanges(growth.path, personality_name))
    return Written(found.id, growth.new_messages, exchanges)


def _place(person_id: UUID, personality_id: UUID, history: History) -> imported.Place:
    return imported.Place(person_id, personality_id, history.key)


def _ids(count: int) -> list[UUID]:
    """New ids in ascending order: a list of messages by id shows them as they were said."""
    return sorted(clock.uuid7() for _ in range(count))


@dataclass(slots=True)
class _Round:
    """What the person says until there is an answer, and the answers until they speak again."""

    asked: list[Node] = field(default_factory=list[Node])
    answers: list[Node] = field(default_factory=list[Node])


def _exchanges(path: Sequence[Node], personality_name: str) -> Iterator[Exchanged]:
    """The rounds of a path that are new: those whose first answer is.

    What nobody answered waits for a later export; a greeting that nobody asked for is no exchange.
    """
    for each in _rounds(path):
        if each.answers and each.answers[0].new:
            yield _exchanged(each, personality_name)


def _rounds(path: Sequence[Node]) -> list[_Round]:
    rounds: list[_Round] = []
    for node in path:
        if node.hidden or not node.text.strip():
            continue
        if node.by_person:
            if not rounds or rounds[-1].answers:
                rounds.append(_Round())
            rounds[-1].asked.append(node)
        elif rounds:
            rounds[-1].answers.append(node)
    return rounds


def _exchanged(each: _Round, personality_name: str) -> Exchanged:
    first = each.asked[0]
    speaker = each.answers[0].name or personality_name
    return Exchanged(
        message_id=first.id,
        person_name=first.name,
        person_text="\n".join(node.text for node in each.asked),
        personality_name=speaker,
        personality_text="\n".join(
            node.text if (node.name or speaker) == speaker else f"{node.name}: {node.text}"
            for node in each.answers
        ),
        time=first.time,
    )
