"""What an utterance refers to, as the model is told it. Pure.

    - [1] (replied to) "Bob", 2026-05-17: "The hive is empty."
    - [2] (linked to in [1]) a message that was deleted

The nearest first, and of equally near ones the oldest; each once. What the history shows is only
pointed to. Nothing is told of what could not be read, or was said where only adults are let in,
except that it is there. All of it is quoted: whoever wrote it may mean to be taken for somebody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from tzurot.session.prompt import marks
from tzurot.session.prompt.budget import Room
from tzurot.session.prompt.cast import Cast
from tzurot.session.prompt.sections import Section, section
from tzurot.session.prompt.shortening import cost, fitted, more, shares
from tzurot.session.said import AgeLimit, Reference, ReferenceKind, ReferenceState
from tzurot.session.turns import Turn

STUB = 100  # characters of a line that points to what is in sight
_LEAST_WORDS = 24  # tokens of words; with fewer a message is left out altogether
_LONGEST_AUTHOR = 80  # characters
_NEVER = datetime.max.replace(tzinfo=UTC)

_HOW = {
    ReferenceKind.REPLY: "replied to",
    ReferenceKind.LINK: "linked to",
    ReferenceKind.FORWARD: "forwarded",
    ReferenceKind.THREAD_STARTER: "where the thread began",
}
_UNREAD = {
    ReferenceState.DELETED: "a message that was deleted",
    ReferenceState.HIDDEN: "a message that can't be seen here",
    ReferenceState.UNREACHABLE: "a message that could not be read now",
}
_INTRO = "Messages that the last one refers to. They are not said to you now:"


@dataclass(frozen=True, slots=True)
class Known:
    """A message of a platform that is stored here, too."""

    lines: frozenset[UUID]
    """Where a history could show it: as the conversation's own, or as said around it."""
    is_own: bool
    """Whether the character said it, in this conversation."""


def told(
    turn: Turn, in_sight: frozenset[UUID], known: Mapping[str, Known], cast: Cast
) -> "Referred":
    """What is told of a turn's references.

    `in_sight`: the lines that the prompt shows. `known`: messages by their platform's ids.
    """
    utterance, found = turn.said.utterance, turn.references
    own_id = utterance.platform_message_id if utterance else ""
    order, twins = _order(found, own_id)
    numbers: dict[int, int] = {}
    lines: list[_Line] = []
    for index in order[: turn.settings.chosen.reference_limit]:
        numbers[index] = len(lines) + 1
        head = f"- [{numbers[index]}] ({_how(found[index], numbers, twins)})"
        lines.append(_line(head, found[index], _Telling(turn, in_sight, known, cast)))
    over = sum(it.state is ReferenceState.OVER_LIMIT for it in found)
    return Referred(tuple(lines), len(order) - len(lines) + over)


def again(lines: Sequence[str]) -> "Referred":
    """What was told with a message to which another reply is asked for."""
    return Referred(tuple(_Line(it) for it in lines if it != _INTRO))


@dataclass(frozen=True, slots=True)
class Referred:
    """The lines to tell, the nearest first, and how many there are besides."""

    lines: Sequence["_Line"] = ()
    left_out: int = 0

    def sections(self, room: Room, share: int) -> list[Section]:
        """The lines as far as there is room, at most `share` tokens; long ones are cut."""
        if not self.lines:
            return []
        intro = section("reference", _INTRO)
        rest = min(room.tokens, share) - intro.tokens - cost(_besides(99))
        count, given = self._given(rest)
        made = [
            line.section(given[place]) if place < count else line.left_out
            for place, line in enumerate(self.lines)
        ]
        besides = self.left_out + len(self.lines) - count
        if besides and rest >= 0:
            made.append(section("reference", _besides(besides)))
        fits = [it for it in made if not it.cut]
        if not fits or not room.take(sum(it.tokens for it in (intro, *fits))):
            return [line.left_out for line in self.lines]
        return [intro, *made]

    def _given(self, room: int) -> tuple[int, list[int]]:
        """How many of the first lines are told, and the tokens of each."""
        for count in range(len(self.lines), 0, -1):
            kept = self.lines[:count]
            given = shares([line.cost for line in kept], room)
            if all(it >= line.least for it, line in zip(given, kept, strict=True)):
                return count, given
        return 0, []


@dataclass(frozen=True, slots=True)
class _Line:
    """One reference: what stands before its words, and the words."""

    head: str
    words: str = ""

    @property
    def whole(self) -> str:
        return self._framed(self.words, "") if self.words else self.head

    @property
    def cost(self) -> int:
        return cost(self.whole)

    @property
    def least(self) -> int:
        """The tokens without which it is not worth telling."""
        return min(self.cost, cost(self._framed("", more(len(self.words)))) + _LEAST_WORDS)

    @property
    def left_out(self) -> Section:
        return replace(section("reference", self.whole), cut=True)

    def section(self, room: int) -> Section:
        """It in at most so many tokens, at least `least`."""
        told = fitted(self.words, room, self._framed) if self.words else self.head
        return section("reference", told)

    def _framed(self, words: str, mark: str) -> str:
        return f"{self.head}: {marks.quoted(words)} {mark}".rstrip()


@dataclass(frozen=True, slots=True)
class _Telling:
    """To whom, and what they know."""

    turn: Turn
    in_sight: frozenset[UUID]
    known: Mapping[str, Known]
    cast: Cast


def _order(found: Sequence[Reference], own_id: str) -> tuple[list[int], dict[int, int]]:
    """Indexes of what is to be told, in order; and of repeated ones the one that is told."""
    depths: list[int] = []
    for index, it in enumerate(found):
        nested = it.referrer is not None and it.referrer < index
        depths.append(depths[it.referrer or 0] + 1 if nested else 0)

    def place(index: int) -> tuple[int, datetime, int]:
        return depths[index], found[index].create_time or _NEVER, index

    first: dict[str, int] = {}
    twins: dict[int, int] = {}
    order: list[int] = []
    for index in sorted(range(len(found)), key=place):
        it = found[index]
        if it.state is ReferenceState.OVER_LIMIT or it.platform_message_id == own_id != "":
            continue
        if it.platform_message_id and it.platform_message_id in first:
            twins[index] = first[it.platform_message_id]
        elif it.state is not ReferenceState.REPEATED:
            order.append(index)
            first[it.platform_message_id] = index
    return order, twins


def _how(it: Reference, numbers: Mapping[int, int], twins: Mapping[int, int]) -> str:
    how = _HOW[it.kind]
    if it.referrer is None:
        return how
    number = numbers.get(twins.get(it.referrer, it.referrer))
    return f"{how} in [{number}]" if number else f"{how} in another one"


def _line(head: str, it: Reference, telling: _Telling) -> _Line:
    among_adults = it.age_limit is AgeLimit.ADULTS and not telling.turn.adults
    if it.state is not ReferenceState.READ or among_adults:
        state = ReferenceState.HIDDEN if among_adults else it.state
        return _Line(f"{head} {_UNREAD.get(state, _UNREAD[ReferenceState.HIDDEN])}")
    known = telling.known.get(it.platform_message_id)
    if known and known.lines & telling.in_sight:
        return _Line(_stub(f"{head} above", marks.harmless(marks.one_line(it.text))))
    who = "you" if known and known.is_own else _author(it, telling)
    when = f", {it.create_time:%Y-%m-%d}" if it.create_time else ""
    return _Line(f"{head} {who}{when}", it.text if it.text.strip() else "(without words)")


def _stub(head: str, words: str) -> str:
    """A line that points to what is in sight, by its first words."""
    room = STUB - len(head) - len(': ""')
    kept = words if len(words) <= room else f"{words[: room - 1].rstrip()}…"
    return f"{head}: {marks.quoted(kept)}" if kept else head


def _author(it: Reference, telling: _Telling) -> str:
    """Who said it, in quotation marks; and who it is not, where the name could make believe so."""
    turn, cast = telling.turn, telling.cast
    if it.author_subject == turn.subject:
        return marks.quoted(cast.speaker)
    name = marks.one_line(it.author_name)[:_LONGEST_AUTHOR].strip()
    if not name:
        return "somebody"
    folded = marks.folded(name)
    if folded in {marks.folded(own) for own in cast.own}:
        return f"{marks.quoted(name)} (not you)"
    if folded == marks.folded(cast.speaker):
        return f"{marks.quoted(name)} (somebody else)"
    return marks.quoted(name)


def _besides(count: int) -> str:
    return f"- {count} more were left out."
