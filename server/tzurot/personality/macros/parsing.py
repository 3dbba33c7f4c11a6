r"""A text as the macros in it and the words between them. Takes time in proportion to the text.

Braces pair from the inside out, and those without a partner are words: of `{{ {{user}}` only the
second two stand for something. Of three braces in a row the inner two count, so `{{{user}}}` is
`{…}` around a name, as in SillyTavern. `\{\{` and `\}\}` are braces that are meant as such.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from tzurot.personality.macros import blocks
from tzurot.personality.macros.tree import Macro, Part, Parts

_MARKS = re.compile(
    r"""
    \{{2,} | \}{2,}
    | (?:\\\{){2} | (?:\\\}){2}                          # escaped, as in SillyTavern
    | <(?:user|char|bot|group|charifnotgroup)>           # Character Card V1, SillyTavern
    | \{(?:user|shape)\}                                 # shapes.inc
    """,
    re.IGNORECASE | re.VERBOSE,
)


class _Kind(Enum):
    OPEN = auto()
    CLOSE = auto()
    WORD = auto()
    """A macro in another writing: `<user>`, `{shape}`."""
    ESCAPED = auto()


@dataclass(frozen=True, slots=True)
class _Mark:
    kind: _Kind
    start: int
    end: int


@dataclass(slots=True)
class _Frame:
    """A macro of which the end is not read yet, or the text itself."""

    start: int
    parts: list[Part]


def parse(text: str) -> Parts:
    """The parts of a text, in order."""
    marks = _paired(list(_marks(text)))
    frames = [_Frame(0, [])]
    read = 0
    for mark in marks:
        if mark.start > read:
            frames[-1].parts.append(text[read : mark.start])
        read = mark.end
        match mark.kind:
            case _Kind.OPEN:
                frames.append(_Frame(mark.start, []))
            case _Kind.CLOSE:
                done = frames.pop()
                macro = Macro.of(blocks.grouped(done.parts), done.start, mark.end)
                frames[-1].parts.append(macro)
            case _Kind.WORD:
                name = text[mark.start + 1 : mark.end - 1]
                frames[-1].parts.append(Macro.of((name,), mark.start, mark.end))
            case _Kind.ESCAPED:
                frames[-1].parts.append(text[mark.start : mark.end].replace("\\", ""))
    if read < len(text):
        frames[-1].parts.append(text[read:])
    return blocks.grouped(frames[-1].parts)


def _marks(text: str) -> Iterator[_Mark]:
    """All that may begin or end a macro or be one, in order."""
    for found in _MARKS.finditer(text):
        start, end = found.span()
        match text[start : start + 2]:
            case "{{":
                for at in range(start + (end - start) % 2, end, 2):
                    yield _Mark(_Kind.OPEN, at, at + 2)
            case "}}":
                for at in range(start, end - 1, 2):
                    yield _Mark(_Kind.CLOSE, at, at + 2)
            case "\\{" | "\\}":
                yield _Mark(_Kind.ESCAPED, start, end)
            case _:
                yield _Mark(_Kind.WORD, start, end)


def _paired(marks: Sequence[_Mark]) -> list[_Mark]:
    """Without the braces that have no partner."""
    open_at: list[int] = []
    alone: set[int] = set()
    for at, mark in enumerate(marks):
        if mark.kind is _Kind.OPEN:
            open_at.append(at)
        elif mark.kind is _Kind.CLOSE and open_at:
            open_at.pop()
        elif mark.kind is _Kind.CLOSE:
            alone.add(at)
    alone.update(open_at)
    return [mark for at, mark in enumerate(marks) if at not in alone]
