"""In which order entries are told, and which are kept longest."""

from collections.abc import Sequence

from tzurot.formats.found import LoreEntry
from tzurot.personality.lore.verdicts import Verdict, Where

Weight = tuple[bool, bool, float, float]

_PLACES = {where: number for number, where in enumerate(Where)}


def in_order(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """What came up, in the order in which it is told: by place, then by insertion order.

    What was left out is among it, where it would have been told. At a depth the older comes first.
    """
    up = [verdict for verdict in verdicts if verdict.activated or verdict.left_out]
    return sorted(up, key=_told)


def by_weight(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The ones that are kept longest first.

    Constant ones before all, then the highest priority, then the highest insertion order; what
    wants to be given up first (@@ignore_on_max_context) comes last.
    """
    return sorted(verdicts, key=_weight, reverse=True)


def weight(entry: LoreEntry, priority: float | None, *, always: bool, first_to_go: bool) -> Weight:
    """How long an entry is kept: the greater one is kept longer."""
    said = priority if priority is not None else entry.priority
    return not first_to_go, always, said or 0, entry.insertion_order


def _told(verdict: Verdict) -> tuple[int, int, float]:
    placed = verdict.placement
    return _PLACES[placed.where], -placed.depth, verdict.entry.insertion_order


def _weight(it: Verdict) -> Weight:
    return weight(it.entry, it.priority, always=it.always, first_to_go=it.first_to_go)
