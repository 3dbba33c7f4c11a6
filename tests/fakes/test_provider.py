"""The scripted provider itself: its chunks parse with the vendor's own types, its gates hold."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import openai
import pytest
from openai.types.chat import ChatCompletionChunk, ChatCompletionUserMessageParam
from pydantic import TypeAdapter

from tests.fakes.provider import Call, Ending, FakeProvider, Gate, Refusal, Reply, Request, chunks

MESSAGES = [{"role": "user", "content": "Hello"}]
REQUEST = Request(
    {"model": "m", "messages": MESSAGES, "stream_options": {"include_usage": True}}, {}
)


@pytest.fixture
async def client(provider: FakeProvider) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(
        base_url=provider.base_url, api_key="any", max_retries=0
    ) as client:
        yield client


async def ask(client: openai.AsyncOpenAI) -> list[str]:
    stream = await client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": "Hello"}], stream=True
    )
    said = [chunk.choices[0].delta.content async for chunk in stream if chunk.choices]
    return [text for text in said if text]


@pytest.mark.parametrize(
    "reply",
    [
        Reply("Hello", " Ada"),
        Reply("Yes", reasoning=["Hm"], reasoning_field="reasoning_content"),
        Reply(calls=[Call("memory_search", '{"query": "bees"}')]),
        Reply("cut", finish_reason="length"),
        Reply("no usage", usage=False),
        Reply("Hel", ending=Ending.HANG),
    ],
)
def test_every_chunk_is_one_by_the_vendors_own_types(reply: Reply) -> None:
    for chunk in chunks(REQUEST, reply, "chatcmpl-1"):
        parsed = ChatCompletionChunk.model_validate(chunk, strict=True)
        assert parsed.to_dict().keys() == chunk.keys()


def test_words_and_pictures_of_a_message_are_told_apart() -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAEC"}}
    said = {"role": "user", "content": [{"type": "text", "text": "Look!"}, picture]}
    TypeAdapter(ChatCompletionUserMessageParam).validate_python(said, strict=True)
    request = Request({"model": "m", "messages": [*MESSAGES, said]}, {})
    assert (request.last_user_text, request.pictures) == ("Look!", [b"\x00\x01\x02"])


async def test_replies_are_used_up_in_order_and_then_the_answer_is_asked(
    provider: FakeProvider, client: openai.AsyncOpenAI
) -> None:
    provider.script("first", Reply("se", "cond"))
    assert await ask(client) == ["first"]
    assert await ask(client) == ["se", "cond"]
    assert await ask(client) == ['You said: "Hello"']
    provider.answer = lambda request: f"{len(request.messages)} message"
    assert await ask(client) == ["1 message"]
    assert len(provider.requests) == 4


async def test_a_gate_lets_one_chunk_pass_at_a_time(
    provider: FakeProvider, client: openai.AsyncOpenAI
) -> None:
    gate = Gate()
    provider.script(Reply("Hello", " Ada", gate=gate))
    answer = asyncio.create_task(ask(client))
    await provider.until(lambda it: it.open_streams == 1)
    gate.release(2)
    assert not answer.done()
    gate.open()
    assert await answer == ["Hello", " Ada"]
    await provider.until(lambda it: it.open_streams == 0)
    assert provider.closed_early == 0


async def test_a_refusal_is_the_vendors_error(
    provider: FakeProvider, client: openai.AsyncOpenAI
) -> None:
    provider.script(Refusal(429, "rate_limit_exceeded", retry_after="7"))
    with pytest.raises(openai.RateLimitError) as caught:
        await ask(client)
    assert caught.value.code == "rate_limit_exceeded"
    assert caught.value.response.headers["retry-after"] == "7"


async def test_a_broken_stream_is_a_broken_connection(
    provider: FakeProvider, client: openai.AsyncOpenAI
) -> None:
    provider.script(Reply("Hel", ending=Ending.BREAK))
    with pytest.raises(openai.APIConnectionError):
        await ask(client)


async def test_models_are_listed(provider: FakeProvider, client: openai.AsyncOpenAI) -> None:
    provider.models = ("small", "large")
    assert [model.id async for model in client.models.list()] == ["small", "large"]


async def test_it_runs_as_a_process_of_its_own() -> None:
    program = Path(__file__).with_name("provider.py")
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(program), "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout
        base_url = (await process.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as session, session.get(f"{base_url}/models") as answer:
            assert (await answer.json())["data"][0]["id"] == "fake-model"
    finally:
        process.terminate()
        await process.wait()
