"""How a character is told to the model: what its card says, in order, macros run.

Who made a card, their notes, its version and its tags are nobody's business here. What one person
has otherwise (`Override`) stands in the places of the card's texts, or beside them.
"""

import re
from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass

from tzurot.formats import custom_fields
from tzurot.llm.streaming import ChatMessage, Role
from tzurot.memory.venues import Venue
from tzurot.session.prompt import marks
from tzurot.session.prompt.cast import cast_of
from tzurot.session.turns import Turn
from tzurot.session.voice import CHARACTER, PERSON, Voice, persona

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
_START = re.compile(r"^[^\S\n]*<START>[^\S\n]*$", re.I | re.M)
_SPOKEN = re.compile(r"([^\n:]{1,100}):\s*(.*)")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of who the character is, by its field. `own`: the person wrote it."""

    field: str
    text: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Portrait:
    """All that is told of a character and of whom it talks with; empty texts are not told."""

    system_prompt: str
    parts: tuple[Part, ...]
    person: str
    dialogues: tuple[tuple[ChatMessage, ...], ...]
    note: str
    note_depth: int
    note_role: Role
    instructions: str
    own_instructions: str
    """What the person wants to have told after them."""


def draw(turn: Turn, voice: Voice, disabled: Collection[str] = ()) -> Portrait:
    """The portrait of a turn's character. Prompts that are `disabled` are not told.

    Texts are run in the order in which they are told, each once: variables depend on it.
    """
    who, override = turn.personality, turn.override
    system_prompt = _prompt(turn, voice, "system_prompt", _DEFAULT_SYSTEM_PROMPT, disabled)
    parts = tuple(part for part in _parts(turn, voice) if part.text)
    person = _person(turn) if turn.settings.chosen.persona else ""
    dialogues = _dialogues(turn, voice) if turn.settings.chosen.examples else ()
    note, note_role = voice.card(who.depth_prompt, "depth_prompt"), Role(who.depth_prompt_role)
    if note_role is Role.USER:
        note = cast_of(turn).unlabelled(note)
    instructions = _prompt(
        turn, voice, "post_history_instructions", _DEFAULT_INSTRUCTIONS, disabled
    )
    return Portrait(
        system_prompt,
        parts,
        person,
        dialogues,
        note,
        who.depth_prompt_depth,
        note_role,
        instructions,
        voice.own(override.instructions, "own_instructions") if override else "",
    )


def greeting(turn: Turn, voice: Voice) -> str:
    """What the character says first, to this person."""
    written = turn.access.greeting(turn.greeting_index or 0)
    own = turn.override.greeting if turn.override else ""
    return (voice.own if own and written == own else voice.card)(written, "greeting")


def greeting_index(turn: Turn) -> int:
    """Which greeting that is: 0, the first of all, where there is none of the wanted number."""
    index = turn.greeting_index or 0
    return index if index <= len(turn.personality.alternate_greetings or ()) else 0


def _prompt(turn: Turn, voice: Voice, field: str, default: str, disabled: Collection[str]) -> str:
    """A prompt of the card, with ours where it says `{{original}}`; ours if it says nothing."""
    if field in disabled:
        return ""
    ours = voice.card(default, f"default_{field}") if default else ""
    written = getattr(turn.personality, field) or ""
    return voice.card(written, field, original=ours) if written.strip() else ours


def _parts(turn: Turn, voice: Voice) -> list[Part]:
    who, override = turn.personality, turn.override
    parts = [Part("description", voice.card(who.description, "description"))]
    if override and override.addition:
        parts.append(Part("addition", voice.own(override.addition, "addition"), own=True))
    for field, label in _LABELS.items():
        own = override.scenario if override and field == "scenario" else ""
        text = voice.own(own, field) if own else voice.card(getattr(who, field), field)
        if text:
            parts.append(Part(field, f"{label}: {text}", own=bool(own)))
    return [*parts, *_custom(turn, voice)]


def _custom(turn: Turn, voice: Voice) -> Iterator[Part]:
    """What else its maker says, part by part; a name is a label, and nothing runs in it."""
    for number, field in enumerate(custom_fields.fields_of(turn.personality.custom_fields or ())):
        if field.silent:
            continue
        if text := voice.card(field.text, f"custom field {number}"):
            label = marks.name(field.name)
            yield Part("custom_fields", f"{label}: {text}" if label else text)


def _person(turn: Turn) -> str:
    """Who the character talks with, as that person tells it; where others listen, if they may.

    One paragraph: what a person writes of themselves can't look like a section of its own.
    """
    face = turn.face
    if face.private and turn.said.place.venue is not Venue.DIRECT:
        return ""
    about = marks.one_line(persona(turn))
    if not (about or face.pronouns):
        return ""
    pronouns = f" ({marks.one_line(face.pronouns)})" if face.pronouns else ""
    return f"You talk with {cast_of(turn).speaker}{pronouns}. {about}".strip()


def _dialogues(turn: Turn, voice: Voice) -> tuple[tuple[ChatMessage, ...], ...]:
    """The example dialogues, each as its messages."""
    blocks = _START.split(turn.personality.example_dialogues or "")
    cast = cast_of(turn)
    own = {marks.folded(it) for it in cast.own}
    found: list[tuple[ChatMessage, ...]] = []
    for number, block in enumerate(blocks):
        found.append(
            tuple(
                ChatMessage(role, cast.unlabelled(said) if role is Role.USER else said)
                for place, (role, words) in enumerate(_dialogue(block.strip(), own))
                if (said := voice.card(words, f"example {number} {place}"))
            )
        )
    return tuple(filter(None, found))


def _dialogue(block: str, own: Set[str]) -> list[tuple[Role, str]]:
    """Lines of `{{user}}: …` and `{{char}}: …`, or the character's name: …, as they are written.

    Other lines go on with the one before; at the beginning they are the character's.
    """
    spoken: list[tuple[Role, list[str]]] = []
    for line in block.splitlines():
        found = _SPOKEN.match(line)
        speaker = _speaker(found[1].strip(), own) if found else None
        if found and speaker:
            spoken.append((speaker, [found[2]]))
        elif spoken:
            spoken[-1][1].append(line)
        else:
            spoken.append((Role.ASSISTANT, [line]))
    return [(role, "\n".join(lines)) for role, lines in spoken]


def _speaker(label: str, own: Set[str]) -> Role | None:
    if PERSON.fullmatch(label):
        return Role.USER
    if CHARACTER.fullmatch(label) or marks.folded(label) in own:
        return Role.ASSISTANT
    return None
