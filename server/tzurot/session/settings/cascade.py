"""Whose decision counts: of two tiers the later one, but for what a channel has bound. Pure.

    default < system < personality < channel < person < person with this personality

What a tier decided for a while counts as long as that lasts, before what it decided for good. What
a moderator has bound for a channel counts before what persons decide. Off is a decision; a
tier that has none passes on what counted before it. Not everything is everybody's to decide: what
a tier may not decide (any more) is passed over, and so is a higher number, or a yes, where later
tiers can only go lower. There nothing is bound: nobody is held to more than they want.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import cast

from tzurot.session.settings.settings import (
    PRESET,
    SETTINGS,
    UNDECIDED,
    Chosen,
    Deciders,
    Setting,
    Value,
)
from tzurot.wallet.presets.presets import Preset


class Tier(IntEnum):
    """Who decided: of two the later one counts. The numbers are those of the contract."""

    DEFAULT = 0
    SYSTEM = 1
    PERSONALITY = 2
    CHANNEL = 3
    PERSON = 4
    PERSON_PERSONALITY = 5


_DECIDING: Mapping[Deciders, tuple[Tier, ...]] = {
    Deciders.OPERATOR: (Tier.SYSTEM,),
    Deciders.MODERATORS: (Tier.SYSTEM, Tier.CHANNEL),
    Deciders.EVERYBODY: tuple(tier for tier in Tier if tier is not Tier.DEFAULT),
    Deciders.EDITORS: (Tier.PERSONALITY,),
    Deciders.PERSON: (Tier.PERSON, Tier.PERSON_PERSONALITY),
}


def deciding(setting: Setting) -> tuple[Tier, ...]:
    """The tiers that may decide a setting, in order."""
    return _DECIDING[setting.deciders]


@dataclass(frozen=True, slots=True)
class Row:
    """A decision as it is stored; its key and value can be those of another release."""

    key: str
    tier: Tier
    value: object
    bound: bool = False
    expire_time: datetime | None = None
    """Until when it counts, before what the same tier has decided for good; None: that is it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one tier decided about a setting. Only a channel's can be bound."""

    tier: Tier
    value: Value
    bound: bool = False
    expire_time: datetime | None = None
    """Until when it counts; None: for good."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What counts of a setting, and why."""

    key: str
    counts: Decision
    decided: tuple[Decision, ...]
    """All that was decided and could count, in the order of tiers."""
    passed_over: tuple[Decision, ...] = ()
    """What was decided and can't count here: presets that are gone, or not the person's to use."""
    preset: Preset | None = None
    """The one that counts."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What counts of all settings, and why; by key, in the order of `SETTINGS`."""

    outcomes: Mapping[str, Outcome]
    chosen: Chosen

    @property
    def preset(self) -> Preset | None:
        """The one that counts."""
        return self.outcomes[PRESET].preset

    def source(self, key: str) -> Tier:
        """Who decided a setting."""
        return self.outcomes[key].counts.tier


def explained(rows: Iterable[Row], void: Collection[Row] = ()) -> Explained:
    """What counts, of all that was decided for one situation.

    For each key and tier at most one row that counts for good, and one for a while. `void`: those
    that can't count here.
    """
    by_key: dict[str, dict[Tier, Row]] = {}
    for row in rows:
        if row in void:
            continue
        tiers = by_key.setdefault(row.key, {})
        if row.expire_time or row.tier not in tiers:
            tiers[row.tier] = row
    outcomes = {it.key: _outcome(it, by_key.get(it.key, {}).values()) for it in SETTINGS}
    for row in void:
        outcome, decision = outcomes[row.key], Decision(row.tier, cast("Value", row.value))
        over = (*outcome.passed_over, decision)
        outcomes[row.key] = replace(outcome, passed_over=over)
    chosen = Chosen.of({key: outcome.counts.value for key, outcome in outcomes.items()})
    return Explained(outcomes, chosen)


def _outcome(setting: Setting, rows: Iterable[Row]) -> Outcome:
    decided: list[Decision] = []
    highest = setting.default
    for row in sorted(rows, key=lambda row: row.tier):
        value = setting.fitted(row.value)
        if value is UNDECIDED or row.tier not in deciding(setting):
            continue
        if setting.only_lower and row.tier is not Tier.SYSTEM and _exceeds(value, highest):
            continue
        if row.tier is not Tier.PERSON:  # for one character the same person decides anew
            highest = value
        decided.append(Decision(row.tier, value, row.bound, row.expire_time))
    last = decided[-1] if decided else Decision(Tier.DEFAULT, setting.default)
    bound = (it for it in decided if it.bound and not setting.only_lower)
    return Outcome(setting.key, next(bound, last), tuple(decided))


def _exceeds(value: Value, highest: Value) -> bool:
    """Whether a number is above another; off is above all numbers, yes above no; words are not."""
    if isinstance(value, str) or isinstance(highest, str):
        return False
    return highest is not None and (value is None or value > highest)
