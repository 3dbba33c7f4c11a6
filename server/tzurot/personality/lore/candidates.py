"""An entry while it is judged: what it says, read once, and what was found out about it so far."""

from dataclasses import dataclass
from enum import Enum, auto

from tzurot.formats.found import LoreEntry
from tzurot.personality.lore import placing, timing, wishes
from tzurot.personality.lore.ordering import Weight, weight
from tzurot.personality.lore.scene import Scene, Timed, Volume
from tzurot.personality.lore.settings import MAX_SCAN_DEPTH, Settings
from tzurot.personality.lore.verdicts import Verdict
from tzurot.personality.lore.wishes import PROMPTS, Wishes

SILLYTAVERN = "st_world_info"  # its books' `format`


class State(Enum):
    """How far judging came."""

    OPEN = auto()
    UP = auto()
    LEFT_OUT = auto()
    REFUSED = auto()
    """For good: nothing that comes up later changes it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key stands: a phrase for it, or the name of the entry that says it."""

    phrase: str
    caller: str = ""

    def told(self, key: str) -> str:
        """The reason that a key there is."""
        if self.caller:
            return f"called up by `{self.caller}`: key `{key}`"
        return f"key `{key}` {self.phrase}"


@dataclass(slots=True, eq=False)
class Candidate:
    """One entry of one book. Equal to itself only."""

    shelf: int
    """The book's number among the books."""
    number: int
    """The entry's number in its book."""
    id: str
    """By which it is remembered."""
    entry_id: str
    entry: LoreEntry
    wishes: Wishes
    content: str
    """Without decorators."""
    settings: Settings
    timed: Timed
    depth: int
    """How many messages it looks through."""
    calls: bool
    """Whether others are looked up in its content."""
    listens: bool
    """Whether it is looked up in what others say."""
    level: int = 0
    """From which wave of calls on it comes up; 0: needs no call."""
    free: str = ""
    """Why it comes up without keys and conditions; empty if it doesn't."""
    state: State = State.OPEN
    reason: str = "no key came up"
    found: dict[str, Place | int] | None = None
    """Where each of its keys stands, or in how many calls it was looked for in vain."""

    @property
    def name(self) -> str:
        """How reasons call it."""
        return self.entry.name or next(iter(self.entry.keys), "") or f"entry {self.number + 1}"

    @property
    def always(self) -> bool:
        """Whether it does not hang on what was said."""
        return self.entry.constant or "activate" in self.wishes

    @property
    def whole(self) -> bool:
        """Whether its keys are whole words."""
        if "match_full_word" in self.wishes:
            return "match_partial_word" not in self.wishes
        return "match_partial_word" not in self.wishes and self.settings.says("match_whole_words")

    @property
    def weight(self) -> Weight:
        """How long it is kept."""
        return weight(
            self.entry,
            self.wishes.real("priority"),
            always=self.always,
            first_to_go="ignore_on_max_context" in self.wishes,
        )

    def refuse(self, why: str) -> None:
        """It does not come up, whatever else does."""
        self.state, self.reason = State.REFUSED, why

    def refuse_but(self, why: str) -> None:
        """It would have come up, but for something."""
        self.refuse(f"{self.reason}, but {why}")

    def verdict(self, volume: Volume, message_count: int) -> Verdict:
        """What was decided, with the content as it is written."""
        up = self.state is State.UP
        disables = frozenset[str]()
        if up and "disable_ui_prompt" in self.wishes:
            disables = PROMPTS.intersection(self.wishes.keys("disable_ui_prompt"))
        return Verdict(
            book=volume.book.name,
            book_id=volume.id,
            entry_id=self.entry_id,
            position=self.number,
            entry=self.entry,
            content=self.content,
            activated=up,
            reason=self.reason,
            always=up and self.always,
            left_out=self.state is State.LEFT_OUT,
            first_to_go="ignore_on_max_context" in self.wishes.said,
            placement=placing.placement_of(self.entry, self.wishes, self.settings, message_count),
            disables=disables,
            priority=self.wishes.real("priority"),
        )


def candidates_of(shelf: int, volume: Volume, scene: Scene, count: int) -> list[Candidate]:
    """The entries of a book, before anything is decided. `count`: messages of the conversation."""
    found = [_candidate(shelf, volume, number, scene) for number in range(len(volume.book.entries))]
    book = volume.book
    recursive = book.recursive_scanning
    if recursive is None:
        recursive = book.format == SILLYTAVERN
    asked = any("recursive" in it.wishes.said for it in found)
    hears = recursive or (asked and book.recursive_scanning is None)
    for it in found:
        it.level = it.settings.level
        if it.timed is not timing.NEVER:
            it.timed = timing.of_entry(it.timed, it.settings, count)
        if hears:
            it.listens = not _is_deaf(it)
            it.calls = _calls(it, by_default=recursive)
    return found


def _candidate(shelf: int, volume: Volume, number: int, scene: Scene) -> Candidate:
    entry = volume.book.entries[number]
    wished, content = wishes.parse(entry.content)
    settings = Settings(entry.extensions)
    entry_id = volume.entry_ids[number] if number < len(volume.entry_ids) else str(number)
    name = f"{volume.id}:{entry_id}"
    depth = wished.whole("scan_depth")
    if depth is None:
        depth = settings.scan_depth
    if depth is None:
        depth = scene.scan_depth if volume.book.scan_depth is None else volume.book.scan_depth
    return Candidate(
        shelf=shelf,
        number=number,
        id=name,
        entry_id=entry_id,
        entry=entry,
        wishes=wished,
        content=content.strip(),
        settings=settings,
        timed=scene.timings.get(name, timing.NEVER),
        depth=max(0, min(depth, MAX_SCAN_DEPTH)),
        calls=False,
        listens=False,
    )


def _is_deaf(it: Candidate) -> bool:
    return "no_recursive_search" in it.wishes.said or it.settings.says("exclude_recursion")


def _calls(it: Candidate, *, by_default: bool) -> bool:
    said = it.wishes.said
    if "recursive" in said or "unrecursive" in said:
        return "unrecursive" not in said
    return by_default and not it.settings.says("prevent_recursion")
