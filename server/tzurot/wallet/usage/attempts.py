"""What is known of a request to a provider of models."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.wallet.catalogue.price import FREE, Price
from tzurot.wallet.plan import Candidate, Route

PriceOf = Callable[[str, str], Price | None]
"""The price of a provider's model, by the kind of its speaker and its name; None: unknown."""

_OWN_MACHINE = (SpeakerKind.OLLAMA, SpeakerKind.GGUF, SpeakerKind.BUNDLED)


class Purpose(StrEnum):
    """What a model is asked for."""

    CHAT = "chat"
    VISION = "vision"
    EXTRACTION = "extraction"
    SUMMARY = "summary"
    DREAM = "dream"
    REFLECTION = "reflection"


@dataclass(frozen=True, slots=True)
class Channel:
    """Where somebody is answered, if others can listen there."""

    platform: str
    channel_id: str
    parent_channel_id: str = ""
    """Of a thread: the channel that it belongs to."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a model is asked. What is named may be gone later: the ledger still says what it was.

    `channel` counts for budgets, and is not written down.
    """

    purpose: Purpose
    personality_id: UUID
    personality_name: str
    conversation_id: UUID | None = None
    turn_id: UUID | None = None
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """To whom a call is put down, and who pays for it as the plan says."""

    person_id: UUID
    candidate: Candidate
    cause: Cause

    @property
    def key_id(self) -> UUID | None:
        """The key that pays, theirs or a sponsor's; None: the server does."""
        return self.candidate.key_id

    @property
    def sponsor_id(self) -> UUID | None:
        """Who sponsors it; None: nobody."""
        return self.candidate.sponsor_id

    @property
    def payer(self) -> str:
        """Who pays: the person with a key of their own, a sponsor, or else the server."""
        match self.candidate.route:
            case Route.OWN_KEY:
                return "own"
            case Route.SPONSOR:
                return "sponsor"
            case _:
                return "server"

    @property
    def is_heard(self) -> bool:
        """Whether its person listens while it is asked."""
        return self.cause.purpose is Purpose.CHAT


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a call took: `prompt` includes `cached` and `written`, `completion` has `reasoning`.

    `cached` came from the provider's cache, `written` went into it. `cost_micros` is what the
    provider itself said; None: nothing.
    """

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    written: int = 0
    reasoning: int = 0
    estimated: bool = False
    cost_micros: int | None = None


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt as it goes into the ledger, with the price at that time."""

    provider: str
    model: str
    start_time: datetime
    seconds: float
    outcome: str
    tokens: Tokens
    price: Price | None

    @property
    def cost_micros(self) -> int | None:
        """What it cost; None: nobody knows."""
        return cost(self.tokens, self.price)


def cost(took: Tokens, price: Price | None) -> int | None:
    """In micro-dollars; None: nobody knows. What the provider said counts before any price."""
    if took.cost_micros is not None:
        return took.cost_micros
    if took.prompt == took.completion == 0:
        return 0
    return price and price.cost(took.prompt, took.cached, took.completion, written=took.written)


def price_of(speaker: Speaker, known: PriceOf) -> Price | None:
    """What a model costs: on one's own machine nothing."""
    return FREE if speaker.kind in _OWN_MACHINE else known(speaker.kind.value, speaker.model)
