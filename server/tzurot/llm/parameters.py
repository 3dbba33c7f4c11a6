"""What can be set of a request besides its words: what each can be, and who knows it. Pure.

Ranges are those of OpenRouter (https://openrouter.ai/docs/api_reference/parameters), the widest
of those published. Three things can be said of each: nothing, so that this server's own value is
sent, if it has one; a value, which is sent as it is; off, so that none is sent and the provider's
own counts. What a model is known not to know is not sent. docs/reference/advanced-parameters.md
is written from here.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from tzurot.llm import reasoning
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import Parameters, ParameterValue, Reasoning

MAX_TEXTS = 4  # stop sequences: https://platform.openai.com/docs/api-reference/chat/create
MAX_TEXT = 64  # characters of one
MAX_BIASES = 300  # tokens that are made likelier or less likely: what Azure's OpenAI takes


class Kind(StrEnum):
    """What a value looks like."""

    RATIO = "ratio"
    WHOLE = "whole"
    CHOICE = "choice"
    TEXTS = "texts"
    BIASES = "biases"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing to set. The range counts both of its ends."""

    name: str
    summary: str
    kind: Kind
    minimum: float = 0
    maximum: float = 0
    choices: tuple[str, ...] = ()
    can_be_off: bool = True

    @property
    def range(self) -> str:
        """What it can be, in words that go on after "must be"."""
        match self.kind:
            case Kind.RATIO:
                words = f"a number from {self.minimum:g} to {self.maximum:g}"
            case Kind.WHOLE:
                words = f"a whole number from {self.minimum:.0f} to {self.maximum:.0f}"
            case Kind.CHOICE:
                words = f"one of {', '.join(self.choices)}"
            case Kind.TEXTS:
                words = f"1 to {MAX_TEXTS} texts of at most {MAX_TEXT} characters"
            case Kind.BIASES:
                words = (
                    f"numbers from {self.minimum:g} to {self.maximum:g} by ids of tokens, at most"
                    f" {MAX_BIASES}"
                )
        return words

    def fitted(self, value: object) -> ParameterValue | None:
        """A value as it is kept; None: it can't be this."""
        match self.kind:
            case Kind.RATIO:
                return self._number(value)
            case Kind.WHOLE:
                number = self._number(value)
                return int(number) if number is not None and number == int(number) else None
            case Kind.CHOICE:
                return value if isinstance(value, str) and value in self.choices else None
            case Kind.TEXTS:
                return _texts(value)
            case Kind.BIASES:
                return self._biases(value)

    def _number(self, value: object) -> float | None:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            return None
        return value if self.minimum <= value <= self.maximum else None

    def _biases(self, value: object) -> Mapping[str, float] | None:
        if (
            not isinstance(value, Mapping)
            or not 0 < len(cast("Mapping[str, object]", value)) <= MAX_BIASES
        ):
            return None
        biases = {
            str(token): self._number(bias)
            for token, bias in cast("Mapping[str, object]", value).items()
        }
        if not all(_is_token(token) for token in biases):
            return None
        kept = {token: bias for token, bias in biases.items() if bias is not None}
        return kept if len(kept) == len(biases) else None


PARAMETERS = (  # by name
    Parameter(
        "frequency_penalty",
        "Makes words less likely the more often they were used; below 0 likelier.",
        Kind.RATIO, -2, 2,
    ),
    Parameter(
        "logit_bias", "Makes tokens likelier, or less likely: -100 forbids one.",
        Kind.BIASES, -100, 100,
    ),
    Parameter(
        "max_tokens", "Tokens of a reply at most.",
        Kind.WHOLE, 16, 32_768, can_be_off=False,
    ),
    Parameter(
        "min_p", "Leaves out tokens that are less likely than this share of the likeliest.",
        Kind.RATIO, 0, 1,
    ),
    Parameter(
        "presence_penalty", "Makes words less likely that were used at all; below 0 likelier.",
        Kind.RATIO, -2, 2,
    ),
    Parameter(
        "reasoning", "How much the model thinks before it answers; off: as little as it can.",
        Kind.CHOICE, choices=tuple(Reasoning), can_be_off=False,
    ),
    Parameter(
        "repetition_penalty", "Makes words less likely that were there before; 1 does nothing.",
        Kind.RATIO, 0, 2,
    ),
    Parameter(
        "seed", "Makes the same prompt give the same reply, where a provider can.",
        Kind.WHOLE, -(2**31), 2**31 - 1,
    ),
    Parameter("stop", "Ends the reply before one of these texts.", Kind.TEXTS),
    Parameter(
        "temperature", "How much chance there is in the choice of words: 0 takes the likeliest.",
        Kind.RATIO, 0, 2,
    ),
    Parameter(
        "top_a", "Leaves out what is unlikely beside the likeliest, by the square of that.",
        Kind.RATIO, 0, 1,
    ),
    Parameter("top_k", "Leaves all but so many tokens out; 0: none.", Kind.WHOLE, 0, 1_000),
    Parameter(
        "top_p", "Leaves out the least likely tokens beyond this share of all.", Kind.RATIO, 0, 1
    ),
    Parameter(
        "verbosity", "How much the model says.", Kind.CHOICE, choices=("low", "medium", "high")
    ),
)  # fmt: skip

BY_NAME: Mapping[str, Parameter] = {it.name: it for it in PARAMETERS}

# Settled before a request is made: with the room that the prompt leaves, and by model family.
_SETTLED_BEFORE = frozenset({"max_tokens", "reasoning"})

_BEYOND_OPENAI = frozenset({"top_k", "min_p", "top_a", "repetition_penalty"})
# What is not among the fields that a provider publishes. Whoever is not here is asked, and what it
# refuses is left out.
_UNKNOWN: Mapping[SpeakerKind, frozenset[str]] = {
    # https://platform.openai.com/docs/api-reference/chat/create
    SpeakerKind.OPENAI: _BEYOND_OPENAI,
    # https://platform.claude.com/docs/en/api/versioning: no sampling since 2026-10-21
    SpeakerKind.ANTHROPIC: _BEYOND_OPENAI
    | {
        "frequency_penalty",
        "logit_bias",
        "presence_penalty",
        "seed",
        "temperature",
        "top_p",
        "verbosity",
    },
    # https://docs.mistral.ai/api/#tag/chat
    SpeakerKind.MISTRAL: _BEYOND_OPENAI | {"logit_bias", "verbosity"},
    # https://ai.google.dev/gemini-api/docs/openai
    SpeakerKind.GEMINI: _BEYOND_OPENAI | {"logit_bias", "verbosity"},
    # https://docs.ollama.com/api/openai-compatibility
    SpeakerKind.OLLAMA: _BEYOND_OPENAI | {"logit_bias", "verbosity"},
    # https://github.com/ggml-org/llama.cpp/tree/master/tools/server
    SpeakerKind.GGUF: frozenset({"top_a", "verbosity"}),
    SpeakerKind.BUNDLED: frozenset({"top_a", "verbosity"}),
}
_NAMED: Mapping[SpeakerKind, Mapping[str, str]] = {
    SpeakerKind.ANTHROPIC: {"stop": "stop_sequences"},
    SpeakerKind.MISTRAL: {"seed": "random_seed"},
    SpeakerKind.GGUF: {"repetition_penalty": "repeat_penalty"},
    SpeakerKind.BUNDLED: {"repetition_penalty": "repeat_penalty"},
}
FIELDS = frozenset(
    {it.name for it in PARAMETERS} - _SETTLED_BEFORE | {"random_seed", "repeat_penalty"}
)
"""What a request has of them, by the names of the wire."""


def over(speaker: Speaker, usual: Mapping[str, object], wanted: Parameters) -> dict[str, object]:
    """What is sent: the server's own values `usual`, with what is set in their place."""
    sent = dict(usual)
    unknown = frozenset(not_known(speaker, wanted))
    names = _NAMED.get(speaker.kind, {})
    for name, value in wanted.items():
        if name in _SETTLED_BEFORE:
            continue
        field = names.get(name, name)
        if value is None:
            sent.pop(field, None)
        elif name not in unknown:
            sent[field] = list(value) if isinstance(value, tuple) else value
    return sent


def fields(speaker: Speaker, wanted: Parameters) -> frozenset[str]:
    """What a request has of what is set, by the names of the wire."""
    names = _NAMED.get(speaker.kind, {})
    return frozenset(names.get(name, name) for name in wanted)


def not_known(speaker: Speaker, wanted: Parameters) -> Sequence[str]:
    """What is set, but not sent to a model that is known not to know it; by name.

    A limit of the reply is kept to whoever knows it.
    """
    return sorted(
        name
        for name, value in wanted.items()
        if value is not None and name != "max_tokens" and not _knows(speaker, name)
    )


def _knows(speaker: Speaker, name: str) -> bool:
    """Whether a model takes a parameter, as far as is known; in doubt it does."""
    if speaker.parameters is not None:
        return name in speaker.parameters
    if name == "reasoning":
        return reasoning.family_of(speaker) is not None
    return name not in _UNKNOWN.get(speaker.kind, ())


def read(stored: Mapping[str, object]) -> Parameters:
    """What was stored, without what can't be any more."""
    found: dict[str, ParameterValue | None] = {}
    for name, value in stored.items():
        parameter = BY_NAME.get(name)
        if parameter is None:
            continue
        if value is None:
            if parameter.can_be_off:
                found[name] = None
        elif (fitted := parameter.fitted(value)) is not None:
            found[name] = fitted
    return found


def shown(value: ParameterValue | None) -> str:
    """A value as people read and type it."""
    match value:
        case None:
            return "off"
        case str():
            return value
        case tuple():
            return ", ".join(value)
        case Mapping():
            return ", ".join(f"{token}: {bias:g}" for token, bias in value.items())
        case _:
            return f"{value:.12g}"


def _texts(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list | tuple):
        return None
    texts = cast("Sequence[object]", value)
    if not 0 < len(texts) <= MAX_TEXTS:
        return None
    kept = tuple(it for it in texts if isinstance(it, str) and 0 < len(it) <= MAX_TEXT)
    return kept if len(kept) == len(texts) else None


def _is_token(text: str) -> bool:
    """Whether it is the id of a token: a whole number."""
    return text.isascii() and text.isdecimal() and len(text) <= 9
