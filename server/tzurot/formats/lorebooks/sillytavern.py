"""An entry as SillyTavern's world info files write it.

Its settings go to `LoreEntry.extensions` under the names that SillyTavern itself gives them in the
entries of cards (`exclude_recursion`, `selectiveLogic`), so that both kinds of file read alike.
"""

from collections.abc import Mapping

from tzurot.formats.documents import Json
from tzurot.formats.found import LoreEntry
from tzurot.formats.lorebooks.v3 import AFTER, BEFORE, digits, is_regex, with_changes
from tzurot.formats.narrowing import flag, members, number, plain, text, texts

WORDS = {
    "keys": "key",
    "content": "content",
    "secondary_keys": "keysecondary",
    "name": "comment",
    "enabled": "disable",
    "constant": "constant",
    "selective": "selective",
    "case_sensitive": "caseSensitive",
    "insertion_order": "order",
    "position": "position",
}
SETTINGS = {
    "selectiveLogic": "selectiveLogic",
    "probability": "probability",
    "useProbability": "useProbability",
    "depth": "depth",
    "role": "role",
    "group": "group",
    "groupOverride": "group_override",
    "groupWeight": "group_weight",
    "useGroupScoring": "use_group_scoring",
    "scanDepth": "scan_depth",
    "matchWholeWords": "match_whole_words",
    "excludeRecursion": "exclude_recursion",
    "preventRecursion": "prevent_recursion",
    "delayUntilRecursion": "delay_until_recursion",
    "automationId": "automation_id",
    "vectorized": "vectorized",
    "sticky": "sticky",
    "cooldown": "cooldown",
    "delay": "delay",
    "ignoreBudget": "ignore_budget",
    "outletName": "outlet_name",
    "triggers": "triggers",
    "characterFilter": "characterFilter",
    "matchPersonaDescription": "match_persona_description",
    "matchCharacterDescription": "match_character_description",
    "matchCharacterPersonality": "match_character_personality",
    "matchCharacterDepthPrompt": "match_character_depth_prompt",
    "matchScenario": "match_scenario",
    "matchCreatorNotes": "match_creator_notes",
}
IGNORED = frozenset({"uid", "displayIndex", "addMemo", "extensions"})

ORDER = 100.0  # of an entry that says none


def read(row: Mapping[str, Json]) -> LoreEntry:
    """What a row says; old files are sparse, and what they leave out has SillyTavern's default."""
    keys = _keys(row.get("key"))
    order = number(row.get("order"))
    case = row.get("caseSensitive")
    return LoreEntry(
        keys=keys,
        content=text(row.get("content")),
        secondary_keys=_keys(row.get("keysecondary")),
        name=text(row.get("comment")),
        enabled=not flag(row.get("disable")),
        constant=flag(row.get("constant")),
        selective=flag(row.get("selective"), True),
        use_regex=any(map(is_regex, keys)),
        case_sensitive=case if isinstance(case, bool) else None,
        insertion_order=ORDER if order is None else order,
        position=AFTER if number(row.get("position")) else BEFORE,
        extensions=_extensions(row),
    )


def put(row: dict[str, Json], name: str, entry: LoreEntry) -> None:
    """Make one field of the row say what the entry says."""
    match name:
        case "keys" | "secondary_keys":
            row[WORDS[name]] = list(entry.keys if name == "keys" else entry.secondary_keys)
        case "enabled":
            row["disable"] = not entry.enabled
        case "insertion_order":
            row["order"] = digits(entry.insertion_order)
        case "position":
            if "position" not in entry.extensions:
                row["position"] = int(entry.position == AFTER)
        case "extensions":
            _put_extensions(row, entry.extensions)
        case _ if name in WORDS:
            row[WORDS[name]] = getattr(entry, name)
        case _:
            return  # a word that SillyTavern doesn't have


def blank() -> dict[str, Json]:
    """The row of an entry with nothing in it: SillyTavern wants these keys in each."""
    return {
        "key": [],
        "keysecondary": [],
        "comment": "",
        "content": "",
        "constant": False,
        "selective": True,
        "order": digits(ORDER),
        "position": 0,
        "disable": False,
    }


def _keys(value: Json) -> tuple[str, ...]:
    """A text is a comma list, but a pattern may have commas of its own."""
    return (text(value),) if isinstance(value, str) and is_regex(value) else texts(value)


def _extensions(row: Mapping[str, Json]) -> dict[str, object]:
    found = dict(members(plain(row.get("extensions"))))
    for word, name in SETTINGS.items():
        if row.get(word) is not None:
            found[name] = plain(row[word])
    if (number(row.get("position")) or 0) > 1:
        found["position"] = plain(row["position"])
    return found


def _put_extensions(row: dict[str, Json], extensions: Mapping[str, object]) -> None:
    was = _extensions(row)
    for word, name in SETTINGS.items():
        if name not in extensions:
            row.pop(word, None)
        elif name not in was or was[name] != extensions[name]:
            row[word] = extensions[name]
    if "position" in extensions and extensions["position"] != was.get("position"):
        row["position"] = extensions["position"]
    elif "position" in was and "position" not in extensions:
        row["position"] = 0
    known = {*SETTINGS.values(), "position"}
    others = {name: value for name, value in extensions.items() if name not in known}
    if others or "extensions" in row:
        row["extensions"] = with_changes(members(row.get("extensions")), others)
