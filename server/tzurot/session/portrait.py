"""How a character is told to the model: what its card says, in order, placeholders filled. Pure.

Who made a card, their notes, its version and its tags are nobody's business here.
"""

import re
from collections.abc import Callable

from tzurot.llm.streaming import ChatMessage, Role
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Personality
from tzurot.session.turns import Turn

_DEFAULT_SYSTEM_PROMPT = "You are {{char}}."
_DEFAULT_INSTRUCTIONS = ""

# The parts after the description, in order, and what they are called.
_LABELS = {
    "traits": "Traits",
    "tone": "Tone",
    "age": "Age",
    "appearance": "Appearance",
    "likes": "Likes",
    "dislikes": "Dislikes",
    "goals": "Goals",
    "history": "History",
    "scenario": "Scenario",
}
_CHAR, _USER = r"(?:\{\{char\}\}|<bot>|<char>)", r"(?:\{\{user\}\}|<user>)"
_PLACEHOLDER = re.compile(rf"(?P<char>{_CHAR})|{_USER}", re.I)
_ORIGINAL = re.compile(r"\{\{original\}\}", re.I)
_START = re.compile(r"^[^\S\n]*<START>[^\S\n]*$", re.I | re.M)
_SPOKEN = re.compile(rf"(?:(?P<char>{_CHAR})|{_USER}):\s*(?P<words>.*)", re.I)


def name_of(who: Personality) -> str:
    """What the character is called: its nickname, if it has one."""
    return who.nickname or who.name


def filling(turn: Turn) -> Callable[[str], str]:
    """What replaces the placeholders of a turn's character and person by their names."""
    character, person = name_of(turn.personality), turn.speaker_name

    def named(placeholder: re.Match[str]) -> str:
        return character if placeholder["char"] else person

    return lambda text: _PLACEHOLDER.sub(named, text)


def filled(text: str, turn: Turn) -> str:
    """A text with the names in their places."""
    return filling(turn)(text)


def system_prompt(turn: Turn) -> str:
    """What the model is told first: the character's own prompt, else ours."""
    return _own_or(turn.personality.system_prompt, _DEFAULT_SYSTEM_PROMPT, turn)


def instructions(turn: Turn) -> str:
    """What the model is told last; empty for most characters."""
    return _own_or(turn.personality.post_history_instructions, _DEFAULT_INSTRUCTIONS, turn)


def description(turn: Turn) -> str:
    """Who the character is and where it finds itself; empty if the card doesn't say."""
    who = turn.personality
    labelled = ((label, getattr(who, name) or "") for name, label in _LABELS.items())
    told = [f"{label}: {text.strip()}" for label, text in labelled if text.strip()]
    parts = [who.description.strip()] if who.description else []
    return filled("\n\n".join(filter(None, [*parts, *told])), turn)


def person(turn: Turn) -> str:
    """Who the character talks with, as that person tells it; where others listen, if they may."""
    face = turn.face
    if face.private and turn.said.place.venue is not Venue.DIRECT:
        return ""
    about = filled(face.description.strip(), turn)
    if not (about or face.pronouns):
        return ""
    pronouns = f" ({face.pronouns})" if face.pronouns else ""
    return f"You talk with {turn.speaker_name}{pronouns}. {about}".strip()


def dialogues(turn: Turn) -> list[list[ChatMessage]]:
    """The example dialogues, each as its messages."""
    blocks = _START.split(turn.personality.example_dialogues or "")
    return [dialogue for block in blocks if (dialogue := _dialogue(block.strip(), turn))]


def _own_or(own: str | None, default: str, turn: Turn) -> str:
    """A text of the card, with ours where it says `{{original}}`; ours alone if it says nothing."""
    text = own if own and own.strip() else default
    return filled(_ORIGINAL.sub(lambda _: default, text), turn).strip()


def _dialogue(block: str, turn: Turn) -> list[ChatMessage]:
    """Lines of `{{user}}: …` and `{{char}}: …` as messages; others go on with the one before."""
    messages: list[ChatMessage] = []
    for line in block.splitlines():
        spoken = _SPOKEN.match(line)
        if spoken:
            role = Role.ASSISTANT if spoken["char"] else Role.USER
            messages.append(ChatMessage(role, filled(spoken["words"], turn)))
        elif messages:
            last = messages[-1]
            messages[-1] = ChatMessage(last.role, f"{last.text}\n{filled(line, turn)}")
    return messages
