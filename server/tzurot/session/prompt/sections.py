"""The sections of a prompt: their words, and what they cost. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from tzurot.llm import tokens
from tzurot.memory.recall import Hit, Shown
from tzurot.personality.knowledge.knowledge import PassageHit, PassageShown
from tzurot.session.prompt import marks

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
    said_by: str = ""  # of a memory, where others of a system share theirs: who said it
    passage_id: UUID | None = None  # whose words it holds
    rewritten: bool = False  # whether a script of the card's has changed what was said


@dataclass(frozen=True, slots=True)
class Words:
    """What its reader gets of a trace: the words of memories and passages that still exist."""

    memories: Mapping[UUID, Shown]
    passages: Mapping[UUID, PassageShown]
    sees_definition: bool = True
    """Whether the reader may read the character's definition."""


def section(name: str, text: str) -> Section:
    """A section of these words, with no control token in it."""
    told = marks.harmless(text)
    return Section(name, told, cost_of(told))


def sections_of(name: str, text: str) -> list[Section]:
    """One section, or none of an empty text."""
    return [section(name, text)] if text else []


def cost_of(text: str) -> int:
    """About how many tokens a text takes as a message of its own."""
    return tokens.estimate(text) + _MESSAGE_OVERHEAD


def memory_line(memory: Hit | Shown, *, with_answer: bool, said_by: str = "") -> str:
    """A remembered exchange in one line: the person's words, and what was answered to them.

    `said_by` is who said it, where that is not clear anyway.

    Very small models take their old answers for new facts: they are told the person's words only.
    """
    words = marks.quoted(memory.person_text)
    if memory.is_note:
        words = f"You noted of {said_by}: {words}" if said_by else f"You noted: {words}"
        return _dated(words, memory)
    words = f"{said_by} said: {words}" if said_by else words
    if memory.personality_text and with_answer:
        words += f" You answered: {marks.quoted(memory.personality_text)}"
    return _dated(words, memory)


def _dated(words: str, memory: Hit | Shown) -> str:
    return marks.harmless(f"- {words} ({memory.occur_time:%Y-%m-%d})")


def passage_line(passage: PassageHit | PassageShown) -> str:
    """A passage in one line, with the title of its document."""
    source = f"From {marks.quoted(passage.title)}: " if passage.title.strip() else ""
    return marks.harmless(f"- {source}{marks.one_line(passage.text)}")
