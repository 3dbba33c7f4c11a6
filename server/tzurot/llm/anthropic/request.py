"""What Anthropic's Messages API is sent. Pure.

A prompt here is a list of messages in which the system speaks at the beginning and in between, and
people several times in a row. There the system has a place of its own, which is told first, and two
take turns. So what the system says at the beginning goes to that place; what it says later is part
of the person's turn, between tags that nobody else's words can have.

What has been read of a prompt's beginning costs a tenth when it comes again within minutes:
https://platform.claude.com/docs/en/build-with-claude/prompt-caching. It has to be said where such a
beginning ends: behind the system's words, and wherever the system interrupts what was said, since
what it tells there changes from turn to turn.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import cast

from tzurot.llm import parameters, reasoning
from tzurot.llm.reasoning import BUDGETS
from tzurot.llm.speaker import Speaker
from tzurot.llm.streaming import ChatMessage, ModelRequest, Reasoning, Role, SeenPicture, Tool

ECHO = "content"  # of an assistant's message: all that came, in its order

_USUAL_TOKENS = 1_024  # of a reply; the API insists on a limit
_MARKS = 4  # of beginnings in a request, at most
_STANDS_STILL = {"type": "ephemeral"}  # for five minutes after it was last read
_SYSTEM_TAG = re.compile(r"<(?=/?system\s*>)", re.I)
_BEGIN, _GO_ON = "The conversation begins.", "It is your turn."

_Block = dict[str, object]


def body(
    speaker: Speaker, request: ModelRequest, level: Reasoning | None, *, with_schema: bool = True
) -> dict[str, object]:
    """The request for a level of thinking, with the schema of its answer if there is one.

    https://platform.claude.com/docs/en/api/messages/create
    """
    head = list(takewhile(lambda it: it.role is Role.SYSTEM, request.messages))
    asked = reasoning.asked(speaker, level)
    sent: dict[str, object] = {
        "model": speaker.model,
        "max_tokens": _longest(speaker, request) + _to_think(speaker, level, asked.tokens),
        "messages": _turns(request.messages[len(head) :]),
        "stream": True,
        **asked.fields,
    }
    if words := "\n\n".join(it.text for it in head if it.text.strip()):
        sent["system"] = [_text(words) | {"cache_control": _STANDS_STILL}]
    if stop := _stop(speaker, request):
        sent["stop_sequences"] = stop
    if request.tools:
        sent["tools"] = [_tool(tool) for tool in request.tools]
        if not request.may_call:
            sent["tool_choice"] = {"type": "none"}
    if request.answer and with_schema:
        wanted = {"type": "json_schema", "schema": dict(request.answer)}
        sent["output_config"] = {**_fields(asked.fields.get("output_config")), "format": wanted}
    return sent


def _stop(speaker: Speaker, request: ModelRequest) -> list[str]:
    """Where it is to stop, as somebody set it, else as usual; white space alone is refused."""
    usual = {"stop_sequences": request.sampling.stop or speaker.sampling.stop}
    wanted = parameters.over(speaker, usual, request.parameters).get("stop_sequences", ())
    return [it for it in cast("Sequence[str]", wanted) if it.strip()]


def _longest(speaker: Speaker, request: ModelRequest) -> int:
    return request.sampling.max_tokens or speaker.sampling.max_tokens or _USUAL_TOKENS


def _to_think(speaker: Speaker, level: Reasoning | None, tokens: int) -> int:
    """Tokens on top of the reply's limit, since thoughts count into it."""
    if level is None and reasoning.thinks_unasked(speaker):
        return BUDGETS[Reasoning.MEDIUM]
    return tokens


def _turns(messages: Sequence[ChatMessage]) -> list[dict[str, object]]:
    """What was said, by two who take turns: the person begins, and has the last word."""
    turns: list[tuple[str, list[_Block]]] = []
    last_said = max((at for at, it in enumerate(messages) if it.role is Role.USER), default=0)
    marks = _MARKS - 1
    for at, message in enumerate(messages):
        if message.role is Role.SYSTEM and turns and at < last_said and marks:
            turns[-1][1][-1]["cache_control"] = _STANDS_STILL
            marks -= 1
        role = "assistant" if message.role is Role.ASSISTANT else "user"
        blocks = [*_blocks(message)]
        if turns and turns[-1][0] == role:
            turns[-1][1].extend(blocks)
        elif blocks:
            turns.append((role, blocks))
    if not turns or turns[0][0] != "user":
        turns.insert(0, ("user", [_told(_BEGIN)]))
    if turns[-1][0] != "user":  # newer models don't go on with words that are put into their mouth
        turns.append(("user", [_told(_GO_ON)]))
    return [{"role": role, "content": blocks} for role, blocks in turns]


def _blocks(message: ChatMessage) -> Iterator[_Block]:
    """A message; texts of nothing but white space are refused, so there are none."""
    said = _text(_SYSTEM_TAG.sub("< ", message.text)) if message.text.strip() else None
    match message.role:
        case Role.SYSTEM:
            if said:
                yield _told(message.text)
        case Role.TOOL:
            yield {
                "type": "tool_result",
                "tool_use_id": message.tool_call_id or "",
                **({"content": [said]} if said else {}),
            }
        case Role.ASSISTANT if message.echo and message.echo.name == ECHO:
            yield from (dict(it) for it in cast("list[_Block]", message.echo.value))
        case _:
            yield from (_picture(it) for it in message.pictures)
            if said:
                yield said
            for call in message.tool_calls:
                use = {"id": call.id, "name": call.name, "input": arguments(call.arguments)}
                yield {"type": "tool_use", **use}


def arguments(written: str) -> dict[str, object]:
    """What a tool is called with; nothing if that is no JSON object."""
    try:
        read: object = json.loads(written)
    except (ValueError, RecursionError):
        read = None
    return _fields(read)


def _told(words: str) -> _Block:
    """Words of the system's, within what the person says."""
    return _text(f"<system>\n{_SYSTEM_TAG.sub('< ', words)}\n</system>")


def _text(words: str) -> _Block:
    return {"type": "text", "text": words}


def _picture(picture: SeenPicture) -> _Block:
    """https://platform.claude.com/docs/en/build-with-claude/vision."""
    data = base64.b64encode(picture.content).decode()
    source = {"type": "base64", "media_type": picture.media_type, "data": data}
    return {"type": "image", "source": source}


def _tool(tool: Tool) -> dict[str, object]:
    parameters = dict(tool.parameters)
    return {"name": tool.name, "description": tool.description, "input_schema": parameters}


def _fields(value: object) -> dict[str, object]:
    return dict(cast("Mapping[str, object]", value)) if isinstance(value, dict) else {}
