"""Which part of the history a prompt shows: the newest messages, from one on. Pure.

That one stays the same from turn to turn, so that what stands before the newest messages stands
still. Only once the history has outgrown its room, by tokens or by number, a quarter of it goes out
of sight at once, and the next turns have room to grow into. Short histories of which single
messages matter lose one at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tzurot.session.turns import Line, Turn

_AT_ONCE = 0.25  # of what has outgrown its room
_SHORT = 8  # messages; of no more than that none goes before it has to
_LEAST = 0.5  # of what would fit; with less in sight it is looked for anew what fits


@dataclass(frozen=True, slots=True)
class Sight:
    """The lines in sight, oldest first."""

    lines: tuple[Line, ...]
    begins_at: UUID | None = None
    """The first one's message, where older ones are out of sight."""


def seen(turn: Turn, history: Sequence[Line], costs: Sequence[int], tokens: int) -> Sight:
    """What is in sight of a history, oldest first, whose lines cost so many tokens each.

    `tokens`: what they may take together. No more lines and no older ones than the settings say.
    """
    oldest = _fitting(turn, history, costs, tokens)
    at_once = len(history) - oldest
    ids = [it.message_id for it in history[oldest:]]
    before = turn.talk.sight_id
    if before and before in ids and at_once - ids.index(before) >= at_once * _LEAST:
        return Sight(tuple(history[oldest + ids.index(before) :]), before)
    limit = turn.settings.chosen.history_limit
    if oldest == 0 and not len(history) >= limit > _SHORT:  # else there may well be older ones
        return Sight(tuple(history))
    if at_once > _SHORT:
        oldest = _less(history, costs, oldest, tokens)
    lines = tuple(history[oldest:])
    return Sight(lines, lines[0].message_id if lines else None)


def next_to_go(count: int) -> int:
    """About how many of so many lines in sight, once a quarter has gone, will go at once next."""
    return int(count / (1 - _AT_ONCE) * _AT_ONCE) if count > _SHORT else 0


def _fitting(turn: Turn, history: Sequence[Line], costs: Sequence[int], tokens: int) -> int:
    """The number of the oldest line that can be in sight."""
    chosen = turn.settings.chosen
    age = timedelta(seconds=chosen.history_age) if chosen.history_age else None
    oldest = len(history)
    while oldest > max(0, len(history) - chosen.history_limit):
        it = history[oldest - 1]
        tokens -= costs[oldest - 1]
        if tokens < 0 or (age is not None and it.create_time < turn.create_time - age):
            break
        oldest -= 1
    return oldest


def _less(history: Sequence[Line], costs: Sequence[int], oldest: int, tokens: int) -> int:
    """The same after a quarter has gone, at a line of the conversation's own if one is near."""
    some = int((len(history) - oldest) * _AT_ONCE)
    start = oldest + some
    used = sum(costs[start:])
    while used > tokens * (1 - _AT_ONCE):
        used -= costs[start]
        start += 1
    near = range(start, min(start + some, len(history)))
    return next((it for it in near if not history[it].around), start)
