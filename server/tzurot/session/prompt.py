"""The prompt: what the model is told, section by section, within a budget. Pure.

    character with lore in it, person · lore, examples, lore · history, with lore and the
    character's note between the last messages · knowledge · memories · message · instructions

What does not fit is left out in this order: lore that says it goes first; example dialogues; lore
that is not constant, from the least weighty on; knowledge and then memories, from the least fitting
on; history from the oldest on, which never takes more than half. Something small may still fit
where something larger did not. Lore never takes more than its share (a setting); constant lore has
its room before history. What the card says of the character, its note, the instructions and the
message itself stay; without room for them the turn fails. How a card is told is in portrait.py, how
nobody forges the prompt's marks in marks.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from tzurot.errors import ContextTooSmall
from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import ChatMessage, Role
from tzurot.memory.recall import Hit
from tzurot.memory.venues import Venue
from tzurot.personality.knowledge import PassageHit
from tzurot.personality.lore import ordering
from tzurot.personality.lore.verdicts import Verdict, Where
from tzurot.session import marks, placing
from tzurot.session.cast import Cast, cast_of
from tzurot.session.layout import Layout
from tzurot.session.portrait import Portrait
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
_DEFAULT_REPLY_TOKENS = 512
_SMALL_CONTEXT = 2_048  # tokens; what the bundled model has


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to tell; hits are best first."""

    portrait: Portrait
    message: str
    """What the person said, as scripts left it."""
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

    def tell(self, lore: Iterable[Verdict]) -> None:
        """Make room for lore, the weightiest first."""
        for verdict in ordering.by_weight(list(lore)):
            cost = section("lore", verdict.content).tokens
            if cost <= self.lore and self.take(cost):
                self.lore -= cost
                self.told.add(verdict)


def reply_limit(turn: Turn, speaker: Speaker) -> int | None:
    """Tokens that the reply may have at most by the settings; None: they don't say.

    More than half of the window only where the model's own limit is more: the prompt wants room.
    """
    limit = turn.settings.chosen.reply_limit
    most = max(speaker.context_tokens // 2, speaker.sampling.max_tokens or 0)
    return min(limit, most) if limit else None


def budget(turn: Turn, speaker: Speaker) -> int:
    """Tokens that a prompt may have so that the reply still fits."""
    usual = speaker.sampling.max_tokens or _DEFAULT_REPLY_TOKENS
    return speaker.context_tokens - (reply_limit(turn, speaker) or usual)


def window(turn: Turn, material: Material, speaker: Speaker) -> tuple[Line, ...]:
    """The newest lines that fit into the history's share, beside what must stay; oldest first.

    No more and no older ones than the settings say.
    """
    limit, chosen = budget(turn, speaker), turn.settings.chosen
    left = _after_what_stays(turn, material, limit).tokens
    room = min(int(limit * _HISTORY_SHARE), left)
    age = timedelta(seconds=chosen.history_age) if chosen.history_age else None
    cast = cast_of(turn)
    kept: list[Line] = []
    for line in reversed(material.history):
        too_old = age is not None and line.create_time < turn.create_time - age
        if too_old or len(kept) >= chosen.history_limit:
            break
        room -= section("history", _line(turn, line, cast)).tokens
        if room < 0:
            break
        kept.append(line)
    return tuple(reversed(kept))


def compose(turn: Turn, material: Material, speaker: Speaker) -> Composed:
    """The prompt of a turn, whose history is what `window` kept.

    Raises:
        ContextTooSmall: the character and the message alone are too much for the model.
    """
    room = _after_what_stays(turn, material, budget(turn, speaker))
    portrait, lore, cast = material.portrait, material.lore, cast_of(turn)
    lines = _lines(turn, material, cast)
    if room.tokens < 0 or not room.take(sum(line.tokens for line in lines)):
        raise ContextTooSmall(speaker.model)

    # Who comes first has the room: what is given up first comes last.
    memories, cited = _memories(cast.people[turn.person_id], material.hits, speaker, room)
    knowledge, known = _knowledge(material.passages, room)
    room.tell(it for it in placing.placed(lore) if not _stays(it) and not it.first_to_go)
    examples, dialogues = _examples(turn, portrait, room)
    room.tell(it for it in placing.placed(lore) if it.first_to_go)

    layout = Layout(
        top=placing.character(portrait, lore, room.told),
        before_examples=placing.lore_at(Where.BEFORE_EXAMPLES, lore, room.told),
        examples=examples,
        dialogues=dialogues,
        after_examples=placing.lore_at(Where.AFTER_EXAMPLES, lore, room.told),
        history=lines,
        roles=[_role(line, cast) for line in material.history],
        knowledge=knowledge,
        memories=memories,
        message=_message(turn, material, cast),
        inserts=placing.inserts(portrait, lore, room.told),
        last=placing.instructions(portrait),
    )
    return Composed(
        messages=layout.messages(late=speaker.takes_late_system),
        sections=layout.sections(),
        cited=tuple(cited),
        known=tuple(known),
        told=tuple(it for it in lore if it in room.told or placing.is_quoted(it, portrait)),
    )


def _after_what_stays(turn: Turn, material: Material, limit: int) -> _Room:
    """The room beside the character, its note and instructions, the message, and constant lore."""
    portrait = material.portrait
    stays = [
        # In the pieces that lore within it makes of it: each costs a little more.
        *(it for it in placing.character(portrait, material.lore, set()) if it.name != "lore"),
        *sections_of("note", portrait.note),
        _message(turn, material, cast_of(turn)),
        *placing.instructions(portrait),
    ]
    share = turn.settings.chosen.lore_share / 100
    room = _Room(limit - sum(part.tokens for part in stays), int(limit * share))
    room.tell(it for it in placing.placed(material.lore) if _stays(it))
    return room


def _stays(verdict: Verdict) -> bool:
    return verdict.always and not verdict.first_to_go


def _role(line: Line, cast: Cast) -> Role:
    """Whose words the model is to take for its own: the character's."""
    spoken_to_it = line.by_person or line.around or line.author_name in cast.others
    return Role.USER if spoken_to_it else Role.ASSISTANT


def _memories(
    name: str, hits: Sequence[Hit], speaker: Speaker, room: _Room
) -> tuple[list[Section], list[Hit]]:
    """The memories, best first, each a section of its own; and those that fit."""
    intro = section("memories", f"What you remember {name} saying before:")
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


def _examples(
    turn: Turn, portrait: Portrait, room: _Room
) -> tuple[list[Section], list[ChatMessage]]:
    """Example dialogues, each whole or not at all; and their messages."""
    sections: list[Section] = []
    messages: list[ChatMessage] = []
    names = {Role.USER: turn.speaker_name, Role.ASSISTANT: turn.called}
    for dialogue in portrait.dialogues:
        said = [replace(it, text=marks.harmless(it.text)) for it in dialogue]
        told = "\n".join(f"{names[it.role]}: {it.text}" for it in said)
        cost = sum(cost_of(it.text) for it in said)
        fits = room.take(cost)
        sections.append(Section("example", told, cost, cut=not fits))
        if fits:
            messages += said
    return sections, messages


def _message(turn: Turn, material: Material, cast: Cast) -> Section:
    if turn.nudge:
        return section("message", turn.nudge)
    told = section("message", _spoken(turn, cast.people[turn.person_id], material.message, cast))
    return replace(told, rewritten=material.message != turn.text)


def _lines(turn: Turn, material: Material, cast: Cast) -> list[Section]:
    """The history as sections; what scripts made of it is marked."""
    said = {it.message_id: it.text for it in turn.history}
    return [
        replace(
            section("history", _line(turn, it, cast)),
            rewritten=it.text != said.get(it.message_id, it.text),
        )
        for it in material.history
    ]


def _line(turn: Turn, line: Line, cast: Cast) -> str:
    if line.by_person:
        return _spoken(turn, cast.name_of(line), line.text, cast)
    if line.around or line.author_name in cast.others:
        return marks.said(marks.name(line.author_name), line.text, cast.alike)
    return line.text


def _spoken(turn: Turn, name: str, text: str, cast: Cast) -> str:
    """What a person says; where several people can speak, with the speaker's name."""
    if turn.said.place.venue is Venue.DIRECT and not cast.others:
        return text
    return marks.said(name, text, cast.alike)
