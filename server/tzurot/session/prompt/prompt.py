"""The prompt: what the model is told, section by section, within a budget. Pure.

    character with lore in it, person · lore, examples, lore · history, with lore and the
    character's note between the last messages · knowledge · memories · references ·
    attachments and message · instructions

What does not fit is left out in this order: lore that says it goes first; example dialogues; lore
that is not constant, from the least weighty on; knowledge and then memories, from the least fitting
on; references from the furthest on; history from the oldest on, which never takes more than half.
Something small may still fit where something larger did not. Lore and references never take more
than their shares; constant lore has its room before history. What the card says of the character,
its note, the instructions and the message itself stay; without room for them the turn fails.
Attachments have their room right after these, at most half of what is left (attached.py). How a
card is told is in portrait.py, how nobody forges the prompt's marks in marks.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from tzurot.errors import ContextTooSmall
from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import ChatMessage, Role
from tzurot.memory.recall import Hit
from tzurot.personality.knowledge.knowledge import PassageHit
from tzurot.personality.lore.verdicts import Verdict, Where
from tzurot.session.prompt import fitting, marks, placing, references
from tzurot.session.prompt.attached import Attached
from tzurot.session.prompt.cast import Cast, cast_of
from tzurot.session.prompt.fitting import Room
from tzurot.session.prompt.layout import Layout
from tzurot.session.prompt.portrait import Portrait
from tzurot.session.prompt.references import Known
from tzurot.session.prompt.sections import Section, section, sections_of
from tzurot.session.turns import Line, Turn

_HISTORY_SHARE = 0.5  # of the budget, at most: memories and character want room too
_DEFAULT_REPLY_TOKENS = 512
_WORDLESS = "(no words with it)"  # of a message that only refers to something, or shows it
_REFERENCE_SHARE = 0.25


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
    known: Mapping[str, Known] = field(default_factory=dict[str, Known])
    """Messages that are referred to and stored here, too, by their platform's ids."""
    told_before: Sequence[str] = ()
    """What was told of references when the message was answered first."""
    notes: Mapping[UUID, str] = field(default_factory=dict[UUID, str])
    """Of turns in the history: what was attached to what was said, in words."""
    attached: Attached = field(default_factory=Attached)
    """What is attached to the message, cut to its room."""


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


def free(turn: Turn, material: Material, speaker: Speaker) -> int:
    """Tokens beside what must stay; less than none if the turn is to fail."""
    return _after_what_stays(turn, material, budget(turn, speaker)).tokens


def window(turn: Turn, material: Material, speaker: Speaker) -> tuple[Line, ...]:
    """The newest lines that fit into the history's share, beside what must stay; oldest first.

    No more and no older ones than the settings say.
    """
    limit, chosen = budget(turn, speaker), turn.settings.chosen
    room = min(int(limit * _HISTORY_SHARE), free(turn, material, speaker))
    age = timedelta(seconds=chosen.history_age) if chosen.history_age else None
    cast = cast_of(turn)
    kept: list[Line] = []
    for line in reversed(material.history):
        too_old = age is not None and line.create_time < turn.create_time - age
        if too_old or len(kept) >= chosen.history_limit:
            break
        room -= section("history", _line(turn, line, material, cast)).tokens
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
    in_sight = frozenset(line.message_id for line in material.history)
    referred = (
        references.again(material.told_before)
        if turn.redo
        else references.told(turn, in_sight, material.known, cast)
    )
    referred_to = referred.sections(room, int(budget(turn, speaker) * _REFERENCE_SHARE))
    memories, cited = fitting.memories(turn, cast.speaker, material.hits, speaker, room)
    knowledge, known = fitting.knowledge(material.passages, room)
    room.tell(it for it in placing.placed(lore) if not _stays(it) and not it.first_to_go)
    examples, dialogues = fitting.examples(turn, portrait, room)
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
        references=referred_to,
        attachments=material.attached.sections,
        pictures=material.attached.pictures,
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


def _after_what_stays(turn: Turn, material: Material, limit: int) -> Room:
    """The room beside the character, its note and instructions, the message, and constant lore."""
    portrait = material.portrait
    stays = [
        # In the pieces that lore within it makes of it: each costs a little more.
        *(it for it in placing.character(portrait, material.lore, set()) if it.name != "lore"),
        *sections_of("note", portrait.note),
        *(it for it in material.attached.sections if not it.cut),
        _message(turn, material, cast_of(turn)),
        *placing.instructions(portrait),
    ]
    share = turn.settings.chosen.lore_share / 100
    room = Room(limit - sum(part.tokens for part in stays), int(limit * share))
    room.tell(it for it in placing.placed(material.lore) if _stays(it))
    return room


def _stays(verdict: Verdict) -> bool:
    return verdict.always and not verdict.first_to_go


def _role(line: Line, cast: Cast) -> Role:
    """Whose words the model is to take for its own: the character's."""
    return Role.USER if line.by_person or cast.other(line) else Role.ASSISTANT


def _message(turn: Turn, material: Material, cast: Cast) -> Section:
    if turn.nudge:
        return section("message", turn.nudge)
    words = material.message or _WORDLESS
    told = section("message", _spoken(cast.speaker, words, cast))
    return replace(told, rewritten=material.message != turn.text)


def _lines(turn: Turn, material: Material, cast: Cast) -> list[Section]:
    """The history as sections; what scripts made of it is marked."""
    said = {it.message_id: it.text for it in turn.history}
    return [
        replace(
            section("history", _line(turn, it, material, cast)),
            rewritten=it.text != said.get(it.message_id, it.text),
        )
        for it in material.history
    ]


def _line(turn: Turn, line: Line, material: Material, cast: Cast) -> str:
    if line.by_person:
        note = material.notes.get(line.turn_id, "") if line.turn_id else ""
        text = f"{line.text}\n{note}".lstrip("\n") if note else line.text
        return _spoken(cast.name_of(line), text, cast)
    if other := cast.other(line):
        return marks.said(other, line.text, cast.alike)
    return line.text


def _spoken(name: str, text: str, cast: Cast) -> str:
    """What a person says; where several people can speak, with the speaker's name."""
    return marks.said(name, text, cast.alike) if cast.labelled else text
