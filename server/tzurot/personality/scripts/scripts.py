"""A card's regex scripts: rules that rewrite what is said, as SillyTavern runs them.

A script for the prompt alone rewrites what the model is told and nothing that is kept. The others
rewrite a reply before it is kept, lore when it is told, and what a person said when it is told:
SillyTavern rewrites that before it is kept; here it is kept as it was said. What changes only how
messages look never runs. `replacing` tells what is put instead. Pure, but for the clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from tzurot.formats import javascript, narrowing
from tzurot.formats.cards import scripts as rows
from tzurot.formats.documents import Json
from tzurot.personality.scripts import patterns
from tzurot.personality.scripts.patterns import Clock, TookTooLong
from tzurot.personality.scripts.replacing import Fill, Replacement, TooMuch, escaped

_GROWTH = 4  # times the text
_ROOM = 20_000  # characters more than the text; the larger bound counts


class Placement(StrEnum):
    """Whose text a script rewrites."""

    INPUT = "input"
    OUTPUT = "output"
    LORE = "lore"


_NUMBERS = {1: Placement.INPUT, 2: Placement.OUTPUT, 5: Placement.LORE}  # SillyTavern's


@dataclass(frozen=True, slots=True)
class Script:
    """A rule. `find` is `/pattern/flags`, or a pattern; depths are messages that come after."""

    name: str = ""
    find: str = ""
    replace: str = ""
    trim: tuple[str, ...] = ()
    """Taken out of what was found before it is put back."""
    placements: frozenset[Placement] = frozenset()
    prompt_only: bool = False
    enabled: bool = True
    min_depth: int | None = None
    max_depth: int | None = None
    substitute: int = 0
    """Macros in `find` are: 0 left alone, 1 filled, 2 filled with what has no special signs."""
    display_only: bool = False
    """It changes how messages look (`markdownOnly`); alone that is nothing here."""

    @classmethod
    def from_dict(cls, row: Mapping[str, Json]) -> Self:
        """A row by SillyTavern's names. Nonsense counts as not set."""
        trim = narrowing.items(row.get("trimStrings"))
        return cls(
            name=narrowing.text(row.get("scriptName")),
            find=narrowing.text(row.get("findRegex")),
            replace=narrowing.text(row.get("replaceString")),
            trim=tuple(text for it in trim if (text := narrowing.text(it))),
            placements=frozenset(
                placement
                for number, placement in _NUMBERS.items()
                if number in rows.placements(row)
            ),
            prompt_only=narrowing.flag(row.get("promptOnly")),
            enabled=not narrowing.flag(row.get("disabled")),
            min_depth=narrowing.count(row.get("minDepth")),
            max_depth=narrowing.count(row.get("maxDepth")),
            substitute=rows.substitution(row),
            display_only=narrowing.flag(row.get("markdownOnly")),
        )

    def as_dict(self) -> dict[str, Json]:
        """The row that says the same."""
        return {
            "scriptName": self.name,
            "findRegex": self.find,
            "replaceString": self.replace,
            "trimStrings": list(self.trim),
            "placement": [number for number, it in _NUMBERS.items() if it in self.placements],
            "promptOnly": self.prompt_only,
            "markdownOnly": self.display_only,
            "disabled": not self.enabled,
            "minDepth": self.min_depth,
            "maxDepth": self.max_depth,
            "substituteRegex": self.substitute,
        }

    def onto(self, row: Mapping[str, Json]) -> dict[str, Json]:
        """A row with what differs; the rest of it stays, with what only SillyTavern knows."""
        was = self.from_dict(row).as_dict()
        return {**row, **{key: it for key, it in self.as_dict().items() if it != was[key]}}


@dataclass(frozen=True, slots=True)
class Ran:
    """A text as scripts left it, and what went wrong with some, each in one sentence."""

    text: str
    notes: tuple[str, ...] = ()


def run(  # noqa: PLR0913 - where and when are said apart: each decides about scripts by itself
    scripts: Sequence[Script],
    text: str,
    placement: Placement,
    *,
    depth: int | None,
    clock: Clock,
    fill: Fill,
    for_prompt: bool,
) -> Ran:
    """A text, rewritten by one script after the other.

    `depth`: how many messages come after, 0 the newest, None no message; it counts for the prompt
    alone. `fill` runs macros in replacements and, if a script says so, in what it looks for; texts
    that were found are never run. A script that fails leaves the text as it was. It may take as
    long as the clock has, so call it in a thread.
    """
    notes: list[str] = []
    most = max(_GROWTH * len(text), len(text) + _ROOM)
    at = depth if for_prompt else None
    for script in scripts[: rows.MAX_SCRIPTS]:
        if not text:
            break
        if not (_is_wanted(script, placement, for_prompt) and _is_near(script, at)):
            continue
        try:
            text = _rewritten(script, text, clock, fill, most)
        except _Failed as failed:
            notes.append(f"The script `{rows.shown(script.name, script.find)}` {failed}.")
    return Ran(text, tuple(notes))


def onto(
    stored: Sequence[Mapping[str, Json]], wanted: Sequence[str | Mapping[str, Json]]
) -> list[dict[str, Json]]:
    """The wanted scripts as rows, each with what else is stored of the one of its name."""
    before = {Script.from_dict(row).name: row for row in stored}
    rows: list[dict[str, Json]] = []
    for row in wanted:
        script = Script() if isinstance(row, str) else Script.from_dict(row)
        rows.append(script.onto(before.get(script.name, {})) or script.as_dict())
    return rows


def wont_run(row: Mapping[str, Json]) -> str:
    """Why a script does not run here, as the end of a sentence; empty if it does."""
    return rows.wont_run(row)


class _Failed(Exception):
    """A script left the text as it was. Its argument is how a sentence about it ends."""


def _is_wanted(script: Script, placement: Placement, for_prompt: bool) -> bool:
    if not (script.enabled and script.find and placement in script.placements):
        return False
    if script.prompt_only:
        return for_prompt
    return not script.display_only and for_prompt == (placement != Placement.OUTPUT)


def _is_near(script: Script, depth: int | None) -> bool:
    if depth is None:
        return True
    least, most = script.min_depth, script.max_depth
    return (least is None or depth >= least) and (most is None or depth <= most)


def _rewritten(script: Script, text: str, clock: Clock, fill: Fill, most: int) -> str:
    if rows.is_too_long(script.find, script.replace, script.trim):
        raise _Failed("can't be run: it is too long")
    if clock.is_over:
        raise _Failed("did not run: no time was left")
    if len(text) > patterns.MAX_REPLACED:
        raise _Failed("did not run: the text is too long")
    try:
        with clock.measure():
            found = javascript.read(_sought(script, fill))
            if found is None:
                raise _Failed("can't be run: its pattern can't be read")
            put = Replacement(script.replace, script.trim, found.names, fill, most)
        rewritten = clock.replaced(found.pattern, text, put, count=0 if found.every else 1)
    except TookTooLong:
        raise _Failed("took too long") from None
    except TooMuch:
        raise _Failed("would make the text too long") from None
    if len(rewritten) > most:
        raise _Failed("would make the text too long")
    return rewritten


def _sought(script: Script, fill: Fill) -> str:
    match script.substitute:
        case 1:
            return fill(script.find)
        case 2:
            return escaped(script.find, fill)
        case _:
            return script.find
