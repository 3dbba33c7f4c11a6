"""What Anthropic's errors mean. Pure.

https://platform.claude.com/docs/en/api/errors. Its own text never goes into an error or the trace:
it may quote the prompt.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import cast

from tzurot.errors import (
    ApiKeyRejected,
    ContextTooSmall,
    ModelNotFound,
    ProviderQuota,
    ProviderTimeout,
    ProviderUnavailable,
)
from tzurot.llm.fallback import AttemptFailed

# What an error inside a stream would have been as an answer.
_STATUSES: Mapping[str, int] = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "conflict_error": 409,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
_AGAIN = frozenset({408, 409, 429})  # and server errors
# Of a status 400, what its words alone say.
_SPENT = re.compile(r"credit balance|usage limit|spend limit")
_CONTEXT = re.compile(r"prompt is too long|exceeds? (the )?context|context (window|limit)")
_REASONING = re.compile(r"thinking|effort|budget_tokens")
_SCHEMA = re.compile(r"output_config|output_format|structured|schema")
_KIND = re.compile(r"[a-z_]{1,40}")
_BILLING = "billing_error"  # as `lacks_credit` of llm/refusals knows it


class Refused(Exception):
    """Anthropic answered with an error of this `kind`; `wait` in seconds, if it says how long."""

    def __init__(self, status: int, kind: str, words: str, wait: float | None) -> None:
        self.status = status
        self.kind = kind
        self.words = words
        self.wait = wait
        super().__init__(f"HTTP {status} {kind}")


def read(told: object, *, status: int | None = None, wait: float | None = None) -> Refused:
    """An error as it came: as an answer with this status, or without one inside a stream."""
    error = _field(told, "error")
    kind = str(_field(error, "type") or "")
    words = str(_field(error, "message") or "").lower()
    return Refused(status or _STATUSES.get(kind, 500), kind, words, wait)


def meaning(refused: Refused, provider: str, model: str) -> AttemptFailed:
    """The same in this product's words."""
    status, kind, wait = refused.status, refused.kind, refused.wait
    again = status in _AGAIN or status >= 500
    match status:
        case 402:
            error = ProviderQuota(provider)
        case 400 if _SPENT.search(refused.words):
            error, kind = ProviderQuota(provider), _BILLING
        case 429:
            error = ProviderQuota(provider, timedelta(seconds=wait) if wait else None)
        case 401 | 403:
            error = ApiKeyRejected(provider)
        case 404:
            error = ModelNotFound(provider, model)
        case 408 | 504:
            error = ProviderTimeout(provider)
        case 400 | 413 if status == 413 or _CONTEXT.search(refused.words):
            error = ContextTooSmall(model)
        case _:
            error = ProviderUnavailable(provider)
    known = f" {kind}" if _KIND.fullmatch(kind) else ""
    return AttemptFailed(error, f"HTTP {status}{known}", again=again, wait=wait)


def of_reasoning(refused: Refused) -> bool:
    """Whether a model will not be told how much to think in this way."""
    return refused.status == 400 and _REASONING.search(refused.words) is not None


def of_schema(refused: Refused) -> bool:
    """Whether a model knows no schema of an answer, or not this one."""
    return refused.status == 400 and _SCHEMA.search(refused.words) is not None


def _field(value: object, name: str) -> object:
    return cast("dict[str, object]", value).get(name) if isinstance(value, dict) else None
