"""Regex scripts of cards, by SillyTavern's names: which of them can't do here what they do there.

`personality.scripts` runs the others.
"""

from collections.abc import Mapping, Sequence

from tzurot.formats import javascript, narrowing
from tzurot.formats.documents import Json

MAX_SCRIPTS = 100
MAX_FIND = javascript.MAX_PATTERN  # characters
MAX_REPLACE = 20_000  # characters
MAX_TRIM = 50
MAX_TRIM_TEXT = 1_000  # characters
PLACEMENTS = frozenset({1, 2, 5})
"""Those that there are here: what people say, what the character says, lorebooks."""

_SHOWN = 80  # characters of a name


def wont_run(row: Mapping[str, Json]) -> str:
    """Why a script does not run here, as the end of a sentence; empty if it does.

    Whether it is switched off does not matter.
    """
    find = narrowing.text(row.get("findRegex"))
    if not find:
        return "it looks for nothing"
    if not placements(row) & PLACEMENTS:
        return "it is for nothing that there is here, such as slash commands or reasoning"
    if narrowing.flag(row.get("markdownOnly")) and not narrowing.flag(row.get("promptOnly")):
        return "it changes only how messages look"
    trim = [narrowing.text(text) for text in narrowing.items(row.get("trimStrings"))]
    if is_too_long(find, narrowing.text(row.get("replaceString")), trim):
        return "it is too long"
    may_change = substitution(row) and "{{" in find
    if not may_change and javascript.read(find) is None:
        return "its pattern can't be read"
    return ""


def is_too_long(find: str, replace: str, trim: Sequence[str]) -> bool:
    """Whether one of the texts of a script is longer than those that run."""
    return (
        len(find) > MAX_FIND
        or len(replace) > MAX_REPLACE
        or len(trim) > MAX_TRIM
        or any(len(text) > MAX_TRIM_TEXT for text in trim)
    )


def placements(row: Mapping[str, Json]) -> frozenset[int]:
    """SillyTavern's numbers of what a script rewrites."""
    counts = map(narrowing.count, narrowing.items(row.get("placement")))
    return frozenset(number for number in counts if number is not None)


def substitution(row: Mapping[str, Json]) -> int:
    """What becomes of macros in what a script looks for: 0 nothing, 1 filled, 2 filled, escaped."""
    value = row.get("substituteRegex")
    number = int(value) if isinstance(value, bool) else narrowing.count(value)
    return number if number in {1, 2} else 0


def title(row: Mapping[str, Json]) -> str:
    """What a script is called, or else what it looks for."""
    return shown(narrowing.text(row.get("scriptName")), narrowing.text(row.get("findRegex")))


def shown(name: str, find: str) -> str:
    """The same of its two texts."""
    text = " ".join((name.strip() or find).replace("`", "'").split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
