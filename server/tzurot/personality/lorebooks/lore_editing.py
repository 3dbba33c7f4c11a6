"""Changing what an entry says, in the words in which it is stored. Pure.

An entry has fields of its own, and SillyTavern's settings among its extensions. What a change does
not name stays as it is, settings included that nobody here knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tzurot.formats.found import LoreEntry
from tzurot.formats.lorebooks.v3 import AFTER, BEFORE
from tzurot.formats.narrowing import number
from tzurot.personality.lore.placing import OWN_PLACE, POSITIONS
from tzurot.personality.lore.verdicts import Where

ORDER = 100.0  # of a new entry, as in SillyTavern
BLANK = LoreEntry(keys=(), content="", insertion_order=ORDER)

_OWN = (Where.PERSONALITY, Where.SCENARIO)
_TRISTATE = frozenset({"match_whole_words"})  # False is not the same as not to say it


@dataclass(frozen=True, slots=True)
class EntryChange:
    """New values of an entry, and the etag that must still be the current one.

    `fields` by the names of `LoreEntry`. `settings` by SillyTavern's names in cards: None takes one
    out; False and "" are noted only where something is said already, for they are the default.
    """

    fields: Mapping[str, object] = field(default_factory=dict[str, object])
    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    place: Where | None = None
    etag: str = ""


def changed(entry: LoreEntry, change: EntryChange) -> LoreEntry:
    """The entry with a change made."""
    extensions = dict(entry.extensions)
    for name, value in change.settings.items():
        _set(extensions, name, value)
    entry = replace(entry, **change.fields)
    if "case_sensitive" in change.fields and "case_sensitive" in extensions:
        _set(extensions, "case_sensitive", entry.case_sensitive)  # it is said twice in cards
    if entry.secondary_keys and ("secondary_keys" in change.fields or _names_logic(change)):
        entry = replace(entry, selective=True)
        extensions.setdefault("selectiveLogic", 0)  # without it they don't count beside patterns
    if change.place is None:
        return replace(entry, extensions=extensions)
    return _placed(entry, change.place, extensions)


def place_of(entry: LoreEntry) -> Where:
    """Where an entry is told by its settings; its decorators may say otherwise."""
    own = entry.extensions.get(OWN_PLACE)
    if own in _OWN:
        return Where(own)
    place = number(entry.extensions.get("position"))
    if place is not None and place in range(len(POSITIONS)):
        return POSITIONS[int(place)]
    return Where.AFTER_CHARACTER if entry.position == AFTER else Where.BEFORE_CHARACTER


def _placed(entry: LoreEntry, place: Where, extensions: dict[str, object]) -> LoreEntry:
    """The card's own word for a place where it has one: a number only where one was already."""
    extensions.pop(OWN_PLACE, None)
    position = AFTER if place is Where.AFTER_CHARACTER else BEFORE
    if place in _OWN:
        extensions.pop("position", None)
        extensions[OWN_PLACE] = place.value
    elif place in (Where.BEFORE_CHARACTER, Where.AFTER_CHARACTER):
        if number(extensions.get("position")) in (0, 1):
            extensions["position"] = POSITIONS.index(place)
        else:
            extensions.pop("position", None)
    else:
        extensions["position"] = POSITIONS.index(place)
        position = AFTER  # as readers have it that know no number
    return replace(entry, position=position, extensions=extensions)


def _set(extensions: dict[str, object], name: str, value: object) -> None:
    says_nothing = value == "" or (value is False and name not in _TRISTATE)
    if value is None:
        extensions.pop(name, None)
    elif name in extensions or not says_nothing:
        extensions[name] = value


def _names_logic(change: EntryChange) -> bool:
    return change.settings.get("selectiveLogic") is not None
