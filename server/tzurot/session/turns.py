"""The values that a turn is made of, from what was said to what came out."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from tzurot.account.personas import Shown
from tzurot.errors import SubjectDenied, TzurotError
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Personality, Ref
from tzurot.personality.sharing import Access, Override
from tzurot.session.cascade import Explained, explained
from tzurot.transport.subject import Caller

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

    def require_own(self, caller: Caller) -> None:
        """Channels belong to their platform: nobody reaches one from elsewhere by naming it.

        A direct place is the person's own, wherever they come from.

        Raises:
            SubjectDenied: the caller is of another platform than the channel.
        """
        if self.venue is not Venue.DIRECT and self.platform != caller.platform:
            raise SubjectDenied(caller.subject)


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
    greeting_index: int = 0  # of a greeting: 1 is the first alternate one


@dataclass(frozen=True, slots=True)
class Line:
    """A message of the history, oldest first."""

    message_id: UUID
    turn_id: TurnId | None
    """None: it came from elsewhere."""
    by_person: bool
    author_name: str
    text: str
    create_time: datetime
    person_id: UUID | None = None
    """Whose turn it is: who said it, or who was answered."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What a conversation keeps besides its messages, since its last reset."""

    greeting_index: int = 0
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    """What macros have set."""
    timings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What is remembered of lorebook entries, as JSON."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An admitted turn: its row exists, and this server holds its lease."""

    id: TurnId
    conversation_id: UUID
    epoch: int
    person_id: UUID
    persona_id: UUID
    subject: str
    access: Access
    said: Said
    utterance_message_id: UUID | None
    history: tuple[Line, ...]
    create_time: datetime
    face: Shown = field(default_factory=Shown)
    talk: Talk = field(default_factory=Talk)
    settings: Explained = field(default_factory=lambda: explained(()))

    @property
    def personality(self) -> Personality:
        """Who answers."""
        return self.access.personality

    @property
    def override(self) -> Override | None:
        """How the person has the character otherwise."""
        return self.access.override

    @property
    def called(self) -> str:
        """What the character is called here: as the person has it, by its nickname, by its name."""
        own = self.override.nickname if self.override else ""
        return own or self.personality.nickname or self.personality.name

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
    talk: Talk | None = None  # what the conversation keeps from now on; None: what it had
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a turn ends, as it is recorded and told."""

    state: State
    finish: Finish
    failure: TzurotError | None = None
