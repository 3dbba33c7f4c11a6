"""A model that can speak here, and how the screen names it."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pydantic import SecretStr

from tzurot.llm.streaming import Sampling

_KEYS = "OPENROUTER_API_KEY or OPENAI_API_KEY"
_OWN = "bring a key of your own (`tzurot wallet key add openrouter`)"
_FILE = "a GGUF file in TZUROT_LOCAL_MODEL"


class SpeakerKind(StrEnum):
    """Where a speaker comes from, in the order in which they are preferred."""

    CONFIGURED = "configured"
    OPENROUTER = "openrouter"
    OPENAI = "openai"
    OLLAMA = "ollama"
    GGUF = "gguf"
    BUNDLED = "bundled"
    # With people's own keys alone:
    MISTRAL = "mistral"
    GEMINI = "gemini"
    ANTHROPIC = "anthropic"
    COMPATIBLE = "compatible"


@dataclass(frozen=True, slots=True)
class Speaker:
    """A model and where to ask it.

    `base_url` ends in `/v1` or the like; None for weights that no server runs yet (`local`).
    `context_tokens` is what prompt and reply may take together. `uses_operator_key`: asking it
    spends the operator's money, so the wallet decides for whom. `takes_late_system`: whether system
    messages may stand between others; the chat templates of some open models refuse them there.
    `supports_vision`: whether pictures can be shown to it; None: nobody knows, so that none is.
    `parameters`: what its provider says that it takes; None: it says nothing. `finds_facts`:
    whether it can be asked what people say of themselves; very small ones make that up.
    """

    kind: SpeakerKind
    provider: str
    model: str
    base_url: str | None = None
    api_key: SecretStr | None = None
    weights: Path | None = None
    sampling: Sampling = field(default_factory=Sampling)
    context_tokens: int = 8_192
    supports_tools: bool = True
    supports_vision: bool | None = None
    takes_late_system: bool = True
    finds_facts: bool = True
    uses_operator_key: bool = False
    parameters: frozenset[str] | None = None

    @property
    def who_speaks(self) -> str:
        """One sentence for the screen."""
        match self.kind:
            case SpeakerKind.BUNDLED:
                return f"{self.model} speaks, a very small model that came with this program."
            case SpeakerKind.GGUF:
                return f"{self.model} speaks, from a file on this machine."
            case SpeakerKind.OLLAMA:
                return f"{self.model} speaks, through the Ollama on this machine."
            case _:
                return f"{self.model} speaks, at {self.provider}."

    @property
    def how_better(self) -> str | None:
        """One sentence that says how to get a better model; None where that needs no saying."""
        match self.kind:
            case SpeakerKind.BUNDLED:
                return f"For a better one {_OWN}, set {_KEYS}, start Ollama, or name {_FILE}."
            case SpeakerKind.GGUF | SpeakerKind.OLLAMA:
                return f"For a better one {_OWN}, or set {_KEYS}."
            case _:
                return None
