"""What macros with arguments compute, once the arguments are text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tzurot.personality.macros import chance, dates, names, words
from tzurot.personality.macros.chance import Chance
from tzurot.personality.macros.listing import Listing
from tzurot.personality.macros.stage import Stage
from tzurot.personality.macros.variables import Variables

_MAX_SPACES = 1_000


@dataclass(frozen=True, slots=True)
class Around:
    """What the texts of a prompt have together."""

    stage: Stage
    variables: Variables
    noted: Listing
    chance: Chance


def computed(written: str, arguments: list[str], around: Around) -> str | None:
    """What the macro of this name, as it is written, says; None if it cannot read its arguments.

    Raises:
        TooMuch: a variable was to become too long, or one too many.
    """
    name = names.canonical(written)
    if name in _VARIABLES:
        return _VARIABLES[name](around.variables, *arguments)
    if name in _FROM_STAGE:
        return _FROM_STAGE[name](around.stage, *arguments)
    if name == "roll":
        total = chance.rolled(arguments[0], around.chance)
        return None if total is None else str(total)
    if name == "time":
        return _time(around.stage, *(arguments or [names.zone_in(written)]))
    return words.said(name, around.stage)


def _time(stage: Stage, zone: str) -> str | None:
    return dates.clock_in(stage.now, zone) if zone else dates.formatted(stage.now, "LT")


def _repeated(what: str, times: str) -> str | None:
    """None if `times` is no number from 0 to a thousand."""
    fits = times.isascii() and times.isdigit() and len(times) < 5 and int(times) <= _MAX_SPACES
    return what * int(times) if fits else None


def _outlet(stage: Stage, name: str) -> str:
    return stage.outlets.get(name, "")


def _newlines(_: Stage, times: str = "1") -> str | None:
    return _repeated("\n", times)


def _spaces(_: Stage, times: str = "1") -> str | None:
    return _repeated(" ", times)


def _date(stage: Stage, pattern: str) -> str:
    return dates.formatted(stage.now, pattern)


def _difference(stage: Stage, one: str, other: str) -> str | None:
    return dates.between(one, other, stage.now)


_FROM_STAGE: Mapping[str, Callable[..., str | None]] = {
    "outlet": _outlet,
    "newline": _newlines,
    "space": _spaces,
    "datetimeformat": _date,
    "timediff": _difference,
}


def _quietly(work: Callable[..., object]) -> Callable[..., str]:
    """Done without a word."""

    def done(*arguments: object) -> str:
        work(*arguments)
        return ""

    return done


def _increased(variables: Variables, name: str) -> str:
    return variables.add(name, "1")


def _decreased(variables: Variables, name: str) -> str:
    return variables.add(name, "-1")


def _has(variables: Variables, name: str) -> str:
    return "true" if variables.has(name) else "false"


CHANGING = frozenset({"setvar", "addvar", "incvar", "decvar", "deletevar"})
_VARIABLES: Mapping[str, Callable[..., str]] = {
    "getvar": Variables.get,
    "setvar": _quietly(Variables.set),
    "addvar": _quietly(Variables.add),
    "incvar": _increased,
    "decvar": _decreased,
    "hasvar": _has,
    "deletevar": _quietly(Variables.delete),
}
