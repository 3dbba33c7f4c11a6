"""The prompt: what the model is told, section by section, within a budget. Pure.

    character, lore in between, person · examples · history · knowledge · memories · message ·
    instructions

What does not fit is left out in this order: example dialogues; lore that is not constant, from the
least weighty on; knowledge and then memories, from the least fitting on; history from the oldest
on, which never takes more than half. Something small may still fit where something larger did not.
Lore never takes more than a quarter; constant lore has its room before history. What the card says
of the character, its instructions and the message itself stay; without room for them the turn
fails. How a card is told is in portrait.py.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from tzurot.errors import ContextTooSmall
from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import ChatMessage, Role
from tzurot.memory.recall import Hit
from tzurot.memory.venues import Venue
from tzurot.personality import activation
from tzurot.personality.activation import Verdict
from tzurot.personality.knowledge import PassageHit
from tzurot.session import portrait
from tzurot.session.sections import (
    Section,
    cost_of,
    memory_line,
    passage_line,
    section,
    sections_of,
)
from tzurot.session.turns import Line, Turn

_HISTORY_SHARE = 0.5  # of the budget, at most: memories and character want room too
_LORE_SHARE = 0.25  # of the budget, at most
_DEFAULT_REPLY_TOKENS = 512
_SMALL_CONTEXT = 2_048  # tokens; what the bundled model has


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to tell besides the character and the message; hits are best first."""

    history: Sequence[Line] = ()
    hits: Sequence[Hit] = ()
    passages: Sequence[PassageHit] = ()
    lore: Sequence[Verdict] = ()
    """All that came up, in the order in which it is told."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The prompt and what was decided about it."""

    messages: tuple[ChatMessage, ...]
    sections: tuple[Section, ...]
    cited: tuple[Hit, ...]
    known: tuple[PassageHit, ...]
    """The passages that came into it."""
    told: tuple[Verdict, ...]
    """The lore that came into it."""

    @property
    def summary(self) -> str:
        """One line for the trace."""
        used = sum(part.tokens for part in self.sections if not part.cut)
        cut = sum(part.cut for part in self.sections)
        return f"{used} tokens, {len(self.cited)} memories cited, {cut} sections cut"


@dataclass(slots=True)
class _Room:
    """What is left of the budget, and within it of the share of lore."""

    tokens: int
    lore: int
    told: set[Verdict] = field(default_factory=set[Verdict])

    def take(self, cost: int) -> bool:
        """Use so many tokens, if they are left."""
        if cost > self.tokens:
            return False
        self.tokens -= cost
        return True

    def tell(self, lore: Sequence[Verdict], *, always: bool) -> None:
        """Make room for lore that came up, the weightiest first."""
        for verdict in activation.by_weight([it for it in lore if it.activated]):
            cost = cost_of(verdict.content)
            if verdict.always is always and cost <= self.lore and self.take(cost):
                self.lore -= cost
                self.told.add(verdict)


def budget(speaker: Speaker) -> int:
    """Tokens that a prompt may have so that the reply still fits."""
    reply = speaker.sampling.max_tokens or _DEFAULT_REPLY_TOKENS
    return speaker.context_tokens - reply


def window(turn: Turn, lore: Sequence[Verdict], speaker: Speaker) -> tuple[Line, ...]:
    """The newest lines that fit into the history's share, beside what must stay; oldest first."""
    limit = budget(speaker)
    left = _after_what_stays(turn, lore, limit).tokens
    room = min(int(limit * _HISTORY_SHARE), left)
    others = _others(turn)
    kept: list[Line] = []
    for line in reversed(turn.history):
        room -= cost_of(_line(turn, line, others))
        if room < 0:
            break
        kept.append(line)
    return tuple(reversed(kept))


def compose(turn: Turn, material: Material, speaker: Speaker) -> Composed:
    """The prompt of a turn.

    Raises:
        ContextTooSmall: the character and the message alone are too much for the model.
    """
    room = _after_what_stays(turn, material.lore, budget(speaker))
    others = _others(turn)
    lines = [section("history", _line(turn, line, others)) for line in material.history]
    if room.tokens < 0 or not room.take(sum(line.tokens for line in lines)):
        raise ContextTooSmall(speaker.model)

    # Who comes first has the room: what is given up first comes last.
    memories, cited = _memories(turn, material.hits, speaker, room)
    knowledge, known = _knowledge(material.passages, room)
    room.tell(material.lore, always=False)
    examples, dialogues = _examples(turn, room)
    sections = (
        *_character(turn, material.lore, room.told),
        *examples,
        *lines,
        *knowledge,
        *memories,
        section("message", _message(turn)),
        *sections_of("instructions", portrait.instructions(turn)),
    )
    return Composed(
        messages=_messages(
            sections, dialogues, [_role(line, others) for line in material.history], speaker
        ),
        sections=sections,
        cited=tuple(cited),
        known=tuple(known),
        told=tuple(verdict for verdict in material.lore if verdict in room.told),
    )


def _after_what_stays(turn: Turn, lore: Sequence[Verdict], limit: int) -> _Room:
    """The room beside the character, its instructions, the message, and constant lore."""
    stays = [
        *_character(turn, (), set()),
        section("message", _message(turn)),
        *sections_of("instructions", portrait.instructions(turn)),
    ]
    room = _Room(limit - sum(part.tokens for part in stays), int(limit * _LORE_SHARE))
    room.tell(lore, always=True)
    return room


def _character(turn: Turn, lore: Sequence[Verdict], told: set[Verdict]) -> list[Section]:
    """What the card says of the character, with lore before and after it."""

    def entries(*, before: bool) -> list[Section]:
        return [
            Section("lore", it.content, cost_of(it.content), cut=it not in told)
            for it in lore
            if it.before is before
        ]

    return [
        *sections_of("character", portrait.system_prompt(turn)),
        *entries(before=True),
        *sections_of("character", portrait.description(turn)),
        *entries(before=False),
        *sections_of("person", portrait.person(turn)),
    ]


def _messages(
    sections: Sequence[Section],
    dialogues: Sequence[ChatMessage],
    roles: Sequence[Role],
    speaker: Speaker,
) -> tuple[ChatMessage, ...]:
    """The sections as messages; `roles` are those of the history's lines."""

    def words(*names: str, between: str) -> str:
        return between.join(it.text for it in sections if it.name in names and not it.cut)

    first = words("character", "lore", "person", between="\n\n")
    known = words("knowledge", between="\n"), words("memories", between="\n")
    late, last = "\n\n".join(filter(None, known)), words("instructions", between="")
    # Late, where a model takes it, so that what stands before stays as the provider has it.
    if not speaker.takes_late_system:
        first, late, last = "\n\n".join(filter(None, (first, late, last))), "", ""
    lines = [it.text for it in sections if it.name == "history"]
    return (
        ChatMessage(Role.SYSTEM, first),
        *dialogues,
        *(ChatMessage(role, text) for role, text in zip(roles, lines, strict=True)),
        *([ChatMessage(Role.SYSTEM, late)] if late else []),
        ChatMessage(Role.USER, words("message", between="")),
        *([ChatMessage(Role.SYSTEM, last)] if last else []),
    )


def _role(line: Line, others: Set[str]) -> Role:
    """Whose words the model is to take for its own: the character's."""
    spoken_to_it = line.by_person or line.author_name in others
    return Role.USER if spoken_to_it else Role.ASSISTANT


def _memories(
    turn: Turn, hits: Sequence[Hit], speaker: Speaker, room: _Room
) -> tuple[list[Section], list[Hit]]:
    """The memories, best first, each a section of its own; and those that fit."""
    intro = section("memories", f"What you remember {turn.speaker_name} saying before:")
    with_answer = speaker.context_tokens > _SMALL_CONTEXT
    lines = [memory_line(hit, with_answer=with_answer) for hit in hits]
    fits = _fitting(intro, lines, room)
    sections = [
        Section("memories", line, cost_of(line), not fit, hit.memory_id, with_answer)
        for hit, line, fit in zip(hits, lines, fits, strict=True)
    ]
    cited = [hit for hit, fit in zip(hits, fits, strict=True) if fit]
    return ([intro, *sections] if cited else sections), cited


def _knowledge(
    passages: Sequence[PassageHit], room: _Room
) -> tuple[list[Section], list[PassageHit]]:
    """The passages, best first, each a section of its own; and those that fit."""
    intro = section("knowledge", "What you know that may be of use here:")
    lines = [passage_line(passage) for passage in passages]
    fits = _fitting(intro, lines, room)
    sections = [
        Section("knowledge", line, cost_of(line), not fit, passage_id=passage.passage_id)
        for passage, line, fit in zip(passages, lines, fits, strict=True)
    ]
    known = [passage for passage, fit in zip(passages, fits, strict=True) if fit]
    return ([intro, *sections] if known else sections), known


def _fitting(intro: Section, lines: Sequence[str], room: _Room) -> list[bool]:
    """Which lines fit, in their order; the first of them brings the intro."""
    fits: list[bool] = []
    for line in lines:
        cost = cost_of(line) + (0 if any(fits) else intro.tokens)
        fits.append(room.take(cost))
    return fits


def _examples(turn: Turn, room: _Room) -> tuple[list[Section], list[ChatMessage]]:
    """Example dialogues, each whole or not at all; and their messages."""
    sections: list[Section] = []
    messages: list[ChatMessage] = []
    names = {Role.USER: turn.speaker_name, Role.ASSISTANT: portrait.name_of(turn.personality)}
    for dialogue in portrait.dialogues(turn):
        told = "\n".join(f"{names[message.role]}: {message.text}" for message in dialogue)
        cost = sum(cost_of(message.text) for message in dialogue)
        fits = room.take(cost)
        sections.append(Section("example", told, cost, cut=not fits))
        if fits:
            messages += dialogue
    return sections, messages


def _message(turn: Turn) -> str:
    return _spoken(turn, turn.speaker_name, turn.text)


def _line(turn: Turn, line: Line, others: Set[str]) -> str:
    if line.by_person:
        return _spoken(turn, line.author_name or "User", line.text)
    return f"{line.author_name}: {line.text}" if line.author_name in others else line.text


def _others(turn: Turn) -> Set[str]:
    """Other characters that speak in the history, as in group chats that came from elsewhere."""
    names = {it.author_name for it in turn.history if not it.by_person and it.turn_id is None}
    if len(names) < 2:  # alone it is this one, whatever it was called then
        return frozenset()
    return names - {turn.personality.name, turn.personality.nickname, ""}


def _spoken(turn: Turn, name: str, text: str) -> str:
    """What a person says; where several people can speak, with the speaker's name."""
    return text if turn.said.place.venue is Venue.DIRECT else f"{name}: {text}"
