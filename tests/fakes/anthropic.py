"""A scripted Anthropic: its Messages API and its list of models over HTTP, on loopback.

    async with FakeAnthropic.start() as claude:
        claude.script(Reply(Thought("Bees."), Words("Hello ", "Ada.")), Refusal(529))
        ...  # a client speaks to claude.base_url
        assert claude.requests[0].body["system"]

It refuses what the real one refuses, in the same words, by its published reference
(https://platform.claude.com/docs/en/api/messages/create, version 2026-10-21, and the pages on
thinking, prompt caching, tool use and structured outputs). It signs thoughts for what stood before
them, and takes them back only if nothing of that has changed. It keeps the beginnings of prompts
that are marked, and counts what it had and what it keeps.
"""

import asyncio
import base64
import binascii
import json
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from aiohttp import web

from tests.fakes.provider import Ending, Gate

VERSIONS = ("2023-06-01", "2026-10-21")
MODELS = (  # more than are listed where nobody says how many
    *("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5", "claude-haiku-4-5-20251001"),
    *(f"claude-quartet-6-{number}" for number in range(20)),
)
RETIRED = "claude-3-opus-20240229"
LOOK_BACK = 20  # blocks before a mark in which a beginning that is kept is looked for
FIELDS = frozenset(
    {
        *("model", "messages", "max_tokens", "system", "stream", "stop_sequences", "metadata"),
        *("tools", "tool_choice", "thinking", "output_config", "cache_control"),
        *("container", "diagnostics", "inference_geo", "service_tier", "speed"),
    }
)
BLOCKS = {  # what each may have, and in whose turn
    "text": ({"text", "citations"}, ("user", "assistant")),
    "image": ({"source"}, ("user",)),
    "tool_result": ({"tool_use_id", "content", "is_error"}, ("user",)),
    "tool_use": ({"id", "name", "input", "caller"}, ("assistant",)),
    "thinking": ({"thinking", "signature"}, ("assistant",)),
    "redacted_thinking": ({"data"}, ("assistant",)),
}
_UNSUPPORTED = {"minimum", "maximum", "minLength", "maxLength", "maxItems", "multipleOf"}
_EFFORTS = ("low", "medium", "high", "xhigh", "max")
_ANSWERS = (
    "Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
)


@dataclass(frozen=True)
class Thought:
    """A block of thoughts; the signature comes at its end."""

    pieces: tuple[str, ...]

    def __init__(self, *pieces: str) -> None:
        vars(self)["pieces"] = pieces


@dataclass(frozen=True)
class Hidden:
    """Thoughts that nobody may read."""

    data: str


@dataclass(frozen=True)
class Words:
    """A block of the answer."""

    pieces: tuple[str, ...]

    def __init__(self, *pieces: str) -> None:
        vars(self)["pieces"] = pieces


@dataclass(frozen=True)
class Use:
    """A tool is called; `arguments` is JSON and arrives in fragments of four characters."""

    name: str
    arguments: str
    id: str = "toolu_01"


Block = Thought | Hidden | Words | Use
Signed = tuple[str, str]  # thoughts as they were shown, and a mark of what stood before them


@dataclass(frozen=True)
class Reply:
    """A streamed message. `error`: the kind of an error that ends it."""

    blocks: tuple[Block, ...]
    gate: Gate | None
    ending: Ending
    error: str
    stop_reason: str

    def __init__(
        self,
        *blocks: Block | str,
        gate: Gate | None = None,
        ending: Ending = Ending.FINISH,
        error: str = "overloaded_error",
        stop_reason: str | None = None,
    ) -> None:
        values = vars(self)
        values["blocks"] = tuple(Words(it) if isinstance(it, str) else it for it in blocks)
        values["gate"], values["ending"], values["error"] = gate, ending, error
        uses = any(isinstance(it, Use) for it in values["blocks"])
        values["stop_reason"] = stop_reason or ("tool_use" if uses else "end_turn")


@dataclass(frozen=True)
class Refusal:
    """An error as an answer: https://platform.claude.com/docs/en/api/errors."""

    status: int
    kind: str = "invalid_request_error"
    message: str = "refused"
    retry_after: str | None = None


SPENT = Refusal(
    400,
    message="Your credit balance is too low to access the Anthropic API. Please go to Plans & "
    "Billing to upgrade or purchase credits.",
)
TOO_LONG = Refusal(400, message="prompt is too long: 213462 tokens > 200000 maximum")
OVERLOADED = Refusal(529, "overloaded_error", "Overloaded")


@dataclass(frozen=True)
class Request:
    """What a client sent to /messages."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def turns(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Who spoke, and the blocks of it."""
        return [(it["role"], _listed(it["content"])) for it in self.body["messages"]]

    @property
    def last_text(self) -> str:
        """What the person said last, without what the system tells there."""
        texts = [it["text"] for it in self.turns[-1][1] if it["type"] == "text"]
        said = [it for it in texts if not it.startswith("<system>")]
        return said[-1] if said else ""

    @property
    def system(self) -> str:
        return "\n".join(it["text"] for it in _listed(self.body.get("system", [])))


def echo(request: Request) -> str:
    """The default answer: repeats what was said last."""
    return f'You said: "{request.last_text}"'


@dataclass
class FakeAnthropic:
    """See the module; make one with `FakeAnthropic.start()`."""

    answer: Callable[[Request], str | Reply | Refusal] = echo
    # What is answered to requests that want JSON of a schema: those of jobs, in whatever order.
    finds: Callable[[Request], str | Reply | Refusal] = lambda _: '{"facts": []}'
    requests: list[Request] = field(default_factory=list)
    wanted: list[Request] = field(default_factory=list)  # those of a schema
    complaints: list[str] = field(default_factory=list)  # what was refused for its shape
    usages: list[dict[str, Any]] = field(default_factory=list)  # of each prompt, as it was told
    open_streams: int = 0
    closed_early: int = 0
    url: str = ""
    _script: deque[Reply | Refusal] = field(default_factory=deque)
    _signed: dict[str, Signed] = field(default_factory=dict)
    _kept: set[str] = field(default_factory=set)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @classmethod
    @asynccontextmanager
    async def start(cls, port: int = 0) -> AsyncIterator["FakeAnthropic"]:
        """Serve on loopback until the block is left; `port` 0 takes a free one."""
        fake = cls()
        app = web.Application()
        app.router.add_post("/v1/messages", fake.messages)
        app.router.add_get("/v1/models", fake.list_models)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield fake
        finally:
            await runner.cleanup()

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    def script(self, *replies: str | Reply | Refusal) -> None:
        """Queue what the next requests get."""
        self._script.extend(Reply(it) if isinstance(it, str) else it for it in replies)

    def reset(self) -> None:
        """Forget the script and what was asked, for tests that share one."""
        self._script.clear()
        for it in (self.requests, self.wanted, self.complaints, self.usages):
            it.clear()
        self.answer, self.finds, self.closed_early = echo, lambda _: '{"facts": []}', 0

    async def until(self, condition: Callable[["FakeAnthropic"], bool], within: float = 60) -> None:
        """Wait until `condition(self)` holds; it is tried whenever a request or stream changes."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: condition(self))

    async def list_models(self, http: web.Request) -> web.Response:
        """https://platform.claude.com/docs/en/api/models/list: twenty, unless more are wanted."""
        limit = int(http.query.get("limit", "20"))
        if problem := _of_headers(http.headers) or (
            "limit: Input should be less than or equal to 1000" if limit > 1000 else None
        ):
            return refused(Refusal(400, message=problem))
        listed = [model_info(name) for name in MODELS] + [model_info(RETIRED, lifecycle="retired")]
        told = {"data": listed[:limit], "first_id": listed[0]["id"], "last_id": listed[-1]["id"]}
        return web.json_response(told | {"has_more": len(listed) > limit})

    async def messages(self, http: web.Request) -> web.StreamResponse:
        request = Request(await http.json(), dict(http.headers))
        problem = _of_headers(http.headers) or complaint(request.body, self._signed)
        if problem:
            self.complaints.append(problem)
            reply: str | Reply | Refusal = Refusal(400, message=problem)
        elif "format" in (request.body.get("output_config") or {}):
            self.wanted.append(request)
            reply = self.finds(request)
        else:
            self.requests.append(request)
            reply = self._script.popleft() if self._script else self.answer(request)
        await self._tell()
        if isinstance(reply, Refusal):
            return refused(reply)
        return await self._stream(http, request, Reply(reply) if isinstance(reply, str) else reply)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _stream(
        self, http: web.Request, request: Request, reply: Reply
    ) -> web.StreamResponse:
        headers = {"Content-Type": "text/event-stream; charset=utf-8", "request-id": "req_011"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(http)
        self.open_streams += 1
        try:
            for event in self.events(request.body, reply):
                if reply.gate and event["type"] == "content_block_delta":
                    await reply.gate.passed()
                await response.write(written(event))
            match reply.ending:
                case Ending.BREAK:
                    assert http.transport is not None
                    http.transport.abort()
                case Ending.HANG:
                    await asyncio.Event().wait()
                case _:
                    pass
        except (asyncio.CancelledError, ConnectionResetError):
            self.closed_early += 1
            raise
        finally:
            self.open_streams -= 1
            await self._tell()
        return response

    def events(self, body: Mapping[str, Any], reply: Reply) -> list[dict[str, Any]]:
        """https://platform.claude.com/docs/en/build-with-claude/streaming."""
        read, kept, all_of_it = self.counted(body)
        usage = {
            "input_tokens": all_of_it - read - kept,
            "cache_creation_input_tokens": kept,
            "cache_read_input_tokens": read,
            "cache_creation": {"ephemeral_5m_input_tokens": kept, "ephemeral_1h_input_tokens": 0},
            "output_tokens": 1,
            "service_tier": "standard",
        }
        self.usages.append(usage)
        message = {
            "id": "msg_01",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }
        told: list[dict[str, Any]] = [{"type": "message_start", "message": message}]
        before = _before(body, body["messages"])
        for index, block in enumerate(reply.blocks):
            told += self._block(index, block, body, before)
            told += [{"type": "ping"}] if index == 0 else []
        if reply.ending is Ending.ERROR:
            error = {"type": reply.error, "message": "Overloaded"}
            return [*told, {"type": "error", "error": error, "request_id": "req_011"}]
        if reply.ending is not Ending.FINISH:
            return told
        thought = sum(_words("".join(it.pieces)) for it in reply.blocks if isinstance(it, Thought))
        said = sum(_words("".join(it.pieces)) for it in reply.blocks if isinstance(it, Words))
        used = sum(isinstance(it, Use) for it in reply.blocks)
        took = {
            "output_tokens": thought + said + used,
            "output_tokens_details": {"thinking_tokens": thought},
        }
        delta = {"stop_reason": reply.stop_reason, "stop_sequence": None}
        return [
            *told,
            {"type": "message_delta", "delta": delta, "usage": took},
            {"type": "message_stop"},
        ]

    def _block(
        self, index: int, block: Block, body: Mapping[str, Any], before: str
    ) -> Iterator[dict[str, Any]]:
        deltas: list[dict[str, Any]]
        match block:
            case Words(pieces):
                start: dict[str, Any] = {"type": "text", "text": ""}
                deltas = [{"type": "text_delta", "text": it} for it in pieces]
            case Thought(pieces):
                start = {"type": "thinking", "thinking": "", "signature": ""}
                shown = pieces if _shows_thoughts(body) else ()
                deltas = [{"type": "thinking_delta", "thinking": it} for it in shown]
                signature = self._signature("".join(shown), before)
                deltas.append({"type": "signature_delta", "signature": signature})
            case Hidden(data):
                start, deltas = {"type": "redacted_thinking", "data": data}, []
                self._signed[data] = ("", before)
            case Use(name, arguments, call_id):
                start = {"type": "tool_use", "id": call_id, "name": name, "input": {}}
                pieces = [arguments[at : at + 4] for at in range(0, len(arguments), 4)]
                deltas = [{"type": "input_json_delta", "partial_json": it} for it in ("", *pieces)]
        yield {"type": "content_block_start", "index": index, "content_block": start}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}

    def _signature(self, shown: str, before: str) -> str:
        signature = base64.b64encode(sha256(f"{shown}{before}".encode()).digest()).decode()
        self._signed[signature] = (shown, before)
        return signature

    def counted(self, body: Mapping[str, Any]) -> tuple[int, int, int]:
        """Words of the prompt: those that were kept, that are kept from now on, and all.

        https://platform.claude.com/docs/en/build-with-claude/prompt-caching
        """
        pieces = _pieces(body)
        sizes = [_words(json.dumps(it)) for it, _ in pieces]
        names = [_digest([it for it, _ in pieces[: at + 1]]) for at in range(len(pieces))]
        marks = [at for at, (_, marked) in enumerate(pieces) if marked]
        found = [
            back
            for at in marks
            for back in range(at, max(-1, at - LOOK_BACK), -1)
            if names[back] in self._kept
        ]
        read = sum(sizes[: max(found) + 1]) if found else 0
        kept = sum(sizes[: max(marks) + 1]) - read if marks else 0
        self._kept |= {names[at] for at in marks}
        return read, max(0, kept), sum(sizes)


def model_info(name: str, *, lifecycle: str = "active") -> dict[str, Any]:
    """https://platform.claude.com/docs/en/api/models/list."""
    old = _is_old(name)
    yes, no = {"supported": True}, {"supported": False}
    thinking = {"adaptive": no if old else yes, "enabled": yes if old else no, "disabled": yes}
    return {
        "type": "model",
        "id": name,
        "display_name": name.replace("-", " ").title(),
        "created_at": "2026-10-07T00:00:00Z",
        "lifecycle": lifecycle,
        "line": name.split("-")[1],
        "max_input_tokens": 200_000 if old else 1_000_000,
        "max_tokens": 64_000 if old else 128_000,
        "deprecated_at": None,
        "retires_at": None,
        "capabilities": {
            "batch": yes,
            "image_input": yes,
            "pdf_input": yes,
            "structured_outputs": yes,
            "thinking": {"supported": True, "types": thinking | {"between_tools": no}},
        },
    }


def written(event: Mapping[str, Any]) -> bytes:
    """An event as it goes over the wire."""
    data = json.dumps(event, ensure_ascii=False)
    return f"event: {event['type']}\ndata: {data}\n\n".encode()


def complaint(body: Mapping[str, Any], signed: Mapping[str, Signed]) -> str | None:
    """What the real one refuses about a request, in its words; None: nothing."""
    return next(_complaints(body, signed), None)


def _complaints(body: Mapping[str, Any], signed: Mapping[str, Signed]) -> Iterator[str]:
    for name in sorted(body.keys() - FIELDS):
        yield f"{name}: Extra inputs are not permitted"
    for name in ("model", "max_tokens", "messages"):
        if name not in body:
            yield f"{name}: Field required"
            return
    if not isinstance(body["max_tokens"], int) or body["max_tokens"] < 1:
        yield "max_tokens: Input should be greater than or equal to 1"
    for it in body.get("stop_sequences", ()):
        if not it.strip():
            yield "stop_sequences: each stop sequence must contain non-whitespace"
    yield from _of_thinking(body)
    yield from _of_output(body.get("output_config") or {})
    yield from _of_tools(body)
    for block in _listed(body.get("system", [])):
        yield from _of_block("system", "user", block)
    yield from _of_turns(body, signed)
    if sum(marked for _, marked in _pieces(body)) > 4:
        yield "A maximum of 4 blocks with cache_control may be provided. Found more."


def _of_thinking(body: Mapping[str, Any]) -> Iterator[str]:
    thinking, model = body.get("thinking"), str(body["model"])
    if thinking is None:
        return
    unknown = thinking.keys() - {"type", "budget_tokens", "display"}
    if unknown:
        yield f"thinking.{unknown}: Extra inputs are not permitted"
    kind = thinking["type"]
    always_on = re.match(r"claude-(fable|mythos|opus-5-5)", model)
    known = {
        "enabled": _is_old(model),
        "adaptive": not _is_old(model),
        "between_tools": "sonnet-5-5" in model,
        "disabled": not always_on and "sonnet-5-5" not in model,
    }
    if not known[kind]:
        yield (
            f'"thinking.type.{kind}" is not supported for this model. Use "thinking.type.adaptive"'
            ' and "output_config.effort" to control thinking behavior.'
        )
    if kind == "enabled":
        budget = thinking.get("budget_tokens", 0)
        if budget < 1_024:
            yield "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024"
        if budget >= body["max_tokens"]:
            yield "`max_tokens` must be greater than `thinking.budget_tokens`."
        forced = (body.get("tool_choice") or {}).get("type") in ("any", "tool")
        if forced:
            yield "Thinking may not be enabled when tool_choice forces tool use."


def _of_output(config: Mapping[str, Any]) -> Iterator[str]:
    for name in config.keys() - {"effort", "format"}:
        yield f"output_config.{name}: Extra inputs are not permitted"
    if config.get("effort", "low") not in _EFFORTS:
        yield "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'"
    if wanted := config.get("format"):
        if wanted.keys() != {"type", "schema"} or wanted["type"] != "json_schema":
            yield "output_config.format: Input should be a json_schema"
        yield from _of_schema(wanted["schema"])


def _of_schema(schema: Any) -> Iterator[str]:
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        yield (
            "output_config.format.schema: For 'object' type, 'additionalProperties' must be"
            " explicitly set to false"
        )
    for name in schema.keys() & _UNSUPPORTED:
        yield f"output_config.format.schema: property '{name}' is not supported"
    for it in (*schema.get("properties", {}).values(), schema.get("items")):
        yield from _of_schema(it)


def _of_tools(body: Mapping[str, Any]) -> Iterator[str]:
    for tool in body.get("tools", ()):
        for name in tool.keys() - {"name", "description", "input_schema", "cache_control"}:
            yield f"tools.{name}: Extra inputs are not permitted"
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,128}", tool["name"]):
            yield "tools.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"
        if tool["input_schema"].get("type") != "object":
            yield "tools.input_schema.type: Input should be 'object'"
    choice = body.get("tool_choice")
    if choice and "tools" not in body:
        yield "tool_choice may only be specified while providing tools."


def _of_turns(body: Mapping[str, Any], signed: Mapping[str, Signed]) -> Iterator[str]:
    messages = body["messages"]
    if not messages:
        yield "messages: at least one message is required"
        return
    if messages[0]["role"] != "user":
        yield 'messages: first message must use the "user" role'
    if messages[-1]["role"] == "assistant":
        yield "This model does not support assistant message prefill."
    waiting: list[str] = []
    for at, message in enumerate(messages):
        role, blocks = message["role"], _listed(message["content"])
        if message.keys() != {"role", "content"} or role not in ("user", "assistant"):
            yield f"messages.{at}: Input should be of role 'user' or 'assistant'"
        if not blocks:
            yield f"messages.{at}: all messages must have non-empty content"
        for block in blocks:
            yield from _of_block(f"messages.{at}", role, block)
        yield from _of_results(at, blocks, waiting)
        waiting = [it["id"] for it in blocks if it["type"] == "tool_use"]
        if waiting and "tools" not in body:
            yield "Requests which have `tool_use` or `tool_result` blocks must define tools."
        yield from _of_thoughts(body, at, blocks, signed)


def _of_results(at: int, blocks: Sequence[Mapping[str, Any]], waiting: list[str]) -> Iterator[str]:
    results = [it["tool_use_id"] for it in blocks if it["type"] == "tool_result"]
    if unexpected := [it for it in results if it not in waiting]:
        yield (
            f"messages.{at}.content: unexpected `tool_use_id` found in `tool_result` blocks:"
            f" {unexpected}. {_ANSWERS}"
        )
    if missing := [it for it in waiting if it not in results]:
        yield (
            f"messages.{at - 1}: `tool_use` ids were found without `tool_result` blocks"
            f" immediately after: {missing}."
        )
    kinds = [it["type"] for it in blocks]
    if "tool_result" in kinds[len(results) :]:
        yield f"messages.{at}: `tool_result` blocks must come first"


def _of_thoughts(
    body: Mapping[str, Any],
    at: int,
    blocks: Sequence[Mapping[str, Any]],
    signed: Mapping[str, Signed],
) -> Iterator[str]:
    """https://platform.claude.com/docs/en/build-with-claude/preserved-thinking."""
    before = _before(body, body["messages"][:at])
    for number, block in enumerate(blocks):
        if block["type"] not in ("thinking", "redacted_thinking"):
            continue
        signature = block.get("signature") or block.get("data") or ""
        shown, stood = signed.get(signature, (None, ""))
        if shown != block.get("thinking", ""):
            yield f"messages.{at}.content.{number}: Invalid `signature` in `thinking` block"
        elif stood != before:
            yield (
                f"messages.{at}.content.{number}: Invalid `signature` in `thinking` block. The"
                " block is bound to a different conversation."
            )
    budget = (body.get("thinking") or {}).get("type") == "enabled"
    kinds = [it["type"] for it in blocks]
    if budget and "tool_use" in kinds and kinds[0] not in ("thinking", "redacted_thinking"):
        yield (
            f"messages.{at}.content.0.type: Expected `thinking` or `redacted_thinking`, but found"
            f" `{kinds[0]}`."
        )


def _of_block(where: str, role: str, block: Mapping[str, Any]) -> Iterator[str]:
    kind = block.get("type")
    if kind not in BLOCKS:
        yield f"{where}: Input tag '{kind}' found using 'type' does not match any of the expected"
        return
    fields, roles = BLOCKS[kind]
    for name in block.keys() - fields - {"type", "cache_control"}:
        yield f"{where}.{kind}.{name}: Extra inputs are not permitted"
    if role not in roles:
        yield f"{where}: `{kind}` blocks may not be in a turn of `{role}`"
    if "cache_control" in block and kind in ("thinking", "redacted_thinking"):
        yield f"{where}: cache_control cannot be set for thinking blocks"
    match kind:
        case "text" if not block["text"]:
            yield f"{where}: text content blocks must be non-empty"
        case "text" if not block["text"].strip():
            yield f"{where}: text content blocks must contain non-whitespace text"
        case "tool_use" if not isinstance(block["input"], dict):
            yield f"{where}.tool_use.input: Input should be a valid dictionary"
        case "tool_result":
            for it in _listed(block.get("content", [])):
                yield from _of_block(f"{where}.tool_result", "user", it)
        case "image":
            yield from _of_picture(where, block["source"])
        case _:
            pass


def _of_picture(where: str, source: Mapping[str, Any]) -> Iterator[str]:
    if source.keys() != {"type", "media_type", "data"} or source["type"] != "base64":
        yield f"{where}.image.source: Extra inputs are not permitted"
    if source["media_type"] not in ("image/jpeg", "image/png", "image/gif", "image/webp"):
        yield f"{where}.image.source.media_type: Input should be 'image/jpeg', 'image/png', …"
    try:
        base64.b64decode(source["data"], validate=True)
    except binascii.Error:
        yield f"{where}.image.source.base64: invalid base64 data"


def _of_headers(headers: Mapping[str, str]) -> str | None:
    if headers.get("anthropic-version") not in VERSIONS:
        return "anthropic-version: header is required"
    return None


def _is_old(model: str) -> bool:
    """Of the generations that think by a budget."""
    return re.match(r"claude-(3-7|[a-z]+-4-[0-5](?!\d)|[a-z]+-4-20)", model) is not None


def _shows_thoughts(body: Mapping[str, Any]) -> bool:
    default = "summarized" if _is_old(body["model"]) else "omitted"
    return (body.get("thinking") or {}).get("display", default) == "summarized"


def _before(body: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> str:
    """What stands before something that is said, by a mark of its own."""
    part = {"system": body.get("system"), "tools": body.get("tools"), "messages": messages}
    return _digest([it for it, _ in _pieces(part)])


def _pieces(body: Mapping[str, Any]) -> list[tuple[Any, bool]]:
    """A prompt's parts in the order in which it is read, and whether a beginning ends there."""
    parts: list[tuple[str, Mapping[str, Any]]] = [
        *(("tool", it) for it in body.get("tools") or ()),
        *(("system", it) for it in _listed(body.get("system") or [])),
        *((it["role"], block) for it in body["messages"] for block in _listed(it["content"])),
    ]
    return [
        ((role, {name: it[name] for name in it if name != "cache_control"}), "cache_control" in it)
        for role, it in parts
    ]


def _digest(parts: object) -> str:
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _words(text: str) -> int:
    return len(text.split())


def _listed(content: Any) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)


def refused(refusal: Refusal) -> web.Response:
    headers = {"request-id": "req_011"}
    if refusal.retry_after:
        headers["retry-after"] = refusal.retry_after
    error = {"type": refusal.kind, "message": refusal.message}
    body = {"type": "error", "error": error, "request_id": "req_011"}
    return web.json_response(body, status=refusal.status, headers=headers)
