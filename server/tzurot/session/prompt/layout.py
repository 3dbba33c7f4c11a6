"""The sections of a prompt in their places, and as the messages that a model gets. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from tzurot.llm.streaming import ChatMessage, Role, SeenPicture
from tzurot.session.prompt.sections import Section


@dataclass(frozen=True, slots=True)
class Insert:
    """Something between the last messages."""

    section: Section
    depth: int
    role: Role


@dataclass(frozen=True, slots=True)
class Layout:
    """The sections in their places."""

    top: Sequence[Section]
    before_examples: Sequence[Section]
    examples: Sequence[Section]
    dialogues: Sequence[ChatMessage]
    after_examples: Sequence[Section]
    summary: Sequence[Section]
    """What was said before the history, in short."""
    history: Sequence[Section]
    roles: Sequence[Role]
    asides: Sequence[Sequence[Section]]
    """What is told between the history and the message, each for itself."""
    attachments: Sequence[Section]
    pictures: Sequence[SeenPicture]
    message: Section
    inserts: Sequence[Insert]
    last: Sequence[Section]

    def sections(self) -> tuple[Section, ...]:
        """All of them in the order in which they are told; those that are cut included."""
        return (
            *self.top,
            *self.before_examples,
            *self.examples,
            *self.after_examples,
            *self.summary,
            *[it for talk in self._talk() for it in talk[1]],
            *self.last,
        )

    def messages(self, *, late: bool) -> tuple[ChatMessage, ...]:
        """The prompt. Without `late` system messages all of them are one, at the beginning."""
        told = [
            ChatMessage(Role.SYSTEM, _words(self.top, "\n\n")),
            ChatMessage(Role.SYSTEM, _words(self.before_examples, "\n\n")),
            *self.dialogues,
            ChatMessage(Role.SYSTEM, _words(self.after_examples, "\n\n")),
            ChatMessage(Role.SYSTEM, _words(self.summary, "\n")),
            *(self._said(role, sections) for role, sections in self._talk()),
            ChatMessage(Role.SYSTEM, _words(self.last, "\n\n")),
        ]
        told = [it for it in told if it.text]
        if not late:
            told = _system_first(told)
        return tuple(_joined(told))

    def _said(self, role: Role, sections: Sequence[Section]) -> ChatMessage:
        """One message; pictures come with the one that is answered."""
        pictures = tuple(self.pictures) if self.message in sections[-1:] else ()
        return ChatMessage(role, _words(sections, _between(sections)), pictures=pictures)

    def _talk(self) -> list[tuple[Role, list[Section]]]:
        """The messages from the oldest to the one that is answered, with what stands in between."""
        count = len(self.history) + 1
        between: dict[int, list[tuple[Role, list[Section]]]] = defaultdict(list)
        for it in sorted(self.inserts, key=lambda it: -it.depth):
            between[min(it.depth, count)].append((it.role, [it.section]))
        found: list[tuple[Role, list[Section]]] = []
        for number, (role, said) in enumerate(zip(self.roles, self.history, strict=True)):
            found += [*between[count - number], (role, [said])]
        found += [(Role.SYSTEM, [*it]) for it in self.asides if it]
        answered = (Role.USER, [*self.attachments, self.message])
        return [*found, *between[1], answered, *between[0]]


def _words(sections: Iterable[Section], between: str) -> str:
    return between.join(it.text for it in sections if not it.cut)


def _between(sections: Sequence[Section]) -> str:
    """Lines of a list follow each other."""
    listed = ("facts", "knowledge", "memories", "reference")
    return "\n" if sections[0].name in listed else "\n\n"


def _system_first(told: Sequence[ChatMessage]) -> list[ChatMessage]:
    return sorted(told, key=lambda it: it.role is not Role.SYSTEM)


def _joined(told: Sequence[ChatMessage]) -> Iterator[ChatMessage]:
    """System messages that follow each other are one."""
    for role, messages in groupby(told, key=attrgetter("role")):
        if role is Role.SYSTEM:
            yield ChatMessage(role, "\n\n".join(it.text for it in messages))
        else:
            yield from messages
