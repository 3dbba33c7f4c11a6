"""How flows tell of memories and times."""

from datetime import datetime
from uuid import UUID

from tzurot.flow.kinds import naming
from tzurot.flow.views import Item, line
from tzurot.memory import fading
from tzurot.memory.excerpts import excerpt
from tzurot.memory.fading import Recalls
from tzurot.memory.remembering import Remembered
from tzurot.memory.sectors import Sector
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Label

SECTORS = {
    Sector.EPISODIC: "what happened",
    Sector.SEMANTIC: "what is so",
    Sector.PROCEDURAL: "how something is done",
    Sector.EMOTIONAL: "how somebody feels",
    Sector.REFLECTIVE: "what somebody makes of it",
}
VENUES = {
    Venue.DIRECT: "in a direct message",
    Venue.PRIVATE_CHANNEL: "in a private channel",
    Venue.PUBLIC_CHANNEL: "in a public channel",
}
_SALIENCES = ((0.75, "very much"), (0.5, "clearly"), (0.25, "somewhat"), (0.0, "hardly"))


def when(moment: datetime) -> str:
    """A day and an hour, in UTC."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def count(number: int, one: str, many: str = "") -> str:
    """A number of things, by its word."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def item(memory: Remembered, whose: Label, text: str = "", *, own: UUID) -> Item:
    """A memory as a line of a list; `whose` it is: the character's that remembers.

    What another persona than one's `own` said begins with its name.
    """
    words = text or excerpt(memory.person_text or memory.personality_text)
    if memory.persona_id != own and memory.person_name:
        words = f"{line(memory.person_name)}: {words}"
    kept = f"{title(memory, whose)}{', locked' if memory.locked else ''}"
    return Item(kept, words, key=str(memory.memory_id))


def title(memory: Remembered, whose: Label) -> str:
    """When it was said, and who remembers it."""
    return f"{when(memory.occur_time)}, {naming.listed(whose)}"


def standing(memory: Remembered, recalls: Recalls | None, now: datetime) -> str:
    """What kind of thing it tells, how much it stands out now, and how often it was recalled."""
    stands_out = fading.now(memory, recalls, now)
    sectors = " and ".join(SECTORS[it] for it in (memory.sector, *memory.other_sectors))
    return f"Tells {sectors}; stands out {salience(stands_out)}; {_recalled(recalls)}."


def salience(stands_out: float) -> str:
    """How much something stands out that does so by 0..1."""
    return next(words for least, words in _SALIENCES if stands_out >= least)


def _recalled(recalls: Recalls | None) -> str:
    if recalls is None:
        return "was never recalled"
    times = "once" if recalls.count == 1 else f"{recalls.count:,} times"
    return f"was recalled {times}, last at {when(recalls.last_time)}"


def whole(memory: Remembered) -> str:
    """All of a memory, each side with its speaker. What the character noted is the character's."""
    sides = (
        (memory.person_name or "You", memory.person_text),
        (memory.personality_name or "The character", memory.personality_text),
    )
    if memory.is_note:
        sides = ((memory.personality_name, memory.person_text),)
    return "\n\n".join(f"**{line(name)}**: {text}" for name, text in sides if text)
