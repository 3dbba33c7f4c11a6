"""PluralKit's API for tests: one operation over a real socket, on a loopback port.

Its fields are those of the vendor's "Models" (message, system, member), its limit and its refusals
those of the "API Reference": https://pluralkit.me/api
"""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

PER_SECOND = 10  # requests
MESSAGE_NOT_FOUND = 20006  # PluralKit "Errors"


@dataclass
class FakePluralKit:
    """Knows what it was told with `knows`. Use `start`."""

    base: str = ""
    failing: int | None = None
    """A status that everything is answered with."""
    late: int = 0
    """So many requests more are answered as if the message was not stored yet."""
    asked: list[int] = field(default_factory=list[int])
    agents: set[str] = field(default_factory=set[str])
    _messages: dict[int, dict[str, Any]] = field(default_factory=dict[int, dict[str, Any]])
    _times: list[float] = field(default_factory=list[float])

    @classmethod
    @asynccontextmanager
    async def start(cls) -> AsyncGenerator[Self]:
        fake = cls()
        application = web.Application()
        application.router.add_get("/v2/messages/{id}", fake._message)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            fake.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield fake
        finally:
            await runner.cleanup()

    def knows(
        self, copy: int, original: int, sender: int, member: str | None, shown_as: str | None = None
    ) -> None:
        """It has said the original's words once more; None: the member was deleted since."""
        system = None if member is None else _system()
        self._messages[copy] = {
            "timestamp": "2026-01-01T00:00:00Z",
            "id": str(copy),
            "original": str(original),
            "sender": str(sender),
            "channel": "1",
            "guild": "2",
            "system": system,
            "member": None if member is None else _member(member, shown_as),
        }

    async def _message(self, request: web.Request) -> web.Response:
        agent = request.headers.get("User-Agent", "")
        self.agents.add(agent)
        message_id = int(request.match_info["id"])
        self.asked.append(message_id)
        if self.failing is not None:
            return web.json_response({"message": "", "code": 0}, status=self.failing)
        if not agent:
            return web.json_response({"message": "no user agent", "code": 0}, status=400)
        if self._too_many():
            return web.json_response({"message": "429: too many requests", "code": 0}, status=429)
        if self.late or message_id not in self._messages:
            self.late = max(0, self.late - 1)
            body = {"message": "Message not found.", "code": MESSAGE_NOT_FOUND}
            return web.json_response(body, status=404)
        return web.json_response(self._messages[message_id])

    def _too_many(self) -> bool:
        now = time.monotonic()
        self._times = [*(one for one in self._times if one > now - 1.0), now]
        return len(self._times) > PER_SECOND


def _system() -> dict[str, Any]:
    return {
        "id": "stars",
        "uuid": "2f6ff4f6-0c3b-4d7c-9d5b-7d0c7e9b2a11",
        "name": "The Stars",
        "description": None,
        "tag": "| Stars",
        "pronouns": None,
        "avatar_url": None,
        "banner": None,
        "color": None,
        "created": None,
        "privacy": None,
    }


def _member(name: str, shown_as: str | None) -> dict[str, Any]:
    return {
        "id": name.lower()[:5],
        "uuid": "6b1f1c5e-5d1e-4a9e-8d53-1f0ad6f2b0c7",
        "name": name,
        "display_name": shown_as,
        "color": None,
        "birthday": None,
        "pronouns": None,
        "avatar_url": None,
        "webhook_avatar_url": None,
        "banner": None,
        "description": None,
        "created": None,
        "proxy_tags": [],
        "keep_proxy": False,
        "tts": False,
        "autoproxy_enabled": None,
        "message_count": None,
        "last_message_timestamp": None,
        "privacy": None,
    }
