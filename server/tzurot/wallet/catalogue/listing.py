"""What a provider's list of models says. Pure.

Most have OpenAI's shape, `{"data": [{"id": …}]}`, and some say more of each model: OpenRouter most
of all, Mistral and Anthropic what it can, vLLM how much it takes. Google has its own. What is not
said is not guessed.

https://openrouter.ai/docs/models, https://docs.mistral.ai/api, https://docs.vllm.ai,
https://ai.google.dev/api/models, https://platform.claude.com/docs/en/api/models/list
"""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import cast

from tzurot.wallet.catalogue.entry import Entry, Modality, Source
from tzurot.wallet.catalogue.price import MILLION, Price

MAX_MODELS = 2_000  # of one list
_MAX_NAME = 120  # characters
_MAX_PARAMETERS = 64
_MOST_TOKENS = 2**31 - 1
_MOST_DOLLARS = 1  # for a token, or a request
_ID = re.compile(r"[!-~]{1,200}")
_PARAMETER = re.compile(r"[a-z][a-z0-9_]{0,39}")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class NoList(ValueError):
    """What was answered is no list of models."""


def read(body: bytes, provider: str, read_time: datetime) -> Sequence[Entry]:
    """The models of a list, in its order, each once.

    Raises:
        NoList: it is none, or there is nothing on it.
    """
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError):
        raise NoList from None
    listed = _field(told, "data") or _field(told, "models")
    if not isinstance(listed, list):
        raise NoList
    found: dict[str, Entry] = {}
    for it in cast("list[object]", listed)[:MAX_MODELS]:
        id_ = _text(_field(it, "id") or _field(it, "name")).removeprefix("models/")  # Google's
        if _ID.fullmatch(id_) and id_ not in found and _chats(it):
            found[id_] = _entry(it, id_, provider, read_time)
    if not found:
        raise NoList
    return list(found.values())


def _entry(it: object, id_: str, provider: str, read_time: datetime) -> Entry:
    parameters, abilities = _words(_field(it, "supported_parameters")), _field(it, "capabilities")
    can = _field(abilities, "function_calling")
    looks = _field(abilities, "vision")
    if not isinstance(looks, bool):
        looks = _supported(abilities, "image_input")
    inputs = _modalities(_field(_field(it, "architecture"), "input_modalities"))
    if inputs is None and isinstance(looks, bool):
        inputs = (Modality.TEXT, Modality.IMAGE) if looks else (Modality.TEXT,)
    return Entry(
        provider=provider,
        id=id_,
        source=Source.LIST,
        read_time=read_time,
        name=_name(_text(_called(it)), id_),
        context_tokens=_context(it),
        reply_tokens=_tokens(_field(_field(it, "top_provider"), "max_completion_tokens"))
        or _tokens(_field(it, "outputTokenLimit"))
        or _tokens(_field(it, "max_tokens")),
        inputs=inputs,
        outputs=_modalities(_field(_field(it, "architecture"), "output_modalities")),
        supports_tools=_among(parameters, "tools") if not isinstance(can, bool) else can,
        supports_reasoning=_either(
            _among(parameters, "reasoning"), _supported(abilities, "thinking")
        ),
        supports_structured_output=_either(
            _among(parameters, "structured_outputs"), _supported(abilities, "structured_outputs")
        ),
        parameters=parameters,
        price=_price(_field(it, "pricing")),
    )


def _chats(it: object) -> bool:
    """Whether a model is one to talk with, as far as its provider says."""
    methods = _field(it, "supportedGenerationMethods")
    if isinstance(methods, list):
        return "generateContent" in cast("list[object]", methods)
    if _field(it, "lifecycle") == "retired":  # Anthropic's, which lists them for the record
        return False
    return _field(_field(it, "capabilities"), "completion_chat") is not False


def _called(it: object) -> object:
    return _field(it, "displayName") or _field(it, "display_name") or _field(it, "name")


def _name(said: str, id_: str) -> str:
    """What its provider calls it; empty where that is its id."""
    name = " ".join(_UNSEEN.sub(" ", said[:_MAX_NAME]).split())
    return "" if name.removeprefix("models/") == id_ else name


def _context(it: object) -> int | None:
    """The smallest of what is said: of a model, and of who runs it."""
    said = (
        _field(it, "context_length"),
        _field(_field(it, "top_provider"), "context_length"),
        _field(it, "max_context_length"),
        _field(it, "max_model_len"),
        _field(it, "inputTokenLimit"),
        _field(it, "max_input_tokens"),
    )
    return min((count for one in said if (count := _tokens(one))), default=None)


def _price(pricing: object) -> Price | None:
    """Dollars for each token, as OpenRouter writes them; below zero where nobody can know."""
    prompt, completion = _micros(pricing, "prompt"), _micros(pricing, "completion")
    if prompt is None or completion is None:
        return None
    cached, each = _micros(pricing, "input_cache_read"), _micros(pricing, "request")
    return Price(
        input_micros=prompt,
        output_micros=completion,
        cached_input_micros=prompt if cached is None else cached,
        request_micros=(each or 0) // MILLION,
    )


def _micros(pricing: object, name: str) -> int | None:
    """Micro-dollars for a million of what one costs so many dollars."""
    said = _field(pricing, name)
    if not isinstance(said, str | int | float) or isinstance(said, bool):
        return None
    try:
        dollars = Decimal(str(said)[:40])
    except InvalidOperation:
        return None
    if not dollars.is_finite() or not 0 <= dollars <= _MOST_DOLLARS:
        return None
    return round(dollars * MILLION * MILLION)


def _modalities(said: object) -> tuple[Modality, ...] | None:
    if not isinstance(said, list):
        return None
    return tuple(it for it in Modality if it.value in cast("list[object]", said))


def _words(said: object) -> tuple[str, ...] | None:
    if not isinstance(said, list):
        return None
    words = (_text(it) for it in cast("list[object]", said)[:_MAX_PARAMETERS])
    return tuple(sorted({it for it in words if _PARAMETER.fullmatch(it)}))


def _among(parameters: tuple[str, ...] | None, name: str) -> bool | None:
    return None if parameters is None else name in parameters


def _supported(abilities: object, name: str) -> bool | None:
    """What Anthropic says of an ability."""
    said = _field(_field(abilities, name), "supported")
    return said if isinstance(said, bool) else None


def _either(first: bool | None, second: bool | None) -> bool | None:
    return second if first is None else first


def _tokens(said: object) -> int | None:
    if not isinstance(said, int) or isinstance(said, bool):
        return None
    return said if 0 < said <= _MOST_TOKENS else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _field(value: object, name: str) -> object:
    return cast("dict[str, object]", value).get(name) if isinstance(value, dict) else None
