"""How flows tell of memories and times."""

from datetime import datetime
from uuid import UUID

from tzurot.flow.kinds import naming
from tzurot.flow.views import Item, line
from tzurot.memory.excerpts import excerpt
from tzurot.memory.remembering import Remembered
from tzurot.personality.characters import Label


def when(moment: datetime) -> str:
    """A day and an hour, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def item(memory: Remembered, whose: Label, text: str = "", *, own: UUID) -> Item:
    """A memory as a line of a list; `whose` it is: the character's that remembers.

    What another persona than one's `own` said begins with its name.
    """
    words = text or excerpt(memory.person_text or memory.personality_text)
    if memory.persona_id != own and memory.person_name:
        words = f"{line(memory.person_name)}: {words}"
    return Item(title(memory, whose), words, key=str(memory.memory_id))


def title(memory: Remembered, whose: Label) -> str:
    """When it was said, and who remembers it."""
    return f"{when(memory.occur_time)}, {naming.listed(whose)}"


def whole(memory: Remembered) -> str:
    """All of a memory, each side with its speaker."""
    sides = (
        (memory.person_name or "You", memory.person_text),
        (memory.personality_name or "The character", memory.personality_text),
    )
    return "\n\n".join(f"**{line(name)}**: {text}" for name, text in sides if text)
