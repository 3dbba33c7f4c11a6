"""Times that people name, in English, German, Spanish and French. Pure.

"What did I do in July?", "wann war das?", "ayer": a question can name a time or ask for one, and
what was said can tell one. Only what is written out is understood; no text is parsed as a whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar enero janvier",
            "february februar febrero février fevrier",
            "march märz maerz marzo mars",
            "april abril avril",
            "may mai mayo",
            "june juni junio juin",
            "july juli julio juillet",
            "august agosto août aout",
            "september septiembre setiembre septembre",
            "october oktober octubre octobre",
            "november noviembre novembre",
            "december dezember diciembre décembre decembre",
        ),
        start=1,
    )
    for name in names.split()
}
_AMBIGUOUS = frozenset({"may", "march", "mars", "mai"})  # a verb, a planet: with a date beside it

# How long ago what these words name began and ended, in days.
_RELATIVE = {
    "today heute hoy aujourd'hui": (0, 1),
    "yesterday gestern ayer hier": (1, 2),
    "last week|letzte woche|vorige woche|la semana pasada|la semaine dernière": (1, 14),
    "last month|letzten monat|vorigen monat|el mes pasado|le mois dernier": (1, 62),
    "last year|letztes jahr|voriges jahr|el año pasado|l'année dernière|l'an dernier": (30, 730),
    "this week|diese woche|esta semana|cette semaine": (0, 7),
    "this month|diesen monat|este mes|ce mois": (0, 31),
}

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DAY = re.compile(r"\b([12]?\d|3[01])(?:st|nd|rd|th|er|\.)?(?![\d:])\b")
_WORD = re.compile(r"[^\W\d_]+")
_ASKS_WHEN = re.compile(
    r"\b(?:when|how long|what (?:year|month|day|date|time)|which (?:year|month|day)"
    r"|wann|wie lange|welche[mnrs]? (?:jahr|monat|tag|datum)"
    r"|cuándo|cuando|cuánto tiempo|qué (?:año|mes|día|fecha)"
    r"|quand|combien de temps|quel(?:le)? (?:année|mois|jour|date))\b"
)
_TELLS = re.compile(
    r"\b(?:yesterday|today|tomorrow|tonight|ago|since|week|weekend|month|year|last|next"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|gestern|heute|morgen|vorgestern|woche|wochenende|monat|jahr|seit|letzte[nmrs]?|nächste[nmrs]?"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
    r"|ayer|hoy|mañana|semana|mes|año|desde|pasad[oa]|próxim[oa]|hace"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|hier|aujourd'hui|demain|semaine|mois|année|depuis|derni(?:er|ère)|prochaine?"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
)

_SAME_MONTH = 0.6  # of the most that a time can fit; of its day more
_SOON_AFTER = 0.3  # what happened at a time is told in the two weeks after it, too
_AFTER = timedelta(days=14)
_FAR_DAYS = 10
_FIRST_YEAR = 2000  # nobody remembers anything older


@dataclass(frozen=True, slots=True)
class Named:
    """A time that a text names; what is empty it leaves open."""

    months: frozenset[int] = frozenset()
    years: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()
    spans: tuple[tuple[datetime, datetime], ...] = ()

    def __bool__(self) -> bool:
        """Whether it names any."""
        return bool(self.months or self.years or self.spans)

    def fit(self, moment: datetime) -> float:
        """How well a moment fits: 0..1."""
        if any(begin <= moment < end for begin, end in self.spans):
            return 1.0
        if self._is_in(moment):
            if not (self.months and self.days):
                return _SAME_MONTH
            distance = min(abs(moment.day - day) for day in self.days)
            return max(_SOON_AFTER, 1 - distance / _FAR_DAYS)
        return _SOON_AFTER if self.months and self._is_in(moment - _AFTER) else 0.0

    def spans_until(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """All times that are meant, each from its begin to before its end; months of any year."""
        yield from self.spans
        if not (self.months or self.years):
            return
        for year in sorted(self.years) or range(_FIRST_YEAR, now.year + 1):
            for month in sorted(self.months) or range(1, 13):
                begun = datetime(year, month, 1, tzinfo=UTC)
                yield begun, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)

    def _is_in(self, moment: datetime) -> bool:
        if not (self.months or self.years):
            return False
        return (not self.months or moment.month in self.months) and (
            not self.years or moment.year in self.years
        )


def named(text: str, now: datetime) -> Named:
    """The time that a question names."""
    words = text.lower()
    years = frozenset(map(int, _YEAR.findall(words)))
    days = frozenset(map(int, _DAY.findall(_YEAR.sub(" ", words))))
    told = [word for word in _WORD.findall(words) if word in _MONTHS]
    months = frozenset(_MONTHS[word] for word in told if word not in _AMBIGUOUS or days or years)
    return Named(months, years, days, tuple(_spans(words, now)))


def asks_when(text: str) -> bool:
    """Whether a question asks for a time."""
    return bool(_ASKS_WHEN.search(text.lower()))


def tells_time(text: str) -> bool:
    """Whether a text tells a time."""
    words = text.lower()
    months = (word in _MONTHS and word not in _AMBIGUOUS for word in _WORD.findall(words))
    return bool(_TELLS.search(words)) or any(months)


def _spans(words: str, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for names, (begun, ended) in _RELATIVE.items():
        phrases = names.split("|") if "|" in names else names.split()
        if any(re.search(rf"\b{phrase}\b", words) for phrase in phrases):
            yield midnight - timedelta(days=ended - 1), midnight - timedelta(days=begun - 1)
