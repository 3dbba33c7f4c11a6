"""Macros that span a text: `{{if …}}text{{/if}}`, and SillyTavern's scoped macros in general.

`{{setvar name}}text{{/setvar}}` is `{{setvar::name::text}}`: what is spanned is the last argument.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tzurot.personality.macros.names import NOT_RUN_BLOCKS
from tzurot.personality.macros.tree import Macro, Part, Parts

# How many arguments stand before the one that is spanned. With more, a macro spans nothing.
SPANNING = {
    "//": 0, "comment": 0, "reverse": 0, "trim": 0, "if": 1, "setvar": 1, "addvar": 1,
}  # fmt: skip
_ELSE = frozenset({"else", ":else"})


@dataclass(frozen=True, slots=True)
class _Opening:
    """A macro that spans something if its end comes."""

    key: str
    macro: Macro
    at: int


def grouped(parts: Sequence[Part]) -> Parts:
    """With those macros that span something as one part; what has no end spans nothing."""
    done: list[Part] = []
    openings: list[_Opening] = []
    counts: Counter[str] = Counter()
    for part in parts:
        if isinstance(part, Macro):
            name = part.name
            key = closes(name)
            if key is not None and _is_open(key, openings, counts):
                _close(part, done, openings, counts)
                continue
            if opened := _opens(part, name):
                openings.append(_Opening(opened, part, len(done)))
                counts[opened] += 1
        done.append(part)
    return tuple(done)


def closes(name: str) -> str | None:
    """What a macro of this name ends; empty if it ends whatever RisuAI's block is open."""
    if not name.startswith("/") or name == "//":
        return None
    closed = name[1:]
    known = closed == "" or closed in SPANNING or f"#{closed}" in NOT_RUN_BLOCKS
    return closed if known else None


def sides(content: Parts) -> tuple[Parts, Parts]:
    """What stands before `{{else}}` and after it."""
    for at, part in enumerate(content):
        if is_else(part):
            return content[:at], content[at + 1 :]
    return content, ()


def is_else(part: Part) -> bool:
    """Whether it is `{{else}}`, or RisuAI's `{{:else}}`."""
    return isinstance(part, Macro) and part.name in _ELSE


def _opens(macro: Macro, name: str) -> str | None:
    if name in NOT_RUN_BLOCKS:
        return name[1:]
    plain = name.removeprefix("#")
    before = SPANNING.get(plain)
    return plain if before is not None and len(macro.arguments) == before else None


def _is_open(key: str, openings: Sequence[_Opening], counts: Counter[str]) -> bool:
    if key == "":
        return bool(openings) and openings[-1].macro.name.startswith("#")
    return counts[key] > 0


def _close(close: Macro, done: list[Part], openings: list[_Opening], counts: Counter[str]) -> None:
    """Make one part of all from the opening on; those opened within it never had an end."""
    key = closes(close.name)
    while True:
        opening = openings.pop()
        counts[opening.key] -= 1
        if key in {opening.key, ""}:
            break
    body = tuple(done[opening.at + 1 :])
    del done[opening.at :]
    done.append(replace(opening.macro, body=body, close=close, end=close.end))
