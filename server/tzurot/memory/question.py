"""What is looked for in memories: its words, its meaning, and the place where it would come up."""

from dataclasses import dataclass
from uuid import UUID

from tzurot.llm.embeddings import Vector
from tzurot.memory.venues import Where


@dataclass(frozen=True, slots=True)
class Question:
    """A query, ready for engines and scoring."""

    terms: tuple[str, ...]
    vector: Vector
    here: Where
    excluded_turns: tuple[UUID, ...] = ()
    excluded_messages: tuple[UUID, ...] = ()
