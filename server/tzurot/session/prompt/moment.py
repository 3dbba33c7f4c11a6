"""What a turn's character is told of the time: the person's own, and how long they were away. Pure.

    It is Sunday, 17 May 2026, 21:40 for Ada. Ada last wrote 3 days ago.

Of whoever has told no time zone only the date is known, and that by UTC: a wrong hour is worse than
none. It changes with each turn, so it stands behind the history.
"""

from datetime import UTC, datetime, timedelta

from tzurot.account import time_zones
from tzurot.llm.speaker import Speaker
from tzurot.session.prompt.budget import SMALL_CONTEXT
from tzurot.session.prompt.cast import cast_of
from tzurot.session.turns import Turn

_AT_ONCE = timedelta(minutes=30)  # nobody was away for less
_DAY = timedelta(days=1)
_SPANS = (  # up to how long, one of them, what it is called
    (timedelta(hours=36), timedelta(hours=1), "hour"),
    (timedelta(days=14), _DAY, "day"),
    (timedelta(days=60), 7 * _DAY, "week"),
    (timedelta(days=700), 30.44 * _DAY, "month"),
    (timedelta.max, 365.25 * _DAY, "year"),
)


def told(turn: Turn, speaker: Speaker) -> str:
    """The time and how long the person was away; empty if there is nothing to tell.

    Very small models are told no more than they are asked about: no date without an hour.
    """
    answered = turn.redo.answers if turn.redo else None
    now = answered.create_time if answered else turn.create_time
    name = cast_of(turn).speaker
    return " ".join(filter(None, (_now(turn, now, name, speaker), _away(turn, now, name))))


def _now(turn: Turn, now: datetime, name: str, speaker: Speaker) -> str:
    if there := time_zones.local(now, turn.face.time_zone):
        return f"It is {_date(there)}, {there:%H:%M} for {name}."
    if speaker.context_tokens <= SMALL_CONTEXT:
        return ""
    return f"Today is {_date(now.astimezone(UTC))} (UTC)."


def _date(moment: datetime) -> str:
    return f"{moment:%A}, {moment.day} {moment:%B} {moment.year}"


def _away(turn: Turn, now: datetime, name: str) -> str:
    """How long ago the person last said something where the character heard it."""
    own = (it for it in reversed(turn.history) if it.by_person and it.person_id == turn.person_id)
    last = next(own, None)
    if last is None or turn.nudge or now - last.create_time < _AT_ONCE:
        return ""
    return f"{name} last wrote {ago(now - last.create_time)}."


def ago(span: timedelta) -> str:
    """A time ago in words, rounded."""
    one, called = next((one, called) for most, one, called in _SPANS if span <= most)
    count = max(1, round(span / one))
    if count == 1:
        return f"about {'an' if called == 'hour' else 'a'} {called} ago"
    return f"about {count:,} {called}s ago"
