"""What recall asks of a search engine: some memories that may fit, in no particular order.

An engine decides nothing else: `scoring.py` ranks, and Postgres has the words, the vectors and the
last word on what exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from tzurot.memory.keywords import Vocabulary
from tzurot.memory.meaning import Slot
from tzurot.memory.question import Question
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.venues import Venue

# On LoCoMo .98 of the evidence is among the best 150 memories, .96 among 100.
CANDIDATES = 150


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A memory as an engine stores it: no words of people, only their stems."""

    memory_id: MemoryId
    owner: Owner
    turn_id: UUID | None
    venue: Venue
    platform: str
    channel_id: str
    age_restricted: bool
    words: str
    """Stems, separated by spaces, as often as they occur."""
    vector: Sequence[float]
    windows: Sequence[Sequence[float]] = ()
    """Vectors of later parts of a long memory: it fits as well as its best one."""
    slot: Slot = Slot.A
    """Whose model's vectors these are; a memory has an entry for each slot."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A memory that is no more."""

    memory_id: MemoryId
    persona_id: UUID


class MemoryIndex(Protocol):
    """A search engine. Each method raises IndexUnavailable if the engine is away."""

    async def candidates(
        self, owner: Owner, question: Question, *, limit: int = CANDIDATES
    ) -> Sequence[MemoryId]:
        """At most `limit` of the owner's memories that fit by meaning or by words.

        Of each of `owner.others` there may be as many more. All are meant by the question's filter.
        """
        ...

    async def candidates_with_vocabulary(
        self, owner: Owner, question: Question
    ) -> tuple[Sequence[MemoryId], Vocabulary]:
        """The same, and how common the question's terms are: in Postgres, all of the owner's."""
        ...

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Store entries, or replace those that are there already."""
        ...

    async def delete(self, forgotten: Sequence[Forgotten]) -> None:
        """Remove memories; those that are not there are no error."""
        ...

    async def is_complete(self, slot: Slot) -> bool:
        """Whether all that is read into a slot is there to be found."""
        ...


class CollectingIndex(MemoryIndex, Protocol):
    """An engine beside Postgres, with a collection for each slot (collection_store.py)."""

    async def look(self) -> None:
        """See that each collection is there; one that was lost is begun anew."""
        ...

    async def drop(self, name: str) -> None:
        """Delete a collection; one that is not there is no error."""
        ...
