"""Asks Claude through Anthropic's Messages API.

Read `AnthropicModel.stream`. Retries are in `fallback`, as for every other model.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import timedelta
from typing import cast

import httpx2

from tzurot.errors import ProviderTimeout, ProviderUnavailable
from tzurot.llm import fallback
from tzurot.llm.anthropic import refusals, request
from tzurot.llm.anthropic.events import EventReader
from tzurot.llm.anthropic.refusals import Refused
from tzurot.llm.fallback import FIRST_WAIT, AttemptFailed, OnAttempt
from tzurot.llm.openai_compatible import CONNECT_SECONDS
from tzurot.llm.refusals import retry_after
from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import ModelRequest, Reasoning, StreamEvent

# https://platform.claude.com/docs/en/api/versioning: this one knows no sampling any more.
API_VERSION = "2026-10-21"

_MAX_ERROR = 64 * 1024  # bytes of an answer that says what is wrong


class AnthropicModel:
    """One model at one address with one key. Cheap to make, as `OpenAICompatibleModel` is."""

    def __init__(
        self, speaker: Speaker, http: httpx2.AsyncClient, *, first_wait: timedelta = FIRST_WAIT
    ) -> None:
        self.speaker = speaker
        self._http = http
        self._first_wait = first_wait
        self._refused_levels: set[Reasoning] = set()
        self._refuses_schema = False

    def stream(
        self, request: ModelRequest, *, timeout: float, on_attempt: OnAttempt | None = None
    ) -> AsyncGenerator[StreamEvent, None]:
        """As `OpenAICompatibleModel.stream`, with the same errors."""
        deadline = asyncio.get_running_loop().time() + timeout
        source = fallback.Source(
            self.speaker.provider,
            self.speaker.model,
            lambda: self._attempt(request, deadline),
            lambda: self._left_out(request),
        )
        return fallback.stream(
            source, deadline=deadline, on_attempt=on_attempt, first_wait=self._first_wait
        )

    async def _attempt(
        self, asked: ModelRequest, deadline: float
    ) -> AsyncGenerator[StreamEvent, None]:
        provider, model = self.speaker.provider, self.speaker.model
        reader = EventReader(asked)
        try:
            async with asyncio.timeout_at(deadline):
                response = await self._open(asked)
            try:
                async with aclosing(_events(response, deadline)) as events:
                    async for event in events:
                        for happening in reader.read(event):
                            yield happening
            finally:
                await response.aclose()
        except TimeoutError as error:
            raise AttemptFailed(ProviderTimeout(provider), "deadline") from error
        except Refused as refused:
            raise refusals.meaning(refused, provider, model) from None
        # Not chained: the library's errors have the request, and that has the key in its headers.
        except httpx2.ConnectTimeout:
            raise _unavailable(provider, "connect timeout") from None
        except (httpx2.SSEError, ValueError, RecursionError):
            raise AttemptFailed(ProviderUnavailable(provider), "unreadable stream") from None
        except httpx2.HTTPError:
            raise _unavailable(provider, "connection failed") from None
        if not reader.ended:
            raise _unavailable(provider, "incomplete stream")
        for happening in reader.finish():
            yield happening

    async def _open(self, asked: ModelRequest) -> httpx2.Response:
        """Send the request; what the model refuses and can do without is left out from then on."""
        while True:
            level = self._level(asked)
            sent = request.body(self.speaker, asked, level, with_schema=not self._refuses_schema)
            response = await self._send(sent)
            if response.is_success:
                return response
            refused = await _refused(response)
            if level and refusals.of_reasoning(refused):
                self._refused_levels.add(level)
            elif asked.answer and not self._refuses_schema and refusals.of_schema(refused):
                self._refuses_schema = True
            else:
                raise refused

    async def _send(self, body: Mapping[str, object]) -> httpx2.Response:
        key = self.speaker.api_key.get_secret_value() if self.speaker.api_key else ""
        wanted = self._http.build_request(
            "POST",
            f"{self.speaker.base_url}/messages",
            json=body,
            headers={"x-api-key": key, "anthropic-version": API_VERSION},
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
        )
        return await self._http.send(wanted, stream=True)

    def _level(self, asked: ModelRequest) -> Reasoning | None:
        """How much the model is told to think."""
        return None if asked.reasoning in self._refused_levels else asked.reasoning

    def _left_out(self, asked: ModelRequest) -> str:
        """What the model was not told of a request, since it refuses that; for the trace."""
        names = ["schema"] if asked.answer and self._refuses_schema else []
        if asked.reasoning in self._refused_levels:
            names.append(f"reasoning {asked.reasoning}")
        return f", without {', '.join(names)}: refused" if names else ""


async def _events(
    response: httpx2.Response, deadline: float
) -> AsyncGenerator[Mapping[str, object], None]:
    """The stream's events until it ends; a time limit around a `yield` would hit its reader.

    Raises:
        Refused: an error that is told inside the stream.
    """
    source = aiter(httpx2.EventSource(response))
    while True:
        async with asyncio.timeout_at(deadline):
            event = await anext(source, None)
        if event is None:
            return
        told: object = json.loads(event.data) if event.data else None
        if not isinstance(told, dict):
            continue
        data = cast("dict[str, object]", told)
        if data.get("type") == "error":
            raise refusals.read(data)
        yield data


async def _refused(response: httpx2.Response) -> Refused:
    """What an answer that is no stream says."""
    body = bytearray()
    try:
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > _MAX_ERROR:
                break
    finally:
        await response.aclose()
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    wait = retry_after(response.headers.get("retry-after"))
    return refusals.read(told, status=response.status_code, wait=wait)


def _unavailable(provider: str, detail: str) -> AttemptFailed:
    return AttemptFailed(ProviderUnavailable(provider), detail, again=True)
