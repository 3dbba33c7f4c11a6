"""What becomes of a statement beside what is known and what is forgotten. Pure.

In this order: what is forgotten stays forgotten; what is known already gets one more source; what
its person wrote stands against everything that is learnt; only then is something new, and it takes
the place of what the model says it does, if the two have something to do with each other.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tzurot.memory.facts import likeness
from tzurot.memory.facts.fact import Fact, FactId, Origin, State, Statement
from tzurot.memory.facts.forgetting import Forgotten
from tzurot.memory.facts.sense import Sense, marks, sense_of
from tzurot.memory.facts.words import Kind

_RELATED = 0.6  # cosine of two facts of which one can take the other's place
_RIVALS = 0.8  # of two that differ in a value only
_BARE_RIVALS = 0.9  # of those that say nothing beside the value

_VALUES = frozenset(
    {Kind.NUMBER, Kind.MONTH, Kind.WEEKDAY, Kind.COLOR, Kind.NOT, Kind.FEELING, Kind.PAST}
)
_YEAR = 4  # digits

# There can be another one: a second cat is no contradiction.
_ONE_OF_SEVERAL = re.compile(
    r"\b(?:has|have|owns?|hat|tiene) (?:an?|another|ein\w*|una?|otr[oa])\b", re.I
)


@dataclass(frozen=True, slots=True)
class Refused:
    """It is not learnt: it was forgotten, told otherwise, or is older than what is so now."""


@dataclass(frozen=True, slots=True)
class Known:
    """It says what this fact says."""

    fact_id: FactId


@dataclass(frozen=True, slots=True)
class New:
    """It is learnt, and takes the place of another one, if any is named."""

    replaces_id: FactId | None


Settled = Refused | Known | New


def settle(
    new: Statement, facts: Sequence[Fact], gone: Sequence[Forgotten], names: Collection[str]
) -> Settled:
    """What becomes of a statement; `names` are those of whom it is about."""
    sense = sense_of(new.text, names)
    if any(it.recognizes(sense, new.vector) for it in gone):
        return Refused()
    if known := _known(new, facts, names):
        return Known(known.fact_id)
    replaced = next((it for it in facts if it.fact_id == new.replaces_id), None)
    if replaced and (replaced.state is not State.CURRENT or replaced.fictional != new.fictional):
        replaced = None
    if replaced and not _related(new, replaced, names):
        replaced = None
    told = [it for it in facts if it.origin is Origin.TOLD and it.state is State.CURRENT]
    if replaced in told or any(rivals(new, it, names) for it in told):
        return Refused()
    if replaced is None:
        replaced = next((it for it in facts if _counts_otherwise(new, it, names)), None)
    if replaced and replaced.valid_from > new.said_time:
        return Refused()
    return New(replaced.fact_id if replaced else None)


def same(one: Fact | Statement, other: Fact | Statement, names: Collection[str]) -> bool:
    """Whether two facts say the same."""
    has = frozenset(marks(sense_of(other.text, names))).__contains__
    return likeness.same(sense_of(one.text, names), has, _cosine(one, other))


def rivals(one: Fact | Statement, told: Fact | Statement, names: Collection[str]) -> bool:
    """Whether two facts differ in a value of which there can be only one: a name, a number, a not.

    That is so where all else is the same.
    """
    first, second = sense_of(one.text, names), sense_of(told.text, names)
    if one.fictional != told.fictional or _ONE_OF_SEVERAL.search(told.text):
        return False
    if _frame(first) != _frame(second) or _value(first) == _value(second):
        return False
    return _cosine(one, told) >= (_RIVALS if any(_frame(first)) else _BARE_RIVALS)


def _counts_otherwise(new: Statement, fact: Fact, names: Collection[str]) -> bool:
    """Whether two differ in a number alone: a size, an age. Of names there can be several."""
    if fact.state is not State.CURRENT or not rivals(new, fact, names):
        return False
    if new.memory_id in fact.source_ids:  # one exchange does not contradict itself
        return False
    first, second = _value(sense_of(new.text, names)), _value(sense_of(fact.text, names))
    numbers = [classes.get(Kind.NUMBER, frozenset()) for _, classes in (first, second)]
    if not all(numbers) or any(len(it) == _YEAR for its in numbers for it in its):
        return False  # to say less is not to say otherwise; a year says when
    one, other = (
        (named, {kind: its for kind, its in classes.items() if kind is not Kind.NUMBER})
        for named, classes in (first, second)
    )
    return one == other


def _known(new: Statement, facts: Sequence[Fact], names: Collection[str]) -> Fact | None:
    """The fact that says the same: one that stands, else one that did when it was said."""
    alike = [it for it in facts if it.fictional == new.fictional and same(new, it, names)]
    standing = (it for it in alike if it.stands)
    before = (it for it in alike if it.valid_until and it.valid_until >= new.said_time)
    return next(standing, None) or next(before, None)


def _related(one: Fact | Statement, other: Fact | Statement, names: Collection[str]) -> bool:
    first, second = sense_of(one.text, names), sense_of(other.text, names)
    members = any(first.of(kind) & second.of(kind) for kind in Kind if kind is not Kind.NOT)
    return bool(first.topics & second.topics) or members or _cosine(one, other) >= _RELATED


def _frame(sense: Sense) -> tuple[frozenset[str], Mapping[Kind, frozenset[str]]]:
    """What it says beside its values."""
    classes = {kind: its for kind, its in sense.classes.items() if kind not in _VALUES}
    return sense.topics - sense.names, classes


def _value(sense: Sense) -> tuple[frozenset[str], Mapping[Kind, frozenset[str]]]:
    return sense.names, {kind: its for kind, its in sense.classes.items() if kind in _VALUES}


def _cosine(one: Fact | Statement, other: Fact | Statement) -> float:
    return float(np.dot(one.vector, other.vector))
