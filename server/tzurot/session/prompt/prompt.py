"""The prompt: what the model is told, section by section, within a budget. Pure.

    character with lore in it, person · lore, examples, lore · what was said before, in short ·
    history, with lore and the notes between the last messages · what is known, memories ·
    references · the time · attachments and message · instructions

Who has room before whom, and so who gives way first, is said in budget.py. How a card is told is in
portrait.py, how nobody forges the prompt's marks in marks.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from tzurot.errors import ContextTooSmall
from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import ChatMessage, Role
from tzurot.memory.facts.telling import FactTold, Outdated
from tzurot.memory.recall import Hit
from tzurot.personality.knowledge.knowledge import PassageHit
from tzurot.personality.lore.verdicts import Verdict, Where
from tzurot.session.prompt import (
    attribution,
    fitting,
    in_short,
    known_facts,
    placing,
    references,
    sight,
    telling,
)
from tzurot.session.prompt.attached import Attached
from tzurot.session.prompt.budget import (
    HISTORY_SHARE,
    MOVING_SHARE,
    REFERENCE_SHARE,
    Room,
    budget,
)
from tzurot.session.prompt.cast import Cast, cast_of
from tzurot.session.prompt.layout import Insert, Layout
from tzurot.session.prompt.portrait import Portrait
from tzurot.session.prompt.references import Known
from tzurot.session.prompt.sections import Section, cut_unless, section, sections_of
from tzurot.session.prompt.sight import Sight
from tzurot.session.summaries.summary import InShort
from tzurot.session.turns import Line, Note, Turn


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to tell; hits are best first."""

    portrait: Portrait
    message: str
    """What the person said, as scripts left it."""
    history: Sequence[Line] = ()
    begins_at: UUID | None = None
    """The first line of the history, where older ones are out of sight."""
    is_outgrown: bool = False
    """Whether there can be older lines than the history has."""
    earlier: Sequence[InShort] = ()
    """What was said before the history, in short, oldest first."""
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
    note: Note | None = None
    """The note that stands over the conversation, as it is told."""
    time: str = ""
    """What is told of the time."""
    facts: Sequence[FactTold] = ()
    """What is known of the person; those that fit best first."""
    outdated: Mapping[UUID, Outdated] = field(default_factory=dict[UUID, Outdated])
    """Of memories that say what is so no more: what is so instead."""
    played: frozenset[UUID] = frozenset()
    """Memories in which something was played."""


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
    untold: Mapping[Verdict, str] = field(default_factory=dict[Verdict, str])
    """Of lore that its book had room for, and the prompt had not: why."""
    others: Mapping[UUID, str] = field(default_factory=dict[UUID, str])
    """Of memories that others said in the same channel: who did, as it is told."""
    given: attribution.Given = field(default_factory=dict[tuple[UUID, str], str])
    """The names that were given for that."""

    @property
    def summary(self) -> str:
        """One line for the trace."""
        used = sum(part.tokens for part in self.sections if not part.cut)
        cut = sum(part.cut for part in self.sections)
        return f"{used} tokens, memories cited: {len(self.cited)}, sections cut: {cut}"


def free(turn: Turn, material: Material, speaker: Speaker) -> int:
    """Tokens beside what must stay; less than none if the turn is to fail."""
    return _beside_what_stays(turn, material, budget(turn, speaker)).room.tokens


def in_sight(turn: Turn, material: Material, speaker: Speaker) -> Sight:
    """What of the history is in sight, in its share of the room beside what must stay."""
    limit, cast = budget(turn, speaker), cast_of(turn)
    most = min(int(limit * HISTORY_SHARE), free(turn, material, speaker))
    costs = [telling.line(it, material.notes, cast).tokens for it in material.history]
    return sight.seen(turn, material.history, costs, most)


def compose(turn: Turn, material: Material, speaker: Speaker) -> Composed:
    """The prompt of a turn, whose history is what is `in_sight`.

    Raises:
        ContextTooSmall: the character and the message alone are too much for the model.
    """
    limit = budget(turn, speaker)
    beside = _beside_what_stays(turn, material, limit)
    room, portrait, lore, cast = beside.room, material.portrait, material.lore, cast_of(turn)
    lines = telling.lines(turn, material.history, material.notes, cast)
    most = min(int(limit * HISTORY_SHARE), room.tokens)
    if room.tokens < 0 or not room.fits(lines):
        raise ContextTooSmall(speaker.model)

    # Who comes first has the room: what is given up first comes last.
    least = room.tokens - (most - sum(it.tokens for it in lines))  # beside a history at its fullest
    for_summaries = _for_summaries(turn, material, limit)
    summary = in_short.summaries(material.earlier, min(for_summaries, room.tokens))
    room.fits(it for it in summary if not it.cut)
    for_examples = _for_examples(material, room, least - for_summaries)
    examples, dialogues = fitting.examples(turn, portrait, for_examples - int(limit * MOVING_SHARE))
    room.fits(it for it in examples if not it.cut)
    referred_to = _referred(turn, material, cast).sections(room, int(limit * REFERENCE_SHARE))
    time = [cut_unless(room.take(it.tokens), it) for it in sections_of("time", material.time)]
    facts = known_facts.facts(material.facts, cast.speaker, room)
    given: attribution.Given = {}
    others = attribution.told_of_others(
        material.hits, turn.own_ids, attribution.people(cast), attribution.taken(cast), given
    )
    told = fitting.Recollection(material.hits, material.outdated, material.played, others)
    memories, cited = fitting.memories(turn, cast.speaker, told, speaker, room)
    knowledge, known = fitting.knowledge(material.passages, room)
    room.tell(it for it in placing.placed(lore) if not _stays(it) and not it.first_to_go)
    if not any(it.cut for it in examples):
        room.tell(it for it in placing.placed(lore) if it.first_to_go)

    layout = Layout(
        top=placing.character(portrait, lore, room.told),
        before_examples=placing.lore_at(Where.BEFORE_EXAMPLES, lore, room.told),
        examples=examples,
        dialogues=dialogues,
        after_examples=placing.lore_at(Where.AFTER_EXAMPLES, lore, room.told),
        summary=summary,
        history=lines,
        roles=[telling.role(it, cast) for it in material.history],
        asides=(facts, knowledge, memories, referred_to, time),
        attachments=material.attached.sections,
        pictures=material.attached.pictures,
        message=telling.message(turn, material.message, cast),
        inserts=[*beside.note, *placing.inserts(portrait, lore, room.told)],
        last=placing.instructions(portrait),
    )
    in_prompt = tuple(it for it in lore if it in room.told or placing.is_quoted(it, portrait))
    return Composed(
        messages=layout.messages(late=speaker.takes_late_system),
        sections=layout.sections(),
        cited=tuple(cited),
        known=tuple(known),
        told=in_prompt,
        untold={
            it: room.untold.get(it) or placing.unasked(it)
            for it in lore
            if it.activated and it not in in_prompt
        },
        others=others,
        given=given,
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """The room beside what stays, and the conversation's note if there is one, told or cut."""

    room: Room
    note: list[Insert]


def _beside_what_stays(turn: Turn, material: Material, limit: int) -> _Beside:
    """The room beside the character, its note and instructions, the message, and constant lore."""
    portrait = material.portrait
    stays = [
        # In the pieces that lore within it makes of it: each costs a little more.
        *(it for it in placing.character(portrait, material.lore, set()) if it.name != "lore"),
        *sections_of("note", portrait.note),
        *(it for it in material.attached.sections if not it.cut),
        telling.message(turn, material.message, cast_of(turn)),
        *placing.instructions(portrait),
    ]
    room = Room(limit - sum(part.tokens for part in stays), _for_lore(turn, limit))
    note: list[Insert] = []
    if material.note:
        told = section("conversation_note", material.note.text)
        told = cut_unless(room.take(told.tokens), told)
        note.append(Insert(told, material.note.depth, Role.SYSTEM))
    room.tell(it for it in placing.placed(material.lore) if _stays(it))
    return _Beside(room, note)


def _stays(verdict: Verdict) -> bool:
    return verdict.always and not verdict.first_to_go


def _for_summaries(turn: Turn, material: Material, limit: int) -> int:
    """What summaries may have. It goes by what stands still alone, not by what is said just now."""
    if not turn.settings.chosen.summaries:
        return 0
    portrait, note = material.portrait, material.note
    lore = sum(
        section("lore", it.content).tokens for it in placing.placed(material.lore) if _stays(it)
    )
    still = [
        *placing.character(portrait, (), set()),
        *sections_of("note", portrait.note),
        *placing.instructions(portrait),
        *sections_of("conversation_note", note.text if note else ""),
    ]
    taken = sum(it.tokens for it in still) + min(lore, _for_lore(turn, limit))
    return in_short.room_for(limit, limit - taken - int(limit * HISTORY_SHARE))


def _for_lore(turn: Turn, limit: int) -> int:
    return int(limit * turn.settings.chosen.lore_share / 100)


def _for_examples(material: Material, room: Room, least: int) -> int:
    """What examples and all that moves may have, whatever of the history is in sight just now.

    It goes by as much as can be in sight and summarized, once something is out of sight: else
    examples would come and go with each quarter of the history. `least`: tokens beside both.
    """
    return room.tokens if material.begins_at is None else least


def _referred(turn: Turn, material: Material, cast: Cast) -> references.Referred:
    """What is told of what the message refers to, or was told when it was answered first."""
    if turn.redo:
        return references.again(material.told_before)
    in_sight = frozenset(line.message_id for line in material.history)
    return references.told(turn, in_sight, material.known, cast)
