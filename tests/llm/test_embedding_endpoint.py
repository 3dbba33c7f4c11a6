"""An embedding model behind an address: one vector for each text, or a clear no."""

import asyncio
from collections.abc import AsyncIterator, Callable

import numpy as np
import pytest
from aiohttp import web
from pydantic import SecretStr

from tests.fakes.embeddings import FakeEmbeddings
from tests.fakes.provider import Gate
from tests.reading import Rereading
from tzurot.llm import embedding_endpoint
from tzurot.llm.embedding_endpoint import BATCH, EmbeddingEndpoint, EmbeddingUnavailable
from tzurot.llm.openai_compatible import connections

Making = Callable[..., EmbeddingEndpoint]


@pytest.fixture
async def fake() -> AsyncIterator[FakeEmbeddings]:
    embedder = Rereading()
    async with FakeEmbeddings.start(embedder) as endpoint:
        yield endpoint
    embedder.close()


@pytest.fixture
async def make(fake: FakeEmbeddings) -> AsyncIterator[Making]:
    async with connections() as http:

        def made(name: str = "wide", url: str = fake.base_url, key: str | None = fake.key):
            return EmbeddingEndpoint(name, url, SecretStr(key) if key else None, http)

        yield made


async def test_each_text_has_its_vector_also_over_many_requests(
    fake: FakeEmbeddings, make: Making
) -> None:
    texts = [f"I keep {n} bees." for n in range(BATCH + 3)]
    vectors = await make().texts(texts)
    assert vectors.shape == (BATCH + 3, 512)
    assert [len(it) for _, it in fake.asked] == [BATCH, 3]
    alone = await make().question(texts[-1])
    assert np.allclose(vectors[-1], alone, atol=1e-5)
    assert not np.allclose(vectors[0], alone, atol=1e-3)


@pytest.mark.parametrize("key", ["sk-other", None])
async def test_a_wrong_key_is_a_model_that_is_away(make: Making, key: str | None) -> None:
    with pytest.raises(EmbeddingUnavailable):
        await make(key=key).texts(["Hi"])


async def test_an_unknown_model_is_one_that_is_away(make: Making) -> None:
    with pytest.raises(EmbeddingUnavailable):
        await make("other").texts(["Hi"])


async def test_nobody_there_is_one_that_is_away(make: Making) -> None:
    with pytest.raises(EmbeddingUnavailable):
        await make(url="http://127.0.0.1:9/v1").texts(["Hi"])


async def test_after_a_failure_nobody_waits_for_the_next(
    fake: FakeEmbeddings, make: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = make()
    fake.away = True
    with pytest.raises(EmbeddingUnavailable):
        await endpoint.question("Hi")
    fake.away = False
    with pytest.raises(EmbeddingUnavailable):
        await endpoint.question("Hi")
    assert not fake.asked
    await endpoint.texts(["Hi"])  # a job tries again, and tells all others
    assert len(await endpoint.question("Hi")) == 512
    monkeypatch.setattr(embedding_endpoint, "REST_SECONDS", -1.0)
    fake.away = True
    with pytest.raises(EmbeddingUnavailable):
        await endpoint.question("Ho")
    fake.away = False
    assert len(await endpoint.question("Ho")) == 512


async def test_somebody_who_waits_does_not_wait_for_long(
    fake: FakeEmbeddings, make: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding_endpoint, "QUESTION_SECONDS", 0.05)
    fake.gate = Gate()
    async with asyncio.timeout(60):
        with pytest.raises(EmbeddingUnavailable):
            await make().question("Hi")


ANSWERS = {
    "no JSON": b"<html>",
    "another shape": b'{"object": "list", "data": "none"}',
    "one too few": b'{"object": "list", "model": "m", "data": [], "usage": {}}',
    "twice the same": b'{"object": "list", "data": [{"object": "embedding", "index": 1, '
    b'"embedding": [1, 0]}]}',
    "nothing said": b'{"object": "list", "data": [{"object": "embedding", "index": 0, '
    b'"embedding": [0, 0]}]}',
    "no vector": b'{"object": "list", "data": [{"object": "embedding", "index": 0, '
    b'"embedding": []}]}',
}


@pytest.mark.parametrize("answer", ANSWERS)
async def test_an_answer_that_says_nothing_is_a_model_that_is_away(
    make: Making, answer: str
) -> None:
    async def says(_: web.Request) -> web.Response:
        return web.Response(body=ANSWERS[answer], content_type="application/json")

    app = web.Application()
    app.router.add_post("/v1/embeddings", says)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        endpoint = make(url=f"http://127.0.0.1:{runner.addresses[0][1]}/v1")
        with pytest.raises(EmbeddingUnavailable):
            await endpoint.texts(["Hi"])
    finally:
        await runner.cleanup()
