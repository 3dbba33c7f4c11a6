"""What is not run of the macros in a text, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from tzurot.personality.macros import blocks, names
from tzurot.personality.macros.parsing import parse
from tzurot.personality.macros.tree import Macro, Part, Parts

MAX_LISTED = 100
_SHOWN = 80  # characters of a macro

ALONE = "it opens or closes nothing"
MALFORMED = "it is written in a way that nobody can read"


@dataclass(frozen=True, slots=True)
class NotRun:
    """A macro as it is written, its first 80 characters, and why it is not run."""

    macro: str
    reason: str


class Listing:
    """What was met, each once, the first 100."""

    def __init__(self) -> None:
        self.rows: list[NotRun] = []

    def add(self, macro: Macro, text: str, reason: str) -> None:
        """Note a macro of a text."""
        if len(self.rows) >= MAX_LISTED:
            return
        row = NotRun(macro.written(text, _SHOWN), reason)
        if row not in self.rows:
            self.rows.append(row)


def wont_run(text: str) -> tuple[NotRun, ...]:
    """Which macros of a text will not run, whatever the conversation; those in comments aside."""
    listing = Listing()
    for macro in _macros(parse(text)):
        reason = why_not(macro)
        if reason is not None:
            listing.add(macro, text, reason)
    return tuple(listing.rows)


def why_not(macro: Macro) -> str | None:
    """Why a macro is not run; None if it is, or if nobody knows it."""
    name, given = macro.name, len(macro.arguments)
    reason = names.why_not(name, arguments=given)
    if reason is not None:
        return reason
    if blocks.is_else(macro) or blocks.closes(name) is not None:
        return ALONE
    bounds = names.ARGUMENTS.get(names.canonical(name))
    if bounds is None:
        return None
    return None if _fits(macro, name, given, bounds) else MALFORMED


def _fits(macro: Macro, name: str, given: int, bounds: tuple[int, int]) -> bool:
    least, most = bounds
    given += macro.body is not None
    if names.canonical(name) == "if":
        least = 2
    return given >= least and (given == 0 or most > 0)  # the last argument takes the rest


def _macros(parts: Parts) -> Iterator[Macro]:
    """All macros in order, but those in comments and the `{{else}}` of a condition."""
    left: list[Part] = [*reversed(parts)]
    while left:
        part = left.pop()
        if not isinstance(part, Macro):
            continue
        yield part
        name = names.canonical(part.name)
        if name not in names.SILENT:
            within = (*part.inner, *(part.body or ()))
            left += reversed([it for it in within if not (name == "if" and blocks.is_else(it))])
