"""What the decorators of an entry wish: Character Card V3's ("Decorators"), and some of Risu's.

Of a chain of fallbacks the first that can be followed counts; of a name said twice the first, but
`additional_keys` add up. What is about prompts that are no chat (`instruct_*`) can't be followed
here, so that a fallback after it counts.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tzurot.formats.lorebooks import decorators
from tzurot.formats.lorebooks.decorators import Decorator
from tzurot.formats.narrowing import number
from tzurot.personality.lore.verdicts import Role, Where

# "own" is for places of a program's own, of which we have none.
PLACES = {
    "after_desc": Where.AFTER_CHARACTER,
    "before_desc": Where.BEFORE_CHARACTER,
    "personality": Where.PERSONALITY,
    "scenario": Where.SCENARIO,
}
PROMPTS = frozenset({"system_prompt", "post_history_instructions"})

_WHOLE = re.compile(r"[+-]?[0-9]{1,9}(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an entry's decorators say, by name."""

    said: Mapping[str, str]
    """The first of each name that can be followed; no value is an empty text."""
    also: tuple[tuple[str, ...], ...] = ()
    """Lists of keys, of each of which one must stand too."""

    def __contains__(self, name: str) -> bool:
        return name in self.said

    def whole(self, name: str) -> int | None:
        """The whole number that a decorator says; None without it."""
        return int(float(self.said[name])) if name in self.said else None

    def real(self, name: str) -> float | None:
        """The number that a decorator says; None without it."""
        return float(self.said[name]) if name in self.said else None

    def keys(self, name: str) -> tuple[str, ...]:
        """The comma list that a decorator says; empty without it."""
        return _listed(self.said[name]) if name in self.said else ()


NONE = Wishes({})


def parse(content: str) -> tuple[Wishes, str]:
    """What the top of a content wishes, and the content without it."""
    if "@@" not in content:
        return NONE, content
    found, text = decorators.parse(content)
    return (_wishes(found), text) if found else (NONE, content)


def _wishes(found: Sequence[Decorator]) -> Wishes:
    said: dict[str, str] = {}
    also: list[tuple[str, ...]] = []
    for decorator in _followed(found):
        value = decorator.value or ""
        if decorator.name == "additional_keys":
            also.append(_listed(value))
        else:
            said.setdefault(decorator.name, value)
    return Wishes(said, tuple(also))


def _followed(found: Sequence[Decorator]) -> Iterator[Decorator]:
    settled = True  # a fallback of nothing is none
    for decorator in found:
        if decorator.fallback and settled:
            continue
        can_be = _FOLLOWED.get(decorator.name)
        settled = can_be is not None and can_be(decorator.value or "")
        if settled:
            yield decorator


def _listed(value: str) -> tuple[str, ...]:
    return tuple(key for part in value.split(",") if (key := part.strip()))


def _always(_: str) -> bool:
    return True


def _is_whole(value: str) -> bool:
    return _WHOLE.fullmatch(value) is not None


def _is_count(value: str) -> bool:
    return _is_whole(value) and float(value) >= 0


def _is_interval(value: str) -> bool:
    return _is_whole(value) and float(value) >= 1


def _is_number(value: str) -> bool:
    return value.isascii() and number(value) is not None


def _is_role(value: str) -> bool:
    return value in tuple(Role)


def _is_list(value: str) -> bool:
    return bool(_listed(value))


def _is_place(value: str) -> bool:
    return value in PLACES


def _is_prompt(value: str) -> bool:
    return bool(PROMPTS.intersection(_listed(value)))


_FOLLOWED: Mapping[str, Callable[[str], bool]] = {
    "activate": _always,
    "dont_activate": _always,
    "keep_activate_after_match": _always,
    "dont_activate_after_match": _always,
    "ignore_on_max_context": _always,
    "activate_only_after": _is_whole,
    "activate_only_every": _is_interval,
    "is_greeting": _is_whole,
    "is_user_icon": bool,
    "scan_depth": _is_count,
    "additional_keys": _is_list,
    "exclude_keys": _is_list,
    "depth": _is_whole,
    "reverse_depth": _is_whole,
    "role": _is_role,
    "position": _is_place,
    "disable_ui_prompt": _is_prompt,
    # Risu's
    "probability": _is_number,
    "priority": _is_number,
    "match_full_word": _always,
    "match_partial_word": _always,
    "exclude_keys_all": _is_list,
    "recursive": _always,
    "unrecursive": _always,
    "no_recursive_search": _always,
}
