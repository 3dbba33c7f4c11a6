"""An internet with nothing but the providers whose keys people bring: over TLS, on loopback.

    async with FakeInternet.open(folder) as internet:
        internet.knows("sk-or-v1-…")
        ...  # the server is built with internet.fetcher
        assert internet.seen[0].headers["Authorization"] == "Bearer sk-or-v1-…"

Bodies are those that the providers publish or send; each asks for its key as it does in life.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpcore2
from aiohttp import web

from tests.fakes.anthropic import SPENT, FakeAnthropic, Refusal, refused
from tests.fakes.provider import FakeProvider, openrouter_model
from tests.fetching.conftest import PUBLIC, Authority
from tzurot.fetching import fetcher
from tzurot.fetching.fetcher import Fetcher

OPENROUTER, OPENAI, ANTHROPIC = "openrouter.ai", "api.openai.com", "api.anthropic.com"
GEMINI, ELEVENLABS = "generativelanguage.googleapis.com", "api.elevenlabs.io"
MISTRAL, OWN = "api.mistral.ai", "llm.example.org"
HOSTS = (OPENROUTER, OPENAI, ANTHROPIC, GEMINI, ELEVENLABS, MISTRAL, OWN)
INTRANET = "intranet.example.org"  # a name that leads into a private network

_HEADERS = {ANTHROPIC: "x-api-key", GEMINI: "x-goog-api-key", ELEVENLABS: "xi-api-key"}


class Standing(StrEnum):
    """How a provider takes a key."""

    GOOD = "good"
    UNKNOWN = "unknown"
    LIMITED = "limited"  # may not do what is asked
    SPENT = "spent"
    SILENT = "silent"  # no answer comes
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Seen:
    """A request, as it came."""

    host: str
    path: str
    headers: Mapping[str, str]


@dataclass
class FakeInternet:
    """See the module."""

    fetcher: Fetcher
    model: FakeProvider
    claude: FakeAnthropic
    standings: dict[str, Standing] = field(default_factory=dict[str, Standing])
    seen: list[Seen] = field(default_factory=list[Seen])
    all_good: bool = False
    """Whether keys that nobody told of are known to all."""
    moved: set[str] = field(default_factory=set[str])
    """Names that lead into a private network by now."""

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path, *, all_good: bool = False) -> AsyncGenerator[Self]:
        """Serve until the block is left; `folder` takes certificates."""
        authority = Authority(folder)
        ports: list[int] = []
        moved: set[str] = set()

        async def resolve(name: str) -> list[str]:
            if name == INTRANET or name in moved:
                return ["10.0.0.5"]
            if name not in HOSTS:
                raise OSError(f"no {name}")
            return [PUBLIC]

        async def connect(address: str, port: int) -> httpcore2.AsyncNetworkStream:
            assert (address, port) == (PUBLIC, 443)
            return await fetcher.connect("127.0.0.1", ports[0])

        trust = ssl.create_default_context(cafile=authority.file)
        way = Fetcher(resolve=resolve, connect=connect, ssl_context=trust)
        async with FakeProvider.start() as model:
            claude = FakeAnthropic()
            fake = cls(way, model, claude, all_good=all_good, moved=moved)
            application = web.Application()
            application.router.add_route("*", "/{path:.*}", fake._answer)
            runner = web.AppRunner(
                application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
            )
            await runner.setup()
            try:
                certified = authority.server(*HOSTS)
                await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=certified).start()
                ports.append(runner.addresses[0][1])
                yield fake
            finally:
                await runner.cleanup()

    def knows(self, key: str, standing: Standing = Standing.GOOD) -> None:
        """All providers know this key, and take it so."""
        self.standings[key] = standing

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        host = request.host
        self.seen.append(Seen(host, request.path, dict(request.headers)))
        key = request.headers.get(_HEADERS.get(host, "Authorization"), "")
        talks = request.path.endswith("/chat/completions")
        if talks:
            key = request.headers.get("Authorization", "")
        unknown = Standing.GOOD if self.all_good else Standing.UNKNOWN
        standing = self.standings.get(key.removeprefix("Bearer "), unknown)
        if standing is Standing.SILENT:
            await asyncio.Event().wait()
        if standing is Standing.FAILING:
            return web.Response(status=502, text=f"upstream of {key} is down")
        if talks:
            return await self._talk(request, host, standing)
        if host == ANTHROPIC:
            if refusal := _REFUSED_BY_ANTHROPIC.get(standing):
                return refused(refusal)
            asks = request.path == "/v1/messages"
            return await (self.claude.messages if asks else self.claude.list_models)(request)
        return _ANSWERS[host](request.path, key.removeprefix("Bearer "), standing)

    async def _talk(
        self, request: web.Request, host: str, standing: Standing
    ) -> web.StreamResponse:
        match standing:
            case Standing.GOOD:
                return await self.model.chat_completions(request)
            case Standing.SPENT if host == OPENROUTER:
                return _told(402, {"error": {"message": "Insufficient credits", "code": 402}})
            case Standing.SPENT:
                error = {"message": "You exceeded your current quota", "type": "insufficient_quota"}
                return _told(429, {"error": error | {"code": "insufficient_quota"}})
            case Standing.LIMITED:
                return _told(403, {"error": {"message": "Missing scopes: model.request"}})
            case _:
                return _told(401, {"error": {"message": "User not found.", "code": 401}})


def _openrouter(path: str, key: str, standing: Standing) -> web.Response:
    """https://openrouter.ai/docs/api-reference/limits."""
    if path == "/api/v1/models":  # for everybody
        listed = {"id": "some/model", "canonical_slug": "some/model", "created": 1_700_000_000}
        return _told(200, {"data": [listed | openrouter_model("Some: Model")]})
    assert path == "/api/v1/key"
    if standing is Standing.UNKNOWN:
        return _told(401, {"error": {"message": "User not found.", "code": 401}})
    data = {
        "label": f"{key[:12]}...{key[-3:]}",
        "limit": 5,
        "usage": 5 if standing is Standing.SPENT else 1.25,
        "limit_remaining": 0 if standing is Standing.SPENT else 3.75,
        "is_free_tier": False,
        "is_provisioning_key": standing is Standing.LIMITED,
        "rate_limit": {"requests": -1, "interval": "10s"},
    }
    return _told(200, {"data": data})


def _openai(path: str, key: str, standing: Standing) -> web.Response:
    """https://platform.openai.com/docs/guides/error-codes."""
    assert path == "/v1/models"
    match standing:
        case Standing.UNKNOWN:
            message = f"Incorrect API key provided: {key[:8]}****{key[-4:]}. You can find your API"
            error = {"message": message, "type": "invalid_request_error", "param": None}
            return _told(401, {"error": error | {"code": "invalid_api_key"}})
        case Standing.LIMITED:
            message = (
                "You have insufficient permissions for this operation. Missing scopes:"
                " api.model.read."
            )
            return _told(403, {"error": {"message": message, "type": "invalid_request_error"}})
        case Standing.SPENT:
            error = {"type": "insufficient_quota", "code": "insufficient_quota"}
            return _told(429, {"error": error | {"message": "You exceeded your current quota."}})
        case _:
            return _models("gpt-4.1-mini")


def _gemini(path: str, key: str, standing: Standing) -> web.Response:
    """https://ai.google.dev/gemini-api/docs/troubleshooting: 400 for keys that nobody knows."""
    assert path == "/v1beta/models"
    domain = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "domain": "googleapis.com"}
    match standing:
        case Standing.UNKNOWN:
            message = "API key not valid. Please pass a valid API key."
            error = {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}
            details = [domain | {"reason": "API_KEY_INVALID"}]
            return _told(400, {"error": error | {"details": details}})
        case Standing.LIMITED:
            error = {"code": 403, "message": "Blocked.", "status": "PERMISSION_DENIED"}
            details = [domain | {"reason": "API_KEY_SERVICE_BLOCKED"}]
            return _told(403, {"error": error | {"details": details}})
        case Standing.SPENT:
            error = {"code": 402, "message": "Billing.", "status": "FAILED_PRECONDITION"}
            return _told(402, {"error": error})
        case _:
            return _told(200, {"models": [{"name": "models/gemini-2.5-flash"}]})


def _elevenlabs(path: str, key: str, standing: Standing) -> web.Response:
    """https://elevenlabs.io/docs/api-reference/user/get: it tells the key to who has it."""
    assert path == "/v1/user"
    words = {
        Standing.UNKNOWN: ("invalid_api_key", "Invalid API key"),
        Standing.LIMITED: (
            "missing_permissions",
            "The API key you used is missing the permission user_read to execute this operation.",
        ),
        Standing.SPENT: ("quota_exceeded", "This request exceeds your quota."),
    }
    if standing in words:
        status, message = words[standing]
        return _told(401, {"detail": {"status": status, "message": message}})
    subscription = {"tier": "free", "character_count": 17, "character_limit": 10_000}
    return _told(200, {"subscription": subscription, "is_new_user": False, "xi_api_key": key})


def _mistral(path: str, key: str, standing: Standing) -> web.Response:
    """https://docs.mistral.ai/api: its gateway answers before the API does."""
    assert path == "/v1/models"
    match standing:
        case Standing.UNKNOWN:
            return _told(401, {"message": "Unauthorized", "request_id": "7"})
        case Standing.LIMITED:
            return _told(403, {"message": "Insufficient permissions", "request_id": "7"})
        case Standing.SPENT:
            return _told(402, {"message": "Payment required", "request_id": "7"})
        case _:
            return _models("mistral-small-latest")


def _own(path: str, key: str, standing: Standing) -> web.Response:
    """Somebody's vLLM behind a proxy; all else is their homepage, and a way to elsewhere."""
    if path == "/v1/moved/models":
        raise web.HTTPFound("https://api.openai.com/v1/models")
    if path != "/v1/models":
        return web.Response(text="<h1>It works!</h1>", content_type="text/html")
    match standing:
        case Standing.UNKNOWN | Standing.LIMITED:
            return _told(403, {"error": "Unauthorized"})
        case Standing.SPENT:
            return _told(402, {"error": "Payment required"})
        case _:
            return _models("house-model", "house-model-large")


_REFUSED_BY_ANTHROPIC = {
    Standing.UNKNOWN: Refusal(401, "authentication_error", "invalid x-api-key"),
    Standing.LIMITED: Refusal(403, "permission_error", "Your key may not use this resource."),
    Standing.SPENT: SPENT,
}
_ANSWERS = {
    OPENROUTER: _openrouter,
    OPENAI: _openai,
    GEMINI: _gemini,
    ELEVENLABS: _elevenlabs,
    MISTRAL: _mistral,
    OWN: _own,
}


def _models(*names: str) -> web.Response:
    data = [{"id": name, "object": "model", "owned_by": "fake"} for name in names]
    return _told(200, {"object": "list", "data": data})


def _told(status: int, body: Mapping[str, Any]) -> web.Response:
    """As their gateways do, with a cookie that names whoever asked."""
    response = web.json_response(body, status=status)
    response.set_cookie("session", uuid4().hex)
    return response
