"""The room that a prompt has, and what of memories, knowledge and examples fits into it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import ChatMessage, Role
from tzurot.memory.recall import Hit
from tzurot.personality.knowledge.knowledge import PassageHit
from tzurot.personality.lore import ordering
from tzurot.personality.lore.verdicts import Verdict
from tzurot.session.prompt import marks
from tzurot.session.prompt.portrait import Portrait
from tzurot.session.prompt.sections import Section, cost_of, memory_line, passage_line, section
from tzurot.session.turns import Turn

_SMALL_CONTEXT = 2_048  # tokens; what the bundled model has
_SOMEBODY = "Somebody else"


@dataclass(slots=True)
class Room:
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


def memories(
    turn: Turn, name: str, hits: Sequence[Hit], speaker: Speaker, room: Room
) -> tuple[list[Section], list[Hit]]:
    """The memories, best first, each a section of its own; and those that fit.

    Of what whoever is called `name` said; where others of a system share theirs, each has a name.
    """
    shared = any(hit.persona_id != turn.persona_id for hit in hits)
    told = "being said" if shared else f"{name} saying"
    intro = section("memories", f"What you remember {told} before:")
    with_answer = speaker.context_tokens > _SMALL_CONTEXT
    named = [_said_by(turn, name, hit) if shared else "" for hit in hits]
    lines = [
        memory_line(hit, with_answer=with_answer, said_by=said_by)
        for hit, said_by in zip(hits, named, strict=True)
    ]
    fits = _fitting(intro, lines, room)
    sections = [
        Section("memories", line, cost_of(line), not fit, hit.memory_id, with_answer, said_by)
        for hit, line, fit, said_by in zip(hits, lines, fits, named, strict=True)
    ]
    cited = [hit for hit, fit in zip(hits, fits, strict=True) if fit]
    return ([intro, *sections] if cited else sections), cited


def _said_by(turn: Turn, name: str, hit: Hit) -> str:
    return name if hit.persona_id == turn.persona_id else marks.name(hit.person_name) or _SOMEBODY


def knowledge(passages: Sequence[PassageHit], room: Room) -> tuple[list[Section], list[PassageHit]]:
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


def examples(turn: Turn, portrait: Portrait, room: Room) -> tuple[list[Section], list[ChatMessage]]:
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


def _fitting(intro: Section, lines: Sequence[str], room: Room) -> list[bool]:
    """Which lines fit, in their order; the first of them brings the intro."""
    fits: list[bool] = []
    for line in lines:
        cost = cost_of(line) + (0 if any(fits) else intro.tokens)
        fits.append(room.take(cost))
    return fits
