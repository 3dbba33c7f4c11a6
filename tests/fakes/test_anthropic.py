"""The fake of Anthropic, checked by Anthropic's own client library and what it says of the API.

The library is made of Anthropic's OpenAPI document. What the server speaks is in `llm/anthropic`.
"""

from collections.abc import AsyncIterator
from typing import Any, get_type_hints

import anthropic
import pytest
from pydantic import TypeAdapter

from tests.fakes import anthropic as fakes
from tests.fakes.anthropic import (
    MODELS,
    OVERLOADED,
    RETIRED,
    SPENT,
    FakeAnthropic,
    Hidden,
    Refusal,
    Reply,
    Thought,
    Use,
    Words,
)
from tests.fakes.provider import Ending

HELLO = [{"role": "user", "content": "Hello"}]
SEARCH = {"name": "search", "description": "Searches.", "input_schema": {"type": "object"}}


@pytest.fixture
async def claude() -> AsyncIterator[FakeAnthropic]:
    async with FakeAnthropic.start() as claude:
        yield claude


@pytest.fixture
async def client(claude: FakeAnthropic) -> AsyncIterator[Any]:
    key = "sk-ant-test"
    async with anthropic.AsyncAnthropic(api_key=key, base_url=claude.url, max_retries=0) as client:
        yield client


def asked(**more: Any) -> dict[str, Any]:
    return {"model": "claude-sonnet-5-5", "max_tokens": 9_000, "messages": HELLO} | more


async def message(client: Any, **more: Any) -> Any:
    async with client.messages.stream(**asked(**more)) as stream:
        return await stream.get_final_message()


async def test_its_client_reads_a_message_block_by_block(
    claude: FakeAnthropic, client: Any
) -> None:
    use = Use("search", '{"query": "bees"}')
    claude.script(Reply(Thought("Hm, ", "bees."), Hidden("aGk="), Words("Let ", "me."), use))
    thinking = {"type": "adaptive", "display": "summarized"}
    told = await message(client, tools=[SEARCH], thinking=thinking)
    assert [it.type for it in told.content] == [
        *("thinking", "redacted_thinking", "text", "tool_use")
    ]
    thought, hidden, words, called = told.content
    assert (thought.thinking, hidden.data, words.text) == ("Hm, bees.", "aGk=", "Let me.")
    assert thought.signature
    assert called.input == {"query": "bees"}
    assert told.stop_reason == "tool_use"
    assert told.usage.output_tokens_details.thinking_tokens == 2
    answer = {"type": "tool_result", "tool_use_id": called.id, "content": "none"}
    said = [{"role": "assistant", "content": told.content}, {"role": "user", "content": [answer]}]
    claude.script("None.")
    last = await message(client, messages=[*HELLO, *said], tools=[SEARCH], thinking=thinking)
    assert last.content[0].text == "None."
    assert claude.complaints == []


async def test_every_event_is_one_that_is_published(claude: FakeAnthropic) -> None:
    published: TypeAdapter[Any] = TypeAdapter(anthropic.types.RawMessageStreamEvent)
    use = Use("search", '{"query": "bees"}')
    reply = Reply(Thought("Hm."), Hidden("aGk="), "Hello", use, stop_reason="refusal")
    kinds: set[str] = set()
    for event in claude.events(asked(thinking={"display": "summarized"}), reply):
        kinds.add(event["type"])
        if event["type"] != "ping":  # which the client passes over before it reads anything
            published.validate_python(event, strict=False)
    assert kinds == {
        *("message_start", "message_delta", "message_stop", "ping"),
        *("content_block_start", "content_block_delta", "content_block_stop"),
    }


def test_what_a_request_may_have_is_what_is_published() -> None:
    published = get_type_hints(anthropic.types.message_create_params.MessageCreateParamsStreaming)
    headers = {"user_profile_id", "workspace_id"}
    assert published.keys() - headers == fakes.FIELDS
    blocks = {
        "text": anthropic.types.TextBlockParam,
        "image": anthropic.types.ImageBlockParam,
        "tool_result": anthropic.types.ToolResultBlockParam,
        "tool_use": anthropic.types.ToolUseBlockParam,
        "thinking": anthropic.types.ThinkingBlockParam,
        "redacted_thinking": anthropic.types.RedactedThinkingBlockParam,
    }
    assert blocks.keys() == fakes.BLOCKS.keys()
    for kind, (fields, _) in fakes.BLOCKS.items():
        assert fields <= get_type_hints(blocks[kind]).keys(), kind


async def test_its_client_reads_the_list_of_models(client: Any) -> None:
    listed = [it async for it in client.models.list(limit=1000)]
    assert [it.id for it in listed] == [*MODELS, RETIRED]
    assert listed[0].max_input_tokens == 1_000_000
    assert listed[0].capabilities.thinking.types.adaptive.supported
    assert (listed[-1].lifecycle, listed[0].lifecycle) == ("retired", "active")


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (Refusal(401, "authentication_error"), anthropic.AuthenticationError),
        (Refusal(403, "permission_error"), anthropic.PermissionDeniedError),
        (Refusal(404, "not_found_error"), anthropic.NotFoundError),
        (Refusal(413, "request_too_large"), anthropic.APIStatusError),
        (Refusal(429, "rate_limit_error", retry_after="3"), anthropic.RateLimitError),
        (SPENT, anthropic.BadRequestError),
        (OVERLOADED, anthropic.APIStatusError),
    ],
)
async def test_its_client_knows_the_errors(
    claude: FakeAnthropic, client: Any, refusal: Refusal, kind: type[Exception]
) -> None:
    claude.script(refusal)
    with pytest.raises(kind) as caught:
        await message(client)
    assert refusal.kind in str(caught.value)


async def test_its_client_knows_an_error_inside_the_stream(
    claude: FakeAnthropic, client: Any
) -> None:
    claude.script(Reply("Hel", ending=Ending.ERROR))
    with pytest.raises(anthropic.APIStatusError) as caught:
        await message(client)
    assert "overloaded_error" in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"extra_body": {"temperature": 0.5}}, "temperature: Extra inputs"),
        ({"extra_body": {"seed": 1}}, "seed: Extra inputs"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"messages": []}, "at least one message"),
        ({"messages": [{"role": "assistant", "content": "Hi"}, *HELLO]}, "first message must"),
        ({"messages": [*HELLO, {"role": "assistant", "content": "Hi"}]}, "prefill"),
        ({"messages": [{"role": "user", "content": ""}]}, "must be non-empty"),
        ({"messages": [{"role": "user", "content": " \n"}]}, "non-whitespace"),
        ({"stop_sequences": ["\n"]}, "non-whitespace"),
        ({"thinking": {"type": "enabled", "budget_tokens": 2_000}}, "not supported for this model"),
        ({"thinking": {"type": "disabled"}}, "not supported for this model"),
        (
            {
                "model": "claude-haiku-4-5",
                "thinking": {"type": "enabled", "budget_tokens": 9_000},
            },
            "must be greater than `thinking.budget_tokens`",
        ),
        (
            {"model": "claude-haiku-4-5", "thinking": {"type": "enabled", "budget_tokens": 9}},
            "greater than or equal to 1024",
        ),
        ({"tool_choice": {"type": "none"}}, "while providing tools"),
        ({"output_config": {"effort": "most"}}, "effort"),
        (
            {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}},
            "additionalProperties",
        ),
    ],
)
async def test_what_the_real_one_refuses_is_refused(
    client: Any, wrong: dict[str, Any], words: str
) -> None:
    with pytest.raises(anthropic.BadRequestError, match=words.replace(".", r"\.")):
        await message(client, **wrong)


USE = {"type": "tool_use", "id": "toolu_1", "name": "search", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "none"}
UNSIGNED = {"type": "thinking", "thinking": "Hm.", "signature": "bm9uZQ=="}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([[USE], [{"type": "text", "text": "Well?"}]], "without `tool_result` blocks"),
        ([[{"type": "text", "text": "Hi"}], [RESULT]], "unexpected `tool_use_id`"),
        ([[UNSIGNED, USE], [RESULT]], "Invalid `signature`"),
        ([[USE], [{"type": "text", "text": "So:"}, RESULT]], "must come first"),
    ],
)
async def test_what_does_not_belong_together_is_refused(
    client: Any, said: list[list[dict[str, Any]]], words: str
) -> None:
    mine, yours = said
    turns = [{"role": "assistant", "content": mine}, {"role": "user", "content": yours}]
    with pytest.raises(anthropic.BadRequestError, match=words):
        await message(client, messages=[*HELLO, *turns], tools=[SEARCH])
