"""Reads texts with a model behind an OpenAI-compatible address: one vector for each text.

https://platform.openai.com/docs/api-reference/embeddings: at most 2048 texts and 300,000 tokens in
a request. Vectors come as they are; what may be compared with what is the memory room's business.
"""

import asyncio
import json
import logging
from collections.abc import Sequence

import httpx2
import numpy as np
import openai
from pydantic import BaseModel, SecretStr

from tzurot.llm.embeddings import Vector

log = logging.getLogger(__name__)

BATCH = 64  # texts in a request
QUESTION_SECONDS = 3.0  # somebody waits
BATCH_SECONDS = 60.0
REST_SECONDS = 5.0  # after a failure nobody waits for it; then one question tries again
_CONNECT_SECONDS = 2.0


class EmbeddingUnavailable(Exception):
    """The model that reads texts can't be asked now."""


class EmbeddingEndpoint:
    """One embedding model at one address."""

    def __init__(
        self, name: str, base_url: str, api_key: SecretStr | None, http: httpx2.AsyncClient
    ) -> None:
        self.name = name
        self.base_url = base_url
        self._client = openai.AsyncOpenAI(
            # The client insists on a key; servers without keys ignore it.
            api_key=api_key.get_secret_value() if api_key else "none",
            base_url=base_url,
            http_client=http,
            max_retries=0,
            timeout=httpx2.Timeout(None, connect=_CONNECT_SECONDS),
        )
        # The client takes these from OPENAI_* of the environment: not meant for other addresses.
        self._client.organization = self._client.project = None
        self._rest_until = 0.0  # on the event loop's clock

    async def question(self, text: str) -> Vector:
        """The vector of something that somebody waits for; shape (dimensions,).

        Raises:
            EmbeddingUnavailable: it failed now, or a moment ago.
        """
        if asyncio.get_running_loop().time() < self._rest_until:
            raise EmbeddingUnavailable
        (vector,) = await self._asked([text], QUESTION_SECONDS)
        return vector

    async def texts(self, texts: Sequence[str]) -> Vector:
        """Vectors of texts, in order; shape (texts, dimensions). None may be empty.

        Raises:
            EmbeddingUnavailable: it failed.
        """
        batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        return np.concatenate([await self._asked(batch, BATCH_SECONDS) for batch in batches])

    async def _asked(self, texts: Sequence[str], seconds: float) -> Vector:
        try:
            async with asyncio.timeout(seconds):
                # As `embeddings.create`, which believes whatever it is answered.
                answer = await self._client.post(
                    "/embeddings",
                    cast_to=object,
                    body={"model": self.name, "input": list(texts), "encoding_format": "float"},
                    options={"security": {"bearer_auth": True}},
                )
            vectors = _vectors(_Answer.model_validate(answer).data, len(texts))
        except (openai.OpenAIError, json.JSONDecodeError, TimeoutError, ValueError) as error:
            self._rest_until = asyncio.get_running_loop().time() + REST_SECONDS
            log.warning("the embedding model %s failed: %s", self.name, type(error).__name__)
            raise EmbeddingUnavailable from error
        self._rest_until = 0.0
        return vectors


class _Embedding(BaseModel):
    index: int
    embedding: list[float]


class _Answer(BaseModel):
    data: list[_Embedding]


def _vectors(found: Sequence[_Embedding], count: int) -> Vector:
    """What was answered, in the order of the texts.

    Raises:
        ValueError: it isn't one vector for each text, all of one width, that say something.
    """
    ordered = sorted(found, key=lambda it: it.index)
    if [it.index for it in ordered] != list(range(count)):
        raise ValueError("not one vector for each text")
    vectors = np.array([it.embedding for it in ordered], np.float32)
    if vectors.ndim != 2 or not np.isfinite(vectors).all() or not vectors.any(axis=1).all():
        raise ValueError("no vectors")
    return vectors
