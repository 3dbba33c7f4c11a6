"""How dialogues tell of lorebooks, their entries, and why one of these is told. Pure."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from tzurot.flow.kinds import naming
from tzurot.flow.views import Item, line
from tzurot.formats.found import LoreEntry
from tzurot.formats.narrowing import number
from tzurot.personality.characters import Label
from tzurot.personality.lore import unfollowed, wishes
from tzurot.personality.lore.settings import Logic, Settings
from tzurot.personality.lore.verdicts import Role, Where
from tzurot.personality.lorebooks import lore_editing
from tzurot.personality.lorebooks.lore_shelf import Shelved

PLACES: Mapping[Where, str] = {
    Where.BEFORE_CHARACTER: "Before the character's description",
    Where.AFTER_CHARACTER: "After the character's description",
    Where.PERSONALITY: "With the character's personality",
    Where.SCENARIO: "With the scenario",
    Where.BEFORE_EXAMPLES: "Before the examples",
    Where.AFTER_EXAMPLES: "After the examples",
    Where.NOTE_TOP: "Before the note between the messages",
    Where.NOTE_BOTTOM: "After the note between the messages",
    Where.AT_DEPTH: "Between the last messages",
    Where.OUTLET: "Where a text asks for it by name",
}
LOGIC: Mapping[Logic, str] = {
    Logic.AND_ANY: "One of them must come up",
    Logic.AND_ALL: "All of them must come up",
    Logic.NOT_ANY: "None of them may come up",
    Logic.NOT_ALL: "Not all of them may come up",
}
_ROLES = dict(enumerate(Role))  # by SillyTavern's numbers
_FLAGS = {
    "group_override": "Of its groups, the one with the highest order is told, not one by chance",
    "use_group_scoring": "Of its groups, the one with the most keys is told",
    "exclude_recursion": "Other entries do not bring it up",
    "prevent_recursion": "It brings up no other entries",
    "ignore_budget": "The book's budget does not count for it",
}

_USERS = 3  # characters that a line names
_KEYS = 120  # characters of keys in a line


def called(name: str) -> str:
    """A book in a title."""
    return line(name) or "A lorebook without a name"


def entry_called(entry: LoreEntry) -> str:
    """An entry in a title: its name, or its first key."""
    return line(entry.name or next(iter(entry.keys), "")) or "An entry without a name"


def book_item(book: Shelved, users: Mapping[UUID, Label]) -> Item:
    """A book as a line of a list."""
    whose = "" if book.owned else "somebody else's"
    used = _used_by(book, users)
    parts = (_count(book.entry_count), f"used by {used}" if used else "", whose)
    return Item(called(book.name), " · ".join(it for it in parts if it), key=str(book.id))


def book_facts(book: Shelved, users: Mapping[UUID, Label]) -> str:
    """A book without its entries."""
    recursion = {True: "also in each other", False: "not in each other", None: ""}
    looked = (
        f"in the last {book.scan_depth} messages" if book.scan_depth is not None else "",
        recursion[book.recursive_scanning],
    )
    used = _used_by(book, users)
    facts = (
        _count(book.entry_count),
        f"Budget: {book.token_budget:,} tokens" if book.token_budget else "No budget of its own",
        "Looked up " + ", ".join(it for it in looked if it) if any(looked) else "",
        f"Used by {used}" if used else "No character uses it.",
        "" if book.editable else "You may read it, but not change it.",
    )
    return "\n\n".join(
        it for it in (book.description, "\n".join(f"- {it}" for it in facts if it)) if it
    )


def entry_item(entry: LoreEntry, entry_id: UUID) -> Item:
    """An entry as a line of a list."""
    keys = "always told" if entry.constant else line(", ".join(entry.keys), _KEYS)
    state = "" if entry.enabled else "switched off"
    said = line(entry.content, 200)
    text = "\n".join(it for it in (" · ".join(part for part in (state, keys) if part), said) if it)
    return Item(entry_called(entry), text, key=str(entry_id))


def entry_items(entry: LoreEntry) -> tuple[Item, ...]:
    """All that an entry says besides its content and its name."""
    return tuple(Item(title, text) for title, text in _facts(entry, Settings(entry.extensions)))


def _facts(entry: LoreEntry, settings: Settings) -> Iterator[tuple[str, str]]:
    if not entry.enabled:
        yield "Switched off", "It never comes up."
    if entry.constant:
        yield "Always told", "Whatever is said."
    if entry.keys:
        yield "Keys", ", ".join(entry.keys)
    if entry.secondary_keys:
        logic = LOGIC[settings.logic or Logic.AND_ANY]
        yield "Secondary keys", f"{', '.join(entry.secondary_keys)}\n{logic}."
    yield from _comparing(entry, settings)
    yield "Place", _place(entry, settings)
    yield "Order", plain(entry.insertion_order)
    if entry.priority is not None:
        yield "Priority in the budget", plain(entry.priority)
    yield from _timing(entry, settings)
    for name, sentence in _FLAGS.items():
        if settings.says(name):
            yield sentence, ""
    if ignored := unfollowed.words(wishes.parse(entry.content)[0], settings):
        yield "Not followed here", ignored


def _comparing(entry: LoreEntry, settings: Settings) -> Iterator[tuple[str, str]]:
    how = (
        "patterns between slashes" if entry.use_regex else "",
        "upper and lower case differ" if entry.case_sensitive else "",
        "whole words only" if settings.says("match_whole_words") else "",
    )
    if any(how):
        yield "Keys are compared by", ", ".join(it for it in how if it)
    if settings.scan_depth is not None:
        yield "Looked up in", f"the last {settings.scan_depth} messages"


def _timing(entry: LoreEntry, settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.chance < 100:
        yield "Chance", f"{plain(settings.chance)} %"
    for name, title, words in (
        ("sticky", "Stays", "for {} messages once it came up"),
        ("cooldown", "Rests", "for {} messages after that"),
        ("delay", "Waits", "until the conversation has {} messages"),
    ):
        if count := settings.count(name):
            yield title, words.format(f"{count:,}")
    if settings.level:
        yield "Called up only", f"by other entries, from round {settings.level} on"
    if settings.groups:
        weight = number(entry.extensions.get("group_weight"))
        share = f" (its weight: {plain(settings.weight)})" if weight is not None else ""
        yield "One of a group", ", ".join(settings.groups) + share


def _place(entry: LoreEntry, settings: Settings) -> str:
    where = lore_editing.place_of(entry)
    if where is Where.AT_DEPTH:
        return f"{PLACES[where]}, with {settings.depth} after it, as the {role_of(settings)}"
    if where is Where.OUTLET:
        return f"{PLACES[where]}: {settings.outlet or '(no name)'}"
    return PLACES[where]


def role_of(settings: Settings) -> Role:
    """Who says an entry between the messages."""
    return _ROLES.get(settings.role or 0, Role.SYSTEM)


def place(where: str, depth: int) -> str:
    """Where something was told, as verdicts and traces say it."""
    words = PLACES[Where(where)]
    return f"{words}, with {depth} after it" if where == Where.AT_DEPTH else words


def plain(value: float) -> str:
    """A number as people write it."""
    return str(int(value)) if value.is_integer() else str(value)


def sentence(reason: str) -> str:
    """A reason as a sentence of its own."""
    return f"{reason[:1].upper()}{reason[1:]}." if reason else ""


def _count(number: int) -> str:
    return f"{number:,} {'entry' if number == 1 else 'entries'}"


def _used_by(book: Shelved, users: Mapping[UUID, Label]) -> str:
    found = [users[id_] for id_ in book.personality_ids if id_ in users]
    named = [naming.listed(it) for it in found[:_USERS]]
    more = [f"{len(found) - _USERS} more"] if len(found) > _USERS else []
    return ", ".join([*named, *more])
