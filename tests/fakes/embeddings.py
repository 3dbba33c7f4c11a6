"""A fake endpoint of embedding models: the OpenAI-compatible HTTP API on loopback.

    async with FakeEmbeddings.start(embedder) as endpoint:
        ...  # a client speaks to endpoint.base_url

Its vectors are the bundled model's, turned into another space by a matrix that belongs to the
model's name: so they mean what that one's do, and can be compared with no other's. What they share
is `cone`; `haze` is added noise, which makes all cosines smaller. Requests are held to
https://platform.openai.com/docs/api-reference/embeddings/create.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from aiohttp import web

from tests.fakes.provider import Gate
from tzurot.llm.embeddings import Embedder, Vector

MOST_TEXTS = 2048
MOST_TOKENS = 8192  # of a text; four characters are one here


@dataclass
class FakeEmbeddings:
    """See the module; make one with `FakeEmbeddings.start()`."""

    embedder: Embedder
    widths: Mapping[str, int] = field(default_factory=lambda: {"wide": 512})
    key: str = "sk-embeddings"
    cone: float = 0.0
    haze: float = 0.0
    away: bool = False
    gate: Gate | None = None
    """Holds each request until it lets one pass."""
    asked: list[tuple[str, list[str]]] = field(default_factory=list[tuple[str, list[str]]])
    """Models and texts, in the order in which they came."""
    url: str = ""

    @classmethod
    @asynccontextmanager
    async def start(cls, embedder: Embedder) -> AsyncIterator["FakeEmbeddings"]:
        """Serve on loopback until the block is left."""
        endpoint = cls(embedder)
        app = web.Application()
        app.router.add_post("/v1/embeddings", endpoint._create)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        endpoint.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield endpoint
        finally:
            await runner.cleanup()

    @property
    def base_url(self) -> str:
        """What an OpenAI client takes as its base URL."""
        return f"{self.url}/v1"

    def texts(self, model: str) -> list[str]:
        """All that a model was asked to read."""
        return [text for name, texts in self.asked if name == model for text in texts]

    async def _create(self, http: web.Request) -> web.Response:
        if self.gate:
            await self.gate.passed()
        if self.away:
            return _refused(503, "overloaded")
        if http.headers.get("Authorization") != f"Bearer {self.key}":
            return _refused(401, "invalid_api_key")
        body = await http.json()
        if body.get("model") not in self.widths:
            return _refused(404, "model_not_found")
        if not _is_well_formed(body):
            return _refused(400, "invalid_request_error")
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        self.asked.append((body["model"], texts))
        vectors = await self._vectors(body["model"], texts)
        tokens = sum(map(len, texts)) // 4
        return web.json_response(
            {
                "object": "list",
                "data": [
                    {"object": "embedding", "index": index, "embedding": vector.tolist()}
                    for index, vector in enumerate(vectors)
                ],
                "model": body["model"],
                "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
            }
        )

    async def _vectors(self, model: str, texts: Sequence[str]) -> list[Vector]:
        readings = await self.embedder.passages([[text] for text in texts])
        turn = _turn(model, self.widths[model])
        means = [reading.states.mean(axis=0) for reading in readings]
        return [
            self._blurred(turn @ (mean / np.linalg.norm(mean)), text)
            for mean, text in zip(means, texts, strict=True)
        ]

    def _blurred(self, vector: Vector, text: str) -> Vector:
        noise = _chance(text).standard_normal(len(vector)) / len(vector) ** 0.5
        blurred = vector + self.cone + self.haze * noise
        return np.asarray(blurred / np.linalg.norm(blurred), np.float32)


def _turn(model: str, width: int) -> Vector:
    """A matrix that keeps cosines, as far as there is room; shape (width, 384)."""
    spread = _chance(model).standard_normal((max(width, 384), 384))
    return np.asarray(np.linalg.qr(spread)[0][:width], np.float32)


def _chance(text: str) -> np.random.Generator:
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]))


def _is_well_formed(body: Mapping[str, Any]) -> bool:
    given = body.get("input")
    texts = [given] if isinstance(given, str) else given
    return (
        set(body) <= {"model", "input", "encoding_format", "dimensions", "user"}
        and body.get("encoding_format", "float") == "float"
        and isinstance(texts, list)
        and 0 < len(texts) <= MOST_TEXTS
        and all(isinstance(it, str) and 0 < len(it) <= 4 * MOST_TOKENS for it in texts)
    )


def _refused(status: int, code: str) -> web.Response:
    error = {"message": code, "type": "invalid_request_error", "param": None, "code": code}
    return web.json_response({"error": error}, status=status)
