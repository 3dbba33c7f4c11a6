"""The year as it is written down: what is said and done on which day, and what is asked at the end.

`script.yaml` says what the words mean.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from tests.memory.year import everyday

EXCHANGES = 400
BEGIN = datetime(2025, 1, 1, 9, tzinfo=UTC)
END = BEGIN + timedelta(days=365)

_SEED = 10
# The everyday talk: who, where, and how often of ten.
_TALKS = (("ada", "direct", 4), ("ada", "meadow", 3), ("ben", "meadow", 2), ("luna", "direct", 1))
# From here on nothing is told: at the end all that was told is out of sight.
_LAST_TOLD = 251
_LATE = 0.38  # of the everyday talk


class Is(StrEnum):
    """What a claim is worth at the end; see script.yaml."""

    SO = "so"
    SUPERSEDED = "superseded"
    FORGOTTEN = "forgotten"
    AGAIN = "again"
    PLAYED = "played"
    CLAIMED = "claimed"
    GOSSIP = "gossip"
    QUOTED = "quoted"


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that could be taken for true."""

    key: str
    text: str
    worth: Is
    of: str
    """Whose it is: what another face or person says is not theirs."""
    heard: str
    pattern: re.Pattern[str]
    by: str | None = None
    """What is so instead."""

    def is_in(self, words: str) -> bool:
        """Whether some words say it."""
        return bool(self.pattern.search(words))


@dataclass(frozen=True, slots=True)
class Found:
    """What a model finds in what was said."""

    text: str
    played: bool = False
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """Something that is said and answered."""

    when: datetime
    who: str
    where: str
    says: str
    reply: str
    finds: tuple[Found, ...] = ()

    @property
    def tells(self) -> bool:
        """Whether a model finds anything in it."""
        return bool(self.finds)


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does about what is remembered or known."""

    when: datetime
    who: str
    does: str
    fact: str = ""
    said: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked at the end."""

    who: str
    where: str
    asks: str
    told: tuple[str, ...]
    """The claims that have to be offered as true."""
    never: tuple[str, ...]
    """Claims that look like an answer and must not be; no other may be, either."""


@dataclass(frozen=True)
class Script:
    """The whole year."""

    subjects: int
    claims: Mapping[str, Claim]
    happenings: Sequence[Exchange | Deed]
    """In the order of time."""
    lies: tuple[str, ...]
    questions: Sequence[Question]

    @cached_property
    def exchanges(self) -> Sequence[Exchange]:
        """What is said, in order."""
        return [it for it in self.happenings if isinstance(it, Exchange)]


def read() -> Script:
    """The script, with everyday talk around what is told."""
    path = Path(__file__).parent / "script.yaml"
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    subjects = written["subjects"].values()
    told = [_exchange(it, nth) for one in subjects for nth, it in enumerate(one.get("said", ()))]
    done = [_deed(it) for one in subjects for it in one.get("done", ())]
    talk = list(_everyday(EXCHANGES - len(told)))
    return Script(
        subjects=len(subjects),
        claims={key: _claim(key, it) for one in subjects for key, it in one["claims"].items()},
        happenings=sorted([*told, *done, *talk], key=lambda it: it.when),
        lies=tuple(written["lies"]),
        questions=[_question(it) for it in written["questions"]],
    )


def _claim(key: str, it: Mapping[str, Any]) -> Claim:
    pattern = re.compile(it["pattern"], re.I)
    worth = Is(it["is"])
    return Claim(key, it["text"], worth, it["of"], it["heard"], pattern, it.get("by"))


def _exchange(it: Mapping[str, Any], nth: int) -> Exchange:
    finds = [
        Found(one) if isinstance(one, str)
        else Found(one["text"], one.get("played", False), one.get("instead"))
        for one in (*it.get("finds", ()), *it.get("lies", ()))
    ]  # fmt: skip
    when = _day(it["day"]) + timedelta(minutes=nth)
    reply = it.get("reply", "I will keep that in mind.")
    return Exchange(when, it["who"], it["where"], it["says"], reply, tuple(finds))


def _deed(it: Mapping[str, Any]) -> Deed:
    words = {key: it[key] for key in ("fact", "said", "text") if key in it}
    return Deed(_day(it["day"]), it["who"], it["does"], **words)


def _question(it: Mapping[str, Any]) -> Question:
    told, never = tuple(it.get("told", ())), tuple(it.get("never", ()))
    return Question(it["who"], it["where"], it["asks"], told, never)


def _everyday(count: int) -> Iterator[Exchange]:
    """Everyday talk over the whole year, each talk getting its share evenly."""
    late = int(count * _LATE)
    early_span, late_span = timedelta(days=_LAST_TOLD), timedelta(days=364 - _LAST_TOLD)
    had: Counter[tuple[str, str]] = Counter()
    for number, (says, reply) in zip(range(count), everyday.exchanges(_SEED), strict=False):
        who, where, _ = min(_TALKS, key=lambda it: (had[it[:2]] + 1) / it[2])
        had[who, where] += 1
        early = count - late
        if number < early:
            when = BEGIN + early_span * (number / early)
        else:
            when = BEGIN + early_span + late_span * ((number - early) / late)
        yield Exchange(when + timedelta(hours=3), who, where, says, reply)


def _day(number: int) -> datetime:
    return BEGIN + timedelta(days=number)
