"""What decorators say about the keys of a lorebook entry (Character Card V3, "Decorators"). Pure.

Of a chain of fallbacks the first that can be followed counts. What says where or how often an entry
is told is not followed yet: it counts as not known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tzurot.formats.lorebooks.decorators import Decorator


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an entry's decorators say about keys."""

    always: bool = False
    never: bool = False
    scan_depth: int | None = None
    also: tuple[tuple[str, ...], ...] = ()
    unless: tuple[str, ...] = ()


def wishes_of(said: Sequence[Decorator]) -> Wishes:
    """What can be followed; the first of a name counts, and fallbacks stand in for the rest."""
    wishes, seen = Wishes(), set[str]()
    for decorator in _followed(said):
        if decorator.name in seen and decorator.name != "additional_keys":
            continue
        seen.add(decorator.name)
        keys = _keys(decorator)
        match decorator.name:
            case "activate":
                wishes = replace(wishes, always=True)
            case "dont_activate":
                wishes = replace(wishes, never=True)
            case "scan_depth":
                wishes = replace(wishes, scan_depth=int(decorator.value or 0))
            case "additional_keys":
                wishes = replace(wishes, also=(*wishes.also, keys))
            case _:
                wishes = replace(wishes, unless=keys)
    return wishes


def _followed(said: Sequence[Decorator]) -> Iterator[Decorator]:
    settled = False
    for decorator in said:
        if decorator.fallback and settled:
            continue
        settled = _is_known(decorator)
        if settled:
            yield decorator


def _is_known(decorator: Decorator) -> bool:
    match decorator.name:
        case "activate" | "dont_activate":
            return True
        case "scan_depth":
            value = decorator.value or ""
            return value.isascii() and value.isdecimal() and len(value) < 10
        case "additional_keys" | "exclude_keys":
            return bool(_keys(decorator))
        case _:
            return False


def _keys(decorator: Decorator) -> tuple[str, ...]:
    return tuple(key for part in (decorator.value or "").split(",") if (key := part.strip()))
