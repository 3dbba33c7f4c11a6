"""The values that a turn is made of, from what was said to what came out."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType, Self
from uuid import UUID

from tzurot.account.personas import Shown
from tzurot.errors import TzurotError
from tzurot.memory.venues import Venue
from tzurot.personality.characters import Personality
from tzurot.personality.sharing.sharing import Access, Override
from tzurot.session.prompt import marks
from tzurot.session.said import Greeting, Reference, Said, Scene, in_one
from tzurot.session.settings.cascade import Explained, explained
from tzurot.wallet.paying import Payer
from tzurot.wallet.presets.presets import Preset
from tzurot.wallet.usage.attempts import Cause, Purpose

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
    SUPERSEDED = "superseded"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


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
    persona_id: UUID | None = None
    """Under which face; None where it was said in passing."""
    around: bool = False
    """It was said to others, or by another character."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a conversation's people want the character to keep in mind."""

    text: str
    depth: int
    """How many of the newest messages, the answered one included, come after it."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What a conversation keeps besides its messages, but for the note since its last reset."""

    greeting_index: int = 0
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    """What macros have set."""
    timings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What is remembered of lorebook entries, as JSON."""
    sight_id: UUID | None = None
    """The oldest message that the last prompt told; None: nobody knows."""
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Redo:
    """A reply that is to be given again, or to go on."""

    message_id: UUID
    parent_id: UUID | None
    history_id: UUID | None
    """The newest message that it is to know besides what it answers."""
    head_id: UUID | None
    """The conversation's newest message when it was asked for."""
    answers: Line | None
    """What the person had said; None: nothing."""
    goes_on: bool
    text: str
    platform_message_ids: tuple[str, ...] = ()
    aside: tuple[tuple[UUID, TurnId | None], ...] = ()
    """The messages that it puts aside with their turns, and what it answers."""
    persona_id: UUID | None = None
    """Whom it was said to; None: it came from elsewhere."""
    greeting_index: int | None = None
    """Of a greeting that is to be another one: the number after the last one's."""
    exchange: tuple[TurnId, ...] = ()
    """Turns that were superseded for what it answers: their words were answered with it."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Turns that ran in the same place when one was admitted."""

    running: tuple[TurnId, ...] = ()
    """All of them: they are heard first."""
    of_same_exchange: tuple[TurnId, ...] = ()
    """Those of the same person with the same character: silent ones are superseded."""
    exchange: tuple[TurnId, ...] = ()
    """Those, and the ones that they have superseded: their words are answered too."""
    references: tuple[tuple[Reference, ...], ...] = ()
    """What the messages of the exchange refer to, each for itself."""


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
    sharing: tuple[UUID, ...] = ()
    """Personas of the same person that share their memories with the one that speaks."""
    talk: Talk = field(default_factory=Talk)
    settings: Explained = field(default_factory=lambda: explained(()))
    redo: Redo | None = None
    display_name: str = ""
    because: str = ""
    """Why this character answers, in words."""
    age_restricted: bool = False
    """Whether it is said where only adults are let in."""
    earlier: Earlier = field(default_factory=Earlier)
    facts_known: bool = False
    """Whether anything is known of the person."""
    facts_new: bool = False
    """Whether they were not told of some of it."""

    @property
    def own_ids(self) -> tuple[UUID, ...]:
        """The faces that remember with who speaks: all others are somebody else."""
        return (self.persona_id, *self.sharing)

    def behind(self, first: Earlier | None) -> Self:
        """It as a further reply to a message, right behind the first: no later one comes between.

        `first`: what the first reply waited for; None: this is the first.
        """
        return self if first is None else replace(self, earlier=Earlier(first.running))

    @property
    def payer(self) -> Payer:
        """Who pays for it, if they can, and where their words may go."""
        policy, space = self.settings.chosen.policy, self.said.place.space
        return Payer(self.person_id, self.subject, policy, space)

    @property
    def preset(self) -> Preset | None:
        """What its reply goes by."""
        return self.settings.preset

    def cause(self, purpose: Purpose) -> Cause:
        """Why a model is asked in it."""
        who = self.personality
        channel = self.said.place.channel
        return Cause(purpose, who.id, who.name, self.conversation_id, self.id, channel)

    @property
    def personality(self) -> Personality:
        """Who answers."""
        return self.access.personality

    @property
    def override(self) -> Override | None:
        """How the person has the character otherwise."""
        return self.access.override

    @property
    def incognito(self) -> bool:
        """Whether nothing of it is kept but that there was a turn."""
        return self.settings.chosen.incognito

    @property
    def fresh(self) -> bool:
        """Whether nothing of the person is to come to mind."""
        return self.settings.chosen.fresh

    @property
    def called(self) -> str:
        """What the character is called here: as the person has it, by its nickname, by its name."""
        own = self.override.nickname if self.override else ""
        return own or self.personality.nickname or self.personality.name

    @property
    def greeting_index(self) -> int | None:
        """Which greeting the character is to say; None: it is to answer, or to say something else.

        Another greeting is the next one, and after the last the first; a character with only one
        says something else.
        """
        if isinstance(self.said.ask, Greeting):
            return self.said.ask.index
        count = 1 + len(self.personality.alternate_greetings or ())
        if self.redo is None or self.redo.greeting_index is None or count == 1:
            return None
        return self.redo.greeting_index % count

    @property
    def adults(self) -> bool:
        """Whether adults alone hear it: the place lets in nobody else, or it is direct to one."""
        direct = self.said.place.venue is Venue.DIRECT
        return self.age_restricted or (direct and self.face.adult)

    @property
    def seconds_left(self) -> float:
        """Until the deadline, at least a little."""
        return max(0.1, self.said.arrived + self.said.seconds - time.perf_counter())

    @property
    def speaker_name(self) -> str:
        """What the character calls the person: as they are called here, else as their face is."""
        answered = self.redo.answers if self.redo else None
        said = answered.author_name if answered else self.said.speaker_name
        return said or self._called_last or self.face.name or "User"

    @property
    def _called_last(self) -> str:
        """What the person was called when they last spoke here; empty: nothing that is known."""
        own = (it for it in reversed(self.history) if it.by_person)
        return next((it.author_name for it in own if it.persona_id == self.persona_id), "")

    @property
    def references(self) -> tuple[Reference, ...]:
        """What is referred to by the message, and before by those that are answered with it."""
        own = self.said.utterance.references if self.said.utterance else ()
        return in_one((*self.earlier.references, own))

    @property
    def text(self) -> str:
        """What the person said that is to be answered; empty if nobody said anything."""
        if self.redo:
            return self.redo.answers.text if self.redo.answers else ""
        return self.said.utterance.text if self.said.utterance else ""

    @property
    def nudge(self) -> str:
        """What the model is told where it is not to answer somebody; else empty."""
        if self.redo and self.redo.goes_on:
            return "(Go on with your last message from where it stopped. Do not repeat it.)"
        answered = self.redo.answers if self.redo else self.said.utterance
        if self.text or answered:
            return ""
        if isinstance(self.said.ask, Scene) and self.said.ask.topic:
            topic = marks.quoted(self.said.ask.topic)
            return f"(Say what you say next, to the others. You talk about: {topic})"
        return "(Nobody has spoken to you. Say something that fits what was said.)"


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
    begun: bool = False  # whether a model has said or done anything: no other one takes over then
    cited: set[object] = field(default_factory=set[object])  # events: none of them is told twice
    until_id: UUID | None = None  # up to which message it is to be told in short from now on
    talk: Talk | None = None  # what the conversation keeps from now on; None: what it had
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a turn ends, as it is recorded and told."""

    state: State
    finish: Finish
    failure: TzurotError | None = None
