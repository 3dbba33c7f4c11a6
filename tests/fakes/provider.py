"""A scripted provider of language models: the OpenAI-compatible HTTP API on loopback.

    async with FakeProvider.start() as provider:
        provider.script(Reply("Hello ", "Ada."), Refusal(429, retry_after="1"))
        ...  # a client speaks to provider.base_url
        assert provider.requests[0].messages[-1]["content"] == "Hi"

Replies are used up in order; after them `answer` is asked. Runs as a process of its own too:
`python tests/fakes/provider.py --port 9000` prints its base URL and serves until it is ended.
"""

import argparse
import asyncio
import base64
import itertools
import json
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import web

CREATED = 1_700_000_000  # Unix seconds in every chunk: tests compare, they do not read clocks


class Ending(StrEnum):
    """How a scripted stream ends."""

    FINISH = "finish"  # finish reason, usage, [DONE]
    BREAK = "break"  # the connection drops
    HANG = "hang"  # nothing more comes until the client leaves
    ERROR = "error"  # an error as an event of the stream, as OpenRouter tells it


class Gate:
    """Holds a stream before each chunk until the test lets one pass."""

    def __init__(self) -> None:
        self._permits = asyncio.Semaphore(0)
        self._open = False

    def release(self, chunks: int = 1) -> None:
        """Let the next `chunks` chunks pass; the end of the stream counts as one."""
        for _ in range(chunks):
            self._permits.release()

    def open(self) -> None:
        """Let everything pass from now on."""
        self._open = True
        self._permits.release()

    async def passed(self) -> None:
        """Wait for permission to send one chunk."""
        if not self._open:
            await self._permits.acquire()


@dataclass(frozen=True)
class Call:
    """A tool call in a reply; `arguments` is JSON and arrives in fragments of four characters."""

    name: str
    arguments: str
    id: str = "call_1"


@dataclass(frozen=True)
class Reply:
    """A streamed reply: reasoning first, then the text chunk by chunk, then tool calls."""

    chunks: tuple[str, ...]
    reasoning: tuple[str, ...]
    reasoning_field: str
    calls: tuple[Call, ...]
    gate: Gate | None
    ending: Ending
    finish_reason: str
    usage: bool
    cost: float | None

    def __init__(
        self,
        *chunks: str,
        reasoning: Sequence[str] = (),
        reasoning_field: str = "reasoning",
        calls: Sequence[Call] = (),
        gate: Gate | None = None,
        ending: Ending = Ending.FINISH,
        finish_reason: str | None = None,
        usage: bool = True,
        cost: float | None = None,
    ) -> None:
        values = vars(self)
        values["chunks"], values["reasoning"] = chunks, tuple(reasoning)
        values["reasoning_field"], values["calls"] = reasoning_field, tuple(calls)
        values["gate"], values["ending"], values["usage"] = gate, ending, usage
        values["cost"] = cost  # dollars, as OpenRouter tells them
        values["finish_reason"] = finish_reason or ("tool_calls" if calls else "stop")


@dataclass(frozen=True)
class Refusal:
    """An HTTP error with the body that OpenAI sends."""

    status: int
    code: str | None = None
    message: str = "refused"
    parameter: str | None = None
    retry_after: str | None = None


CONTEXT_TOO_LONG = Refusal(400, "context_length_exceeded", "maximum context length is 8192 tokens")


# In prompts: the date, and how long ago somebody wrote.
_DATE = re.compile(r"(\n\n)?Today is [^\n]* \(UTC\)\.( [^\n.]* last wrote [^\n.]* ago\.)?")


@dataclass(frozen=True)
class Request:
    """What a client sent to /chat/completions."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return self.body["messages"]

    @property
    def timeless(self) -> list[dict[str, Any]]:
        """The messages without what the clock says."""
        told = [
            {**message, "content": _DATE.sub("", message["content"]).strip("\n")}
            if message["role"] == "system"
            else message
            for message in self.messages
        ]
        return [message for message in told if message["content"]]

    @property
    def said(self) -> list[dict[str, Any]]:
        """What is told as said, without what the system tells."""
        return [message for message in self.messages if message["role"] != "system"]

    @property
    def last_user_text(self) -> str:
        texts = [words(message) for message in self.messages if message["role"] == "user"]
        return texts[-1] if texts else ""

    @property
    def pictures(self) -> list[bytes]:
        """The pictures of all messages, in order."""
        parts = [part for message in self.messages for part in _parts(message)]
        urls = [str(part["image_url"]["url"]) for part in parts if part["type"] == "image_url"]
        return [_picture(url) for url in urls]


def words(message: Mapping[str, Any]) -> str:
    """What a message says, with or without pictures."""
    if isinstance(message.get("content"), list):
        return "\n".join(part["text"] for part in _parts(message) if part["type"] == "text")
    return str(message.get("content") or "")


def _parts(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    content = message.get("content")
    return content if isinstance(content, list) else []


def _picture(url: str) -> bytes:
    head, _, encoded = url.partition(";base64,")
    assert head in ("data:image/png", "data:image/jpeg"), head
    return base64.b64decode(encoded, validate=True)


def echo(request: Request) -> str:
    """The default answer: repeats what was said last."""
    return f'You said: "{request.last_user_text}"'


@dataclass
class FakeProvider:
    """See the module; make one with `FakeProvider.start()`."""

    answer: Callable[[Request], str | Reply | Refusal] = echo
    models: Sequence[str] = ("fake-model",)
    details: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # see `openrouter_model`
    lists_models: bool = True
    listed: int = 0  # how often its models were asked for
    ollama_models: Sequence[Mapping[str, Any]] = ()
    ollama_capabilities: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # What is answered to requests that want JSON of a schema: those of jobs, in whatever order.
    finds: Callable[[Request], str | Reply | Refusal] = lambda _: '{"facts": []}'
    requests: list[Request] = field(default_factory=list)
    wanted: list[Request] = field(default_factory=list)  # those of a schema
    open_streams: int = 0
    closed_early: int = 0
    url: str = ""
    _script: deque[Reply | Refusal] = field(default_factory=deque)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @classmethod
    @asynccontextmanager
    async def start(cls, port: int = 0) -> AsyncIterator["FakeProvider"]:
        """Serve on loopback until the block is left; `port` 0 takes a free one."""
        provider = cls()
        app = web.Application()
        app.router.add_post("/v1/chat/completions", provider.chat_completions)
        app.router.add_get("/v1/models", provider._list_models)
        app.router.add_get("/api/tags", provider._list_ollama_models)
        app.router.add_post("/api/show", provider._show_ollama_model)
        # Without handler_cancellation aiohttp lets a handler run on after its client hung up.
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        provider.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield provider
        finally:
            await runner.cleanup()

    @property
    def base_url(self) -> str:
        """What an OpenAI client takes as its base URL; Ollama's API is at `url` itself."""
        return f"{self.url}/v1"

    @property
    def unused(self) -> int:
        """How many queued replies nobody has asked for."""
        return len(self._script)

    def script(self, *replies: str | Reply | Refusal) -> None:
        """Queue what the next requests get."""
        self._script.extend(Reply(it) if isinstance(it, str) else it for it in replies)

    def unscript(self) -> None:
        """Forget the replies that nobody has asked for."""
        self._script.clear()

    def reset(self) -> None:
        """Forget the script and what was asked, for tests that share one provider."""
        self.unscript()
        self.requests.clear()
        self.wanted.clear()
        self.answer, self.finds, self.closed_early = echo, lambda _: '{"facts": []}', 0

    async def until(self, condition: Callable[["FakeProvider"], bool], within: float = 60) -> None:
        """Wait until `condition(self)` holds; it is tried whenever a request or stream changes.

        Raises:
            TimeoutError: it did not come to hold `within` seconds.
        """
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: condition(self))

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def chat_completions(self, http: web.Request) -> web.StreamResponse:
        request = Request(await http.json(), dict(http.headers))
        if "response_format" in request.body:
            self.wanted.append(request)
            reply = self.finds(request)
        else:
            self.requests.append(request)
            reply = self._script.popleft() if self._script else self.answer(request)
        await self._tell()
        if isinstance(reply, Refusal):
            return _refused(reply)
        if not request.body.get("stream"):
            return _refused(Refusal(400, message="this provider only streams"))
        return await self._stream(http, request, Reply(reply) if isinstance(reply, str) else reply)

    async def _stream(
        self, http: web.Request, request: Request, reply: Reply
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(http)
        self.open_streams += 1
        try:
            for chunk in chunks(request, reply, f"chatcmpl-{next(self._ids)}"):
                if reply.gate:
                    await reply.gate.passed()
                await response.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
            await _end(http, response, reply)
        except (asyncio.CancelledError, ConnectionResetError):
            self.closed_early += 1
            raise
        finally:
            self.open_streams -= 1
            await self._tell()
        return response

    async def _list_models(self, _: web.Request) -> web.Response:
        self.listed += 1
        await self._tell()
        if not self.lists_models:
            return web.Response(status=502, text="upstream is down")
        models = [
            {"id": name, "object": "model", "created": CREATED, "owned_by": "fake"}
            | dict(self.details.get(name, {}))
            for name in self.models
        ]
        return web.json_response({"object": "list", "data": models})

    async def _list_ollama_models(self, _: web.Request) -> web.Response:
        return web.json_response({"models": list(self.ollama_models)})

    async def _show_ollama_model(self, http: web.Request) -> web.Response:
        name = (await http.json())["model"]
        capabilities = self.ollama_capabilities.get(name, ("completion", "tools"))
        return web.json_response({"capabilities": list(capabilities)})


def openrouter_model(
    name: str,
    *,
    prompt: str = "0.000001",
    completion: str = "0.000002",
    context: int = 131_072,
    inputs: Sequence[str] = ("text",),
    outputs: Sequence[str] = ("text",),
    parameters: Sequence[str] = ("max_tokens", "temperature"),
) -> dict[str, Any]:
    """What OpenRouter says of a model: https://openrouter.ai/docs/models."""
    return {
        "name": name,
        "description": "A model.",
        "context_length": context,
        "architecture": {
            "input_modalities": list(inputs),
            "output_modalities": list(outputs),
            "tokenizer": "Other",
            "instruct_type": None,
        },
        "pricing": {
            "prompt": prompt,
            "completion": completion,
            "request": "0",
            "image": "0",
            "input_cache_read": "0.0000005",
        },
        "top_provider": {
            "context_length": context,
            "max_completion_tokens": 16_384,
            "is_moderated": False,
        },
        "per_request_limits": None,
        "supported_parameters": list(parameters),
    }


def ollama_model(name: str, modified_at: str, family: str = "llama") -> dict[str, Any]:
    """An entry of Ollama's /api/tags."""
    details = {"format": "gguf", "family": family, "families": [family], "parameter_size": "3B"}
    return {"name": name, "model": name, "modified_at": modified_at, "details": details}


def chunks(request: Request, reply: Reply, completion_id: str) -> list[dict[str, Any]]:
    """All events of a reply, in the shape of `chat.completion.chunk`."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{reply.reasoning_field: text} for text in reply.reasoning]
    deltas += [{"content": text} for text in reply.chunks]
    for index, call in enumerate(reply.calls):
        deltas += _call_deltas(index, call)
    envelope = {
        "id": completion_id,
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": request.body["model"],
    }
    events = [
        envelope | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        for delta in deltas
    ]
    if reply.ending is not Ending.FINISH:
        return events
    last = {"index": 0, "delta": {}, "finish_reason": reply.finish_reason}
    events.append(envelope | {"choices": [last]})
    if reply.usage and (request.body.get("stream_options") or {}).get("include_usage"):
        events.append(envelope | {"choices": [], "usage": reported(request, reply)})
    return events


def _call_deltas(index: int, call: Call) -> list[dict[str, Any]]:
    function = {"name": call.name, "arguments": ""}
    first = {"index": index, "id": call.id, "type": "function", "function": function}
    fragments = [call.arguments[at : at + 4] for at in range(0, len(call.arguments), 4)]
    rest = [{"index": index, "function": {"arguments": fragment}} for fragment in fragments]
    return [{"tool_calls": [delta]} for delta in [first, *rest]]


def reported(request: Request, reply: Reply) -> dict[str, Any]:
    """A word is a token here: tests can count it."""
    said = [words(message) for message in request.messages]
    prompt = len(" ".join(said).split())
    reasoning = len("".join(reply.reasoning).split())
    completion = len("".join(reply.chunks).split()) + reasoning + len(reply.calls)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": prompt // 2},
        "completion_tokens_details": {"reasoning_tokens": reasoning},
    } | ({} if reply.cost is None else {"cost": reply.cost})


async def _end(http: web.Request, response: web.StreamResponse, reply: Reply) -> None:
    match reply.ending:
        case Ending.FINISH:
            await response.write(b"data: [DONE]\n\n")
        case Ending.ERROR:
            error = {"error": {"code": 502, "message": "the model is down"}, "choices": []}
            await response.write(b"data: " + json.dumps(error).encode() + b"\n\n")
        case Ending.BREAK:
            assert http.transport is not None
            http.transport.abort()
        case Ending.HANG:
            await asyncio.Event().wait()


def _refused(refusal: Refusal) -> web.Response:
    headers = {"Retry-After": refusal.retry_after} if refusal.retry_after else {}
    error = {
        "message": refusal.message,
        "type": "invalid_request_error",
        "param": refusal.parameter,
        "code": refusal.code,
    }
    return web.json_response({"error": error}, status=refusal.status, headers=headers)


async def _serve(port: int) -> None:
    async with FakeProvider.start(port) as provider:
        print(provider.base_url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A fake provider of language models.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    asyncio.run(_serve(parser.parse_args().port))
