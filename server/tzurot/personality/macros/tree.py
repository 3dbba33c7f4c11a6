"""What a text with macros is made of: words, and macros with texts of their own inside."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

_NAME = re.compile(r"\s*(//|[#/?:]?\s*[^\s:]*)")
_SEPARATOR = re.compile(r"\s*::?|\s+|$")
_COLONS = re.compile("::")
_CLOSES_COMMENT = "///"


@dataclass(frozen=True, slots=True, eq=False)
class Macro:
    """`{{inner}}`, or with what it spans `{{inner}}body{{/inner}}`."""

    name: str
    """In lower case and with the sign before it, as in `#if`; empty where it is not known."""
    inner: "Parts"
    start: int
    end: int
    """Where it stands in its text."""
    body: "Parts | None" = None
    close: "Macro | None" = None

    @classmethod
    def of(cls, inner: "Parts", start: int, end: int) -> Self:
        """The one with this between its braces."""
        return cls(_name(inner), inner, start, end)

    @property
    def arguments(self) -> "tuple[Parts, ...]":
        """What follows the name, parted by `::` as it is written: what macros say parts nothing."""
        head = _head(self.inner)
        named = _NAME.match(head)
        separator = _SEPARATOR.match(head, named.end() if named else 0)
        at = separator.end() if separator else named.end() if named else 0
        ends = at == len(head) and len(self.inner) == 1
        if ends and not (separator and ":" in separator[0]):
            return ()
        return tuple(stripped(it) for it in parted((head[at:], *self.inner[1:]), _COLONS))

    def written(self, text: str, limit: int | None = None) -> str:
        """As it stands in its text, or the first `limit` characters of that."""
        end = self.end if limit is None else min(self.end, self.start + limit)
        return text[self.start : end]


Part: TypeAlias = str | Macro
Parts: TypeAlias = tuple[Part, ...]


def _head(inner: Parts) -> str:
    """The words before the first macro within."""
    first = inner[0] if inner else ""
    return first if isinstance(first, str) else ""


def _name(inner: Parts) -> str:
    head = _head(inner)
    if len(inner) == 1 and head.strip() == _CLOSES_COMMENT:
        return _CLOSES_COMMENT
    found = _NAME.match(head)
    name = "".join(found[1].split()) if found else ""
    if name != "//" and len(inner) > 1 and found and found.end() == len(head):
        return ""  # the name goes on in a macro
    return "?" if name.startswith("?") else name.lower()


def parted(parts: Parts, by: re.Pattern[str]) -> list[Parts]:
    """What stands between those words that are `by`."""
    pieces: list[list[Part]] = [[]]
    for part in parts:
        if isinstance(part, Macro):
            pieces[-1].append(part)
            continue
        first, *others = by.split(part)
        pieces[-1].append(first)
        pieces += [[other] for other in others]
    return [tuple(piece) for piece in pieces]


def joined(pieces: Sequence[Parts], by: str) -> Parts:
    """One piece at least, with `by` between them."""
    first, *others = pieces
    return (*first, *(part for piece in others for part in (by, *piece)))


def stripped(parts: Parts) -> Parts:
    """Without the white space that is written at both ends; what macros say stays."""
    kept = list(parts)
    if kept and isinstance(kept[0], str):
        kept[0] = kept[0].lstrip()
    if kept and isinstance(kept[-1], str):
        kept[-1] = kept[-1].rstrip()
    return tuple(part for part in kept if part != "")


def dedented(parts: Parts) -> Parts:
    """The same, and without the indentation of the first line in all lines that are written."""
    first = parts[0].lstrip("\r\n") if parts and isinstance(parts[0], str) else ""
    margin = len(first) - len(first.lstrip())
    return stripped(tuple(it if isinstance(it, Macro) else _moved(it, margin) for it in parts))


def _moved(words: str, margin: int) -> str:
    first, *lines = words.split("\n")
    moved = (line[min(margin, len(line) - len(line.lstrip())) :] for line in lines)
    return "\n".join((first, *moved))
