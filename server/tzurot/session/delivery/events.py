"""What is told while a turn goes on: facts, in order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tzurot.errors import TzurotError
from tzurot.session.trace_document import Call
from tzurot.session.turns import Finish, TurnId, Usage


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """Who answers."""

    conversation_id: UUID
    personality_id: UUID
    personality_name: str
    personality_slug: str
    avatar_sha256: str
    model: str
    display_name: str
    replaced_platform_message_ids: tuple[str, ...] = ()
    persona_name: str = ""
    """Whom it takes the person for, where that is not their usual persona."""
    incognito: bool = False
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the reply."""

    text: str


class SkillState(StrEnum):
    """Where a skill's call stands."""

    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SkillStep:
    """A skill was called."""

    skill_name: str
    state: SkillState


@dataclass(frozen=True, slots=True)
class MemoryCited:
    """A memory came into the prompt."""

    memory_id: UUID
    excerpt: str
    score: float
    occur_time: datetime
    personality_id: UUID | None = None
    """The character that was told it; None of a release that knew only one."""
    said_by: str = ""
    """Who said it, as the model is told; empty: the person themselves."""


@dataclass(frozen=True, slots=True)
class KnowledgeCited:
    """A passage of a document came into the prompt."""

    document_id: UUID
    title: str
    excerpt: str
    score: float


@dataclass(frozen=True, slots=True)
class FactLearnt:
    """Something was learnt of the person in an earlier turn."""

    fact_id: UUID
    text: str
    superseded_text: str
    """What it took, or is to take, the place of; empty: of nothing."""
    proposed: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, as a person is told."""

    reason: str
    message: str
    metadata: tuple[tuple[str, str], ...] = ()


def failure_of(error: TzurotError) -> Failure:
    """An error as it is stored and told inside a message."""
    return Failure(error.reason, error.message, tuple(error.metadata.items()))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something is not as it should be, and the turn goes on."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as it is stored."""

    id: UUID
    conversation_id: UUID
    parent_id: UUID | None
    turn_id: UUID | None
    by_person: bool
    author_name: str
    text: str
    chosen: bool
    create_time: datetime
    alternative_count: int = 1
    edit_time: datetime | None = None
    platform_message_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnFinished:
    """The turn ended."""

    finish: Finish
    message: StoredMessage | None
    failure: Failure | None
    usage: Usage
    error_message: str = ""
    """What the character says of the failure; empty for nothing."""
    attempts: Sequence[Call] = ()
    """The requests to providers, in order."""


Kind = (
    TurnStarted
    | TextDelta
    | SkillStep
    | MemoryCited
    | KnowledgeCited
    | FactLearnt
    | Notice
    | TurnFinished
)


@dataclass(frozen=True, slots=True)
class ChatEvent:
    """A fact about a turn, numbered within it from 1."""

    turn_id: TurnId
    sequence: int
    kind: Kind


Tell = Callable[[Kind], None]
