"""What forms ask of lorebooks and their entries; what was entered: lore_answers.py. Pure."""

from collections.abc import Mapping

from tzurot.flow.kinds import lore_words
from tzurot.flow.kinds.lore_words import LOGIC, PLACES, plain
from tzurot.flow.views import Asks, Choice, Field, line
from tzurot.formats.found import LoreEntry
from tzurot.formats.narrowing import count, flag, number, text
from tzurot.personality.lore.settings import Logic, Settings
from tzurot.personality.lore.verdicts import Role
from tzurot.personality.lorebooks import lore_editing
from tzurot.personality.lorebooks.lore_shelf import Shelved

# As lorebook.proto has them.
_NAME, _TEXT, OUTLET = 1000, 200_000, 200  # characters

BOOK = ("name", "description", "token_budget", "scan_depth", "recursive_scanning")
NEW_BOOK = ("name", "description")
NEW_ENTRY = ("new_name", "new_keys", "new_content", "new_constant")
BRINGS = ("keys", "secondary_keys", "logic", "enabled", "constant")
TOLD = ("content", "name", "place", "depth", "order")
WHEN = ("probability", "sticky", "cooldown", "delay", "group")
KEYED = ("use_regex", "case_sensitive", "match_whole_words", "scan_depth")
CALLED = ("exclude_recursion", "prevent_recursion", "delay_until_recursion")
CHOSEN = ("group_override", "use_group_scoring", "group_weight", "priority", "ignore_budget")
SAID = ("role", "outlet")
FORMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "brings": ("What brings it up", BRINGS),
    "told": ("What is told", TOLD),
    "when": ("When", WHEN),
}
RULES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "keyed": ("How keys are looked for", KEYED),
    "called": ("With other entries", CALLED),
    "chosen": ("In its groups and the budget", CHOSEN),
    "said": ("Who says it", SAID),
}
FLAGS = ("exclude_recursion", "prevent_recursion", "group_override", "use_group_scoring",
         "ignore_budget")  # fmt: skip

_BY_FORMAT = Choice("default", "As its format has it")
_YES, _NO = Choice("true", "Yes"), Choice("false", "No")
_RECURSION = (_BY_FORMAT, _YES, _NO)
_NOT_SAID = (Choice("default", "Not said, so no"), _YES, _NO)
_KEYS_ASKED = "One a line: a word, or a /pattern/."
_NEVER_TOLD = "For people. Never told to the model."
_ASKED = {
    "keys": ("Keys", Asks.LONG_TEXT, _KEYS_ASKED),
    "secondary_keys": ("Secondary keys", Asks.LONG_TEXT, "One a line. They decide as well."),
    "logic": ("What do secondary keys decide?", Asks.CHOICE, ""),
    "enabled": ("Can it come up?", Asks.BOOLEAN, ""),
    "constant": ("Always told?", Asks.BOOLEAN, ""),
    "content": ("What is told", Asks.LONG_TEXT, ""),
    "name": ("Name", Asks.TEXT, _NEVER_TOLD),
    "place": ("Place in the prompt", Asks.CHOICE, ""),
    "depth": ("Depth", Asks.TEXT, "Between the last messages: how many come after it."),
    "order": ("Order", Asks.TEXT, "A number; lower ones are told first."),
    "probability": ("Chance in percent", Asks.TEXT, "0 to 100. Empty: always."),
    "sticky": ("Stays", Asks.TEXT, "For how many messages, once it came up."),
    "cooldown": ("Rests", Asks.TEXT, "For how many messages after that."),
    "delay": ("Waits", Asks.TEXT, "Until the conversation has so many messages."),
    "group": ("Groups", Asks.TEXT, "Of each only one entry is told. Commas between them."),
    "use_regex": ("Are keys between slashes patterns?", Asks.BOOLEAN, ""),
    "case_sensitive": ("Do upper and lower case differ?", Asks.CHOICE, ""),
    "match_whole_words": ("Whole words only?", Asks.CHOICE, ""),
    "scan_depth": ("Messages", Asks.TEXT, "How many of the last are looked through."),
    "exclude_recursion": ("Do other entries not bring it up?", Asks.BOOLEAN, ""),
    "prevent_recursion": ("Does it bring up no other entries?", Asks.BOOLEAN, ""),
    "delay_until_recursion": (
        "Round", Asks.TEXT, "From which on only other entries bring it up. Empty: messages do."
    ),
    "group_override": ("In its groups, the highest order?", Asks.BOOLEAN, ""),
    "use_group_scoring": ("In its groups, the most keys?", Asks.BOOLEAN, ""),
    "group_weight": ("Weight", Asks.TEXT, "Its share of the chance in its groups. Empty: 100."),
    "priority": ("Priority", Asks.TEXT, "A number; higher ones are kept when the budget is full."),
    "ignore_budget": ("Told whatever the budget?", Asks.BOOLEAN, ""),
    "role": ("Who says it between the messages?", Asks.CHOICE, ""),
    "outlet": ("Outlet", Asks.TEXT, "The name by which a text asks for it."),
}  # fmt: skip
_LENGTHS = {
    "name": _NAME, "group": _NAME, "outlet": OUTLET, "keys": _TEXT, "secondary_keys": _TEXT,
    "content": _TEXT,
}  # fmt: skip
_REQUIRED = frozenset({"place", "logic", "order", "case_sensitive", "match_whole_words", "role"})


def new_book_fields() -> tuple[Field, ...]:
    """What a new book is asked for."""
    return (
        Field("name", "Name", required=True, max_length=_NAME),
        Field("description", "Description", Asks.LONG_TEXT, _NEVER_TOLD, max_length=_TEXT),
    )


def book_fields(book: Shelved) -> tuple[Field, ...]:
    """The values of a book's own."""
    recursion = {None: "default", True: "true", False: "false"}[book.recursive_scanning]
    return (
        Field("name", "Name", values=_one(line(book.name, _NAME)), max_length=_NAME),
        Field(
            "description", "Description", Asks.LONG_TEXT, _NEVER_TOLD,
            values=_one(book.description), max_length=_TEXT,
        ),
        _whole("token_budget", "Budget", "Tokens of its entries together. Empty: no budget.",
               _maybe(book.token_budget)),
        _whole("scan_depth", "Messages", "How many of the last are looked through. Empty: as set.",
               _maybe(book.scan_depth)),
        Field(
            "recursive_scanning", "Do entries bring up others?", Asks.CHOICE,
            values=(recursion,), choices=_RECURSION, required=True,
        ),
    )  # fmt: skip


def new_entry_fields() -> tuple[Field, ...]:
    """What a new entry is asked for; the rest can be changed when it is there."""
    return (
        Field("new_name", "Name", description=_NEVER_TOLD, max_length=_NAME),
        Field("new_keys", "Keys", Asks.LONG_TEXT, _KEYS_ASKED, max_length=_TEXT),
        Field("new_content", "What is told", Asks.LONG_TEXT, required=True, max_length=_TEXT),
        Field("new_constant", "Always told?", Asks.BOOLEAN),
    )


def entry_fields(
    entry: LoreEntry, forms: Mapping[str, tuple[str, tuple[str, ...]]]
) -> tuple[Field, ...]:
    """What some forms of an entry ask, filled in with what it says."""
    values = shown(entry)
    return tuple(
        Field(
            key, label, asks, description, _one(values[key]), _CHOICES.get(key, ()),
            required=key in _REQUIRED, max_length=_LENGTHS.get(key, 20),
        )
        for _, keys in forms.values()
        for key in keys
        for label, asks, description in (_ASKED[key],)
    )  # fmt: skip


_CHOICES: Mapping[str, tuple[Choice, ...]] = {
    "place": tuple(Choice(it.value, words) for it, words in PLACES.items()),
    "logic": tuple(Choice(it.name.lower(), words) for it, words in LOGIC.items()),
    "role": tuple(Choice(it.value, f"The {it.value}") for it in Role),
    "case_sensitive": _NOT_SAID,
    "match_whole_words": _NOT_SAID,
}


def shown(entry: LoreEntry) -> dict[str, str]:
    """What the forms show of an entry, by field."""
    said, settings = entry.extensions, Settings(entry.extensions)
    chance = number(said.get("probability"))
    if not flag(said.get("useProbability"), True):
        chance = None
    return {
        "keys": "\n".join(entry.keys),
        "secondary_keys": "\n".join(entry.secondary_keys),
        "logic": (settings.logic or Logic.AND_ANY).name.lower(),
        "enabled": str(entry.enabled).lower(),
        "constant": str(entry.constant).lower(),
        "content": entry.content,
        "name": line(entry.name, _NAME),
        "place": lore_editing.place_of(entry).value,
        "depth": _maybe(count(said.get("depth"))),
        "order": plain(entry.insertion_order),
        "probability": "" if chance is None else plain(chance),
        **{key: _maybe(count(said.get(key))) for key in ("sticky", "cooldown", "delay")},
        "group": line(text(said.get("group")), _NAME),
        **_shown_rules(entry, settings),
    }


def _shown_rules(entry: LoreEntry, settings: Settings) -> dict[str, str]:
    said = entry.extensions
    return {
        "use_regex": str(entry.use_regex).lower(),
        "case_sensitive": _maybe_said(entry.case_sensitive),
        "match_whole_words": _maybe_said(said.get("match_whole_words")),
        **{key: _maybe(count(said.get(key))) for key in ("scan_depth", "group_weight")},
        **{key: str(settings.says(key)).lower() for key in FLAGS},
        "delay_until_recursion": _maybe(settings.level or None),
        "priority": "" if entry.priority is None else plain(entry.priority),
        "role": lore_words.role_of(settings).value,
        "outlet": line(settings.outlet, OUTLET),
    }


def _maybe_said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "default"


def _whole(key: str, label: str, description: str, value: str) -> Field:
    return Field(key, label, description=description, values=_one(value), max_length=20)


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _maybe(value: int | None) -> str:
    return "" if value is None else str(value)
