"""What is looked for in memories: its words, its meaning, and the place where it would come up."""

from dataclasses import dataclass
from uuid import UUID

from tzurot.memory.filters import ALL, Filter
from tzurot.memory.meaning import Asked
from tzurot.memory.times import Named
from tzurot.memory.venues import Where


@dataclass(frozen=True, slots=True)
class Question:
    """A query, ready for engines and scoring."""

    text: str
    terms: tuple[str, ...]
    meaning: Asked
    times: Named
    """When what is looked for was said, as far as the query names it."""
    here: Where
    filter: Filter = ALL
    """Which memories are meant."""
    spoken_to: UUID | None = None
    """The character that is asked, whom "you" means; None: whichever remembers."""
    excluded_turns: tuple[UUID, ...] = ()
    excluded_messages: tuple[UUID, ...] = ()
