"""The values that a turn is made of, from what was said to what came out."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from tzurot.account.personas import Shown
from tzurot.errors import TzurotError
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Personality, Ref

TurnId = NewType("TurnId", UUID)


class State(StrEnum):
    """Where a turn stands."""

    RUNNING = "running"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class Finish(StrEnum):
    """How a turn ended."""

    STOP = "stop"
    LENGTH = "length"
    FILTERED = "filtered"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of a platform, and who can listen there."""

    platform: str
    space_id: str
    channel_id: str
    venue: Venue


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that a person says."""

    text: str
    speaker_name: str = ""
    replied_to_message_id: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One call of Chat: what is to be answered, where, by whom. No utterance: a greeting."""

    place: Place
    utterance: Utterance | None
    addressees: tuple[Ref, ...]
    request_id: UUID | None
    digest: bytes
    arrived: float  # on the clock of time.perf_counter
    seconds: float  # until the caller's deadline


@dataclass(frozen=True, slots=True)
class Line:
    """A message of the history, oldest first."""

    message_id: UUID
    turn_id: TurnId | None
    """None: it came from elsewhere."""
    by_person: bool
    author_name: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """An admitted turn: its row exists, and this server holds its lease."""

    id: TurnId
    conversation_id: UUID
    epoch: int
    person_id: UUID
    persona_id: UUID
    subject: str
    personality: Personality
    said: Said
    utterance_message_id: UUID | None
    history: tuple[Line, ...]
    create_time: datetime
    face: Shown = field(default_factory=Shown)

    @property
    def seconds_left(self) -> float:
        """Until the deadline, at least a little."""
        return max(0.1, self.said.arrived + self.said.seconds - time.perf_counter())

    @property
    def speaker_name(self) -> str:
        """What the character calls the person."""
        said = self.said.utterance.speaker_name if self.said.utterance else ""
        return said or self.face.name or "User"

    @property
    def text(self) -> str:
        """What the person said; empty for a greeting."""
        return self.said.utterance.text if self.said.utterance else ""


@dataclass(slots=True)
class Usage:
    """Tokens of a turn over all its calls of the model."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    reasoning: int = 0
    estimated: bool = False


@dataclass(slots=True)
class Draft:
    """What has come out of a turn so far: it outlives the work if that is cut short."""

    model: str = ""
    text: str = ""
    finish: Finish = Finish.STOP
    told: int = 0  # events
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a turn ends, as it is recorded and told."""

    state: State
    finish: Finish
    failure: TzurotError | None = None
