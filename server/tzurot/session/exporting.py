"""A conversation as a chat that other programs read: its chosen path, with all alternatives. Pure.

What was imported goes out as it came in: beside its words stands the row that it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from tzurot.formats import documents
from tzurot.formats.chats import rows, sillytavern
from tzurot.formats.found import History, Said
from tzurot.formats.narrowing import members
from tzurot.formats.unreadable import Unreadable
from tzurot.session.tables import Conversation, Message

Slot = tuple[int, UUID | None]  # epoch and parent: where alternatives stand


@dataclass(frozen=True, slots=True)
class Link:
    """A chosen message, without its words: it may be somebody else's."""

    id: UUID
    epoch: int
    parent_id: UUID | None


def history_of(
    conversation: Conversation,
    personality_name: str,
    links: Iterable[Link],
    messages: Iterable[Message],
) -> History:
    """One person's part of a conversation, from its beginning on, resets left out.

    `links` are all its chosen messages, `messages` the person's, alternatives included.
    """
    mine = {message.id: message for message in messages}
    slots: dict[Slot, list[Message]] = {}
    for message in sorted(mine.values(), key=lambda message: message.id):
        slots.setdefault((message.epoch, message.parent_id), []).append(message)
    path = [mine[message_id] for message_id in _path(links) if message_id in mine]
    said = tuple(_said(message, slots[message.epoch, message.parent_id]) for message in path)
    header = conversation.source or b""
    character, person = personality_name, ""
    if header:  # its names are those of the file
        character, person = sillytavern.names(_row(header), said)
    return History(
        messages=said,
        key=conversation.channel_id,
        character_name=character,
        person_name=person or next((it.name for it in said if it.by_person), ""),
        group=len(sillytavern.speakers(said)) > 1,
        header=header,
    )


def _path(links: Iterable[Link]) -> Sequence[UUID]:
    """The ids of all epochs' chosen messages, each after the one that it follows."""
    follows = {(link.epoch, link.parent_id): link.id for link in links}
    path: list[UUID] = []
    for epoch in sorted({epoch for epoch, _ in follows}):
        last: UUID | None = None
        while last := follows.get((epoch, last)):
            path.append(last)
    return path


def _said(message: Message, slot: Sequence[Message]) -> Said:
    source = message.source or b""
    came_as = _came_as(source)
    known = came_as.alternatives if came_as else None
    alternatives = [it for it in slot if it is message or _is_alternative(it, message, known)]
    texts = tuple(it.text for it in alternatives) if len(alternatives) > 1 else ()
    return Said(
        by_person=message.author == "person",
        name=message.author_name,
        text=message.text,
        alternatives=texts,
        chosen=alternatives.index(message) if texts else 0,
        hidden=message.hidden,
        time=message.create_time if came_as is None or came_as.time else None,
        source=source,
    )


def _is_alternative(other: Message, chosen: Message, known: Sequence[str] | None) -> bool:
    """Whether `other` could stand in the place of `chosen`, whose row knows these texts.

    What has a row of its own begins a branch, and so does what the person said here instead.
    """
    if other.author != chosen.author or other.source is not None:
        return False
    if other.turn_id is None:
        return known is None or other.text in known
    return other.author == "personality"


def _came_as(source: bytes) -> Said | None:
    """What a row of SillyTavern's said; none if it is none. It may have had no date."""
    row = _row(source)
    return rows.said(row) if sillytavern.ROW_WORDS & row.keys() else None


def _row(source: bytes) -> dict[str, object]:
    try:
        return members(documents.loads(source)) if source else {}
    except Unreadable:
        return {}
