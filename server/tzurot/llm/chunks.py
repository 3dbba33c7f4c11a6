"""Reads the chunks of a streamed chat completion and tells them as events; pure.

Chunks are read as plain JSON: building the client library's models from them took three quarters of
a chunk's CPU. Providers differ in what they leave out, so nothing is taken for granted. The shape:
https://platform.openai.com/docs/api-reference/chat-streaming
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypedDict, cast

from tzurot.llm import tokens
from tzurot.llm.streaming import (
    FinishReason,
    ModelFinished,
    ModelRequest,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    ToolCallRequested,
)

_FINISH_REASONS = {reason.value: reason for reason in FinishReason}


class _FunctionDelta(TypedDict, total=False):
    name: str | None
    arguments: str | None


class _CallDelta(TypedDict, total=False):
    index: int | None
    id: str | None
    function: _FunctionDelta | None


class _Delta(TypedDict, total=False):
    content: str | None
    reasoning: str | None  # OpenRouter, Ollama
    reasoning_content: str | None  # DeepSeek, llama.cpp, vLLM
    tool_calls: list[_CallDelta] | None


class _Choice(TypedDict, total=False):
    delta: _Delta | None
    finish_reason: str | None


class _Usage(TypedDict, total=False):
    prompt_tokens: int | None
    completion_tokens: int | None
    prompt_tokens_details: dict[str, int | None] | None
    completion_tokens_details: dict[str, int | None] | None


class _Chunk(TypedDict, total=False):
    choices: list[_Choice] | None
    usage: _Usage | None


@dataclass(slots=True)
class _Call:
    id: str
    name: str = ""
    arguments: str = ""


@dataclass(slots=True)
class ChunkReader:
    """Reads one stream: `read` each chunk in order, then `finish`."""

    request: ModelRequest
    finish_reason: str | None = None
    _usage: _Usage | None = None
    _calls: dict[int, _Call] = field(default_factory=dict[int, _Call])
    _said: list[str] = field(default_factory=list[str])

    def read(self, chunk: object) -> Iterator[StreamEvent]:
        """The events that a chunk holds: mostly one, often none."""
        if not isinstance(chunk, dict):
            return
        data = cast("_Chunk", chunk)  # a provider's JSON: every key may be absent or null
        self._usage = data.get("usage") or self._usage
        for choice in data.get("choices") or ():
            self.finish_reason = choice.get("finish_reason") or self.finish_reason
            delta = choice.get("delta") or _Delta()
            if reasoning := delta.get("reasoning") or delta.get("reasoning_content"):
                yield ReasoningDelta(reasoning)
            if text := delta.get("content"):
                self._said.append(text)
                yield TextDelta(text)
            for fragment in delta.get("tool_calls") or ():
                self._collect(fragment)

    def finish(self) -> Iterator[StreamEvent]:
        """The tool calls, whole, then the end."""
        for call in self._calls.values():
            yield ToolCallRequested(call.id, call.name, call.arguments or "{}")
        reason = _FINISH_REASONS.get(self.finish_reason or "", FinishReason.STOP)
        if self._calls and reason is FinishReason.STOP:
            reason = FinishReason.TOOL_CALLS  # some providers say `stop` all the same
        yield self._finished(reason)

    def _collect(self, fragment: _CallDelta) -> None:
        """Add a fragment to its call; the index says to which, a new id begins another one."""
        call_id = fragment.get("id")
        index = fragment.get("index")
        if (
            index is None
        ):  # then calls come whole, or in fragments of which only the first has an id
            index = len(self._calls) - (not call_id and bool(self._calls))
        call = self._calls.get(index)
        if call and call_id and call_id != call.id:  # Gemini numbers every call 0
            index, call = len(self._calls), None
        if not call:
            call = self._calls[index] = _Call(call_id or f"call_{index}")
        function = fragment.get("function") or _FunctionDelta()
        call.name = call.name or function.get("name") or ""
        call.arguments += function.get("arguments") or ""

    def _finished(self, reason: FinishReason) -> ModelFinished:
        if not self._usage:
            calls = "".join(call.name + call.arguments for call in self._calls.values())
            said = tokens.estimate("".join(self._said) + calls)
            return ModelFinished(reason, tokens.of_prompt(self.request), said, estimated=True)
        prompt_details = self._usage.get("prompt_tokens_details") or {}
        completion_details = self._usage.get("completion_tokens_details") or {}
        return ModelFinished(
            reason,
            prompt_tokens=self._usage.get("prompt_tokens") or 0,
            completion_tokens=self._usage.get("completion_tokens") or 0,
            cached_tokens=prompt_details.get("cached_tokens") or 0,
            reasoning_tokens=completion_details.get("reasoning_tokens") or 0,
        )
