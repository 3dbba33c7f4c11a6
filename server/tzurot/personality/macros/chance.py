"""Macros of chance: `{{random:…}}`, `{{pick:…}}`, `{{roll:…}}`."""

import hashlib
import re
from collections.abc import Callable
from typing import TypeAlias

from tzurot.personality.macros.tree import Macro, Parts, parted, stripped

Chance: TypeAlias = Callable[[int], int]
"""A number from 0 up to, without, the one given."""

MAX_DICE = 100
MAX_SIDES = 1_000_000

_DICE = re.compile(r"(\d{0,3})d(\d{1,7}|%)([+-]\d{1,7})?", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,7}", re.ASCII)
_COMMA = re.compile(r"(?<!\\),")


def choices(arguments: tuple[Parts, ...]) -> list[Parts]:
    r"""What may be chosen: parted by `::`, else by commas; `\,` is a comma that parts nothing."""
    if len(arguments) != 1:
        return list(arguments)
    return [_with_commas(stripped(piece)) for piece in parted(arguments[0], _COMMA)]


def _with_commas(parts: Parts) -> Parts:
    return tuple(it if isinstance(it, Macro) else it.replace("\\,", ",") for it in parts)


def listed(said: str) -> list[str]:
    """The same of what a macro said, as in `{{random:{{getvar::list}}}}`."""
    by = "::" if "::" in said else ","
    return [it.strip() for it in said.split(by)]


def seeded(*seed: str) -> Chance:
    """The same numbers for the same seed, everywhere and always."""
    digest = hashlib.blake2b("\x00".join(seed).encode("utf-8", "surrogatepass"), digest_size=8)
    number = int.from_bytes(digest.digest(), "big")
    return lambda below: number % below


def rolled(dice: str, chance: Chance) -> int | None:
    """The sum of `20`, `d20` or `2d6+3`; None if it is none of these or has too many of either."""
    dice = "".join(dice.split())
    if _NUMBER.fullmatch(dice):
        dice = f"1d{dice}"
    found = _DICE.fullmatch(dice)
    if found is None:
        return None
    count, sides = int(found[1] or 1), 100 if found[2] == "%" else int(found[2])
    if count > MAX_DICE or not 1 <= sides <= MAX_SIDES:
        return None
    return sum(chance(sides) + 1 for _ in range(count)) + int(found[3] or 0)
