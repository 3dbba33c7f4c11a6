"""What a provider's error means: the `openai` client's exceptions become this product's errors.

A provider's own text never goes into an error or the trace: it may quote the prompt or the key.
"""

import re
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import cast

import openai

from tzurot import clock
from tzurot.errors import (
    ApiKeyRejected,
    ContextTooSmall,
    DataPolicyUnmet,
    ModelNotFound,
    ProviderQuota,
    ProviderTimeout,
    ProviderUnavailable,
)
from tzurot.llm.fallback import AttemptFailed

# As OpenAI's own clients do it: time out, lock, rate limit; and server errors.
_AGAIN = frozenset({408, 409, 429})
# Codes and words by which providers tell what HTTP statuses don't:
# https://platform.openai.com/docs/guides/error-codes and llama.cpp's server
_OUT_OF_MONEY = "insufficient_quota"
# In an attempt's outcome; the last one is Anthropic's.
_SPENT = ("HTTP 402", _OUT_OF_MONEY, "billing_error")
_CONTEXT = re.compile(
    r"context_length_exceeded|exceed_context_size|context (length|window|size)|maximum context"
)
_MODEL = re.compile(r"model_not_found|not a valid model|model .*(not found|does not exist)")
# OpenRouter, of a demand in the request or in its own privacy settings:
# https://openrouter.ai/docs/features/privacy-and-logging
_POLICY = re.compile(r"data policy|data retention|zdr")
_LONGEST_WAIT = 24 * 3600.0  # seconds; more is said by nobody who means it
_CODE = re.compile(r"[a-z0-9_]{1,40}")


def failed(error: Exception, provider: str, model: str) -> AttemptFailed:
    """What `error`, raised by the client library for this provider, comes to."""
    match error:
        case openai.APITimeoutError():  # only the connection has a time limit of the library's
            return AttemptFailed(ProviderUnavailable(provider), "connect timeout", again=True)
        case openai.APIConnectionError():
            return AttemptFailed(ProviderUnavailable(provider), "connection failed", again=True)
        case openai.APIStatusError():
            wait = retry_after(error.response.headers.get("retry-after"))
            return _refused(error, error.status_code, wait, provider, model)
        case openai.APIError():  # told inside the stream, after status 200
            return _refused(error, _status_in(error.body), None, provider, model)
        case _:
            return AttemptFailed(ProviderUnavailable(provider), "unreadable stream")


def lacks_credit(outcome: str) -> bool:
    """Whether an attempt ended, by its outcome, because who pays for it has nothing left."""
    return any(it in outcome for it in _SPENT)


def _refused(
    error: openai.APIError, status: int, wait: float | None, provider: str, model: str
) -> AttemptFailed:
    code = str(error.code or error.type or "")
    text = f"{code} {error.message}".lower()
    again = status in _AGAIN or status >= 500
    match status:
        case 400 | 404 if _POLICY.search(text):
            meaning = DataPolicyUnmet(provider, model)
        case 402 | 429:
            meaning = ProviderQuota(provider, timedelta(seconds=wait) if wait else None)
            again = again and code != _OUT_OF_MONEY
        case 401 | 403:
            meaning = ApiKeyRejected(provider)
        case 408:
            meaning = ProviderTimeout(provider)
        case 400 | 413 | 422 if status == 413 or _CONTEXT.search(text):
            meaning = ContextTooSmall(model)
        case 400 | 404 if status == 404 or _MODEL.search(text):
            meaning = ModelNotFound(provider, model)
        case _:
            meaning = ProviderUnavailable(provider)
    known_code = f" {code}" if _CODE.fullmatch(code) and not code.isdigit() else ""
    return AttemptFailed(meaning, f"HTTP {status}{known_code}", again=again, wait=wait)


def _status_in(body: object) -> int:
    """The HTTP status that an error inside a stream names; 500 if none."""
    code = cast("dict[str, object]", body).get("code") if isinstance(body, dict) else None
    return code if isinstance(code, int) and 400 <= code <= 599 else 500


def retry_after(header: str | None) -> float | None:
    """Seconds to wait by RFC 9110 §10.2.3, a number or a date; None if absent or unreadable."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            moment = parsedate_to_datetime(header)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # "-0000"
        seconds = (moment - clock.now()).total_seconds()
    return min(max(0.0, seconds), _LONGEST_WAIT)
