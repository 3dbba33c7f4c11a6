"""What of memories, knowledge and examples fits into the room that a prompt has. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import ChatMessage, Role
from tzurot.memory.facts.telling import Outdated
from tzurot.memory.recall import Hit
from tzurot.personality.knowledge.knowledge import PassageHit
from tzurot.session.prompt import marks
from tzurot.session.prompt.budget import SMALL_CONTEXT, Room
from tzurot.session.prompt.known_facts import annotation
from tzurot.session.prompt.portrait import Portrait
from tzurot.session.prompt.sections import Section, cost_of, memory_line, passage_line, section
from tzurot.session.turns import Turn

_SOMEBODY = "Somebody else"


@dataclass(frozen=True, slots=True)
class Recollection:
    """Memories that came up, best first, and what is known of what they say."""

    hits: Sequence[Hit]
    outdated: Mapping[UUID, Outdated]
    """Of those that say what is so no more: what is so."""
    played: Collection[UUID] = ()
    """Those in which something was played."""
    others: Mapping[UUID, str] = field(default_factory=dict[UUID, str])
    """Of those that others said in the same channel: who did, as it is told."""

    def annotated(self, hit: Hit, line: str) -> str:
        """The line of a memory with what is to be known of it."""
        outdated = self.outdated.get(hit.memory_id)
        return line + annotation(outdated, played=hit.memory_id in self.played)


def memories(
    turn: Turn, name: str, recollection: Recollection, speaker: Speaker, room: Room
) -> tuple[list[Section], list[Hit]]:
    """The memories, best first, each a section of its own; and those that fit.

    Of what whoever is called `name` said; where others of a system share theirs, others were heard
    in the same channel, or other characters were told some of it, each has a name.
    """
    hits = recollection.hits
    shared = any(hit.persona_id != turn.persona_id or _elsewhere(turn, hit) for hit in hits)
    told = "being said" if shared else f"{name} saying"
    intro = section("memories", f"What you remember {told} before:")
    with_answer = speaker.context_tokens > SMALL_CONTEXT
    said_by: dict[UUID, str] = dict(recollection.others)
    for hit in hits if shared else ():
        said_by.setdefault(hit.memory_id, _said_by(turn, name, hit))
    named = [(said_by.get(hit.memory_id, ""), _said_to(turn, hit)) for hit in hits]
    lines = [
        recollection.annotated(
            hit, memory_line(hit, with_answer=with_answer, said_by=by, said_to=to)
        )
        for hit, (by, to) in zip(hits, named, strict=True)
    ]
    fits = _fitting(intro, lines, room)
    sections = [
        Section("memories", line, cost_of(line), not fit, hit.memory_id, with_answer, *names)
        for hit, line, fit, names in zip(hits, lines, fits, named, strict=True)
    ]
    cited = [hit for hit, fit in zip(hits, fits, strict=True) if fit]
    return ([intro, *sections] if cited else sections), cited


def _said_by(turn: Turn, name: str, hit: Hit) -> str:
    return name if hit.persona_id == turn.persona_id else marks.name(hit.person_name) or _SOMEBODY


def _elsewhere(turn: Turn, hit: Hit) -> bool:
    return hit.personality_id != turn.personality.id


def _said_to(turn: Turn, hit: Hit) -> str:
    """The other character by the name that the person saw; empty if it is this one."""
    if not _elsewhere(turn, hit):
        return ""
    name = marks.name(hit.personality_name)
    if not name:
        return "another character"
    return f"another {name}" if name.casefold() == turn.called.casefold() else name


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


def examples(
    turn: Turn, portrait: Portrait, tokens: int
) -> tuple[list[Section], list[ChatMessage]]:
    """Example dialogues in so many tokens, each whole or not at all; and their messages."""
    sections: list[Section] = []
    messages: list[ChatMessage] = []
    names = {Role.USER: turn.speaker_name, Role.ASSISTANT: turn.called}
    for dialogue in portrait.dialogues:
        said = [replace(it, text=marks.harmless(it.text)) for it in dialogue]
        told = "\n".join(f"{names[it.role]}: {it.text}" for it in said)
        cost = sum(cost_of(it.text) for it in said)
        fits = cost <= tokens
        tokens -= cost if fits else 0
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
