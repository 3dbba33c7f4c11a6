"""How flows tell of memories and times."""

from datetime import datetime

from tzurot.flow.views import Item, line
from tzurot.memory.excerpts import excerpt
from tzurot.memory.remembering import Remembered


def when(moment: datetime) -> str:
    """A day and an hour, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def item(memory: Remembered, text: str = "") -> Item:
    """A memory as a line of a list."""
    words = text or excerpt(memory.person_text or memory.personality_text)
    heard = line(memory.personality_name, 80)
    title = f"{when(memory.occur_time)}, {heard}" if heard else when(memory.occur_time)
    return Item(title, words, key=str(memory.memory_id))


def whole(memory: Remembered) -> str:
    """All of a memory, each side with its speaker."""
    sides = (
        (memory.person_name or "You", memory.person_text),
        (memory.personality_name or "The character", memory.personality_text),
    )
    return "\n\n".join(f"**{line(name)}**: {text}" for name, text in sides if text)
