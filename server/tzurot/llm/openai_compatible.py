"""Talks to any model behind an OpenAI-compatible address, through the official client.

Read `OpenAICompatibleModel.stream`. Retries are in `fallback`, the reading of chunks in `chunks`,
how much a model is to think in `reasoning`, the meaning of errors in `refusals`.
"""

import asyncio
import base64
import json
import re
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache

import httpx2
import openai

from tzurot.errors import ProviderTimeout, ProviderUnavailable
from tzurot.llm import fallback, parameters, reasoning, refusals
from tzurot.llm.chunks import ChunkReader
from tzurot.llm.fallback import FIRST_WAIT, AttemptFailed, OnAttempt
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import (
    ChatMessage,
    Echo,
    ModelRequest,
    Reasoning,
    Sampling,
    SeenPicture,
    StreamEvent,
    Tool,
)
from tzurot.llm.thoughts import ThoughtSeparator

CONNECT_SECONDS = 5.0
LIMITS = httpx2.Limits(max_connections=200, max_keepalive_connections=20, keepalive_expiry=60)

# What a model may refuse without the request losing its sense: OpenAI's reasoning models know no
# sampling or stop sequences, few know all that people can set, some servers know no usage in
# streams, small models know no tools, and many know no schema of an answer.
_OPTIONAL = parameters.FIELDS | {"stream_options", "tools", "response_format"}
# Parameters that only a request which names them can be about: others are words of any sentence.
_TELLING = re.compile(
    r"\b(frequency_penalty|logit_bias|min_p|presence_penalty|random_seed|repeat_penalty"
    r"|repetition_penalty|top_a|top_k|top_p|verbosity)\b"
)


# Mistral answers an unknown field with 422.
_REFUSALS = (openai.BadRequestError, openai.NotFoundError, openai.UnprocessableEntityError)


@asynccontextmanager
async def connections() -> AsyncGenerator[httpx2.AsyncClient]:
    """The pool of connections that all models share; TLS is set up once here."""
    # A proxy of the environment must not see what goes to this machine itself.
    direct: dict[str, httpx2.AsyncBaseTransport | None] = {
        "all://127.0.0.1": None,
        "all://localhost": None,
    }
    async with httpx2.AsyncClient(verify=_certificates(), limits=LIMITS, mounts=direct) as http:
        yield http


@cache
def _certificates() -> ssl.SSLContext:
    """Whom connections believe; to load it takes longer than all else that they need."""
    return httpx2.create_ssl_context()


class OpenAICompatibleModel:
    """One model at one address with one key. Cheap to make: for every key that pays, if need be.

    `informed` tells a speaker with what is known of its model by now.
    """

    def __init__(
        self,
        speaker: Speaker,
        http: httpx2.AsyncClient,
        *,
        first_wait: timedelta = FIRST_WAIT,
        informed: Callable[[Speaker], Speaker] = lambda it: it,
    ) -> None:
        key = speaker.api_key.get_secret_value() if speaker.api_key else ""
        self._speaker = speaker
        self._informed = informed
        self._client = openai.AsyncOpenAI(
            api_key=key or "none",  # the client insists on one; servers without keys ignore it
            base_url=speaker.base_url,
            http_client=http,
            max_retries=0,
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
        )
        # The client takes these from OPENAI_* of the environment: not meant for other addresses.
        self._client.organization = self._client.project = None
        self._first_wait = first_wait
        self._refused: set[str] = set()
        self._refused_levels: set[Reasoning] = set()

    @property
    def speaker(self) -> Speaker:
        """The model, and what is known of it."""
        return self._informed(self._speaker)

    def stream(
        self, request: ModelRequest, *, timeout: float, on_attempt: OnAttempt | None = None
    ) -> AsyncGenerator[StreamEvent, None]:
        """The model's events, ending with ModelFinished, within `timeout` seconds altogether.

        Close the generator (`contextlib.aclosing`) to stop the provider early. `on_attempt` is told
        each attempt when it has ended.

        Raises, while it is read:
            ProviderUnavailable, ProviderTimeout, ProviderQuota, ApiKeyRejected, ModelNotFound,
            ContextTooSmall.
        """
        deadline = asyncio.get_running_loop().time() + timeout
        refused = set[str]()  # of what one person set: of a value, maybe, that nobody else sets
        source = fallback.Source(
            self.speaker.provider,
            self.speaker.model,
            lambda: self._attempt(request, deadline, refused),
            lambda: self._left_out(request, refused),
        )
        return fallback.stream(
            source, deadline=deadline, on_attempt=on_attempt, first_wait=self._first_wait
        )

    async def _attempt(
        self, request: ModelRequest, deadline: float, refused: set[str]
    ) -> AsyncGenerator[StreamEvent, None]:
        provider, model = self.speaker.provider, self.speaker.model
        thoughts = ThoughtSeparator(starts_within=reasoning.starts_within(self.speaker))
        reader = ChunkReader(request, thoughts)
        try:
            async with asyncio.timeout_at(deadline):
                chunks = await self._open(request, refused)
            try:
                async for chunk in _within(deadline, chunks):
                    for event in reader.read(chunk):
                        yield event
            finally:
                await chunks.close()
        except TimeoutError as error:
            raise AttemptFailed(ProviderTimeout(provider), "deadline") from error
        except (openai.OpenAIError, json.JSONDecodeError) as error:
            raise refusals.failed(error, provider, model) from error
        if not reader.finish_reason:  # the connection ended in the middle, without an error
            raise AttemptFailed(ProviderUnavailable(provider), "incomplete stream", again=True)
        for event in reader.finish():
            yield event

    async def _open(self, request: ModelRequest, refused: set[str]) -> openai.AsyncStream[object]:
        """Send the request; what the model refuses and can do without is left out from then on.

        What somebody set is left out of this request alone: `refused`.
        """
        own = parameters.fields(self.speaker, request.parameters)
        while True:
            body = _body(self.speaker, request, self._level(request))
            without = self._refused | refused
            wanted = {name: value for name, value in body.items() if name not in without}
            try:
                # As `chat.completions.create`, but chunks stay JSON: a third of the CPU.
                return await self._client.post(
                    "/chat/completions",
                    cast_to=object,
                    body=wanted,
                    options={"security": {"bearer_auth": True}},
                    stream=True,
                    stream_cls=openai.AsyncStream[object],
                )
            except _REFUSALS as error:
                name = _refused_part(error)
                if name in wanted:
                    (refused if name in own else self._refused).add(name)
                elif (level := self._level(request)) and _refuses_reasoning(error, wanted):
                    self._refused_levels.add(level)
                else:
                    raise

    def _level(self, request: ModelRequest) -> Reasoning | None:
        """How much the model is told to think."""
        return None if request.reasoning in self._refused_levels else request.reasoning

    def _left_out(self, request: ModelRequest, refused: set[str]) -> str:
        """What the model was not told of a request, since it refuses that; for the trace."""
        body = _body(self.speaker, request, request.reasoning)
        names = [name for name in body if name in self._refused | refused]
        if request.reasoning in self._refused_levels:
            names.append(f"reasoning {request.reasoning}")
        return f", without {', '.join(names)}: refused" if names else ""


async def _within(deadline: float, chunks: openai.AsyncStream[object]) -> AsyncIterator[object]:
    """The chunks until the stream ends; a time limit around a `yield` would hit its reader."""
    while True:
        async with asyncio.timeout_at(deadline):
            try:
                chunk = await anext(chunks)
            except StopAsyncIteration:
                return
        yield chunk


def _refused_part(error: openai.APIStatusError) -> str:
    """Which optional part of a request the model does not know; empty if it is something else."""
    if error.param in _OPTIONAL:
        return error.param
    if "response_format" in error.message or "json_schema" in error.message:
        return "response_format"
    if named := _TELLING.search(error.message):  # OpenAI: "Unrecognized request argument supplied"
        return named[1]
    # Ollama: "… does not support tools"; OpenRouter: "No endpoints found that support tool use".
    return "tools" if re.search(r"support(ing)? tool", error.message) else ""


def _refuses_reasoning(error: openai.APIStatusError, sent: Mapping[str, object]) -> bool:
    """Whether a model will not be told how much to think; some can't be told not to."""
    if not reasoning.FIELDS & sent.keys():
        return False
    named = (error.param or "").partition(".")[0] in reasoning.FIELDS
    return named or re.search(r"reason|think|effort|budget", error.message, re.I) is not None


def _body(speaker: Speaker, request: ModelRequest, level: Reasoning | None) -> dict[str, object]:
    asked = reasoning.asked(speaker, level)
    sampling = _sampling(speaker, request.sampling, asked.tokens)
    set_ = parameters.over(speaker, sampling, request.parameters)
    body: dict[str, object] = {
        "model": speaker.model,
        "messages": [_message(message) for message in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        **{name: value for name, value in set_.items() if name not in asked.without},
        **asked.fields,
        **request.routing,
    }
    if speaker.kind is SpeakerKind.OPENROUTER:
        body["usage"] = {"include": True}  # what it cost, too
    if request.tools and request.may_call:
        body["tools"] = [_tool(tool) for tool in request.tools]
    if request.answer:
        # https://platform.openai.com/docs/guides/structured-outputs
        schema = {"name": "answer", "strict": True, "schema": dict(request.answer)}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def _sampling(speaker: Speaker, wanted: Sampling, to_think: int) -> dict[str, object]:
    """`to_think`: tokens that come on top of the reply's limit, since thoughts count into it."""
    usual = speaker.sampling
    limit = wanted.max_tokens or usual.max_tokens
    # OpenAI's newer models know only the longer name, most other servers only the shorter one.
    longest = "max_completion_tokens" if speaker.kind is SpeakerKind.OPENAI else "max_tokens"
    values: dict[str, object] = {
        "temperature": usual.temperature if wanted.temperature is None else wanted.temperature,
        "top_p": usual.top_p if wanted.top_p is None else wanted.top_p,
        longest: limit + to_think if limit else None,
        "stop": list(wanted.stop or usual.stop) or None,
        **usual.extra,
        **wanted.extra,
    }
    return {name: value for name, value in values.items() if value is not None}


def _message(message: ChatMessage) -> dict[str, object]:
    sent: dict[str, object] = {"role": message.role.value, "content": message.text}
    if message.pictures:
        words = {"type": "text", "text": message.text}
        sent["content"] = [words, *(_picture(picture) for picture in message.pictures)]
    if message.tool_call_id is not None:
        sent["tool_call_id"] = message.tool_call_id
    if message.tool_calls:
        sent["content"] = message.text or None
        sent["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
                **_echoed(call.echo),
            }
            for call in message.tool_calls
        ]
        sent |= _echoed(message.echo)
    return sent


def _echoed(echo: Echo | None) -> dict[str, object]:
    return {echo.name: echo.value} if echo else {}


def _picture(picture: SeenPicture) -> dict[str, object]:
    """https://platform.openai.com/docs/guides/images-vision: a data URL, as all servers take it."""
    encoded = base64.b64encode(picture.content).decode()
    url = f"data:{picture.media_type};base64,{encoded}"
    return {"type": "image_url", "image_url": {"url": url}}


def _tool(tool: Tool) -> dict[str, object]:
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters),
    }
    return {"type": "function", "function": function}
