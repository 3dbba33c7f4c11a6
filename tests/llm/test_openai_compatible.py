"""The adapter against a scripted provider over real HTTP: what is sent, told and retried."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from datetime import timedelta

import httpx2
import pytest
from pydantic import SecretStr

from tests.fakes.provider import (
    CONTEXT_TOO_LONG,
    Call,
    Ending,
    FakeProvider,
    Gate,
    Refusal,
    Reply,
)
from tzurot import errors
from tzurot.llm.fallback import Attempt
from tzurot.llm.openai_compatible import OpenAICompatibleModel
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import (
    ChatMessage,
    FinishReason,
    ModelFinished,
    ModelRequest,
    ReasoningDelta,
    Role,
    Sampling,
    StreamEvent,
    TextDelta,
    Tool,
    ToolCall,
    ToolCallRequested,
)

HELLO = ModelRequest((ChatMessage(Role.USER, "Hello there"),))
SEARCH = Tool("memory_search", "Searches memories.", {"type": "object", "properties": {}})

MakeModel = Callable[..., OpenAICompatibleModel]


@pytest.fixture
def model_at(http: httpx2.AsyncClient) -> MakeModel:
    def make(base_url: str, kind: SpeakerKind = SpeakerKind.CONFIGURED) -> OpenAICompatibleModel:
        speaker = Speaker(kind, "Fake", "fake-model", base_url, SecretStr("sk-secret"))
        return OpenAICompatibleModel(speaker, http, first_wait=timedelta(milliseconds=1))

    return make


@pytest.fixture
def model(provider: FakeProvider, model_at: MakeModel) -> OpenAICompatibleModel:
    return model_at(provider.base_url)


async def told(
    model: OpenAICompatibleModel,
    request: ModelRequest = HELLO,
    *,
    seconds: float = 10,
    attempts: list[Attempt] | None = None,
) -> list[StreamEvent]:
    note = attempts.append if attempts is not None else None
    return [event async for event in model.stream(request, timeout=seconds, on_attempt=note)]


class TestWhatComesBack:
    async def test_text_arrives_in_pieces_and_the_end_tells_what_it_cost(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        provider.script(Reply("Hello", " Ada"))
        assert await told(model) == [
            TextDelta("Hello"),
            TextDelta(" Ada"),
            ModelFinished(FinishReason.STOP, prompt_tokens=2, completion_tokens=2, cached_tokens=1),
        ]

    @pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
    async def test_reasoning_is_never_mixed_into_the_reply(
        self, provider: FakeProvider, model: OpenAICompatibleModel, field: str
    ) -> None:
        provider.script(Reply("Yes", reasoning=["Hm, ", "bees."], reasoning_field=field))
        *events, finished = await told(model)
        assert events == [ReasoningDelta("Hm, "), ReasoningDelta("bees."), TextDelta("Yes")]
        assert isinstance(finished, ModelFinished)
        assert finished.reasoning_tokens == 2

    async def test_tool_calls_are_put_together_from_their_fragments(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        first = Call("memory_search", '{"query": "bees and honey"}', id="call_a")
        second = Call("memory_search", "", id="call_b")
        provider.script(Reply("Let me think.", calls=[first, second]))
        text, *calls, finished = await told(model)
        assert text == TextDelta("Let me think.")
        assert calls == [
            ToolCallRequested("call_a", "memory_search", '{"query": "bees and honey"}'),
            ToolCallRequested("call_b", "memory_search", "{}"),
        ]
        assert isinstance(finished, ModelFinished)
        assert finished.reason is FinishReason.TOOL_CALLS

    async def test_tokens_are_estimated_where_the_provider_reports_none(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        provider.script(Reply("Hello Ada", usage=False))
        finished = (await told(model))[-1]
        assert isinstance(finished, ModelFinished)
        assert finished.estimated
        assert finished.prompt_tokens > 0
        assert finished.completion_tokens > 0

    @pytest.mark.parametrize("reason", ["length", "content_filter"])
    async def test_the_reason_to_stop_is_told(
        self, provider: FakeProvider, model: OpenAICompatibleModel, reason: str
    ) -> None:
        provider.script(Reply("Hel", finish_reason=reason))
        finished = (await told(model))[-1]
        assert isinstance(finished, ModelFinished)
        assert finished.reason == reason


class TestWhatIsSent:
    async def test_the_whole_request_reaches_the_provider(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        sampling = Sampling(0.5, 0.9, 80, ("\nUser:",), {"min_p": 0.05})
        messages = (
            ChatMessage(Role.SYSTEM, "You are Lilith."),
            ChatMessage(Role.USER, "What do I keep?"),
            ChatMessage(Role.ASSISTANT, "", (ToolCall("call_1", "memory_search", "{}"),)),
            ChatMessage(Role.TOOL, "Ada keeps bees.", tool_call_id="call_1"),
        )
        await told(model, ModelRequest(messages, (SEARCH,), sampling))
        call = {"name": "memory_search", "arguments": "{}"}
        assert provider.requests[0].body == {
            "model": "fake-model",
            "messages": [
                {"role": "system", "content": "You are Lilith."},
                {"role": "user", "content": "What do I keep?"},
                {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [{"id": "call_1", "type": "function", "function": call}],
                },
                {"role": "tool", "content": "Ada keeps bees.", "tool_call_id": "call_1"},
            ],
            "tools": [
                {
                    "type": "function",
                    "function": {
                        "name": "memory_search",
                        "description": "Searches memories.",
                        "parameters": {"type": "object", "properties": {}},
                    },
                }
            ],
            "temperature": 0.5,
            "top_p": 0.9,
            "max_tokens": 80,
            "stop": ["\nUser:"],
            "min_p": 0.05,
            "stream": True,
            "stream_options": {"include_usage": True},
        }

    async def test_the_key_goes_into_the_header_and_nothing_of_another_account(
        self,
        provider: FakeProvider,
        model_at: MakeModel,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-operator")
        monkeypatch.setenv("OPENAI_ADMIN_KEY", "admin-key-of-the-operator")
        await told(model_at(provider.base_url))
        headers = provider.requests[0].headers
        assert headers["Authorization"] == "Bearer sk-secret"
        assert not [value for value in headers.values() if "operator" in value]

    async def test_what_a_request_leaves_open_is_the_speakers_own_sampling(
        self, provider: FakeProvider, http: httpx2.AsyncClient
    ) -> None:
        usual = Sampling(0.6, 0.9, 80, extra={"min_p": 0.05, "dry_multiplier": 0.8})
        speaker = Speaker(
            SpeakerKind.BUNDLED, "Fake", "fake-model", provider.base_url, sampling=usual
        )
        wanted = Sampling(temperature=0, stop=("\nUser:",), extra={"min_p": 0.1})
        await told(
            OpenAICompatibleModel(speaker, http), ModelRequest(HELLO.messages, sampling=wanted)
        )
        sent = provider.requests[0].body
        assert sent["temperature"] == 0
        assert sent["stop"] == ["\nUser:"]
        assert sent["min_p"] == 0.1
        assert (sent["top_p"], sent["max_tokens"], sent["dry_multiplier"]) == (0.9, 80, 0.8)

    async def test_openai_is_told_the_longest_reply_by_its_newer_name(
        self, provider: FakeProvider, model_at: MakeModel
    ) -> None:
        request = ModelRequest(HELLO.messages, sampling=Sampling(max_tokens=7))
        await told(model_at(provider.base_url, SpeakerKind.OPENAI), request)
        assert provider.requests[0].body["max_completion_tokens"] == 7
        assert "max_tokens" not in provider.requests[0].body

    async def test_what_a_model_refuses_is_left_out_at_once_and_from_then_on(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        provider.script(
            Refusal(400, "unsupported_parameter", parameter="stop"),
            Refusal(404, message="No endpoints found that support tool use"),
        )
        request = ModelRequest(HELLO.messages, (SEARCH,), Sampling(stop=("x",), temperature=1))
        await told(model, request)
        await told(model, request)
        sent = [{"stop", "tools", "temperature"} & set(it.body) for it in provider.requests]
        assert sent == [
            {"stop", "tools", "temperature"},
            {"tools", "temperature"},
            {"temperature"},
            {"temperature"},
        ]


class TestErrors:
    @pytest.mark.parametrize(
        ("refusal", "error", "outcome"),
        [
            (Refusal(401), errors.ApiKeyRejected, "API_KEY_REJECTED: HTTP 401"),
            (Refusal(402), errors.ProviderQuota, "PROVIDER_QUOTA: HTTP 402"),
            (Refusal(404, "model_not_found"), errors.ModelNotFound, "MODEL_NOT_FOUND: HTTP 404"),
            (
                Refusal(400, message="x/y is not a valid model ID"),
                errors.ModelNotFound,
                "MODEL_NOT_FOUND: HTTP 400",
            ),
            (CONTEXT_TOO_LONG, errors.ContextTooSmall, "CONTEXT_TOO_SMALL: HTTP 400"),
            (Refusal(400), errors.ProviderUnavailable, "PROVIDER_UNAVAILABLE: HTTP 400"),
            (
                Refusal(429, "insufficient_quota"),
                errors.ProviderQuota,
                "PROVIDER_QUOTA: HTTP 429 insufficient_quota",
            ),
        ],
    )
    async def test_what_waiting_does_not_mend_is_told_after_one_attempt(
        self,
        provider: FakeProvider,
        model: OpenAICompatibleModel,
        refusal: Refusal,
        error: type[errors.TzurotError],
        outcome: str,
    ) -> None:
        provider.script(refusal)
        attempts: list[Attempt] = []
        with pytest.raises(error):
            await told(model, attempts=attempts)
        assert len(provider.requests) == len(attempts) == 1
        assert attempts[0].outcome.startswith(outcome)

    async def test_neither_the_key_nor_the_providers_text_is_in_an_error(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        provider.script(Refusal(401, "invalid_api_key", "Incorrect API key: sk-secret"))
        attempts: list[Attempt] = []
        with pytest.raises(errors.ApiKeyRejected) as caught:
            await told(model, attempts=attempts)
        told_to_people = f"{caught.value.message} {caught.value.metadata} {attempts}"
        assert "sk-secret" not in told_to_people
        assert "Incorrect" not in told_to_people

    async def test_nobody_at_the_address_is_unavailable(self, model_at: MakeModel) -> None:
        attempts: list[Attempt] = []
        with pytest.raises(errors.ProviderUnavailable):
            await told(model_at("http://127.0.0.1:1/v1"), attempts=attempts)
        assert [it.outcome for it in attempts] == ["PROVIDER_UNAVAILABLE: connection failed"] * 3

    async def test_an_error_inside_the_stream_is_told_as_its_code_says(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        provider.script(Reply("Hel", ending=Ending.ERROR))
        attempts: list[Attempt] = []
        with pytest.raises(errors.ProviderUnavailable):
            await told(model, attempts=attempts)
        assert [it.outcome for it in attempts] == ["PROVIDER_UNAVAILABLE: HTTP 502"]

    async def test_a_provider_that_hangs_ends_with_the_deadline(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        provider.script(Reply("Hel", ending=Ending.HANG))
        events = model.stream(HELLO, timeout=0.3)
        assert await anext(events) == TextDelta("Hel")
        with pytest.raises(errors.ProviderTimeout):
            await anext(events)
        await provider.until(lambda it: it.closed_early == 1)

    async def test_a_provider_that_never_answers_ends_with_the_deadline(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        provider.script(Reply("Hello", gate=Gate()))
        with pytest.raises(errors.ProviderTimeout):
            await told(model, seconds=0.2)


class TestRetries:
    @pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
    async def test_what_may_pass_is_tried_again(
        self, provider: FakeProvider, model: OpenAICompatibleModel, status: int
    ) -> None:
        provider.script(Refusal(status), "Hello")
        attempts: list[Attempt] = []
        assert (await told(model, attempts=attempts))[0] == TextDelta("Hello")
        assert f"HTTP {status}" in attempts[0].outcome
        assert [it.outcome for it in attempts[1:]] == ["answered"]
        assert attempts[0].started <= attempts[0].ended <= attempts[1].started

    async def test_after_two_retries_the_last_error_is_told(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        provider.script(Refusal(500), Refusal(500), Refusal(429), "too late")
        with pytest.raises(errors.ProviderQuota):
            await told(model)
        assert len(provider.requests) == 3

    async def test_a_connection_that_breaks_before_the_first_word_is_tried_again(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        provider.script(Reply(ending=Ending.BREAK), "Hello")
        assert (await told(model))[0] == TextDelta("Hello")

    async def test_after_the_first_word_nothing_is_tried_again(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        provider.script(Reply("Hel", ending=Ending.BREAK), "Hello")
        events = model.stream(HELLO, timeout=10)
        assert await anext(events) == TextDelta("Hel")
        with pytest.raises(errors.ProviderUnavailable):
            await anext(events)
        assert len(provider.requests) == 1

    async def test_a_wait_that_the_provider_asks_for_is_kept(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        provider.script(Refusal(429, retry_after="0.2"), "Hello")
        attempts: list[Attempt] = []
        await told(model, attempts=attempts)
        assert attempts[1].started - attempts[0].ended >= timedelta(seconds=0.2)

    async def test_a_wait_beyond_the_deadline_is_told_instead_of_waited_for(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        provider.script(Refusal(429, retry_after="30"), "too late")
        with pytest.raises(errors.ProviderQuota) as caught:
            await told(model, seconds=10)
        assert caught.value.retry_after == timedelta(seconds=30)
        assert len(provider.requests) == 1

    @pytest.mark.parametrize(
        ("header", "told"),
        [
            ("Wed, 21 Oct 2099 07:28:00 GMT", timedelta(days=1)),
            ("Wed, 21 Oct 2099 07:28:00 -0000", timedelta(days=1)),
            ("1e99", timedelta(days=1)),
            ("86000", timedelta(seconds=86000)),
        ],
    )
    async def test_a_long_wait_is_understood_however_it_is_written(
        self, provider: FakeProvider, model: OpenAICompatibleModel, header: str, told: timedelta
    ) -> None:
        provider.script(Refusal(429, retry_after=header))
        with pytest.raises(errors.ProviderQuota) as caught:
            await anext(model.stream(HELLO, timeout=5))
        assert caught.value.retry_after == told

    @pytest.mark.parametrize("header", ["soon", "-5", "Wed, 21 Oct 2015 07:28:00 GMT", "nan"])
    async def test_a_wait_that_makes_no_sense_delays_nothing(
        self, provider: FakeProvider, model: OpenAICompatibleModel, header: str
    ) -> None:
        provider.script(Refusal(429, retry_after=header), "Hello")
        assert (await told(model))[0] == TextDelta("Hello")


class TestStopping:
    async def test_closing_the_stream_hangs_up(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        gate = Gate()
        provider.script(Reply("Hello", " Ada", gate=gate))
        gate.release(2)  # the role, then the first word
        attempts: list[Attempt] = []
        async with aclosing(model.stream(HELLO, timeout=10, on_attempt=attempts.append)) as events:
            assert await anext(events) == TextDelta("Hello")
            assert provider.open_streams == 1
        await provider.until(lambda it: it.closed_early == 1 and it.open_streams == 0)
        assert [it.outcome for it in attempts] == ["left"]

    async def test_cancelling_the_reader_hangs_up(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        provider.script(Reply("Hello", ending=Ending.HANG))
        reader = asyncio.create_task(told(model))
        await provider.until(lambda it: it.open_streams == 1)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        await provider.until(lambda it: it.closed_early == 1)

    async def test_many_streams_at_once_stay_apart(
        self, provider: FakeProvider, model: OpenAICompatibleModel
    ) -> None:
        requests = [ModelRequest((ChatMessage(Role.USER, f"number {n}"),)) for n in range(30)]
        async with asyncio.TaskGroup() as group:
            streams = [group.create_task(told(model, request)) for request in requests]
        answers = [stream.result()[0] for stream in streams]
        assert answers == [TextDelta(f'You said: "number {n}"') for n in range(30)]
