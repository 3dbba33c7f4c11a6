"""Settings as people read and type them: values, who decided them, what a form asks. Pure."""

import math
from typing import assert_never

from tzurot.flow.kind import Answers, Refused
from tzurot.flow.kinds import telling
from tzurot.flow.views import Asks, Choice, Field, Item
from tzurot.session.settings.cascade import Decision, Explained, Tier, deciding
from tzurot.session.settings.settings import BY_KEY, SETTINGS, UNDECIDED, Kind, Undecided, Value

ASKS = ("setting", "value", "scope")
HERE, ALL, EVERYBODY = "here", "all", "everybody"

_OWN = tuple(it for it in SETTINGS if Tier.PERSON in deciding(it))  # a person's to decide
_SHOWN = tuple(it for it in SETTINGS if {Tier.PERSON, Tier.PERSONALITY}.intersection(deciding(it)))
# What dialogues of its own decide: a form has room for 25 choices.
_ELSEWHERE = frozenset({"fresh", "front_followed", "incognito", "members_share"})
_ON, _OFF, _INHERIT = {"on", "yes", "true"}, {"off", "no", "false"}, "inherit"
_SCOPES = (
    Choice(HERE, "For you, with this character"),
    Choice(ALL, "For you, with every character", "What you decide for one counts before it."),
)
_FOR_ALL_OF_THEM = Choice(EVERYBODY, "For everybody who talks with it", "Persons can decide else.")


def items(found: Explained) -> tuple[Item, ...]:
    """What counts of each setting that persons or editors can decide, and who decided that."""
    return tuple(Item(it.summary.rstrip("."), f"{it.key}: {said(found, it.key)}") for it in _SHOWN)


def is_editors(key: str) -> bool:
    """Whether editors decide it for everybody, and nobody else does."""
    return BY_KEY[key] not in _OWN


def said(found: Explained, key: str) -> str:
    """What counts of one, and who decided that."""
    counts = found.outcomes[key].counts
    until = f", until {telling.when(counts.expire_time)}" if counts.expire_time else ""
    return f"{shown(counts.value)}, {source(counts)}{until}"


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


def fields(*, edits: bool) -> tuple[Field, ...]:
    """What a decision asks."""
    offered = [it for it in (_SHOWN if edits else _OWN) if it.key not in _ELSEWHERE]
    choices = tuple(Choice(it.key, it.key, it.summary) for it in offered)
    scopes = (*_SCOPES, _FOR_ALL_OF_THEM) if edits else _SCOPES
    return (
        Field("setting", "Setting", Asks.CHOICE, choices=choices, required=True),
        Field(
            "value",
            "Value",
            description="on, off, a number or a word; inherit: not decided.",
            required=True,
        ),
        Field("scope", "For what?", Asks.CHOICE, values=(HERE,), choices=scopes, required=True),
    )


def read(answers: Answers) -> tuple[str, Value | Undecided]:
    """The setting, and the value that was typed for it; whether it fits, the room says.

    Raises:
        Refused: it is nothing that a setting can be.
    """
    key, typed = answers["setting"][0], answers["value"][0].strip().casefold()
    kind = BY_KEY[key].kind
    if typed == _INHERIT:
        return key, UNDECIDED
    if kind is Kind.FLAG and typed in _ON | _OFF:
        return key, typed in _ON
    if kind is Kind.CHOICE:
        return key, typed
    if typed in _OFF:
        return key, None
    number = _number(typed) if kind is not Kind.FLAG else None
    if number is None:
        raise out_of_range(key)
    return key, number


def out_of_range(key: str) -> Refused:
    """What a setting can be."""
    setting = BY_KEY[key]
    words = "on or off" if setting.kind is Kind.FLAG else setting.range
    return Refused(errors={"value": f"It must be {words}, or inherit."})


def _number(typed: str) -> int | float | None:
    if typed.removeprefix("-").isascii() and typed.removeprefix("-").isdecimal():
        return int(typed[:20])
    try:
        number = float(typed[:40])
    except ValueError:
        return None
    return number if math.isfinite(number) else None
