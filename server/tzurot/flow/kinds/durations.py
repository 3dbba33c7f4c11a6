"""How long something lasts, as people type and read it: 30m, 2h, 7d, or ever. Pure."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from tzurot.errors import InvalidField
from tzurot.flow.kind import Answers, Refused
from tzurot.flow.kinds import telling
from tzurot.flow.views import Choice

EVER = "ever"
LEAST, MOST = timedelta(minutes=1), timedelta(days=365)

_TYPED = re.compile(r"(\d{1,6}) *(m|min(?:ute)?s?|h|h(?:ou)?rs?|d|days?)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_RANGE = "10m, 2h, 7d or so, at least a minute and at most 365d; or ever"
_OFFERED = ("10m", "1h", "8h", "1d", "7d", EVER)


def argument(text: str, key: str) -> timedelta | None:
    """A duration that a flow is begun with; None: for good.

    Raises:
        InvalidField: it is none, or too short or too long.
    """
    try:
        return _read(text)
    except ValueError as error:
        raise InvalidField([(key, "flow.duration", f"must be {_RANGE}")]) from error


def answer(answers: Answers, key: str) -> timedelta | None:
    """The same as it was entered.

    Raises:
        Refused: it is none, or too short or too long.
    """
    try:
        return _read(answers[key][0])
    except ValueError as error:
        raise Refused(errors={key: f"It must be {_RANGE}."}) from error


def told(text: str) -> str:
    """A duration that was typed, as it goes on after what lasts; empty for good."""
    lasts = _read(text)
    return f" for {said(lasts)}" if lasts else ""


def said(lasts: timedelta) -> str:
    """A duration in words: the largest unit that fits."""
    minutes = round(lasts.total_seconds() / 60)
    for size, unit in ((24 * 60, "day"), (60, "hour")):
        if minutes % size == 0:
            return telling.count(minutes // size, unit)
    return telling.count(minutes, "minute")


def _read(text: str) -> timedelta | None:
    typed = text.strip().casefold()
    if typed in ("", EVER, "for ever", "forever"):
        return None
    found = _TYPED.fullmatch(typed)
    lasts = timedelta(**{_UNITS[found[2][0]]: int(found[1])}) if found else None
    if lasts is None or not LEAST <= lasts <= MOST:
        raise ValueError(text)
    return lasts


def offered(typed: str) -> Sequence[Choice]:
    """What can be chosen, what was typed first if it is a duration."""
    choices = [it for it in _OFFERED if it.startswith(typed.strip().casefold())]
    with suppress(ValueError):
        if _read(typed) and typed.strip() not in choices:
            choices.insert(0, typed.strip())
    return [Choice(it, _label(it)) for it in choices]


def _label(text: str) -> str:
    lasts = _read(text)
    return f"For {said(lasts)}" if lasts else "Until you say otherwise"
