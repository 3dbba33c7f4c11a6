"""Chunks as providers really send them, with what each leaves out."""

from typing import Any

import pytest

from tzurot.llm.chunks import ChunkReader
from tzurot.llm.streaming import (
    ChatMessage,
    FinishReason,
    ModelFinished,
    ModelRequest,
    Role,
    StreamEvent,
    TextDelta,
    ToolCallRequested,
)

REQUEST = ModelRequest((ChatMessage(Role.USER, "Hi"),))


def read(*chunks: object) -> list[StreamEvent]:
    reader = ChunkReader(REQUEST)
    events = [event for chunk in chunks for event in reader.read(chunk)]
    return [*events, *reader.finish()]


def delta(finish_reason: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish_reason}]}


def call(**fields: Any) -> dict[str, Any]:
    return delta(tool_calls=[fields])


@pytest.mark.parametrize(
    "chunk",
    [
        {},
        {"choices": None},
        {"choices": []},
        {"choices": [{}]},
        {"choices": [{"delta": None}]},
        delta(content=None),
        delta(content="", role="assistant"),
        delta(tool_calls=None, reasoning=None),
        [],
        "ping",
    ],
)
def test_a_chunk_without_content_says_nothing(chunk: object) -> None:
    *said, finished = read(chunk)
    assert said == []
    assert isinstance(finished, ModelFinished)


def test_several_calls_are_told_apart_by_their_index() -> None:
    calls = read(
        call(index=0, id="a", function={"name": "dice", "arguments": ""}),
        call(index=1, id="b", function={"name": "clock", "arguments": ""}),
        call(index=0, function={"arguments": '{"sides'}),
        call(index=1, function={"arguments": "{}"}),
        call(index=0, function={"arguments": '": 6}'}),
    )[:-1]
    assert calls == [
        ToolCallRequested("a", "dice", '{"sides": 6}'),
        ToolCallRequested("b", "clock", "{}"),
    ]


def test_whole_calls_that_share_an_index_are_told_apart_by_their_ids() -> None:
    calls = read(
        call(index=0, id="a", function={"name": "dice", "arguments": "{}"}),
        call(index=0, id="b", function={"name": "clock", "arguments": "{}"}),
    )[:-1]
    assert calls == [ToolCallRequested("a", "dice", "{}"), ToolCallRequested("b", "clock", "{}")]


def test_calls_without_an_index_are_told_apart_by_their_ids() -> None:
    calls = read(
        call(id="a", function={"name": "dice", "arguments": '{"sides"'}),
        call(function={"arguments": ": 6}"}),
        call(id="b", function={"name": "clock", "arguments": "{}"}),
    )[:-1]
    assert calls == [
        ToolCallRequested("a", "dice", '{"sides": 6}'),
        ToolCallRequested("b", "clock", "{}"),
    ]


def test_a_call_without_an_id_gets_one() -> None:
    made = read(call(index=0, function={"name": "dice", "arguments": "{}"}))[0]
    assert made == ToolCallRequested("call_0", "dice", "{}")


def test_a_stop_after_tool_calls_means_tool_calls() -> None:
    finished = read(
        call(index=0, id="a", function={"name": "dice", "arguments": "{}"}), delta("stop")
    )[-1]
    assert isinstance(finished, ModelFinished)
    assert finished.reason is FinishReason.TOOL_CALLS


def test_an_unknown_reason_is_an_ordinary_stop() -> None:
    assert read(delta(content="Hi"), delta("eos"))[0] == TextDelta("Hi")
    finished = read(delta("eos"))[-1]
    assert isinstance(finished, ModelFinished)
    assert finished.reason is FinishReason.STOP


def test_usage_without_its_details_counts_them_as_nothing() -> None:
    usage = {"prompt_tokens": 5, "completion_tokens": 3, "prompt_tokens_details": None}
    assert read(delta("stop"), {"choices": [], "usage": usage})[-1] == ModelFinished(
        FinishReason.STOP, prompt_tokens=5, completion_tokens=3
    )
