"""Settings as people read and type them: values, who decided them, what a form asks. Pure."""

import math
from typing import assert_never

from tzurot.flow.kind import Answers, Refused
from tzurot.flow.kinds import telling
from tzurot.flow.views import Asks, Choice, Field, Item, line
from tzurot.session.settings.cascade import Decision, Explained, Tier, deciding
from tzurot.session.settings.settings import (
    BY_KEY,
    PRESET,
    SETTINGS,
    UNDECIDED,
    Kind,
    Setting,
    Undecided,
    Value,
)

HERE, ALL, EVERYBODY = "here", "all", "everybody"

_OWN = tuple(it for it in SETTINGS if Tier.PERSON in deciding(it))  # a person's to decide
_SHOWN = tuple(it for it in SETTINGS if {Tier.PERSON, Tier.PERSONALITY}.intersection(deciding(it)))
_ON, _OFF, _INHERIT = "on", "off", "inherit"
_NOT_DECIDED = Choice(_INHERIT, "Not decided", "What others decided counts.")
_SCOPES = (
    Choice(HERE, "For you, with this character"),
    Choice(ALL, "For you, with every character", "What you decide for one counts before it."),
)
_FOR_ALL_OF_THEM = Choice(EVERYBODY, "For everybody who talks with it", "Persons can decide else.")


def items(found: Explained) -> tuple[Item, ...]:
    """What counts of each setting that persons or editors can decide, and who decided that."""
    return tuple(item(it, said(found, it.key)) for it in _SHOWN)


def item(setting: Setting, text: str) -> Item:
    """A setting in a list, with what is said of it."""
    return Item(setting.summary.rstrip("."), f"{setting.key}: {text}", setting.key)


def is_editors(key: str) -> bool:
    """Whether editors decide it for everybody, and nobody else does."""
    return BY_KEY[key] not in _OWN


def said(found: Explained, key: str) -> str:
    """What counts of one, and who decided that."""
    counts = found.outcomes[key].counts
    until = f", until {telling.when(counts.expire_time)}" if counts.expire_time else ""
    value = found.preset.name if key == PRESET and found.preset else shown(counts.value)
    return f"{line(value, 100)}, {source(counts)}{until}"


def shown(value: Value) -> str:
    """A value as it is typed."""
    match value:
        case None | False:
            return "off"
        case True:
            return "on"
        case _:
            return f"{value:g}" if isinstance(value, float) else str(value)


def source(decision: Decision) -> str:
    """Who decided, as it goes on after the value."""
    match decision.tier:
        case Tier.DEFAULT:
            return "by default"
        case Tier.SYSTEM:
            return "as the server has it"
        case Tier.PERSONALITY:
            return "as the character's owner decided"
        case Tier.CHANNEL:
            return "as this channel demands" if decision.bound else "as this channel has it"
        case Tier.PERSON:
            return "as you decided for all"
        case Tier.PERSON_PERSONALITY:
            return "as you decided here"
        case _:
            assert_never(decision.tier)


def heading(key: str) -> str:
    """What a setting is about, as a title."""
    return BY_KEY[key].summary.rstrip(".")


def value_field(key: str) -> Field:
    """What a decision asks: one of its values, or a number that is typed."""
    setting = BY_KEY[key]
    choices = (_ON, _OFF) if setting.kind is Kind.FLAG else setting.choices
    if choices:
        offered = (*(Choice(it, it) for it in choices), _NOT_DECIDED)
        return Field("value", "Value", Asks.CHOICE, choices=offered, required=True)
    can_be = "its id, as `preset browse` tells it, or off" if key == PRESET else setting.range
    described = f"{can_be}; inherit: not decided."
    return Field("value", "Value", description=described, required=True)


def scope_field(key: str, *, edits: bool) -> Field:
    """For whom a decision counts; what is the editors' alone counts for everybody."""
    if is_editors(key):
        return Field("scope", "For what?", Asks.CHOICE, "", (EVERYBODY,), (_FOR_ALL_OF_THEM,), True)
    scopes = (*_SCOPES, _FOR_ALL_OF_THEM) if edits else _SCOPES
    return Field("scope", "For what?", Asks.CHOICE, "", (HERE,), scopes, True)


def read(key: str, answers: Answers) -> Value | Undecided:
    """The value that was typed for a setting; whether it fits, the room says.

    Raises:
        Refused: it is nothing that a setting can be.
    """
    typed = answers["value"][0].strip().casefold()
    match BY_KEY[key].kind:
        case _ if typed == _INHERIT:
            return UNDECIDED
        case Kind.FLAG:
            return typed == _ON
        case Kind.CHOICE:
            return typed
        case Kind.PRESET if typed != _OFF:
            return typed
        case _ if typed == _OFF:
            return None
        case _:
            number = _number(typed)
    if number is None:
        raise out_of_range(key)
    return number


def out_of_range(key: str) -> Refused:
    """What a setting can be."""
    return Refused(errors={"value": f"It must be {BY_KEY[key].range}, or inherit."})


def _number(typed: str) -> int | float | None:
    if typed.removeprefix("-").isascii() and typed.removeprefix("-").isdecimal():
        return int(typed[:20])
    try:
        number = float(typed[:40])
    except ValueError:
        return None
    return number if math.isfinite(number) else None
