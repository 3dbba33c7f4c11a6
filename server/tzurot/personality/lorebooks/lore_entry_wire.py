"""Entries of lorebooks as messages, and back."""

import hashlib
from collections.abc import Iterable

from tzurot.errors import UpdateMaskInvalid
from tzurot.formats.found import LoreEntry
from tzurot.formats.narrowing import count, flag, number, text
from tzurot.personality.lore.settings import Logic, Settings
from tzurot.personality.lore.verdicts import Where
from tzurot.personality.lorebooks import lore_editing, lore_store
from tzurot.personality.lorebooks.lore_editing import EntryChange
from tzurot.personality.lorebooks.lore_entries import NewEntry, Numbered
from tzurot.personality.v1 import lorebook_pb2, lorebook_service_pb2, personality_pb2
from tzurot.transport.wire import uuid_or_none

PLACES = {
    Where.BEFORE_CHARACTER: lorebook_pb2.LORE_PLACE_BEFORE_CHARACTER,
    Where.AFTER_CHARACTER: lorebook_pb2.LORE_PLACE_AFTER_CHARACTER,
    Where.BEFORE_EXAMPLES: lorebook_pb2.LORE_PLACE_BEFORE_EXAMPLES,
    Where.AFTER_EXAMPLES: lorebook_pb2.LORE_PLACE_AFTER_EXAMPLES,
    Where.NOTE_TOP: lorebook_pb2.LORE_PLACE_NOTE_TOP,
    Where.NOTE_BOTTOM: lorebook_pb2.LORE_PLACE_NOTE_BOTTOM,
    Where.AT_DEPTH: lorebook_pb2.LORE_PLACE_AT_DEPTH,
    Where.OUTLET: lorebook_pb2.LORE_PLACE_OUTLET,
    Where.PERSONALITY: lorebook_pb2.LORE_PLACE_PERSONALITY,
    Where.SCENARIO: lorebook_pb2.LORE_PLACE_SCENARIO,
}
_WHERE = {number: where for where, number in PLACES.items()}
_LOGIC = {
    Logic.AND_ANY: lorebook_pb2.SECONDARY_LOGIC_AND_ANY,
    Logic.AND_ALL: lorebook_pb2.SECONDARY_LOGIC_AND_ALL,
    Logic.NOT_ANY: lorebook_pb2.SECONDARY_LOGIC_NOT_ANY,
    Logic.NOT_ALL: lorebook_pb2.SECONDARY_LOGIC_NOT_ALL,
}
_LOGIC_NUMBER = {number: logic for logic, number in _LOGIC.items()}
_ROLES = (  # by SillyTavern's numbers, from 0
    personality_pb2.PROMPT_ROLE_SYSTEM,
    personality_pb2.PROMPT_ROLE_USER,
    personality_pb2.PROMPT_ROLE_ASSISTANT,
)

_LISTS = ("keys", "secondary_keys")
_PLAIN = ("name", "content", "constant", "use_regex")
_DEFAULTS = {"enabled": True, "insertion_order": lore_editing.ORDER}
_MAYBE = ("case_sensitive", "priority")
# Settings by their names here, which are SillyTavern's.
_FLAGS = (
    "group_override",
    "use_group_scoring",
    "exclude_recursion",
    "prevent_recursion",
    "ignore_budget",
)
_COUNTS = ("scan_depth", "depth", "sticky", "cooldown", "delay", "group_weight")
_FIELDS = frozenset(
    {
        *_LISTS, *_PLAIN, *_DEFAULTS, *_MAYBE, *_FLAGS, *_COUNTS, "match_whole_words", "logic",
        "role", "place", "outlet", "group", "probability", "delay_until_recursion",
    }
)  # fmt: skip


def entry_to(numbered: Numbered) -> lorebook_pb2.LorebookEntry:
    """An entry, with its number in its book."""
    row, entry = numbered.entry, lore_store.entry_of(numbered.entry)
    message = lorebook_pb2.LorebookEntry(
        id=str(row.id),
        lorebook_id=str(row.lorebook_id),
        position=numbered.number,
        etag=str(row.version),
        place=PLACES[lore_editing.place_of(entry)],
        **{name: getattr(entry, name) for name in (*_LISTS, *_PLAIN, *_DEFAULTS, *_MAYBE)},
    )
    _say_settings(message, entry)
    return message


def _say_settings(message: lorebook_pb2.LorebookEntry, entry: LoreEntry) -> None:
    """What the extensions say; what is not of its kind counts as not set."""
    said, settings = entry.extensions, Settings(entry.extensions)
    for name in _FLAGS:
        setattr(message, name, settings.says(name))
    for name in _COUNTS:
        if (value := count(said.get(name))) is not None:
            setattr(message, name, value)
    if settings.logic is not None:
        message.logic = _LOGIC[settings.logic]
    if (role := settings.role) is not None and role in range(len(_ROLES)):
        message.role = _ROLES[role]
    if isinstance(whole := said.get("match_whole_words"), bool):
        message.match_whole_words = whole
    chance = number(said.get("probability"))
    if chance is not None and flag(said.get("useProbability"), True):
        message.probability = round(min(100.0, max(0.0, chance)))
    message.outlet = settings.outlet
    message.group = text(said.get("group"))
    message.delay_until_recursion = settings.level


def new_from(request: lorebook_service_pb2.CreateLorebookEntryRequest) -> NewEntry:
    """The entry that a request describes."""
    return NewEntry(
        _change(request.entry, _set_fields(request.entry)),
        uuid_or_none(request.request_id),
        hashlib.sha256(request.SerializeToString(deterministic=True)).digest(),
    )


def change_from(request: lorebook_service_pb2.UpdateLorebookEntryRequest) -> EntryChange:
    """The new values that a request names: those in its mask, or without one those that are set.

    Raises:
        UpdateMaskInvalid: a path is unknown, output only or a wildcard.
    """
    return _change(request.entry, request.update_mask.paths or _set_fields(request.entry))


def _set_fields(wanted: lorebook_pb2.LorebookEntry) -> list[str]:
    return [field.name for field, _ in wanted.ListFields() if field.name in _FIELDS]


def _change(wanted: lorebook_pb2.LorebookEntry, paths: Iterable[str]) -> EntryChange:
    fields: dict[str, object] = {}
    settings: dict[str, object] = {}
    place = None
    for path in paths:
        if path not in _FIELDS:
            raise UpdateMaskInvalid(path[:80])
        if path == "place":
            place = _WHERE.get(wanted.place, Where.BEFORE_CHARACTER)
        elif path in _LISTS:
            fields[path] = tuple(getattr(wanted, path))
        elif path in _PLAIN:
            fields[path] = getattr(wanted, path)
        elif path in _DEFAULTS or path in _MAYBE:
            fields[path] = getattr(wanted, path) if wanted.HasField(path) else _DEFAULTS.get(path)
        else:
            settings |= _settings(path, wanted)
    return EntryChange(fields, settings, place, wanted.etag)


def _settings(path: str, wanted: lorebook_pb2.LorebookEntry) -> dict[str, object]:
    """A field as SillyTavern's settings; None: as if it had never been said."""
    match path:
        case "logic":
            logic = _LOGIC_NUMBER.get(wanted.logic)
            return {"selectiveLogic": None if logic is None else int(logic)}
        case "role":
            return {"role": _ROLES.index(wanted.role) if wanted.role in _ROLES else None}
        case "outlet":
            return {"outlet_name": wanted.outlet}
        case "probability":
            chance = wanted.probability if wanted.HasField(path) else None
            return {path: chance, "useProbability": None if chance is None else True}
        case _:
            return {path: _setting(path, wanted)}


def _setting(path: str, wanted: lorebook_pb2.LorebookEntry) -> object:
    if path == "delay_until_recursion":
        return wanted.delay_until_recursion or False
    if path in _FLAGS or path == "group" or wanted.HasField(path):
        return getattr(wanted, path)
    return None
