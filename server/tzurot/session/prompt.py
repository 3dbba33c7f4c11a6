"""The prompt: what the model is told, section by section, within a budget. Pure.

What does not fit is left out in this order: example dialogues, memories from the least fitting on,
history from the oldest on, which never takes more than half. The character and the message itself
stay; without room for them the turn fails.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tzurot.errors import ContextTooSmall
from tzurot.llm import tokens
from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import ChatMessage, Role
from tzurot.memory.recall import Hit, Shown
from tzurot.memory.venues import Venue
from tzurot.session.turns import Line, Turn

_HISTORY_SHARE = 0.5  # of the budget, at most: memories and character want room too
_MESSAGE_OVERHEAD = 6  # tokens around a message in common chat templates
_DEFAULT_REPLY_TOKENS = 512
_SMALL_CONTEXT = 2_048  # tokens; what the bundled model has


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the prompt, as the trace shows it."""

    name: str
    text: str
    tokens: int
    cut: bool = False
    memory_id: UUID | None = None  # whose words it holds
    with_answer: bool = False  # of a memory: whether what was answered to it is told, too


@dataclass(frozen=True, slots=True)
class Composed:
    """The prompt and what was decided about it."""

    messages: tuple[ChatMessage, ...]
    sections: tuple[Section, ...]
    cited: tuple[Hit, ...]

    @property
    def summary(self) -> str:
        """One line for the trace."""
        used = sum(section.tokens for section in self.sections if not section.cut)
        cut = sum(section.cut for section in self.sections)
        return f"{used} tokens, {len(self.cited)} memories cited, {cut} sections cut"


def budget(speaker: Speaker) -> int:
    """Tokens that a prompt may have so that the reply still fits."""
    reply = speaker.sampling.max_tokens or _DEFAULT_REPLY_TOKENS
    return speaker.context_tokens - reply


def window(turn: Turn, speaker: Speaker) -> tuple[Line, ...]:
    """The newest lines that fit into the history's share, beside what must stay; oldest first."""
    limit = budget(speaker)
    must = _cost(_character(turn)) + _cost(_message(turn))
    room = min(int(limit * _HISTORY_SHARE), limit - must)
    kept: list[Line] = []
    for line in reversed(turn.history):
        room -= _cost(_line(turn, line))
        if room < 0:
            break
        kept.append(line)
    return tuple(reversed(kept))


def compose(turn: Turn, history: Sequence[Line], hits: Sequence[Hit], speaker: Speaker) -> Composed:
    """The prompt of a turn.

    Raises:
        ContextTooSmall: the character and the message alone are too much for the model.
    """
    character = _section("character", _character(turn))
    message = _section("message", _message(turn))
    lines = [_section("history", _line(turn, line)) for line in history]
    room = budget(speaker) - character.tokens - message.tokens - sum(s.tokens for s in lines)
    if room < 0:
        raise ContextTooSmall(speaker.model)

    memories, cited, room = _memories(turn, hits, speaker, room)
    examples, dialogues, room = _examples(turn, room)
    sections = [character, *examples, *lines, *memories, message]
    remembered = "\n".join(section.text for section in memories if not section.cut)
    # Late, where a model takes it, so that what stands before stays as the provider has it.
    late = remembered if speaker.takes_late_system else ""
    early = "" if late else remembered
    messages = [
        ChatMessage(Role.SYSTEM, "\n\n".join(filter(None, (character.text, early)))),
        *dialogues,
        *(
            ChatMessage(Role.USER if line.by_person else Role.ASSISTANT, section.text)
            for line, section in zip(history, lines, strict=True)
        ),
        *([ChatMessage(Role.SYSTEM, late)] if late else []),
        ChatMessage(Role.USER, message.text),
    ]
    return Composed(tuple(messages), tuple(sections), tuple(cited))


def _character(turn: Turn) -> str:
    who = turn.personality
    parts = (who.system_prompt, who.description)
    told = "\n\n".join(filled(part, turn) for part in parts if part)
    return told or f"You are {who.name}."


def _memories(
    turn: Turn, hits: Sequence[Hit], speaker: Speaker, room: int
) -> tuple[list[Section], list[Hit], int]:
    """The memories, best first, each a section of its own; those that fit; and what is left."""
    intro = _section("memories", f"What you remember {turn.speaker_name} saying before:")
    sections: list[Section] = []
    cited: list[Hit] = []
    left = room - intro.tokens
    with_answer = speaker.context_tokens > _SMALL_CONTEXT
    for hit in hits:
        line = memory_line(hit, with_answer=with_answer)
        cost = _cost(line)
        section = Section("memories", line, cost, cost > left, hit.memory_id, with_answer)
        sections.append(section)
        if not section.cut:
            cited.append(hit)
            left -= section.tokens
    return ([intro, *sections], cited, left) if cited else (sections, [], room)


def memory_line(memory: Hit | Shown, *, with_answer: bool) -> str:
    """A remembered exchange in one line: the person's words, and what was answered to them.

    Very small models take their old answers for new facts: they are told the person's words only.
    """
    words = f'"{_one_line(memory.person_text)}"'
    if memory.personality_text and with_answer:
        words += f' You answered: "{_one_line(memory.personality_text)}"'
    return f"- {words} ({memory.occur_time:%Y-%m-%d})"


def _examples(turn: Turn, room: int) -> tuple[list[Section], list[ChatMessage], int]:
    """Example dialogues, each whole or not at all; their messages; and what is left."""
    sections: list[Section] = []
    messages: list[ChatMessage] = []
    names = {Role.USER: turn.speaker_name, Role.ASSISTANT: turn.personality.name}
    for block in re.split(r"^<START>\s*$", turn.personality.example_dialogues, flags=re.M):
        dialogue = _dialogue(block.strip(), turn)
        if not dialogue:
            continue
        told = "\n".join(f"{names[message.role]}: {message.text}" for message in dialogue)
        cost = sum(_cost(message.text) for message in dialogue)
        sections.append(Section("example", told, cost, cut=cost > room))
        if cost <= room:
            messages += dialogue
            room -= cost
    return sections, messages, room


def _dialogue(block: str, turn: Turn) -> list[ChatMessage]:
    """Lines of `{{user}}: …` and `{{char}}: …` as messages; others go on with the one before."""
    messages: list[ChatMessage] = []
    for line in block.splitlines():
        match = re.match(r"\{\{(user|char)\}\}:\s*(.*)", line, flags=re.I)
        if match:
            role = Role.USER if match[1].lower() == "user" else Role.ASSISTANT
            messages.append(ChatMessage(role, filled(match[2], turn)))
        elif messages:
            last = messages[-1]
            messages[-1] = ChatMessage(last.role, f"{last.text}\n{filled(line, turn)}")
    return messages


def filled(text: str, turn: Turn) -> str:
    """`{{char}}` and `{{user}}` replaced by the names."""
    names = {"char": turn.personality.name, "user": turn.speaker_name}
    return re.sub(r"\{\{(char|user)\}\}", lambda m: names[m[1].lower()], text, flags=re.I)


def _message(turn: Turn) -> str:
    return _spoken(turn, turn.speaker_name, turn.text)


def _line(turn: Turn, line: Line) -> str:
    return _spoken(turn, line.author_name or "User", line.text) if line.by_person else line.text


def _spoken(turn: Turn, name: str, text: str) -> str:
    """What a person says; where several people can speak, with the speaker's name."""
    return text if turn.said.place.venue is Venue.DIRECT else f"{name}: {text}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _section(name: str, text: str) -> Section:
    return Section(name, text, _cost(text))


def _cost(text: str) -> int:
    return tokens.estimate(text) + _MESSAGE_OVERHEAD
