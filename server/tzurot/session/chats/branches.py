"""The messages of a conversation as a tree of paths: which chats it takes to tell all of them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from tzurot.formats import documents
from tzurot.formats.chats import rows, sillytavern
from tzurot.formats.found import Said
from tzurot.formats.narrowing import members
from tzurot.formats.unreadable import Unreadable
from tzurot.session.archive import Link
from tzurot.session.tables import Message

Slot = tuple[int, UUID | None]  # epoch and parent: where alternatives stand


class Tree:
    """All messages, each below the one that it follows, an epoch below the end of the one before.

    A message is told in the words of the first chat that has it on its path: all others that pass
    it have the same row.
    """

    def __init__(self, links: Sequence[Link], messages: Sequence[Message]) -> None:
        """`links` are those of all messages, `messages` one person's, alternatives included."""
        self._mine = {message.id: message for message in messages}
        self._slots: dict[Slot, list[Message]] = {}
        for message in sorted(messages, key=lambda message: message.id):
            self._slots.setdefault((message.epoch, message.parent_id), []).append(message)
        self.path = _path(link for link in links if link.chosen)
        epochs = {link.id: link.epoch for link in links}
        self._above: dict[UUID, UUID | None] = {}
        self._below: dict[UUID | None, list[UUID]] = {}
        for link in sorted(links, key=lambda link: link.id):
            before = (it for it in reversed(self.path) if epochs[it] < link.epoch)
            above = link.parent_id or next(before, None)
            self._above[link.id] = above
            self._below.setdefault(above, []).append(link.id)
        self._known: dict[UUID, Sequence[str] | None] = {}
        self._said: dict[UUID, Said] = {}
        self._alternatives: set[UUID] = set()

    def tell(self, path: Sequence[UUID]) -> tuple[Said, ...]:
        """What the person's messages on a path say."""
        mine = [self._mine[message_id] for message_id in path if message_id in self._mine]
        for message in mine:
            if message.id not in self._said:
                alternatives = self._beside(message)
                self._said[message.id] = _said(message, alternatives)
                self._alternatives |= {it.id for it in alternatives}
        return tuple(self._said[message.id] for message in mine)

    def is_told(self, message_id: UUID) -> bool:
        """Whether it needs no chat of its own: others' do not, nor do alternatives."""
        message = self._mine.get(message_id)
        return (
            message is None
            or message_id in self._said
            or message_id in self._alternatives
            or self._owner(message) is not None
        )

    def leaving(
        self, path: Sequence[UUID], places: Sequence[UUID | None]
    ) -> list[tuple[UUID, bool, UUID]]:
        """What leaves a path below one of `places`, as a key of its order; last the message."""
        on_it = set(path)
        return [
            self._began(it)
            for place in places
            for it in self._below.get(place, ())
            if it not in on_it
        ]

    def line(self, start: UUID) -> Sequence[UUID]:
        """A message and what goes on from it, down to an end."""
        line = [start]
        while below := self._below.get(line[-1]):
            line.append(max(below, key=self._leads_on))
        return line

    def before(self, start: UUID) -> Sequence[UUID]:
        """All that a message follows, from the beginning on."""
        path: list[UUID] = []
        at = self._above[start]
        while at:
            path.append(at)
            at = self._above[at]
        return path[::-1]

    def _began(self, message_id: UUID) -> tuple[UUID, bool, UUID]:
        """An alternative comes after the message in whose row it stands."""
        message = self._mine.get(message_id)
        owner = self._owner(message) if message else None
        return (owner.id if owner else message_id, owner is not None, message_id)

    def _leads_on(self, message_id: UUID) -> tuple[bool, bool]:
        """Rather the row that a file had than its alternatives; the first of those alike."""
        message = self._mine.get(message_id)
        has_source = message is not None and message.source is not None
        return has_source, message_id in self._below

    def _owner(self, message: Message) -> Message | None:
        """The message in whose row an imported alternative stands."""
        if message.source is not None or message.turn_id is not None:
            return None
        slot = self._slots[message.epoch, message.parent_id]
        return next((it for it in slot if it.source and self._is_alternative(message, it)), None)

    def _beside(self, message: Message) -> list[Message]:
        """The alternatives that its row shows, itself among them.

        Beside the chosen path never its end: an import would take that as changed by a swipe.
        """
        row, end = self._owner(message) or message, self.path[-1] if self.path else None
        return [
            it
            for it in self._slots[message.epoch, message.parent_id]
            if it is message or (it.id != end and (it is row or self._is_alternative(it, row)))
        ]

    def _is_alternative(self, other: Message, chosen: Message) -> bool:
        """Whether `other` could stand in the place of `chosen`, whose row may know its texts.

        What has a row of its own begins a branch, and so does what the person said here instead.
        """
        if other.author != chosen.author or other.source is not None:
            return False
        if other.turn_id is not None:
            return other.author == "personality"
        known = self._texts(chosen)
        return known is None or other.text in known

    def _texts(self, message: Message) -> Sequence[str] | None:
        """The alternatives that its row came in with; None if it has no row of SillyTavern's."""
        if message.id not in self._known:
            came_as = _came_as(message.source or b"")
            self._known[message.id] = came_as.alternatives if came_as else None
        return self._known[message.id]


def _path(links: Iterable[Link]) -> Sequence[UUID]:
    """The ids of all epochs' chosen messages, each after the one that it follows."""
    follows = {(link.epoch, link.parent_id): link.id for link in links}
    path: list[UUID] = []
    for epoch in sorted({epoch for epoch, _ in follows}):
        last: UUID | None = None
        while last := follows.get((epoch, last)):
            path.append(last)
    return path


def _said(message: Message, alternatives: Sequence[Message]) -> Said:
    source = message.source or b""
    came_as = _came_as(source)
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


def _came_as(source: bytes) -> Said | None:
    """What a row of SillyTavern's said; none if it is none. It may have had no date."""
    row = row_of(source)
    return rows.said(row) if sillytavern.ROW_WORDS & row.keys() else None


def row_of(source: bytes) -> dict[str, object]:
    """A stored row as an object; empty if it is none."""
    try:
        return members(documents.loads(source)) if source else {}
    except Unreadable:
        return {}
