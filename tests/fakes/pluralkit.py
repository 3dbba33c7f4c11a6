"""PluralKit's API for tests: two operations over a real socket, on a loopback port.

Its fields are those of the vendor's "Models" (message, system, member), its limit and its refusals
those of the "API Reference": https://pluralkit.me/api
"""

import asyncio
import ssl
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

PER_SECOND = 10  # requests
SYSTEM_NOT_FOUND, MESSAGE_NOT_FOUND, FRONTERS_HIDDEN = 20001, 20006, 30004  # PluralKit "Errors"
_UUID = "6b1f1c5e-5d1e-4a9e-8d53-1f0ad6f2b0c7"


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
    fronts: dict[str, list[dict[str, Any]] | None] = field(
        default_factory=dict[str, list[dict[str, Any]] | None]
    )
    """Who fronts, by accounts; None: the system keeps it to itself."""
    asked_about: list[str] = field(default_factory=list[str])
    """Accounts, once each time it was asked who fronts there."""
    going_on: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is not set, nobody is told who fronts."""
    _messages: dict[int, dict[str, Any]] = field(default_factory=dict[int, dict[str, Any]])
    _times: list[float] = field(default_factory=list[float])

    @classmethod
    @asynccontextmanager
    async def start(cls, trust: ssl.SSLContext | None = None) -> AsyncGenerator[Self]:
        """Over TLS if there is a certificate to show."""
        fake = cls()
        fake.going_on.set()
        application = web.Application()
        application.router.add_get("/v2/messages/{id}", fake._message)
        application.router.add_get("/v2/systems/{account}/fronters", fake._fronters)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=trust).start()
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
            "member": None if member is None else member_of(member, shown_as),
        }

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.base.rpartition(":")[2])

    async def _message(self, request: web.Request) -> web.Response:
        message_id = int(request.match_info["id"])
        self.asked.append(message_id)
        if refusal := self._refusal(request):
            return refusal
        if self.late or message_id not in self._messages:
            self.late = max(0, self.late - 1)
            body = {"message": "Message not found.", "code": MESSAGE_NOT_FOUND}
            return web.json_response(body, status=404)
        return web.json_response(self._messages[message_id])

    async def _fronters(self, request: web.Request) -> web.Response:
        account = request.match_info["account"]
        self.asked_about.append(account)
        await self.going_on.wait()
        if refusal := self._refusal(request):
            return refusal
        if account not in self.fronts:
            body = {"message": "System not found.", "code": SYSTEM_NOT_FOUND}
            return web.json_response(body, status=404)
        members = self.fronts[account]
        if members is None:
            body = {"message": "Unauthorized to view fronters.", "code": FRONTERS_HIDDEN}
            return web.json_response(body, status=403)
        if not members:
            return web.Response(status=204)
        switch = {"id": _UUID, "timestamp": "2026-01-01T00:00:00Z", "members": members}
        return web.json_response(switch)

    def _refusal(self, request: web.Request) -> web.Response | None:
        agent = request.headers.get("User-Agent", "")
        self.agents.add(agent)
        if self.failing is not None:
            return web.json_response({"message": "", "code": 0}, status=self.failing)
        if not agent:
            return web.json_response({"message": "no user agent", "code": 0}, status=400)
        if self._too_many():
            return web.json_response({"message": "429: too many requests", "code": 0}, status=429)
        return None

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


def member_of(name: str, shown_as: str | None = None) -> dict[str, Any]:
    """A member as everybody may see it."""
    return {
        "id": name.lower()[:5],
        "uuid": _UUID,
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
