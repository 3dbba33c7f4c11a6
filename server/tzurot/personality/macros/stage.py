"""What macros can speak of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

_UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message of the conversation."""

    text: str
    by_character: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A moment of a conversation. Texts are as they are written, their own macros not yet run."""

    char: str = ""
    """What the character is called: its nickname, else its name."""
    user: str = ""
    now: datetime = _UNKNOWN_TIME
    """In the person's time zone."""
    last_message_time: datetime | None = None
    """Of the person's message before the one that is answered."""
    messages: Sequence[Spoken] = ()
    """Oldest first; the last one is answered."""
    model: str = ""
    context_tokens: int = 0
    seed: str = ""
    """The same one gives the same picks: of the conversation and its version of the card."""
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    """Texts of the card and of the person by their macro's name in lower case: `description`,
    `personality`, `scenario`, `persona`, `mesexamples`, `charprompt`, `charinstruction`,
    `charfirstmessage`, `charcreatornotes`, `charversion`, `chardepthprompt`."""
    outlets: Mapping[str, str] = field(default_factory=dict[str, str])
    """Lore that is told where `{{outlet::name}}` stands."""
