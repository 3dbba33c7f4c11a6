"""Where keys are from, and what a provider's answer says of a key. Pure.

One row a provider: its address, how a key is sent, which request tells most about
it, and the model that speaks with it. An answer's text is never passed on: it may quote the key.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from tzurot.llm.anthropic.model import API_VERSION
from tzurot.llm.providers import (
    ANTHROPIC_MODEL,
    ANTHROPIC_URL,
    OPENAI_MODEL,
    OPENAI_URL,
    OPENROUTER_MODEL,
    OPENROUTER_URL,
)
from tzurot.llm.speaker import SpeakerKind


class Provider(StrEnum):
    """Whose key it is."""

    OPENROUTER = "openrouter"
    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"
    ELEVENLABS = "elevenlabs"
    MISTRAL = "mistral"
    COMPATIBLE = "compatible"


class Verdict(StrEnum):
    """What an answer says of the key."""

    GOOD = "good"
    REJECTED = "rejected"
    LACKS_PERMISSION = "lacks_permission"
    LACKS_CREDIT = "lacks_credit"
    TOO_OFTEN = "too_often"  # of the provider's limits, not of the key
    AWAY = "away"  # it fails
    NO_PROVIDER = "no_provider"  # nothing that answers like one


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def _anthropic(key: str) -> dict[str, str]:
    return {"x-api-key": key, "anthropic-version": API_VERSION}


def _google(key: str) -> dict[str, str]:
    return {"x-goog-api-key": key}


def _elevenlabs(key: str) -> dict[str, str]:
    return {"xi-api-key": key}


@dataclass(frozen=True, slots=True)
class Terms:
    """How a provider is asked. `base_url` is where its models are; None: it has none, or many.

    `model` speaks where nobody names one; `kind` None: no model speaks with its keys yet.
    """

    called: str
    check_url: str
    headers: Callable[[str], Mapping[str, str]] = _bearer
    base_url: str | None = None
    model: str = ""
    kind: SpeakerKind | None = None


TERMS: Mapping[Provider, Terms] = {
    # https://openrouter.ai/docs/api-reference/limits
    Provider.OPENROUTER: Terms(
        "OpenRouter",
        f"{OPENROUTER_URL}/key",
        base_url=OPENROUTER_URL,
        model=OPENROUTER_MODEL,
        kind=SpeakerKind.OPENROUTER,
    ),
    # https://platform.openai.com/docs/api-reference/models/list
    Provider.OPENAI: Terms(
        "OpenAI",
        f"{OPENAI_URL}/models",
        base_url=OPENAI_URL,
        model=OPENAI_MODEL,
        kind=SpeakerKind.OPENAI,
    ),
    # https://platform.claude.com/docs/en/api/models/list: without a limit it lists twenty
    Provider.ANTHROPIC: Terms(
        "Anthropic",
        f"{ANTHROPIC_URL}/models?limit=1000",
        _anthropic,
        base_url=ANTHROPIC_URL,
        model=ANTHROPIC_MODEL,
        kind=SpeakerKind.ANTHROPIC,
    ),
    # https://ai.google.dev/api/models, https://ai.google.dev/gemini-api/docs/openai
    Provider.GEMINI: Terms(
        "Gemini",
        "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000",
        _google,
        base_url="https://generativelanguage.googleapis.com/v1beta/openai",
        model="gemini-2.5-flash",
        kind=SpeakerKind.GEMINI,
    ),
    # https://elevenlabs.io/docs/api-reference/user/get
    Provider.ELEVENLABS: Terms("ElevenLabs", "https://api.elevenlabs.io/v1/user", _elevenlabs),
    # https://docs.mistral.ai/api
    Provider.MISTRAL: Terms(
        "Mistral",
        "https://api.mistral.ai/v1/models",
        base_url="https://api.mistral.ai/v1",
        model="mistral-small-latest",
        kind=SpeakerKind.MISTRAL,
    ),
    Provider.COMPATIBLE: Terms("The address", "", kind=SpeakerKind.COMPATIBLE),
}

# What refusals say, the first that fits: OpenAI's "insufficient_quota", ElevenLabs' and Google's
# words with a status that others give to unknown keys, and what permissions are called.
_REFUSED = frozenset({400, 401, 403})
_REFUSALS: Sequence[tuple[Set[int], str, Verdict]] = (
    ({402}, "", Verdict.LACKS_CREDIT),
    (
        _REFUSED | {429},
        "insufficient_quota|quota_exceeded|credit balance|insufficient credit",
        Verdict.LACKS_CREDIT,
    ),
    (_REFUSED, "api_key_invalid|api key not valid|invalid_api_key|key expired", Verdict.REJECTED),
    (
        {401, 403},
        "permission|scope|service_disabled|service_blocked",
        Verdict.LACKS_PERMISSION,
    ),
    ({401, 403}, "", Verdict.REJECTED),
    ({429}, "", Verdict.TOO_OFTEN),
    (frozenset(range(500, 600)), "", Verdict.AWAY),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered; `seconds` is how long it wants to be left alone, if it says so."""

    status: int
    body: bytes
    seconds: float | None = None


def judged(provider: Provider, answer: Answer) -> Verdict:
    """What an answer to the request of `Terms.check_url` says of the key."""
    told = _json(answer.body)
    if answer.status == 200:
        return _of_success(provider, told)
    words = json.dumps(told).lower()
    fitting = (
        verdict
        for statuses, said, verdict in _REFUSALS
        if answer.status in statuses and re.search(said, words)
    )
    return next(fitting, Verdict.NO_PROVIDER)


def _of_success(provider: Provider, told: object) -> Verdict:
    match provider:
        case Provider.OPENROUTER:
            return _of_openrouter(_field(told, "data"))
        case Provider.COMPATIBLE if not _is_list(_field(told, "data")):
            return Verdict.NO_PROVIDER
        case _:
            return Verdict.GOOD if isinstance(told, dict) else Verdict.NO_PROVIDER


def _of_openrouter(data: object) -> Verdict:
    """Keys that manage others pay for nothing; a key without a limit has none remaining: null."""
    if _field(data, "label") is None:
        return Verdict.NO_PROVIDER
    if _field(data, "is_provisioning_key") is True or _field(data, "is_management_key") is True:
        return Verdict.LACKS_PERMISSION
    left = _field(data, "limit_remaining")
    return Verdict.LACKS_CREDIT if isinstance(left, int | float) and left <= 0 else Verdict.GOOD


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _field(value: object, name: str) -> object:
    return cast("dict[str, object]", value).get(name) if isinstance(value, dict) else None
