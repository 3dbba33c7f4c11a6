"""Which entries of lorebooks come up, and why. Pure.

An entry comes up when one of its keys stands in the last messages: in any case and also inside a
word, unless the entry says otherwise. What is said at the top of its content (decorators, Character
Card V3) is followed as far as it is about keys. Among what came up, a book's token budget keeps the
entries of the highest priority, then of the highest insertion order.

Where programs differ: `constant` holds with patterns too (as in SillyTavern); of an entry with
patterns the other keys are plain text, and its secondary keys count only where SillyTavern's
`selectiveLogic` stands beside them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tzurot.formats.found import Lorebook, LoreEntry
from tzurot.formats.lorebooks import decorators
from tzurot.llm import tokens
from tzurot.personality import patterns
from tzurot.personality.patterns import Clock, TookTooLong
from tzurot.personality.wishes import Wishes, wishes_of

SCAN_DEPTH = 4  # messages, where neither book nor entry says how many

_AFTER = "after_char"
_LOGIC = {0: "AND ANY", 1: "NOT ALL", 2: "NOT ANY", 3: "AND ALL"}  # SillyTavern's selectiveLogic

Fill = Callable[[str], str]


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """Whether an entry is told, and why or why not. Equal to itself only."""

    book: str
    position: int
    """The entry's number in its book."""
    entry: LoreEntry
    content: str
    """What is told: without decorators, placeholders filled."""
    activated: bool
    reason: str
    always: bool = False
    """It does not hang on what was said."""
    left_out: bool = False
    """It came up, but its book's budget was full."""

    @property
    def before(self) -> bool:
        """Whether it is told before the character's description, not after it."""
        return self.entry.position != _AFTER

    @property
    def name(self) -> str:
        """The entry's name, or its first key."""
        return self.entry.name or next(iter(self.entry.keys), "")


def judge(
    books: Sequence[Lorebook], messages: Sequence[str], fill: Fill = lambda text: text
) -> list[Verdict]:
    """A verdict on each entry, in the order of the books. `messages`: oldest first.

    `fill` replaces placeholders in contents and keys. With patterns this can take as long as
    `patterns.ALL_SECONDS`.
    """
    heard = _Heard(messages, fill)
    found: list[Verdict] = []
    for book in books:
        judged = [_judged(book, number, heard) for number, _ in enumerate(book.entries)]
        found += _within_budget(book, judged)
    return found


def in_order(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """What came up, in the order in which it is told."""
    up = [verdict for verdict in verdicts if verdict.activated or verdict.left_out]
    return sorted(up, key=lambda it: (not it.before, it.entry.insertion_order))


def by_weight(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The ones that are kept longest first."""
    return sorted(
        verdicts,
        key=lambda it: (it.always, it.entry.priority or 0, it.entry.insertion_order),
        reverse=True,
    )


def has_patterns(books: Sequence[Lorebook]) -> bool:
    """Whether judging them can take long."""
    return any(entry.use_regex for book in books for entry in book.entries)


class _Heard:
    """The last messages, newest first, and how to find a key in them."""

    def __init__(self, messages: Sequence[str], fill: Fill) -> None:
        self.fill = fill
        self._messages = [(text, text.casefold()) for text in reversed(messages)]
        self._clock = Clock()

    def where(self, key: str, entry: LoreEntry, depth: int) -> int | None:
        """How many messages ago a key stands; None if it doesn't.

        Raises:
            TookTooLong: a pattern was not done in time.
        """
        pattern = patterns.compiled(key) if entry.use_regex else None
        if entry.use_regex and pattern is None and patterns.is_pattern(key):
            return None
        key = self.fill(key).strip()
        for ago, (text, folded) in enumerate(self._messages[: max(0, depth)]):
            if pattern is not None:
                found = self._clock.found(pattern, text)
            elif entry.case_sensitive:
                found = _stands(key, text, entry)
            else:
                found = _stands(key.casefold(), folded, entry)
            if found:
                return ago
        return None


def _judged(book: Lorebook, number: int, heard: _Heard) -> Verdict:
    entry = book.entries[number]
    said, content = decorators.parse(entry.content)
    wishes = wishes_of(said)
    content = heard.fill(content).strip()
    try:
        activated, reason = _decided(book, entry, wishes, content, heard)
    except TookTooLong:
        activated, reason = False, "its pattern took too long"
    always = activated and (entry.constant or wishes.always)
    return Verdict(book.name, number, entry, content, activated, reason, always)


def _decided(
    book: Lorebook, entry: LoreEntry, wishes: Wishes, content: str, heard: _Heard
) -> tuple[bool, str]:
    """Whether it comes up, and why or why not."""
    if not entry.enabled:
        return False, "switched off"
    if not content:
        return False, "it has no words"
    if wishes.always:
        return True, "always told (@@activate)"
    if wishes.never:
        return False, "never told (@@dont_activate)"
    depth = _depth(book, entry, wishes)
    reason = "always told" if entry.constant else _by_keys(entry, depth, heard)
    refused = _refused(entry, wishes, depth, heard) if reason else ""
    return bool(reason) and not refused, _joined(reason, refused)


def _joined(reason: str, refused: str) -> str:
    return f"{reason}, but {refused}" if refused else reason or "no key came up"


def _by_keys(entry: LoreEntry, depth: int, heard: _Heard) -> str:
    """Which key stands where; empty if none does."""
    for key in entry.keys:
        ago = heard.where(key, entry, depth)
        if ago is not None:
            return f"key `{key}` {_ago(ago)}"
    return ""


def _refused(entry: LoreEntry, wishes: Wishes, depth: int, heard: _Heard) -> str:
    """Why an entry whose key stands does not come up; empty if it does."""

    def standing(keys: Sequence[str]) -> list[str]:
        return [key for key in keys if heard.where(key, entry, depth) is not None]

    for keys in wishes.also:
        if not standing(keys):
            return f"none of {_listed(keys)}"
    if not entry.use_regex and (barred := standing(wishes.unless)):
        return f"so did `{barred[0]}`"
    if entry.constant or not _is_selective(entry):
        return ""
    return _by_logic(entry, standing(entry.secondary_keys))


def _by_logic(entry: LoreEntry, found: Sequence[str]) -> str:
    """What the secondary keys have against it, by SillyTavern's four rules."""
    logic = entry.extensions.get("selectiveLogic")
    rule = _LOGIC.get(int(logic), "AND ANY") if isinstance(logic, int | float) else "AND ANY"
    wanted = entry.secondary_keys
    match rule:
        case "NOT ALL" if len(found) == len(wanted):
            return f"so did all of {_listed(wanted)}"
        case "NOT ANY" if found:
            return f"so did `{found[0]}`"
        case "AND ALL" if len(found) < len(wanted):
            return f"not all of {_listed(wanted)}"
        case "AND ANY" if not found:
            return f"none of {_listed(wanted)}"
        case _:
            return ""


def _is_selective(entry: LoreEntry) -> bool:
    if not entry.selective or not entry.secondary_keys:
        return False
    return not entry.use_regex or "selectiveLogic" in entry.extensions


def _depth(book: Lorebook, entry: LoreEntry, wishes: Wishes) -> int:
    """How many of the last messages are looked through."""
    own = entry.extensions.get("scan_depth")
    said = (wishes.scan_depth, own if isinstance(own, int) else None, book.scan_depth)
    return next((depth for depth in said if depth is not None), SCAN_DEPTH)


def _stands(key: str, text: str, entry: LoreEntry) -> bool:
    if not key:
        return False
    if not entry.extensions.get("match_whole_words"):
        return key in text
    start = text.find(key)
    while start >= 0:
        if not _is_letter(text[start - 1 : start]) and not _is_letter(text[start + len(key) :][:1]):
            return True
        start = text.find(key, start + 1)
    return False


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def _within_budget(book: Lorebook, judged: Sequence[Verdict]) -> list[Verdict]:
    """The verdicts of one book, with what its budget has no room for left out. 0 is no budget."""
    if not book.token_budget:
        return list(judged)
    left, kept = book.token_budget, set[int]()
    for verdict in by_weight([it for it in judged if it.activated]):
        cost = tokens.estimate(verdict.content)
        if cost <= left:
            left -= cost
            kept.add(verdict.position)
    full = f"the book's budget of {book.token_budget} tokens was full"
    return [
        it
        if not it.activated or it.position in kept
        else replace(it, activated=False, left_out=True, reason=f"{it.reason}; left out: {full}")
        for it in judged
    ]


def _ago(messages: int) -> str:
    match messages:
        case 0:
            return "in the last message"
        case 1:
            return "one message before the last"
        case _:
            return f"{messages} messages before the last"


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)
