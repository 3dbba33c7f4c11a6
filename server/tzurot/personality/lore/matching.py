"""Whether the keys of an entry bring it up, and why or why not.

A key of an entry with `use_regex` may be a pattern; its other keys are plain text. Secondary keys
of such an entry count only where SillyTavern's `selectiveLogic` stands beside them, and are
patterns too, then, if they are written so. `exclude_keys` don't count for it (V3).
"""

from collections.abc import Sequence

from tzurot.personality.lore.candidates import Candidate
from tzurot.personality.lore.hearing import Hearing
from tzurot.personality.lore.settings import Logic
from tzurot.personality.scripts.patterns import TookTooLong


def comes_up(it: Candidate, hearing: Hearing) -> bool:
    """Whether it comes up by what is known so far; its reason says why or why not."""
    if it.free:
        it.reason = it.free
        return True
    try:
        reason = "always told" if it.entry.constant else _by_keys(it, hearing)
        refused = _refused(it, hearing) if reason else ""
    except TookTooLong:
        it.refuse("its pattern took too long")
        return False
    if reason:
        it.reason = f"{reason}, but {refused}" if refused else reason
    return bool(reason) and not refused


def score(it: Candidate, hearing: Hearing) -> int:
    """How many of its keys stand, as SillyTavern counts them: only logic that wants keys adds."""
    try:
        primary = _standing(it.entry.keys, it, hearing, as_pattern=it.entry.use_regex)
        if not primary or not _is_selective(it):
            return len(primary)
        secondary = _secondary(it, hearing)
    except TookTooLong:
        return 0
    match it.settings.logic or Logic.AND_ANY:
        case Logic.AND_ANY:
            return len(primary) + len(secondary)
        case Logic.AND_ALL if len(secondary) == len(it.entry.secondary_keys):
            return len(primary) + len(secondary)
        case _:
            return len(primary)


def _by_keys(it: Candidate, hearing: Hearing) -> str:
    """Which key stands where; empty if none does."""
    for key in it.entry.keys:
        place = hearing.where(key, it, as_pattern=it.entry.use_regex)
        if place is not None:
            return place.told(key)
    return ""


def _refused(it: Candidate, hearing: Hearing) -> str:
    """Why an entry whose key stands does not come up; empty if it does."""
    for keys in it.wishes.also:
        if not _standing(keys, it, hearing, as_pattern=it.entry.use_regex):
            return f"none of {_listed(keys)}"
    if not it.entry.use_regex and (barred := _barred(it, hearing)):
        return barred
    if it.entry.constant or not _is_selective(it):
        return ""
    return _by_logic(it, _secondary(it, hearing))


def _barred(it: Candidate, hearing: Hearing) -> str:
    found = _standing(it.wishes.keys("exclude_keys"), it, hearing)
    if found:
        return f"so did `{found[0]}`"
    keys = it.wishes.keys("exclude_keys_all")
    if keys and len(_standing(keys, it, hearing)) == len(keys):
        return f"so did all of {_listed(keys)}"
    return ""


def _by_logic(it: Candidate, found: Sequence[str]) -> str:
    """What the secondary keys have against it."""
    wanted = it.entry.secondary_keys
    match it.settings.logic or Logic.AND_ANY:
        case Logic.NOT_ALL if len(found) == len(wanted):
            return f"so did all of {_listed(wanted)}"
        case Logic.NOT_ANY if found:
            return f"so did `{found[0]}`"
        case Logic.AND_ALL if len(found) < len(wanted):
            return f"not all of {_listed(wanted)}"
        case Logic.AND_ANY if not found:
            return f"none of {_listed(wanted)}"
        case _:
            return ""


def _is_selective(it: Candidate) -> bool:
    if not it.entry.selective or not it.entry.secondary_keys:
        return False
    return not it.entry.use_regex or it.settings.logic is not None


def _secondary(it: Candidate, hearing: Hearing) -> list[str]:
    as_pattern = it.settings.logic is not None
    return _standing(it.entry.secondary_keys, it, hearing, as_pattern=as_pattern)


def _standing(
    keys: Sequence[str], it: Candidate, hearing: Hearing, *, as_pattern: bool = False
) -> list[str]:
    return [key for key in keys if hearing.where(key, it, as_pattern=as_pattern) is not None]


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)
