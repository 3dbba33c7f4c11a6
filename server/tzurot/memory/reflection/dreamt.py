"""Reflections and dreams as others read them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tzurot.memory.remembering import MemoryId, Owner


@dataclass(frozen=True, slots=True)
class Dreamt:
    """A dream as it is read."""

    dream_id: UUID
    persona_id: UUID
    personality_id: UUID
    text: str
    create_time: datetime
    reflection_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """A reflection, by what it says."""

    reflection_id: MemoryId
    owner: Owner
    text: str
