"""Times, dates and durations in English, as the library moment writes them for SillyTavern.

`formatted` knows moment's tokens (momentjs.com, "Format") but those of eras and of weeks by locale
years; what is no token stays, and so does what stands in `[brackets]`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_LONG_FORMS = {
    "LT": "h:mm A", "LTS": "h:mm:ss A", "L": "MM/DD/YYYY", "l": "M/D/YYYY",
    "LL": "MMMM D, YYYY", "ll": "MMM D, YYYY", "LLL": "MMMM D, YYYY h:mm A",
    "lll": "MMM D, YYYY h:mm A", "LLLL": "dddd, MMMM D, YYYY h:mm A",
    "llll": "ddd, MMM D, YYYY h:mm A",
}  # fmt: skip
_TOKENS = re.compile(
    r"\[[^\[\]]*\]|\\.|LTS|LT|L{1,4}|l{1,4}|YYYY|YY|Y|Qo|Q|Mo|MMMM|MMM|MM|M|DDDo|DDDD|DDD|Do|DD|D"
    r"|do|dddd|ddd|dd|d|E|e|GGGG|GG|Wo|WW|W|HH|H|hh|h|kk|k|mm|m|ss|s|S{1,6}|A|a|ZZ|Z|X|x",
    re.DOTALL,
)
_HOURS_AT_MOST = 15  # of an offset; larger ones are minutes, as moment takes them
_MINUTES_AT_MOST = 14 * 60
_LONGEST_WRITTEN = 60  # characters
_WRITTEN = re.compile(  # as LL, LLL, LLLL and their short forms; in other locales the same
    r"(?:[a-z]+, )?(?P<month>[a-z]{3,9}) (?P<day>\d{1,2}), (?P<year>\d{4})"
    r"(?: (?P<hour>\d{1,2}):(?P<minute>\d\d) (?P<half>[ap])m)?",
    re.ASCII | re.IGNORECASE,
)

# Up to how many of each it is that word: moment's thresholds.
_SECONDS, _MINUTES, _HOURS, _DAYS_AT_MOST, _MONTHS_AT_MOST = 45, 45, 22, 26, 11
_DAYS_A_MONTH = 146_097 / 4_800  # of the Gregorian calendar, in the mean


def formatted(when: datetime, pattern: str) -> str:
    """A time by moment's tokens, such as `dddd, D MMMM YYYY [at] HH:mm`."""
    return _TOKENS.sub(lambda found: _token(_aware(when), found[0]), pattern)


def clock_in(when: datetime, zone: str) -> str | None:
    """The time of day in a zone written `UTC+2`; None if that is none."""
    found = re.fullmatch(r"UTC([+-]\d{1,4})", zone.strip(), re.IGNORECASE)
    if found is None:
        return None
    offset = int(found[1])
    minutes = offset * 60 if abs(offset) <= _HOURS_AT_MOST else offset
    if abs(minutes) > max(_MINUTES_AT_MOST, _HOURS_AT_MOST * 60):
        return None
    return formatted(_aware(when).astimezone(timezone(timedelta(minutes=minutes))), "LT")


def idle(now: datetime, before: datetime | None) -> str:
    """How long the person said nothing, such as `3 hours`."""
    return "just now" if before is None else spelled(_aware(now) - _aware(before))


def between(one: str, other: str, now: datetime) -> str | None:
    """The time between two times, whichever is first; None if one of them cannot be read."""
    first, second = _read(one, now), _read(other, now)
    return None if first is None or second is None else spelled(first - second)


def spelled(duration: timedelta) -> str:
    """A duration in words and roughly, such as `a few seconds` or `3 hours`."""
    seconds = abs(duration.total_seconds())
    days = seconds / 86_400
    months = days / _DAYS_A_MONTH
    for amount, limit, one, many in (
        (seconds, _SECONDS, "a few seconds", "a few seconds"),
        (seconds / 60, _MINUTES, "a minute", "{} minutes"),
        (seconds / 3_600, _HOURS, "an hour", "{} hours"),
        (days, _DAYS_AT_MOST, "a day", "{} days"),
        (months, _MONTHS_AT_MOST, "a month", "{} months"),
    ):
        if _rounded(amount) < limit:
            return one if _rounded(amount) <= 1 else many.format(_rounded(amount))
    years = _rounded(months / 12)
    return "a year" if years <= 1 else f"{years} years"


def _rounded(amount: float) -> int:
    """Halves upward, as JavaScript rounds."""
    return int(amount + 0.5)


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _read(written: str, now: datetime) -> datetime | None:
    """A time in ISO 8601, or as `{{date}}` writes it; without a zone in that of `now`."""
    written = written.strip()[:_LONGEST_WRITTEN]
    found = _WRITTEN.fullmatch(written)
    try:
        when = _spelled_out(found) if found else datetime.fromisoformat(written)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=_aware(now).tzinfo)


def _spelled_out(found: re.Match[str]) -> datetime:
    """Raises ValueError where there is no such month, day or hour."""
    months = [name[: len(found["month"])].lower() for name in _MONTHS]
    month = months.index(found["month"].lower()) + 1
    hour = int(found["hour"] or 12)
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    hour = hour % 12 + (12 if (found["half"] or "a").lower() == "p" else 0)
    return datetime(int(found["year"]), month, int(found["day"]), hour, int(found["minute"] or 0))


def _token(when: datetime, token: str) -> str:
    if token in _LONG_FORMS:
        return formatted(when, _LONG_FORMS[token])
    if token[0] in "[\\":
        return token[1:-1] if token[0] == "[" else token[1:]
    if token[0] == "S":
        return f"{when.microsecond:06}"[: len(token)]
    number = _PARTS.get(token.removesuffix("o"))
    if token.endswith("o") and number:
        return _ordinal(int(number(when)))
    return number(when) if number else token


def _ordinal(number: int) -> str:
    teens = 10 < number % 100 < 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _offset(when: datetime, colon: str) -> str:
    minutes = int((when.utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{colon}{rest:02}"


def _weekday(when: datetime) -> int:
    """Sunday is 0."""
    return when.isoweekday() % 7


_PARTS: Mapping[str, Callable[[datetime], str]] = {
    "YYYY": lambda when: f"{when.year:04}",
    "YY": lambda when: f"{when.year % 100:02}",
    "Y": lambda when: str(when.year),
    "Q": lambda when: str((when.month + 2) // 3),
    "M": lambda when: str(when.month),
    "MM": lambda when: f"{when.month:02}",
    "MMM": lambda when: _MONTHS[when.month - 1][:3],
    "MMMM": lambda when: _MONTHS[when.month - 1],
    "D": lambda when: str(when.day),
    "DD": lambda when: f"{when.day:02}",
    "DDD": lambda when: str(when.timetuple().tm_yday),
    "DDDD": lambda when: f"{when.timetuple().tm_yday:03}",
    "d": lambda when: str(_weekday(when)),
    "dd": lambda when: _DAYS[_weekday(when)][:2],
    "ddd": lambda when: _DAYS[_weekday(when)][:3],
    "dddd": lambda when: _DAYS[_weekday(when)],
    "e": lambda when: str(_weekday(when)),
    "E": lambda when: str(when.isoweekday()),
    "GGGG": lambda when: f"{when.isocalendar().year:04}",
    "GG": lambda when: f"{when.isocalendar().year % 100:02}",
    "W": lambda when: str(when.isocalendar().week),
    "WW": lambda when: f"{when.isocalendar().week:02}",
    "H": lambda when: str(when.hour),
    "HH": lambda when: f"{when.hour:02}",
    "h": lambda when: str(when.hour % 12 or 12),
    "hh": lambda when: f"{when.hour % 12 or 12:02}",
    "k": lambda when: str(when.hour or 24),
    "kk": lambda when: f"{when.hour or 24:02}",
    "m": lambda when: str(when.minute),
    "mm": lambda when: f"{when.minute:02}",
    "s": lambda when: str(when.second),
    "ss": lambda when: f"{when.second:02}",
    "A": lambda when: "PM" if when.hour >= 12 else "AM",
    "a": lambda when: "pm" if when.hour >= 12 else "am",
    "Z": lambda when: _offset(when, ":"),
    "ZZ": lambda when: _offset(when, ""),
    "X": lambda when: str(int(when.timestamp())),
    "x": lambda when: str(int(when.timestamp() * 1_000)),
}
