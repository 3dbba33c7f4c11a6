"""Whose decision counts: of two tiers the later one, but for what a channel has bound. Pure.

    default < system < personality < channel < person < person with this personality

What a moderator has bound for a channel counts before what persons decide. Off is a decision; a
tier that has none passes on what counted before it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from tzurot.session.settings import SETTINGS, UNDECIDED, Chosen, Setting, Value


class Tier(IntEnum):
    """Who decided: of two the later one counts. The numbers are those of the contract."""

    DEFAULT = 0
    SYSTEM = 1
    PERSONALITY = 2
    CHANNEL = 3
    PERSON = 4
    PERSON_PERSONALITY = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A decision as it is stored; its key and value can be those of another release."""

    key: str
    tier: Tier
    value: object
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What one tier decided about a setting. Only a channel's can be bound."""

    tier: Tier
    value: Value
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What counts of a setting, and why."""

    key: str
    counts: Decision
    decided: tuple[Decision, ...]
    """All that was decided, in the order of tiers."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What counts of all settings, and why; by key, in the order of `SETTINGS`."""

    outcomes: Mapping[str, Outcome]
    chosen: Chosen

    def source(self, key: str) -> Tier:
        """Who decided a setting."""
        return self.outcomes[key].counts.tier


def explained(rows: Iterable[Row]) -> Explained:
    """What counts, of all that was decided for one situation: at most one row per key and tier."""
    by_key: dict[str, list[Row]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    outcomes = {it.key: _outcome(it, by_key.get(it.key, ())) for it in SETTINGS}
    chosen = Chosen.of({key: outcome.counts.value for key, outcome in outcomes.items()})
    return Explained(outcomes, chosen)


def _outcome(setting: Setting, rows: Iterable[Row]) -> Outcome:
    decided: list[Decision] = []
    for row in sorted(rows, key=lambda row: row.tier):
        value = setting.fitted(row.value)
        if value is not UNDECIDED:
            decided.append(Decision(row.tier, value, row.bound))
    last = decided[-1] if decided else Decision(Tier.DEFAULT, setting.default)
    bound = (it for it in decided if it.bound)
    return Outcome(setting.key, next(bound, last), tuple(decided))
