"""Which models see: told by their names, or by the catalogue of their provider. Pure."""

import re
from typing import cast

# Families all of whose chat models take pictures, by the cards of their makers; and words that
# makers put into names to say so.
_SEEING = re.compile(
    r"(?:^|/)(?:"
    r"gpt-(?:4o|4\.1|4-turbo|4\.5|5)|o1(?!-mini|-preview)|o3(?!-mini)|o4"  # OpenAI
    r"|(?:anthropic\.)?claude-(?!2|instant)"
    r"|gemini-|llama-4|pixtral|mistral-(?:small-3\.[1-9]|medium-3)"
    r"|gemma-?3(?!.*\b(?:270m|1b)\b)|grok-4"
    r")"
    r"|(?<![a-z])vision|llava|moondream|minicpm-v|internvl|\bvl\b|-vl-|\dvl\b|\d-vl\b",
    re.IGNORECASE,
)
_BLIND = re.compile(r"gpt-4o.*(?:audio|realtime|transcribe|tts)|embed", re.IGNORECASE)


def by_name(model: str) -> bool | None:
    """Whether a model of this name sees; None if its name says nothing."""
    if _BLIND.search(model):
        return False
    return True if _SEEING.search(model) else None


def in_catalogue(catalogue: object, model: str) -> bool:
    """Whether OpenRouter's list of models says that this one takes pictures.

    https://openrouter.ai/docs/api-reference/list-available-models: `architecture.input_modalities`.
    """
    names = (model, model.partition(":")[0])  # variants such as `:free` may not be listed
    meant = [it for it in _entries(catalogue) if _field(it, "id") in names]
    return any("image" in _inputs(it) for it in meant)


def _entries(catalogue: object) -> list[object]:
    return _list_in(catalogue, "data")


def _inputs(entry: object) -> list[object]:
    return _list_in(_field(entry, "architecture"), "input_modalities")


def _list_in(document: object, name: str) -> list[object]:
    found = _field(document, name)
    return cast("list[object]", found) if isinstance(found, list) else []


def _field(document: object, name: str) -> object:
    """A field of what may be a JSON object; None if it is not, or has none."""
    return cast("dict[str, object]", document).get(name) if isinstance(document, dict) else None
