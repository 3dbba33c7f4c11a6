"""Facts as the room's code has them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from tzurot.llm.embeddings import Vector
from tzurot.memory.remembering import MemoryId, Owner
from tzurot.memory.venues import Place, Venue

FactId = NewType("FactId", UUID)

_PRIVATE = (Venue.PUBLIC_CHANNEL, Venue.PRIVATE_CHANNEL, Venue.DIRECT)


class State(StrEnum):
    """Whether a fact counts."""

    CURRENT = "current"
    PROPOSED = "proposed"
    SUPERSEDED = "superseded"


class Origin(StrEnum):
    """Where a fact is from."""

    LEARNT = "learnt"
    """A model found it in what the person said."""
    TOLD = "told"
    """Its person wrote it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a character knows of a persona."""

    fact_id: FactId
    owner: Owner
    text: str
    entity: str
    state: State
    origin: Origin
    fictional: bool
    place: Place
    """Where it was said: the most private place of all."""
    valid_from: datetime
    valid_until: datetime | None
    superseded_by_id: FactId | None
    replaces_id: FactId | None
    """Of one that waits for a yes: what it is to take the place of."""
    create_time: datetime
    vector: Vector = field(repr=False, compare=False)
    """Of its words, of length 1; shape (384,)."""
    source_ids: tuple[MemoryId, ...] = ()
    outdated_ids: tuple[MemoryId, ...] = ()
    """Memories that say what it was put in the place of."""

    @property
    def stands(self) -> bool:
        """Whether it counts, or waits for a yes."""
        return self.state is not State.SUPERSEDED


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that a person said of themselves, as a model put it."""

    memory_id: MemoryId
    """The exchange in which they said it."""
    text: str
    entity: str
    fictional: bool
    place: Place
    said_time: datetime
    vector: Vector = field(repr=False, compare=False)
    replaces_id: FactId | None = None
    """The fact that it is so instead of, as the model sees it."""


def more_private(one: Place, other: Place) -> Place:
    """The place where fewer could listen; of two alike the first. Adults alone stay alone."""
    inner = max(one, other, key=lambda it: _PRIVATE.index(it.venue))
    inner = one if inner.venue is one.venue else inner
    only_adults = one.age_restricted or other.age_restricted
    return Place(inner.venue, inner.platform, inner.channel_id, only_adults)
