"""Which fact of a file took the place of which. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from tzurot.formats.found import KnownFact
from tzurot.formats.unreadable import Problem, Unreadable


def settled(facts: Sequence[KnownFact]) -> list[KnownFact]:
    """Facts that name none but those of the file that were so, or are.

    Raises:
        Unreadable: some took the place of each other.
    """
    _require_no_circle({it.id: it.superseded_by_id for it in facts})
    states = {it.id: it.state for it in facts}
    return [
        replace(
            it,
            superseded_by_id=_one_of(it.superseded_by_id, states, "current", "superseded"),
            replaces_id=_one_of(it.replaces_id, states, "current"),
        )
        for it in facts
    ]


def _one_of(fact_id: str, states: dict[str, str], *wanted: str) -> str:
    return fact_id if states.get(fact_id) in wanted else ""


def _require_no_circle(later: dict[str, str]) -> None:
    walked = set[str]()
    for first in later:
        fact_id, path = first, set[str]()
        while fact_id and fact_id not in walked:
            if fact_id in path:
                sentence = f"The fact `{fact_id}` has come in its own place, by way of others."
                raise Unreadable(Problem.WRONG_TYPE, sentence)
            path.add(fact_id)
            fact_id = later.get(fact_id, "")
        walked |= path
