"""Which messages are summarized together: runs of those that follow each other. Pure.

What has a summary stays as it is. Between summaries everything that is left is a run, however
short, but for a single message. Behind the last one it waits until there is enough of it, and so
does what lies within one: what somebody said there who had not wanted any when it was made. A run
ends where the character has answered, so that a question and its answer stay together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from tzurot.session.turns import Line

LEAST, MOST = 12, 32  # messages of a run; behind and within summaries it has at least so many
_FEWEST = 2  # messages of a run between two
TOLD = 12  # runs that a prompt can tell: of what is older none is made


@dataclass(frozen=True, slots=True)
class Passed:
    """A message that is out of sight, or soon will be."""

    line: Line
    summary_id: UUID | None
    """What it is summarized in."""
    withheld: bool
    """Whether a fact that it says was forgotten."""


def runs(passed: Sequence[Passed]) -> list[list[Line]]:
    """The runs that want a summary, oldest first, of such messages, oldest first.

    Rounds of which something is withheld are in none.
    """
    rounds = [it for it in _rounds(passed) if not any(said.withheld for said in it)]
    stretches = list(_stretches([it for each in rounds for it in each]))
    found: list[list[Line]] = []
    room = TOLD
    for number, stretch in enumerate(reversed(stretches)):
        known = {it.summary_id for it in stretch if it.summary_id}
        left = [it.line for it in stretch if not it.summary_id]
        room -= len(known)
        if room <= 0:
            break
        if len(left) >= (LEAST if known or number == 0 else _FEWEST):
            parts = _parts(left)[-room:]
            found = [*parts, *found]
            room -= len(parts)
    return found


def _stretches(told: Sequence[Passed]) -> Iterator[list[Passed]]:
    """What lies between summaries, and what lies from the first of one to the last of it.

    Those of which one begins before another ends are in one stretch.
    """
    last = {it.summary_id: place for place, it in enumerate(told) if it.summary_id}
    current: list[Passed] = []
    end = -1
    for place, it in enumerate(told):
        if current and place > end and (it.summary_id or place == end + 1):
            yield current
            current = []
        if it.summary_id:
            end = max(end, last[it.summary_id])
        current.append(it)
    if current:
        yield current


def _rounds(passed: Sequence[Passed]) -> Iterator[list[Passed]]:
    """What people say, and what is answered to it."""
    current: list[Passed] = []
    for it in passed:
        if current and it.line.by_person and not current[-1].line.by_person:
            yield current
            current = []
        current.append(it)
    if current:
        yield current


def _parts(lines: Sequence[Line]) -> list[list[Line]]:
    """The same in as few parts as there can be, of about one size, each ending with a round."""
    count = -(-len(lines) // MOST)
    ends = [_end(lines, len(lines) * number // count) for number in range(1, count)]
    bounds = [0, *ends, len(lines)]
    return [list(lines[start:end]) for start, end in pairwise(bounds)]


def _end(lines: Sequence[Line], wanted: int) -> int:
    """Where a round begins: there, or up to a quarter of a run before."""
    near = range(wanted, max(0, wanted - MOST // 4), -1)
    begins = (it for it in near if lines[it].by_person and not lines[it - 1].by_person)
    return next(begins, wanted)
