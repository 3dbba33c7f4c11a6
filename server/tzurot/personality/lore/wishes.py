"""What the decorators of an entry wish: Character Card V3's ("Decorators"), and some of Risu's.

Of a chain of fallbacks the first that can be followed counts; of a name said twice the first, but
`additional_keys` add up. What is about prompts that are no chat (`instruct_*`) can't be followed
here, so that a fallback after it counts. What is wished and not followed is told by `ignored`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tzurot.formats.lorebooks import decorators
from tzurot.formats.lorebooks.decorators import Decorator
from tzurot.formats.narrowing import number
from tzurot.personality.lore.verdicts import Placement, Role, Where

# "own" is for places of a program's own, of which we have none.
PLACES = {
    "after_desc": Where.AFTER_CHARACTER,
    "before_desc": Where.BEFORE_CHARACTER,
    "personality": Where.PERSONALITY,
    "scenario": Where.SCENARIO,
}
PROMPTS = frozenset({"system_prompt", "post_history_instructions"})

# Books use few different tops of contents, and are judged again and again: each is read once.
_KEPT, _KEPT_CHARACTERS = 2_048, 1_000

_WHOLE = re.compile(r"[+-]?[0-9]{1,9}(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an entry's decorators say, by name."""

    said: Mapping[str, str]
    """The first of each name that can be followed; no value is an empty text."""
    also: tuple[tuple[str, ...], ...] = ()
    """Lists of keys, of each of which one must stand too."""
    ignored: tuple[str, ...] = ()
    """Decorators that are not followed, nor any fallback of them, as they are written."""
    placement: Placement | None = None
    """Where it is told, if that hangs on nothing else."""

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
    end = decorators.top(content)
    read = _read_once if end <= _KEPT_CHARACTERS else _read
    found = read(content[:end])
    if found is None:
        return NONE, content
    wishes, rest = found
    return wishes, (rest + content[end:]).lstrip("\r\n")


def _read(top: str) -> tuple[Wishes, str] | None:
    """What lines wish, and those of them that are text; None if nothing is a decorator."""
    found, rest = decorators.parse(top)
    return (_wishes(found), rest) if found else None


_read_once = lru_cache(_KEPT)(_read)


def _wishes(found: Sequence[Decorator]) -> Wishes:
    said: dict[str, str] = {}
    also: list[tuple[str, ...]] = []
    ignored: list[str] = []
    for chain in _chains(found):
        followed = next((it for it in chain if _can_be_followed(it)), None)
        if followed is None:
            ignored.append(_written(chain[0]))
        elif followed.name == "additional_keys":
            also.append(_listed(followed.value or ""))
        else:
            said.setdefault(followed.name, followed.value or "")
    return Wishes(said, tuple(also), tuple(ignored), _placement(said))


def _placement(said: Mapping[str, str]) -> Placement | None:
    role = Role(said.get("role", Role.SYSTEM))
    if "position" in said:
        return Placement(PLACES[said["position"]], role=role)
    if "depth" in said:
        return Placement(Where.AT_DEPTH, max(0, int(float(said["depth"]))), role)
    return Placement(Where.AT_DEPTH, 0, role) if "end" in said else None


def _chains(found: Sequence[Decorator]) -> Iterator[list[Decorator]]:
    """Each decorator with its fallbacks; a fallback of nothing is none."""
    chain: list[Decorator] = []
    for decorator in found:
        if decorator.fallback:
            if chain:
                chain.append(decorator)
            continue
        if chain:
            yield chain
        chain = [decorator]
    if chain:
        yield chain


def _can_be_followed(decorator: Decorator) -> bool:
    can_be = _FOLLOWED.get(decorator.name)
    return can_be is not None and can_be(decorator.value or "")


def _written(decorator: Decorator) -> str:
    return f"@@{decorator.name} {decorator.value or ''}".strip()


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
    "end": _always,
    "probability": _is_number,
    "priority": _is_number,
    "match_full_word": _always,
    "match_partial_word": _always,
    "exclude_keys_all": _is_list,
    "recursive": _always,
    "unrecursive": _always,
    "no_recursive_search": _always,
}
