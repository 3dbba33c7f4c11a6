"""Which of their memories a person means: chosen in a form, kept in a draft, told in words.

Whose they are (of one character or of all, of one persona or of several) and which of those: what
they tell, where and when it was said, whether they are locked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from tzurot.flow.kind import Answers, Argument, Draft
from tzurot.flow.kinds import telling
from tzurot.flow.views import Action, Asks, Choice, Field
from tzurot.memory.filters import Filter
from tzurot.memory.sectors import Sector
from tzurot.memory.venues import Venue

LOCKED, OTHERS = "locked", "others"


def _choices(words: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    return tuple(Choice(value, f"{it[0].upper()}{it[1:]}") for value, it in words)


_SECTORS, _VENUES = _choices(telling.SECTORS.items()), _choices(telling.VENUES.items())
SECTOR = Argument("sector", "Only what tells this above all.", choices=_SECTORS)
_LATELY = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
_OLDER = "older"
_SAID = (
    *(Choice(it, f"In the last {it}") for it in _LATELY),
    Choice(_OLDER, "More than a year ago"),
)
_LOCKED = (Choice(LOCKED, "Only locked ones"), Choice(OTHERS, "Only others"))

ARGUMENTS = (
    SECTOR,
    Argument("venue", "Only what was said there.", choices=_VENUES),
    Argument("said", "Only what was said then.", choices=_SAID),
    Argument("locked", "Only what is locked, or only what is not.", choices=_LOCKED),
)


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen; what is empty leaves nothing out."""

    character: str = ""
    """The character's id."""
    persona: str = ""
    """The persona's id; empty: all of the person's."""
    sectors: Sequence[str] = ()
    venues: Sequence[str] = ()
    said: str = ""
    locked: str = ""

    @classmethod
    def read(cls, draft: Draft) -> Self:
        """What `kept` kept."""
        return cls(**draft.get("selection", {}))

    @classmethod
    def of_arguments(cls, given: Mapping[str, str], character: str = "", persona: str = "") -> Self:
        """What a flow was started with; the character and the persona by their ids."""
        return cls(
            character,
            persona,
            tuple(given[key] for key in ("sector",) if key in given),
            tuple(given[key] for key in ("venue",) if key in given),
            given.get("said", ""),
            given.get("locked", ""),
        )

    @property
    def personality_id(self) -> UUID | None:
        """The character's; None: all characters."""
        return UUID(self.character) if self.character else None

    @property
    def narrows(self) -> bool:
        """Whether it leaves out any memory of those whose they are."""
        return bool(self.sectors or self.venues or self.said or self.locked)

    def kept(self) -> dict[str, Any]:
        """As a part of a draft."""
        return {"selection": asdict(self)}

    def with_answers(self, answers: Answers) -> Self:
        """The same with what a form says; what it did not ask stays."""

        def one(key: str, now: str) -> str:
            return next(iter(answers[key]), "") if key in answers else now

        return replace(
            self,
            character=one("character", self.character),
            persona=one("persona", self.persona),
            sectors=answers.get("sectors", self.sectors),
            venues=answers.get("venues", self.venues),
            said=one("said", self.said),
            locked=one("locked", self.locked),
        )

    def filter_at(self, now: datetime) -> Filter:
        """What of somebody's memories is meant; times are counted back from `now`."""
        older = now - _LATELY["year"] if self.said == _OLDER else None
        return Filter(
            sectors=frozenset(map(Sector, self.sectors)),
            venues=frozenset(map(Venue, self.venues)),
            occur_from=now - _LATELY[self.said] if self.said in _LATELY else None,
            occur_until=older,
            locked=None if not self.locked else self.locked == LOCKED,
        )

    def told(self) -> str:
        """What is left, in words; empty if nothing is left out."""
        parts = (
            " or ".join(telling.SECTORS[Sector(it)] for it in self.sectors),
            _said_at(self.venues, self.said),
            {LOCKED: "what is locked", OTHERS: "what is not locked"}.get(self.locked, ""),
        )
        told = "; ".join(part for part in parts if part)
        return f"Only {told}." if told else ""

    def fields(self) -> tuple[Field, ...]:
        """What a form asks about what they tell, where and when it was said."""
        return (
            Field(
                "sectors",
                "What it tells",
                Asks.CHOICES,
                "Above all. Nothing chosen: whatever it tells.",
                tuple(self.sectors),
                _SECTORS,
            ),
            Field(
                "venues",
                "Where it was said",
                Asks.CHOICES,
                "Nothing chosen: anywhere.",
                tuple(self.venues),
                _VENUES,
            ),
            Field(
                "said",
                "When it was said",
                Asks.CHOICE,
                "Nothing chosen: whenever.",
                (self.said,) if self.said else (),
                _SAID,
            ),
        )

    def lock_field(self) -> Field:
        """What a form asks about the lock."""
        values = (self.locked,) if self.locked else ()
        return Field("locked", "Locked", Asks.CHOICE, "Nothing chosen: both.", values, _LOCKED)


def actions(fields: Sequence[Field]) -> tuple[Action, ...]:
    """The forms that ask `fields`: whose memories, if there is a choice of personas, and which."""
    keys = [field.key for field in fields]
    if "persona" not in keys:
        return (Action("filter", "Filter", asks=tuple(keys)),)
    whose = ("character", "persona")
    others = tuple(key for key in keys if key not in whose)
    return (Action("whose", "Whose", asks=whose), Action("filter", "Filter", asks=others))


def _said_at(venues: Sequence[str], said: str) -> str:
    where = " or ".join(telling.VENUES[Venue(it)] for it in venues)
    when = "more than a year ago" if said == _OLDER else f"in the last {said}" if said else ""
    told = ", ".join(part for part in (where, when) if part)
    return f"what was said {told}" if told else ""
