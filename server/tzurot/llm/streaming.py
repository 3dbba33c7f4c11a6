"""What a language model is asked, and the events it streams back: the words of this package."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Whose words a message holds; the values are those of the chat completions API."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class Reasoning(StrEnum):
    """How much a model is to think before it answers: one scale for all of them."""

    OFF = "off"
    MINIMAL = "minimal"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    MAX = "max"


@dataclass(frozen=True, slots=True)
class Echo:
    """What a provider wants back as it was: thoughts, often signed, in the field they came in."""

    name: str
    value: object = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model asks for a tool; `arguments` is JSON as the model wrote it, valid or not.

    `echo` goes back with it.
    """

    id: str
    name: str
    arguments: str
    echo: Echo | None = None


@dataclass(frozen=True, slots=True)
class SeenPicture:
    """A picture that is shown to a model: a PNG or JPEG, as `media_type` says."""

    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of the prompt.

    `pictures` belong to a user's message, for models that see. `tool_calls` belong to an
    assistant's message; `tool_call_id` to the tool's answer, which has to follow it. Every call
    needs its answer, or providers refuse the request. `echo` is of the thoughts before the calls.
    """

    role: Role
    text: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    pictures: tuple[SeenPicture, ...] = ()
    echo: Echo | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """What the model may call; `parameters` is a JSON schema of type object."""

    name: str
    description: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen.

    In a request, what is None or empty is taken from the speaker's own sampling; what is None there
    too is left to the provider.

    `temperature` 0..2, `top_p` 0..1, `max_tokens` of the reply (≥ 1), at most 4 `stop` sequences.
    `extra` goes into the request as it is: `min_p`, `repeat_penalty`, `dry_multiplier` of llama.cpp
    and its kin.
    """

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    extra: Mapping[str, float] = field(default_factory=dict[str, float])


ParameterValue = float | int | str | tuple[str, ...] | Mapping[str, float]
Parameters = Mapping[str, ParameterValue | None]
"""What somebody set of a request, by the names in `parameters.py`. None: off."""


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question to a model.

    `reasoning`: how much it is to think; None: as much as it does by itself. `answer`: the JSON
    schema that the reply is to fit, for providers that see to it. Others are not told: what comes
    has to be read with care. `may_call`: whether a tool may be called now; it stays known, as calls
    of it were before. `parameters`: what somebody set, in place of `sampling`, but for limit and
    reasoning, which are settled by then. `routing`: what a provider that passes requests on is held
    to; it never goes without.
    """

    messages: tuple[ChatMessage, ...]
    tools: tuple[Tool, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    answer: Mapping[str, object] | None = None
    reasoning: Reasoning | None = None
    may_call: bool = True
    parameters: Parameters = field(default_factory=dict[str, ParameterValue | None])
    routing: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the reply; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """The next piece of what a model thinks before it replies; never part of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallRequested(ToolCall):
    """A tool call, whole; fits into `ChatMessage.tool_calls` as it is."""


class FinishReason(StrEnum):
    """Why a model stopped."""

    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    CONTENT_FILTER = "content_filter"


@dataclass(frozen=True, slots=True)
class ModelFinished:
    """The last event of a stream. Token counts are 0 where unknown.

    `completion_tokens` includes `reasoning_tokens`, `prompt_tokens` includes `cached_tokens` and
    `cache_write_tokens`, which the provider keeps from now on and may charge more for.
    `estimated`: the provider reported no usage, so prompt and completion are `tokens.estimate`.
    `cost_micros`: what the provider says that the call cost, in micro-dollars; None: it does not.
    `echo`: what goes back with the tools' answers.
    """

    reason: FinishReason
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    estimated: bool = False
    cost_micros: int | None = None
    echo: Echo | None = None


StreamEvent = TextDelta | ReasoningDelta | ToolCallRequested | ModelFinished
