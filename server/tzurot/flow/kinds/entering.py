"""What people type for the values of a character that are no plain texts, and back. Pure.

Tags have commas between, greetings a line of `---`; a greeting that has such a line of its own
shows it with a backslash before.
"""

import re

from tzurot.personality.fields import Value

DEPTH = 4  # messages; what an empty answer means

_BETWEEN = re.compile(r"^---[ \t\r]*$", re.MULTILINE)
_OWN = re.compile(r"^(\\*---[ \t\r]*)$", re.MULTILINE)
_SHOWN_OWN = re.compile(r"^\\(\\*---[ \t\r]*)$", re.MULTILINE)


def text_of(key: str, value: Value) -> str:
    """A value as it is typed."""
    match value:
        case bool():
            return "true" if value else "false"
        case list() if key == "tags":
            return ", ".join(map(str, value))
        case list():
            return "\n---\n".join(_OWN.sub(r"\\\1", str(it)) for it in value)
        case _:
            return str(value)


def value_of(key: str, text: str) -> Value:
    """What somebody typed, as the character has it.

    Raises:
        ValueError: it is no number where one is asked.
    """
    match key:
        case "tags":
            return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
        case "alternate_greetings" | "group_greetings":
            parts = (part.strip("\r\n") for part in _BETWEEN.split(text))
            return [_SHOWN_OWN.sub(r"\1", part) for part in parts if part.strip()]
        case "depth_prompt_depth":
            return int(text) if text else DEPTH
        case "definition_visible" | "age_restricted":
            return text == "true"
        case _:
            return text
