"""What was decided about an entry, and where it is told."""

from dataclasses import dataclass
from enum import StrEnum

from tzurot.formats.found import LoreEntry


class Where(StrEnum):
    """Where in the prompt an entry is told."""

    BEFORE_CHARACTER = "before_character"
    AFTER_CHARACTER = "after_character"
    PERSONALITY = "personality"
    """With the character's traits."""
    SCENARIO = "scenario"
    BEFORE_EXAMPLES = "before_examples"
    AFTER_EXAMPLES = "after_examples"
    NOTE_TOP = "note_top"
    """Before the note of the conversation."""
    NOTE_BOTTOM = "note_bottom"
    AT_DEPTH = "at_depth"
    OUTLET = "outlet"
    """Only where a text asks for it by `{{outlet::name}}`."""


class Role(StrEnum):
    """Who says it to the model."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an entry is told.

    `depth` counts messages from the newest: 0 is after it. It is as the entry says it and may be
    more than there are messages: then it is told before the oldest.
    """

    where: Where = Where.BEFORE_CHARACTER
    depth: int = 0
    role: Role = Role.SYSTEM
    outlet: str = ""


# Not frozen: there is one for each entry at each turn, and that took three times as long to fill.
@dataclass(slots=True, eq=False)
class Verdict:
    """Whether an entry is told, and why or why not. Equal to itself only; nobody changes it."""

    book: str
    book_id: str
    entry_id: str
    position: int
    """The entry's number in its book."""
    entry: LoreEntry
    content: str
    """What is told: without decorators, macros run. Of what did not come up, as it is written."""
    activated: bool
    reason: str
    always: bool = False
    """It does not hang on what was said."""
    left_out: bool = False
    """It came up, but its book's budget was full."""
    first_to_go: bool = False
    """Given up before all else when the prompt is full (@@ignore_on_max_context)."""
    placement: Placement = Placement()
    disables: frozenset[str] = frozenset()
    """Prompts of ours that it switches off: `system_prompt`, `post_history_instructions`."""
    priority: float | None = None
    """Said by a decorator (Risu's @@priority); None: the entry's own counts."""

    @property
    def name(self) -> str:
        """The entry's name, or its first key."""
        return self.entry.name or next(iter(self.entry.keys), "")
