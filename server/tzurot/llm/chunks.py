"""Reads the chunks of a streamed chat completion and tells them as events; pure.

What a model thinks is told apart from its answer, whether it comes in a field of its own, in parts
of the content, or between tags (`thoughts.py`). Chunks are read as plain JSON: building the client
library's models from them took three quarters of a chunk's CPU. Providers differ in what they leave
out, so nothing is taken for granted. The shape:
https://platform.openai.com/docs/api-reference/chat-streaming
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypedDict, cast

from tzurot.llm import tokens
from tzurot.llm.details import Details
from tzurot.llm.streaming import (
    Echo,
    FinishReason,
    ModelFinished,
    ModelRequest,
    ReasoningDelta,
    StreamEvent,
    ToolCallRequested,
)
from tzurot.llm.thoughts import ThoughtSeparator

_MOST_DOLLARS = 10_000  # of one call: what is above it is a mistake
_FINISH_REASONS = {reason.value: reason for reason in FinishReason}


class _FunctionDelta(TypedDict, total=False):
    name: str | None
    arguments: str | None


class _CallDelta(TypedDict, total=False):
    index: int | None
    id: str | None
    function: _FunctionDelta | None
    extra_content: object  # Gemini: the signature of the thoughts before it


class _Part(TypedDict, total=False):
    text: str | None
    thinking: "list[_Part] | str | None"


class _Delta(TypedDict, total=False):
    content: str | list[_Part] | None  # parts: Mistral
    reasoning: str | None  # OpenRouter, Ollama
    reasoning_content: str | None  # DeepSeek, GLM, Kimi, Qwen, llama.cpp, vLLM
    reasoning_details: object  # OpenRouter
    tool_calls: list[_CallDelta] | None


class _Choice(TypedDict, total=False):
    delta: _Delta | None
    finish_reason: str | None


class _Usage(TypedDict, total=False):
    prompt_tokens: int | None
    completion_tokens: int | None
    prompt_tokens_details: dict[str, int | None] | None
    completion_tokens_details: dict[str, int | None] | None
    cost: float | None  # OpenRouter's, in dollars


class _Chunk(TypedDict, total=False):
    choices: list[_Choice] | None
    usage: _Usage | None


@dataclass(slots=True)
class _Call:
    id: str
    name: str = ""
    arguments: str = ""
    echo: Echo | None = None


@dataclass(slots=True)
class ChunkReader:
    """Reads one stream: `read` each chunk in order, then `finish`."""

    request: ModelRequest
    thoughts: ThoughtSeparator = field(default_factory=ThoughtSeparator)
    finish_reason: str | None = None
    _usage: _Usage | None = None
    _calls: dict[int, _Call] = field(default_factory=dict[int, _Call])
    _said: list[str] = field(default_factory=list[str])
    _details: Details = field(default_factory=Details)
    _reasoning_content: list[str] = field(default_factory=list[str])

    def read(self, chunk: object) -> Iterator[StreamEvent]:
        """The events that a chunk holds: mostly one, often none."""
        if not isinstance(chunk, dict):
            return
        data = cast("_Chunk", chunk)  # a provider's JSON: every key may be absent or null
        self._usage = data.get("usage") or self._usage
        for choice in data.get("choices") or ():
            self.finish_reason = choice.get("finish_reason") or self.finish_reason
            delta = choice.get("delta") or _Delta()
            if reasoning := self._reasoning(delta):
                self.thoughts.thoughts_came()
                yield ReasoningDelta(reasoning)
            yield from self._content(delta.get("content"))
            for fragment in delta.get("tool_calls") or ():
                self._collect(fragment)

    def finish(self) -> Iterator[StreamEvent]:
        """The rest of the text, the tool calls, whole, then the end."""
        yield from self.thoughts.end()
        for call in self._calls.values():
            yield ToolCallRequested(call.id, call.name, call.arguments or "{}", call.echo)
        reason = _FINISH_REASONS.get(self.finish_reason or "", FinishReason.STOP)
        if self._calls and reason is FinishReason.STOP:
            reason = FinishReason.TOOL_CALLS  # some providers say `stop` all the same
        yield self._finished(reason)

    def _reasoning(self, delta: _Delta) -> str:
        """What is thought in fields of its own; the same words can stand in two of them."""
        of_details = self._details.add(delta.get("reasoning_details"))
        if content := delta.get("reasoning_content"):
            self._reasoning_content.append(content)
        return delta.get("reasoning") or content or of_details

    def _content(self, content: str | list[_Part] | None) -> Iterator[StreamEvent]:
        """The text, with the thoughts in it."""
        if not content:
            return
        if isinstance(content, str):
            self._said.append(content)
            yield from self.thoughts.feed(content)
            return
        for part in content:
            if thinking := part.get("thinking"):
                pieces = [_Part(text=thinking)] if isinstance(thinking, str) else thinking
                self.thoughts.thoughts_came()
                yield from (ReasoningDelta(text) for it in pieces if (text := it.get("text")))
            yield from self._content(part.get("text"))

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
        if extra := fragment.get("extra_content"):
            call.echo = Echo("extra_content", extra)

    def _echo(self) -> Echo | None:
        """The thoughts that led to calls: providers want them back with the answers."""
        if not self._calls:
            return None
        if details := self._details.whole:
            return Echo("reasoning_details", details)
        content = "".join(self._reasoning_content)
        return Echo("reasoning_content", content) if content else None

    def _finished(self, reason: FinishReason) -> ModelFinished:
        if not self._usage:
            calls = "".join(call.name + call.arguments for call in self._calls.values())
            said = tokens.estimate("".join(self._said) + calls)
            prompt = tokens.of_prompt(self.request)
            return ModelFinished(reason, prompt, said, estimated=True, echo=self._echo())
        prompt_details = self._usage.get("prompt_tokens_details") or {}
        completion_details = self._usage.get("completion_tokens_details") or {}
        return ModelFinished(
            reason,
            prompt_tokens=self._usage.get("prompt_tokens") or 0,
            completion_tokens=self._usage.get("completion_tokens") or 0,
            cached_tokens=prompt_details.get("cached_tokens") or 0,
            reasoning_tokens=completion_details.get("reasoning_tokens") or 0,
            cost_micros=_micros(self._usage.get("cost")),
            echo=self._echo(),
        )


def _micros(dollars: object) -> int | None:
    """What was reported, in micro-dollars; None if it is no sum of money.

    https://openrouter.ai/docs/use-cases/usage-accounting: `usage.cost`, in the last chunk.
    """
    if not isinstance(dollars, int | float) or not 0 <= dollars <= _MOST_DOLLARS:
        return None
    return math.ceil(round(dollars * 1_000_000, 6))
