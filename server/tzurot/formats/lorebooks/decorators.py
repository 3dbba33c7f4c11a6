"""Decorators: the lines at the top of an entry's content that say when and where it is told.

Character Card V3, "Decorators": `@@name value` up to the end of the line; `@@@name value` right
after it is tried when the one before is not known. What a name means is not decided here.
"""

import re
from dataclasses import dataclass

# A name is of Latin letters and underscores; anything else begins the text.
_LINE = re.compile(r"[ \t]*@@(@?)([A-Za-z_][A-Za-z0-9_]*)(?:[ \t]+(.*))?[ \t\r]*")

_MOST = 100  # of one entry, which has three or four; what follows is text


@dataclass(frozen=True, slots=True)
class Decorator:
    """One decorator. `fallback`: only if the one before it can't be followed."""

    name: str
    value: str | None = None
    fallback: bool = False


def parse(content: str) -> tuple[tuple[Decorator, ...], str]:
    """The decorators of a content in their order, and the text without them.

    A content without decorators comes back as it is.
    """
    found: list[Decorator] = []
    start = end = 0
    while end < len(content) and len(found) < _MOST:
        newline = content.find("\n", start)
        end = len(content) if newline < 0 else newline
        line = content[start:end]
        decorator = _LINE.fullmatch(line)
        if decorator:
            value = (decorator[3] or "").strip()
            found.append(Decorator(decorator[2], value or None, bool(decorator[1])))
        elif line.strip():
            break
        start = end + 1
    if not found:
        return (), content
    return tuple(found), content[start:].lstrip("\r\n")


def top(content: str) -> int:
    """Where the lines end, in characters, of which alone `parse` can read decorators."""
    start = 0
    while start < len(content):
        newline = content.find("\n", start)
        end = len(content) if newline < 0 else newline + 1
        if not content.startswith("@@", start):
            line = content[start:end].lstrip()
            if line and not line.startswith("@@"):
                break
        start = end
    return start
