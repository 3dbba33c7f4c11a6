"""Which models see, told by their names: where no catalogue says it. Pure."""

import re

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
