"""A kind of flow: what each file of `kinds/` is. See `kinds/__init__.py` for how to write one."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from tzurot.flow.views import MAX_DESCRIPTION, Asks, Choice, Progress, State, View
from tzurot.session.said import Place
from tzurot.transport.subject import Caller

Draft = Mapping[str, Any]
"""What a flow remembers between its steps: a JSON object."""

Answers = Mapping[str, tuple[str, ...]]
"""What was entered, by field: checked, and complete for the fields that the action asks."""

Report = Callable[[Progress], Awaitable[None]]
"""Tells how far a work is; most calls only remember it, so it may be called often."""


@dataclass(frozen=True, slots=True)
class Argument:
    """Something that a flow is started with. Required ones come first in a kind's list."""

    key: str
    summary: str
    asks: Asks = Asks.TEXT
    required: bool = False
    completes: bool = False
    choices: tuple[Choice, ...] = ()

    def __post_init__(self) -> None:
        if len(self.summary) > MAX_DESCRIPTION or not self.key.isidentifier():
            raise ValueError(f"the contract of flows does not allow the argument {self.key}")


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a client offers by itself; `name` is what its people know it by."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a flow is begun: the place, if the client has any, and the client's own commands."""

    place: Place | None = None
    commands: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class At:
    """Where a flow stands, as its kind sees it.

    `mark` is that of the view which is being answered.
    """

    flow_id: UUID
    step: str
    draft: Draft
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Where it goes on: the step's name, and what to remember.

    `told` is a sentence about what was done, `notice` one about what went otherwise than wanted.
    """

    name: str
    draft: Draft = field(default_factory=dict[str, Any])
    state: State = State.OPEN
    told: str = ""
    notice: str = ""


class Refused(Exception):
    """An answer is no good: the flow stays where it is, and what was entered is kept."""

    def __init__(self, notice: str = "", errors: Mapping[str, str] | None = None) -> None:
        """`errors` are sentences by field."""
        super().__init__(notice)
        self.notice = notice
        self.errors = dict(errors or {})


class Kind(ABC):
    """One dialogue. It holds nothing of a flow itself: all that is in `At`.

    Whatever raises NotFound or PermissionDenied ends the flow with that sentence. Other expected
    errors of `take` are told as a notice, and the flow stays where it is.
    """

    path: ClassVar[str]
    summary: ClassVar[str]
    arguments: ClassVar[tuple[Argument, ...]] = ()
    needs_moderator: ClassVar[bool] = False
    """Clients offer it, and take each answer, only from who moderates the channel."""

    async def begin(self, who: Caller, arguments: Mapping[str, str], origin: Origin) -> Step:
        """The first step; `origin` is for kinds about the place or the client."""
        del origin
        return await self.start(who, arguments)

    @abstractmethod
    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The first step. Looks things up and writes nothing: it may run twice."""

    @abstractmethod
    async def view(self, who: Caller, at: At) -> View:
        """What is shown at a step: from the draft, and from the rooms as they are now."""

    @abstractmethod
    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Do what an action says. Runs once for each answer.

        Raises:
            Refused: it can't be done like this.
        """

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """Values for the argument `key`, the best first."""
        return ()

    async def work(self, who: Caller, at: At, report: Report) -> Step:
        """What a step in State.WORKING does. Runs again if its worker dies: must be idempotent."""
        raise NotImplementedError(f"{self.path} has no work")
