"""memory_search: the character looks for something in what it remembers of this person."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tzurot.skill.skills import Occasion


@dataclass(frozen=True, slots=True)
class Found:
    """A remembered exchange, as the model reads it."""

    when: datetime
    text: str


Search = Callable[[str, Occasion], Awaitable[Sequence[Found]]]


class MemorySearch:
    """The skill."""

    name = "memory_search"
    private = True
    recalls = True
    description = (
        "Search your memories of the person you are talking with. Use it when they refer to "
        "something said earlier that you do not see in the conversation."
    )
    parameters: Mapping[str, object] = {
        "type": "object",
        "properties": {
            "query": {
                "type": "string",
                "description": "What to look for, in the person's words.",
                "minLength": 1,
                "maxLength": 500,
            }
        },
        "required": ["query"],
        "additionalProperties": False,
    }

    def __init__(self, search: Search) -> None:
        self._search = search

    async def invoke(self, arguments: Mapping[str, object], occasion: Occasion) -> str:
        """The memories found, one a line with its day, or that there are none."""
        found = await self._search(str(arguments["query"]), occasion)
        if not found:
            return "You remember nothing about that."
        return "\n".join(f"[{memory.when:%Y-%m-%d}] {memory.text}" for memory in found)
