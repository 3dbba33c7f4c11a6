"""What lorebooks are held against: the talk, the cast, and what happened before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tzurot.formats.found import Lorebook

SCAN_DEPTH = 4  # messages, where neither setting nor book nor entry says how many


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the talk. A name is looked through with it, as `name: text`."""

    text: str
    by_character: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Volume:
    """A book that a character uses. `entry_ids` stay what they are when the book is edited."""

    id: str
    book: Lorebook
    entry_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Timed:
    """What is remembered of an entry: until which count of messages it stays or rests.

    Counts are of all messages of the conversation, the one to be answered included; 0 is never.
    """

    matched: bool = False
    sticky_until: int = 0
    cooldown_until: int = 0
    since: int = 0
    """The count at which staying or resting was decided. At that count or below it is undone:
    the same message is answered anew, or messages were deleted."""
    matched_since: int = 0
    """The count at which it was told first."""


Timings = Mapping[str, Timed]
"""By `<volume id>:<entry id>`."""


def _as_it_is(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Scene:
    """What is going on when somebody speaks."""

    messages: Sequence[Heard]
    """Oldest first; the last one is to be answered."""
    message_count: int = 0
    """Of the whole conversation, if `messages` are not all; 0: they are."""
    character_message_count: int = 0
    """The same of what the character said."""
    greeting_index: int = 0
    """0 is the greeting, 1 the first alternate one."""
    scan_depth: int = SCAN_DEPTH
    seed: str = ""
    """The same one lets chance decide the same."""
    trigger: str = "normal"
    """SillyTavern's word for why the character speaks: `normal`, `continue`, `swipe`, …"""
    character_names: Sequence[str] = ()
    """Name and nickname, for entries that are for some characters only."""
    tags: Sequence[str] = ()
    user_icon: str = ""
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    """What entries may look through besides messages, by SillyTavern's names:
    `persona_description`, `character_description`, `character_personality`,
    `character_depth_prompt`, `scenario`, `creator_notes`."""
    timings: Timings = field(default_factory=dict[str, Timed])
    fill: Callable[[str], str] = _as_it_is
    """Runs the macros of a key or a content. Called for a content once, when it comes up."""
    scanned: Callable[[str], str] = _as_it_is
    """What of a raw content other entries are looked up in: no comments, hidden keys in sight."""
