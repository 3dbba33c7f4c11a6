"""Which facts a character is told of in a turn, and what of its memories is so no more. Pure.

What fits the question comes first: facts that share words with it, and those that stand behind a
memory that came up; then the newest.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tzurot.memory import lexicon
from tzurot.memory.recall import Hit


@dataclass(frozen=True, slots=True)
class FactTold:
    """A fact as it is told to a character."""

    fact_id: UUID
    text: str
    valid_from: datetime
    fictional: bool
    source_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Outdated:
    """A memory that says what is so no more."""

    memory_id: UUID
    since: datetime
    instead: str | None
    """The fact that is so now; None: it is not for this place."""


@dataclass(frozen=True, slots=True)
class News:
    """A fact that was learnt, as its person is told of it."""

    fact_id: UUID
    text: str
    superseded_text: str
    """What it took, or is to take, the place of; empty: of nothing."""
    proposed: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a turn is told."""

    facts: Sequence[FactTold] = ()
    """Those that fit best first."""
    outdated: Sequence[Outdated] = ()
    played: frozenset[UUID] = frozenset()
    """Memories in which something was played."""


NOTHING = Told()


def fresh_first(hits: Sequence[Hit], outdated: Sequence[Outdated]) -> tuple[Hit, ...]:
    """Memories that came up; those behind all others that say what is so no more.

    Without those of which can't be said what is so instead.
    """
    stale = {it.memory_id for it in outdated}
    unsaid = {it.memory_id for it in outdated if it.instead is None}
    kept = (hit for hit in hits if hit.memory_id not in unsaid)
    return tuple(sorted(kept, key=lambda hit: hit.memory_id in stale))


def ranked(facts: Sequence[FactTold], question: str, recalled: Collection[UUID]) -> list[FactTold]:
    """Those that fit best first; `facts` are the newest first, `recalled` are memories."""
    terms = set(lexicon.question_terms(question))
    came_up = frozenset(recalled)

    def fit(it: FactTold) -> int:
        return len(terms.intersection(lexicon.terms(it.text))) + len(came_up & it.source_ids)

    return sorted(facts, key=lambda it: -fit(it))
