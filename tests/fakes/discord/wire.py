"""The words that cross the wire: JSON, snowflakes, one recorded request, its reply, an error."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

Json = dict[str, Any]  # one decoded JSON object; its shape is the vendor schema's business

DISCORD_EPOCH = 1_420_070_400_000  # ms, the first second of 2015; Discord "Snowflakes"


class Snowflakes:
    """Issues ids as Discord does: 42 bits of milliseconds, then a counter; strictly rising."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        now = (time.time_ns() // 1_000_000 - DISCORD_EPOCH) << 22
        self._last = max(now, self._last + 1)
        return self._last


def inner(body: Json, name: str) -> Json:
    """The object at `name`; empty where it is absent or null."""
    return body.get(name) or {}


def items(body: Json, name: str) -> list[Any]:
    """The list at `name`; empty where it is absent or null."""
    return body.get(name) or []


@dataclass(frozen=True, slots=True)
class File:
    """One uploaded file of a multipart request."""

    filename: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class Request:
    """One REST request as it arrived; `status` is None until it has been answered."""

    method: str
    template: str
    """The operation's path as the vendor writes it, `/channels/{channel_id}/messages`."""
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    json: Any = None
    """The JSON body, or a multipart request's `payload_json`."""
    files: Mapping[str, File] = field(default_factory=dict[str, File])
    """By form field name, `files[0]`."""
    time: float = field(default_factory=time.monotonic)
    """Seconds, `time.monotonic()` on arrival."""
    status: int | None = None

    @property
    def body(self) -> Json:
        """The JSON body as an object; empty if there is none."""
        decoded: object = self.json
        return cast("Json", decoded) if isinstance(decoded, dict) else {}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the fake answers; a body of None sends none."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


NO_CONTENT = Reply(204)


class ApiError(Exception):
    """A refusal with Discord's own code (Discord "JSON Error Codes")."""

    def __init__(self, status: int, code: int, message: str, **fields: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.fields = status, code, message, fields

    def reply(self) -> Reply:
        body: Json = {"code": self.code, "message": self.message}
        if self.fields:
            body["errors"] = {
                name: {"_errors": [{"code": "INVALID", "message": text}]}
                for name, text in self.fields.items()
            }
        return Reply(self.status, body)


def unknown(thing: str, code: int) -> ApiError:
    """404 with one of the "Unknown …" codes 10001 to 10099."""
    return ApiError(404, code, f"Unknown {thing}")


def invalid(**fields: str) -> ApiError:
    """400 "Invalid Form Body", naming each offending field."""
    return ApiError(400, 50035, "Invalid Form Body", **fields)


def utc_now() -> datetime:
    """The fake's own clock: another company's, so it shares none with the product."""
    return datetime.now(UTC)
