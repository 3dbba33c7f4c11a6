"""How much to think, as each family of models is told it, and what goes back with tools."""

from typing import Any

import httpx2
import pytest
from pydantic import SecretStr

from tests.fakes.provider import FakeProvider, Refusal
from tzurot.llm import reasoning
from tzurot.llm.chunks import ChunkReader
from tzurot.llm.fallback import Attempt
from tzurot.llm.openai_compatible import OpenAICompatibleModel
from tzurot.llm.reasoning import Family
from tzurot.llm.speaker import Speaker, SpeakerKind
from tzurot.llm.streaming import (
    ChatMessage,
    Echo,
    ModelFinished,
    ModelRequest,
    Reasoning,
    ReasoningDelta,
    Role,
    Sampling,
    TextDelta,
    ToolCall,
    ToolCallRequested,
)

HELLO = (ChatMessage(Role.USER, "Hello there"),)
LEVELS = tuple(Reasoning)
LIMIT = 100


def speaker(
    model: str, kind: SpeakerKind = SpeakerKind.COMPATIBLE, url: str = "https://example.org/v1"
) -> Speaker:
    sampling = Sampling(temperature=0.7, top_p=0.9, max_tokens=LIMIT)
    return Speaker(kind, "Fake", model, url, SecretStr("sk-secret"), sampling=sampling)


def effort(*values: str) -> list[dict[str, Any]]:
    return [{"reasoning_effort": value} for value in values]


def google(**config: Any) -> dict[str, Any]:
    return {"extra_body": {"google": {"thinking_config": config}}}


def adaptive(*efforts: str) -> list[dict[str, Any]]:
    thinking = {"type": "adaptive", "display": "summarized"}
    return [{"thinking": thinking, "output_config": {"effort": it}} for it in efforts]


ON, OFF = {"type": "enabled"}, {"type": "disabled"}
KIND = SpeakerKind
# A model, and what is sent for off, minimal, low, medium, high and max.
SENT: list[tuple[Speaker, list[dict[str, Any]]]] = [
    (
        speaker("anthropic/claude-sonnet-4", KIND.OPENROUTER),
        [
            {"reasoning": {"effort": it}}
            for it in ("none", "minimal", "low", "medium", "high", "max")
        ],
    ),
    (
        speaker("qwen3:8b", KIND.OLLAMA),
        effort("none", "low", "low", "medium", "high", "high"),
    ),
    (speaker("o3-mini", KIND.OPENAI), effort("low", "low", "low", "medium", "high", "high")),
    (speaker("gpt-oss-20b"), effort("low", "low", "low", "medium", "high", "high")),
    (
        speaker("gpt-5-mini", KIND.OPENAI),
        effort("minimal", "minimal", "low", "medium", "high", "high"),
    ),
    (speaker("gpt-5.1", KIND.OPENAI), effort("none", "low", "low", "medium", "high", "high")),
    (speaker("gpt-5.2", KIND.OPENAI), effort("none", "low", "low", "medium", "high", "xhigh")),
    (
        speaker("claude-sonnet-4-5"),
        [
            {"thinking": OFF},
            *(
                {"thinking": {**ON, "budget_tokens": it}}
                for it in (1_024, 2_048, 8_192, 16_384, 32_768)
            ),
        ],
    ),
    (
        speaker("claude-haiku-4-5-20251001", KIND.ANTHROPIC),
        [
            {"thinking": OFF},
            *(
                {"thinking": {**ON, "budget_tokens": it}}
                for it in (1_024, 2_048, 8_192, 16_384, 32_768)
            ),
        ],
    ),
    *(
        (
            speaker(name, KIND.ANTHROPIC),
            [off, *adaptive("low", "low", "medium", "high", "max")],
        )
        for name, off in (
            ("claude-opus-4-6", {"thinking": OFF}),
            ("claude-haiku-5-5", {"thinking": OFF}),
            ("claude-sonnet-5-5", {"thinking": {"type": "between_tools"}}),
            ("claude-opus-5-5", {"output_config": {"effort": "low"}}),
            ("claude-fable-5-1", {"output_config": {"effort": "low"}}),
            ("claude-of-next-year", {"thinking": OFF}),
        )
    ),
    (
        speaker("gemini-2.5-flash", KIND.GEMINI),
        [
            google(thinking_budget=0),
            *(
                google(thinking_budget=it, include_thoughts=True)
                for it in (1_024, 2_048, 8_192, 16_384, 24_576)
            ),
        ],
    ),
    (
        speaker("gemini-2.5-pro", KIND.GEMINI),
        [
            google(thinking_budget=128),
            *(
                google(thinking_budget=it, include_thoughts=True)
                for it in (1_024, 2_048, 8_192, 16_384, 24_576)
            ),
        ],
    ),
    (
        speaker("gemini-3-flash", KIND.GEMINI),
        [
            google(thinking_level="minimal"),
            *(
                google(thinking_level=it, include_thoughts=True)
                for it in ("minimal", "low", "medium", "high", "high")
            ),
        ],
    ),
    (
        speaker("gemini-3-pro", KIND.GEMINI),
        [
            google(thinking_level="low"),
            *(
                google(thinking_level=it, include_thoughts=True)
                for it in ("low", "low", "medium", "high", "high")
            ),
        ],
    ),
    (
        speaker("deepseek-chat"),
        [
            {"thinking": OFF},
            *({"thinking": ON} | it for it in effort("low", "low", "medium", "high", "max")),
        ],
    ),
    (
        speaker("zai-org/glm-5"),
        [
            {"thinking": OFF},
            *({"thinking": ON} | it for it in effort("minimal", "low", "medium", "high", "max")),
        ],
    ),
    (speaker("moonshotai/Kimi-K2.5"), [{"thinking": OFF}, *[{"thinking": ON}] * 5]),
    (speaker("kimi-k3"), effort("low", "low", "low", "high", "high", "max")),
    (
        speaker("Qwen/Qwen3-32B"),
        [
            {"enable_thinking": False},
            *(
                {"enable_thinking": True, "thinking_budget": it}
                for it in (1_024, 2_048, 8_192, 16_384, 32_768)
            ),
        ],
    ),
]
UNTOLD = [
    speaker("gpt-4.1-mini", KIND.OPENAI),
    speaker("gpt-5-chat-latest", KIND.OPENAI),
    speaker("claude-3-5-haiku"),
    speaker("claude-3-5-haiku-latest", KIND.ANTHROPIC),
    speaker("gemini-2.0-flash", KIND.GEMINI),
    speaker("glm-4-9b"),
    speaker("mistral-small-latest", KIND.MISTRAL),
    speaker("llama-3.3-70b"),
    speaker("qwen3-4b", KIND.GGUF),
]


@pytest.mark.parametrize(("who", "sent"), SENT, ids=lambda it: getattr(it, "model", ""))
def test_each_level_is_told_as_the_family_knows_it(
    who: Speaker, sent: list[dict[str, Any]]
) -> None:
    assert [reasoning.asked(who, level).fields for level in LEVELS] == sent
    assert reasoning.asked(who, None) == reasoning.Asked()


def test_every_family_is_in_the_table() -> None:
    assert {reasoning.family_of(who) for who, _ in SENT} == set(Family)


@pytest.mark.parametrize("who", UNTOLD, ids=lambda who: who.model)
def test_a_model_of_which_nobody_knows_how_is_told_nothing(who: Speaker) -> None:
    assert [
        it for level in LEVELS if (it := reasoning.asked(who, level)) != reasoning.Asked()
    ] == []


def test_all_that_is_sent_can_be_left_out_again() -> None:
    sent = {name for _, rows in SENT for row in rows for name in row}
    assert sent == reasoning.FIELDS


@pytest.mark.parametrize(
    ("model", "kind", "within"),
    [
        ("deepseek-r1", KIND.COMPATIBLE, True),
        ("deepseek-r1-distill-qwen-32b", KIND.COMPATIBLE, True),
        ("Qwen/QwQ-32B", KIND.COMPATIBLE, True),
        ("qwen3-235b-thinking", KIND.CONFIGURED, True),
        ("deepseek-r1-q4", KIND.GGUF, True),
        ("deepseek/deepseek-r1", KIND.OPENROUTER, False),
        ("deepseek-r1:8b", KIND.OLLAMA, False),
        ("claude-3-7-sonnet-thinking", KIND.COMPATIBLE, False),
        ("claude-thinking", KIND.ANTHROPIC, False),
        ("qwen3-32b", KIND.COMPATIBLE, False),
        ("llama-3.3-70b", KIND.COMPATIBLE, False),
    ],
)
def test_who_begins_within_their_thoughts(model: str, kind: SpeakerKind, within: bool) -> None:
    assert reasoning.starts_within(speaker(model, kind)) is within


class TestOnTheWire:
    async def bodies(
        self, who: Speaker, http: httpx2.AsyncClient, provider: FakeProvider, *levels: Reasoning
    ) -> tuple[list[dict[str, Any]], list[str]]:
        """What was sent for each level, and how each attempt ended."""
        model, attempts = OpenAICompatibleModel(who, http), list[Attempt]()
        for level in levels:
            request = ModelRequest(HELLO, reasoning=level)
            async for _ in model.stream(request, timeout=10, on_attempt=attempts.append):
                pass
        bodies = [dict(it.body) for it in provider.requests]
        return bodies, [it.outcome for it in attempts]

    async def test_thoughts_have_room_beside_the_reply(
        self, http: httpx2.AsyncClient, provider: FakeProvider
    ) -> None:
        who = speaker("claude-sonnet-4-5", url=provider.base_url)
        (off, high), _ = await self.bodies(who, http, provider, Reasoning.OFF, Reasoning.HIGH)
        assert (off["max_tokens"], off["temperature"]) == (LIMIT, 0.7)
        assert high["max_tokens"] == LIMIT + high["thinking"]["budget_tokens"]
        assert not {"temperature", "top_p"} & high.keys()

    @pytest.mark.parametrize(
        "refusal",
        [
            Refusal(400, "unsupported_value", parameter="reasoning_effort"),
            Refusal(400, message="Reasoning is mandatory for this endpoint"),
            Refusal(404, message="No endpoints found that support this thinking budget"),
        ],
    )
    async def test_a_level_that_is_refused_is_left_out_from_then_on_and_told(
        self, http: httpx2.AsyncClient, provider: FakeProvider, refusal: Refusal
    ) -> None:
        who = speaker("gpt-5", url=provider.base_url)
        provider.script(refusal)
        levels = (Reasoning.OFF, Reasoning.OFF, Reasoning.HIGH)
        bodies, outcomes = await self.bodies(who, http, provider, *levels)
        sent = [it.get("reasoning_effort") for it in bodies]
        assert sent == ["minimal", None, None, "high"]
        without = "answered, without reasoning off: refused"
        assert outcomes == [without, without, "answered"]

    async def test_what_goes_back_stands_where_it_stood(
        self, http: httpx2.AsyncClient, provider: FakeProvider
    ) -> None:
        signed = ToolCall("a", "dice", "{}", Echo("extra_content", {"google": {"x": "sig"}}))
        asked = ChatMessage(
            Role.ASSISTANT, "", (signed,), echo=Echo("reasoning_details", [{"type": "x"}])
        )
        answer = ChatMessage(Role.TOOL, "6", tool_call_id="a")
        model = OpenAICompatibleModel(speaker("m", url=provider.base_url), http)
        request = ModelRequest((*HELLO, asked, answer))
        async for _ in model.stream(request, timeout=10):
            pass
        sent = provider.requests[0].messages[1]
        assert sent["reasoning_details"] == [{"type": "x"}]
        assert sent["tool_calls"][0]["extra_content"] == {"google": {"x": "sig"}}


def read(*deltas: dict[str, Any]) -> tuple[str, str, list[ToolCallRequested], Echo | None]:
    """The answer, the thoughts, the calls, and what goes back."""
    reader = ChunkReader(ModelRequest(HELLO))
    chunks = [{"choices": [{"delta": delta}]} for delta in deltas]
    events = [event for chunk in chunks for event in reader.read(chunk)]
    events += list(reader.finish())
    finished = events[-1]
    assert isinstance(finished, ModelFinished)
    answer = "".join(it.text for it in events if isinstance(it, TextDelta))
    thoughts = "".join(it.text for it in events if isinstance(it, ReasoningDelta))
    calls = [it for it in events if isinstance(it, ToolCallRequested)]
    return answer, thoughts, calls, finished.echo


CALL = {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "dice", "arguments": "{}"}}]}


def detail(**fields: Any) -> dict[str, Any]:
    return {"reasoning_details": [{"index": 0, "format": "x"} | fields]}


class TestWhatComes:
    def test_thoughts_between_tags_are_no_answer(self) -> None:
        assert read({"content": "<thi"}, {"content": "nk>Hm.</think>Hi"})[:2] == ("Hi", "Hm.")

    def test_an_unfinished_tag_is_told_at_the_end(self) -> None:
        assert read({"content": "I <thin"})[0] == "I <thin"

    def test_parts_of_the_content_can_be_thoughts(self) -> None:
        thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}
        said = {"type": "text", "text": "Hi"}
        assert read({"content": [thinking]}, {"content": [said]})[:2] == ("Hi", "Hm.")

    def test_words_that_stand_in_two_fields_are_told_once(self) -> None:
        both = detail(type="reasoning.text", text="Hm.") | {"reasoning": "Hm."}
        assert read(both, {"content": "Hi"})[:2] == ("Hi", "Hm.")
        summary = detail(type="reasoning.summary", summary="In short.")
        assert read(summary, {"content": "Hi"})[:2] == ("Hi", "In short.")

    def test_signed_blocks_go_back_whole_with_calls_and_only_then(self) -> None:
        deltas = (
            detail(type="reasoning.text", text="I roll"),
            detail(type="reasoning.text", text=" dice."),
            detail(type="reasoning.text", signature="sig"),
            detail(type="reasoning.encrypted", data="xyz", id="1"),
            detail(type="reasoning.encrypted", data="abc", id="2"),
        )
        block = {"index": 0, "format": "x"}
        assert read(*deltas, CALL)[3] == Echo(
            "reasoning_details",
            [
                block | {"type": "reasoning.text", "text": "I roll dice.", "signature": "sig"},
                block | {"type": "reasoning.encrypted", "data": "xyz", "id": "1"},
                block | {"type": "reasoning.encrypted", "data": "abc", "id": "2"},
            ],
        )
        assert read(*deltas, {"content": "Hi"})[3] is None

    def test_unsigned_thoughts_go_back_in_the_field_they_came_in(self) -> None:
        deltas = ({"reasoning_content": "I roll"}, {"reasoning_content": " dice."}, CALL)
        assert read(*deltas)[3] == Echo("reasoning_content", "I roll dice.")
        assert read({"reasoning": "I roll."}, CALL)[3] is None

    def test_a_calls_signature_stays_with_it(self) -> None:
        signed = {"google": {"thought_signature": "sig"}}
        call = {"tool_calls": [CALL["tool_calls"][0] | {"extra_content": signed}]}
        assert read(call)[2][0].echo == Echo("extra_content", signed)
