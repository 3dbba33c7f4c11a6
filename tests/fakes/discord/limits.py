"""Rate limits: a window per bucket, the five headers on every reply, and an honest 429."""

import time
from dataclasses import dataclass
from hashlib import sha256

from tests.fakes.discord.platform import GENEROUS, Bucket, Terms
from tests.fakes.discord.wire import Reply, Request

SECRET = ("webhook_id", "webhook_token")
MAJOR = ("channel_id", "webhook_id", "application_id")  # parameters that make a bucket of their own


@dataclass(slots=True)
class Window:
    ends: float
    used: int = 0


class Limits:
    """Counts requests by bucket."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._windows: dict[str, Window] = {}

    def admit(self, request: Request) -> tuple[dict[str, str], Reply | None]:
        """The headers for this request's reply, and the 429 that replaces it if it is too many."""
        key, bucket = self._bucket(request)
        now = time.monotonic()
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            window = self._windows[key] = Window(now + bucket.seconds)
        window.used += 1
        left = window.ends - now
        headers = {
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(max(0, bucket.limit - window.used)),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": sha256(key.encode()).hexdigest()[:32],
        }
        return headers, too_many(left) if window.used > bucket.limit else None

    def _bucket(self, request: Request) -> tuple[str, Bucket]:
        """Executing a webhook and editing its messages draw on one bucket per webhook."""
        if "webhook_token" in request.path and request.method in ("POST", "PATCH"):
            return " ".join(request.path[name] for name in SECRET), self._terms.webhook_bucket
        major = [request.path[name] for name in MAJOR if name in request.path]
        return " ".join([request.method, request.template, *major]), GENEROUS


def too_many(retry_after: float) -> Reply:
    """429 as the API sends it.

    Without `Via` discord.py takes it for a Cloudflare ban and gives up at once.
    """
    body = {
        "message": "You are being rate limited.",
        "retry_after": round(retry_after, 3),
        "global": False,
    }
    headers = {"Via": "1.1 google", "Retry-After": f"{retry_after:.0f}"}
    return Reply(429, body, headers | {"X-RateLimit-Scope": "user"})
