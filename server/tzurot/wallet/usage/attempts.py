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
class Cause:
    """Why a model is asked. What is named may be gone later: the ledger still says what it was."""

    purpose: Purpose
    personality_id: UUID
    personality_name: str
    conversation_id: UUID | None = None
    turn_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """To whom a call is put down, and who pays for it as the plan says."""

    person_id: UUID
    candidate: Candidate
    cause: Cause

    @property
    def key_id(self) -> UUID | None:
        """Their own key that pays; None: the server does."""
        return self.candidate.key_id

    @property
    def payer(self) -> str:
        """Who pays: the person with a key of their own, or else the server."""
        return "own" if self.candidate.route is Route.OWN_KEY else "server"

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
        """What it cost; None: nobody knows. What the provider said counts before any price."""
        took = self.tokens
        if took.cost_micros is not None:
            return took.cost_micros
        if took.prompt == took.completion == 0:
            return 0
        if self.price is None:
            return None
        return self.price.cost(took.prompt, took.cached, took.completion, written=took.written)


def price_of(speaker: Speaker, known: PriceOf) -> Price | None:
    """What a model costs: on one's own machine nothing."""
    return FREE if speaker.kind in _OWN_MACHINE else known(speaker.kind.value, speaker.model)
