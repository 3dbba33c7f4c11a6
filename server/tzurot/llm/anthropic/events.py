"""Reads the events of a streamed message and tells them as ours; pure.

https://platform.claude.com/docs/en/build-with-claude/streaming: a message is a list of blocks, each
of which begins, grows by pieces and ends; then it is said why it ended, and what it took. Events
and blocks that are new are passed over.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from tzurot.llm import tokens
from tzurot.llm.anthropic.request import ECHO, arguments
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

_FINISH_REASONS = {
    "end_turn": FinishReason.STOP,
    "stop_sequence": FinishReason.STOP,
    "pause_turn": FinishReason.STOP,  # of tools that Anthropic runs: none are asked for
    "max_tokens": FinishReason.LENGTH,
    "model_context_window_exceeded": FinishReason.LENGTH,
    "tool_use": FinishReason.TOOL_CALLS,
    "refusal": FinishReason.CONTENT_FILTER,
}
# Of a piece: its kind, and the field of its block that grows by it.
_GROWS = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "signature",
    "input_json_delta": "partial_json",
}
_JSON = "partial_json"
_WRITTEN = ("text", "thinking", _JSON)  # what is made of tokens, as far as it is seen

_Fields = dict[str, object]


@dataclass(slots=True)
class EventReader:
    """Reads one stream: `read` each event in order, then `finish`."""

    request: ModelRequest
    ended: bool = False
    """Whether it was said why the message ended."""
    _thoughts: ThoughtSeparator = field(default_factory=ThoughtSeparator)
    _blocks: dict[int, _Fields] = field(default_factory=dict[int, _Fields])
    _usage: dict[str, int] = field(default_factory=dict[str, int])
    _reason: str = ""

    def read(self, event: object) -> Iterator[StreamEvent]:
        """What an event tells: mostly one thing, often nothing."""
        match _text(event, "type"):
            case "message_start":
                self._count(_field(_field(event, "message"), "usage"))
            case "content_block_start":
                self._blocks[_index(event)] = dict(_fields(_field(event, "content_block")))
                yield from self._begun(self._blocks[_index(event)])
            case "content_block_delta":
                yield from self._grown(_index(event), _field(event, "delta"))
            case "message_delta":
                self._count(_field(event, "usage"))
                self._reason = _text(_field(event, "delta"), "stop_reason") or self._reason
                self.ended = bool(self._reason)
            case _:
                pass

    def finish(self) -> Iterator[StreamEvent]:
        """The rest of the text, the tool calls, whole, then the end."""
        yield from self._thoughts.end()
        calls = [it for it in self._blocks.values() if it.get("type") == "tool_use"]
        for call in calls:
            yield ToolCallRequested(_text(call, "id"), _text(call, "name"), _written(call))
        reason = _FINISH_REASONS.get(self._reason, FinishReason.STOP)
        yield self._finished(reason, Echo(ECHO, self._whole()) if calls else None)

    def _begun(self, block: _Fields) -> Iterator[StreamEvent]:
        """Blocks begin empty, as a rule."""
        if words := _text(block, "text"):
            yield from self._thoughts.feed(words)
        if words := _text(block, "thinking"):
            self._thoughts.thoughts_came()
            yield ReasoningDelta(words)

    def _grown(self, index: int, delta: object) -> Iterator[StreamEvent]:
        name = _GROWS.get(_text(delta, "type"), "")
        piece, block = _text(delta, name), self._blocks.get(index)
        if not piece or block is None:
            return
        block[name] = _text(block, name) + piece
        if name == "text":
            yield from self._thoughts.feed(piece)
        elif name == "thinking":
            self._thoughts.thoughts_came()
            yield ReasoningDelta(piece)

    def _whole(self) -> list[_Fields]:
        """The blocks as they go back, thoughts signed; empty texts are refused there."""
        blocks: list[_Fields] = []
        for _, block in sorted(self._blocks.items()):
            if block.get("type") == "text" and not _text(block, "text").strip():
                continue
            told = {name: value for name, value in block.items() if name != _JSON}
            if block.get("type") == "tool_use":
                told["input"] = arguments(_written(block))
            blocks.append(told)
        return blocks

    def _count(self, usage: object) -> None:
        """Counts are those of the whole message until then."""
        for name, value in _fields(usage).items():
            if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
                self._usage[name] = value
        thought = _field(_field(usage, "output_tokens_details"), "thinking_tokens")
        if isinstance(thought, int):
            self._usage["thinking_tokens"] = thought

    def _finished(self, reason: FinishReason, echo: Echo | None) -> ModelFinished:
        took = self._usage
        if not took.get("output_tokens"):
            said = "".join(_text(it, name) for it in self._blocks.values() for name in _WRITTEN)
            prompt = tokens.of_prompt(self.request)
            return ModelFinished(reason, prompt, tokens.estimate(said), estimated=True, echo=echo)
        written = took.get("cache_creation_input_tokens", 0)
        cached = took.get("cache_read_input_tokens", 0)
        return ModelFinished(
            reason,
            prompt_tokens=took.get("input_tokens", 0) + written + cached,
            completion_tokens=took["output_tokens"],
            cached_tokens=cached,
            cache_write_tokens=written,
            reasoning_tokens=took.get("thinking_tokens", 0),
            echo=echo,
        )


def _written(call: _Fields) -> str:
    """A call's arguments as the model wrote them, piece by piece or at once."""
    return _text(call, _JSON) or json.dumps(call.get("input") or {})


def _index(event: object) -> int:
    index = _field(event, "index")
    return index if isinstance(index, int) else 0


def _text(value: object, name: str) -> str:
    found = _field(value, name)
    return found if isinstance(found, str) else ""


def _field(value: object, name: str) -> object:
    return _fields(value).get(name)


def _fields(value: object) -> _Fields:
    return cast("_Fields", value) if isinstance(value, dict) else {}
