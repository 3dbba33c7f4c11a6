"""What a character has fields for, and what is special about some of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Besides name, slug and visibility, by the names that they have everywhere.
TEXTS = (
    "nickname", "description", "traits", "tone", "age", "appearance", "likes", "dislikes", "goals",
    "history", "scenario", "greeting", "example_dialogues", "system_prompt",
    "post_history_instructions", "error_message", "birthday", "creator", "creator_notes",
    "character_version", "depth_prompt",
)  # fmt: skip
LISTS = ("alternate_greetings", "group_greetings", "tags")
# What is read as it is, with its own type.
OTHERS = (
    "depth_prompt_depth", "depth_prompt_role", "regex_scripts", "custom_fields",
    "age_restricted", "definition_visible",
)  # fmt: skip

# What a card tells the model: hidden from those who may only talk with the character.
DEFINITION = frozenset(
    {
        "description", "traits", "tone", "age", "appearance", "likes", "dislikes", "goals",
        "history", "scenario", "example_dialogues", "system_prompt", "post_history_instructions",
        "error_message", "alternate_greetings", "group_greetings", "depth_prompt",
        "depth_prompt_depth", "depth_prompt_role", "regex_scripts", "custom_fields",
    }
)  # fmt: skip
OWNERS_TO_CHANGE = frozenset({"visibility", "definition_visible", "age_restricted"})

Value = str | int | bool | list[str] | list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """New values by field name, and the etag that must still be the current one."""

    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    etag: str = ""
