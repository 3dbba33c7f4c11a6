"""Presets as files: our own JSON, and what SillyTavern's chat completion presets come to. Pure.

SillyTavern's keys are those of its default preset:
https://github.com/SillyTavern/SillyTavern/blob/release/default/content/presets/openai/Default.json
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from tzurot.formats import documents
from tzurot.formats.unreadable import Problem, Unreadable
from tzurot.llm.parameters import BY_NAME, Parameters
from tzurot.llm.speaker import SpeakerKind
from tzurot.wallet.plan import Wish
from tzurot.wallet.presets.presets import MAX_NAME, Preset, stored

SPEC = "tzurot_preset"
_SILLYTAVERN = {"chat_completion_source", "openai_max_tokens", "prompts", "temp_openai"}
# Its names of what has another one here.
_CALLED = {"openai_max_tokens": "max_tokens", "reasoning_effort": "reasoning"}
_LEVELS = {"min": "minimal"}
# What does nothing there, or means that nothing is said.
_NEUTRAL: Mapping[str, object] = {
    "frequency_penalty": 0,
    "min_p": 0,
    "presence_penalty": 0,
    "reasoning": "auto",
    "repetition_penalty": 1,
    "seed": -1,
    "top_a": 0,
    "top_k": 0,
    "verbosity": "auto",
}
# Whose models it can ask that can be asked here, each with the key that names the model.
_SOURCES: Mapping[str, tuple[str, SpeakerKind | None]] = {
    "openrouter": ("openrouter_model", SpeakerKind.OPENROUTER),
    "openai": ("openai_model", SpeakerKind.OPENAI),
    "mistralai": ("mistralai_model", SpeakerKind.MISTRAL),
    "makersuite": ("google_model", SpeakerKind.GEMINI),
    "custom": ("custom_model", None),
}
_NO_MODEL = "OR_Website"  # OpenRouter's account decides
_PROMPTS = (
    "prompts are the character's here, and are not taken over: put what you need of them into its"
    " system prompt"
)
_WHY: Mapping[str, str] = {
    "prompts": _PROMPTS,
    "prompt_order": _PROMPTS,
    "openai_max_context": "the window is the model's own",
    "n": "there is one reply at a time",
    "stream_openai": "replies are always streamed",
    "proxy_password": "a secret is not taken out of a file: bring a key of your own",
    "reverse_proxy": "an address comes with a key of your own",
    "custom_url": "an address comes with a key of your own",
    "bias_preset_selected": "biases by words have no tokens here",
    "assistant_prefill": "replies are not begun for the model",
}
_LONGEST = 80  # characters of a key that is told


@dataclass(frozen=True, slots=True)
class Found:
    """What a file comes to; `left_out`: what has no counterpart here, and why, in words."""

    name: str
    wish: Wish | None
    parameters: Parameters
    left_out: Sequence[str] = ()


def write(preset: Preset) -> bytes:
    """A preset as our own JSON; null is off."""
    wish = preset.wish
    document = {
        "spec": SPEC,
        "spec_version": "1",
        "name": preset.name,
        "model": wish.model if wish else "",
        "provider": wish.kind.value if wish and wish.kind else "",
        "parameters": stored(preset.parameters),
    }
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def read(content: bytes, file_name: str) -> Found:
    """What a file comes to; SillyTavern's have their name from the file's.

    Raises:
        Unreadable: it is no preset of either.
    """
    document = _plain(documents.loads(content))
    if not isinstance(document, dict):
        raise Unreadable(Problem.NOT_RECOGNIZED, "This is no preset.")
    given = cast("dict[str, Any]", document)
    stem = file_name.rpartition("/")[2].removesuffix(".json").strip()[:MAX_NAME]
    if given.get("spec") == SPEC:
        return _own(given, stem)
    if _SILLYTAVERN & given.keys():
        return _sillytavern(given, stem)
    raise Unreadable(
        Problem.NOT_RECOGNIZED,
        "This is neither a preset of Tzurot nor a chat completion preset of SillyTavern.",
    )


def _own(given: dict[str, Any], stem: str) -> Found:
    values: dict[str, Any] = {}
    left_out: list[str] = []
    own = given.get("parameters")
    for name, value in cast("dict[str, Any]", own if isinstance(own, dict) else {}).items():
        parameter = BY_NAME.get(name)
        fitted = parameter.fitted(value) if parameter and value is not None else None
        if parameter is None:
            left_out.append(f"{name[:_LONGEST]}: there is no such parameter")
        elif fitted is not None or (value is None and parameter.can_be_off):
            values[name] = fitted
        else:
            left_out.append(f"{name}: it must be {parameter.range}")
    kind = str(given.get("provider") or "")
    wish = _wish(given.get("model"), SpeakerKind(kind) if kind in set(SpeakerKind) else None)
    name = given.get("name")
    called = name.strip()[:MAX_NAME] if isinstance(name, str) else ""
    return Found(called or stem, wish, values, left_out)


def _sillytavern(given: dict[str, Any], stem: str) -> Found:
    values: dict[str, Any] = {}
    left_out: list[str] = []
    source = str(given.get("chat_completion_source") or "")
    model_key, kind = _SOURCES.get(source, ("", None))
    model = given.get(model_key)
    wish = _wish(None if model == _NO_MODEL else model, kind)
    for key, written in given.items():
        name = _CALLED.get(key, key)
        if name in BY_NAME:
            value = _LEVELS.get(written, written) if isinstance(written, str) else written
            fitted = BY_NAME[name].fitted(value)
            if value in (None, _NEUTRAL.get(name)):
                continue
            if fitted is None:
                left_out.append(f"{key[:_LONGEST]}: it must be {BY_NAME[name].range}")
            else:
                values[name] = fitted
    left_out += _without_counterpart(given, {"chat_completion_source", model_key})
    if source and not model_key:
        left_out.append(f"chat_completion_source: models of {source[:_LONGEST]} are not asked")
    return Found(stem, wish, values, left_out)


def _without_counterpart(given: Mapping[str, Any], used: set[str]) -> Iterator[str]:
    """What says something that nothing here says; models that are not chosen say nothing."""
    for key, value in given.items():
        if key in used or _CALLED.get(key, key) in BY_NAME or key.endswith("_model"):
            continue
        if value in (None, "", False, [], {}):
            continue
        yield f"{key[:_LONGEST]}: {_WHY.get(key, 'nothing here does that')}"


def _wish(model: object, kind: SpeakerKind | None) -> Wish | None:
    """The model that is asked for, if it is named as models can be."""
    if not isinstance(model, str) or not 0 < len(model) <= 200:
        return None
    return Wish(model, kind) if all("!" <= sign <= "~" for sign in model) else None


def _plain(value: Any) -> Any:
    """JSON with numbers as Python has them."""
    match value:
        case Decimal():
            return float(value)
        case dict():
            return {str(key): _plain(it) for key, it in cast("dict[Any, Any]", value).items()}
        case list():
            return [_plain(it) for it in cast("list[Any]", value)]
        case _:
            return value
