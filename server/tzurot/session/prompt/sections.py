"""The sections of a prompt: their words, and what they cost. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from tzurot.llm import tokens
from tzurot.memory.facts.telling import FactTold
from tzurot.memory.recall import Hit, Shown
from tzurot.personality.knowledge.knowledge import PassageHit, PassageShown
from tzurot.session.prompt import marks
from tzurot.session.summaries.summary import Read

_MESSAGE_OVERHEAD = 6  # tokens around a message in common chat templates


DEFINITION = frozenset({"character", "lore", "example", "note", "knowledge", "instructions"})
"""Sections that tell a character's definition, by name."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the prompt, as the trace shows it."""

    name: str
    text: str
    tokens: int
    cut: bool = False
    memory_id: UUID | None = None  # whose words it holds
    with_answer: bool = False  # of a memory: whether what was answered to it is told, too
    said_by: str = ""  # of a memory, where not one person said all to one character: who said it
    said_to: str = ""  # of a memory: the other character that was told it
    passage_id: UUID | None = None  # whose words it holds
    fact_id: UUID | None = None  # whose words it holds
    summary_id: UUID | None = None  # whose words it holds
    rewritten: bool = False  # whether a script of the card's has changed what was said

    @property
    def is_of_another_row(self) -> bool:
        """Whether its words are kept elsewhere, and go when they go there."""
        return bool(self.memory_id or self.passage_id or self.fact_id or self.summary_id)


@dataclass(frozen=True, slots=True)
class Words:
    """What its reader gets of a trace: the words of what still exists of what was told."""

    memories: Mapping[UUID, Shown]
    """Those that were recalled, and those that were considered."""
    passages: Mapping[UUID, PassageShown]
    facts: Mapping[UUID, FactTold] = field(default_factory=dict[UUID, FactTold])
    """Those that were told."""
    sees_definition: bool = True
    """Whether the reader may read the character's definition."""
    reasons: Mapping[UUID, Sequence[str]] = field(default_factory=dict[UUID, Sequence[str]])
    """Why each of the memories was recalled, the weightiest reason first."""
    others: Mapping[UUID, str] = field(default_factory=dict[UUID, str])
    """Of the memories that somebody else said in the same channel: who did."""
    summaries: Mapping[UUID, Read] = field(default_factory=dict[UUID, Read])
    """Those that were told."""


def section(name: str, text: str) -> Section:
    """A section of these words, with no control token in it."""
    told = marks.harmless(text)
    return Section(name, told, cost_of(told))


def sections_of(name: str, text: str) -> list[Section]:
    """One section, or none of an empty text."""
    return [section(name, text)] if text else []


def cut_unless(fits: bool, part: Section) -> Section:
    """The same; cut, if it does not fit."""
    return part if fits else replace(part, cut=True)


def cost_of(text: str) -> int:
    """About how many tokens a text takes as a message of its own."""
    return tokens.estimate(text) + _MESSAGE_OVERHEAD


def memory_line(
    memory: Hit | Shown, *, with_answer: bool, said_by: str = "", said_to: str = ""
) -> str:
    """A remembered exchange in one line: the person's words, and what was answered to them.

    `said_by` is who said it, where that is not clear anyway; `said_to` is who was told it, where
    that is another character.

    Very small models take their old answers for new facts: they are told the person's words only.
    """
    words, whom = marks.quoted(memory.person_text), said_to or "You"
    if memory.is_note:
        noted = f"{whom} noted of {said_by}" if said_by else f"{whom} noted"
        return _dated(f"{noted}: {words}", memory)
    told = f"said to {said_to}" if said_to else "said"
    words = f"{said_by} {told}: {words}" if said_by else words
    if memory.personality_text and with_answer:
        words += f" {whom} answered: {marks.quoted(memory.personality_text)}"
    return _dated(words, memory)


def _dated(words: str, memory: Hit | Shown) -> str:
    return marks.harmless(f"- {words} ({memory.occur_time:%Y-%m-%d})")


def fact_line(fact: FactTold) -> str:
    """A fact in one line, with since when it is so."""
    played = "In a story that you two play: " if fact.fictional else ""
    words = marks.quoted(fact.text)
    return marks.harmless(f"- {played}{words} (since {fact.valid_from:%Y-%m-%d})")


def passage_line(passage: PassageHit | PassageShown) -> str:
    """A passage in one line, with the title of its document."""
    source = f"From {marks.quoted(passage.title)}: " if passage.title.strip() else ""
    return marks.harmless(f"- {source}{marks.one_line(passage.text)}")
