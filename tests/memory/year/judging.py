"""What of a prompt, or of what was recalled, is offered as true; and whether that is right. Pure.

Whatever a model is told is cut into lines. A line offers a claim where its words match the claim's
pattern, unless it says itself that it is not to be taken for true:

- Of what is somebody else's: it says whose words it quotes, where they were said; and all that
  follows counts for it as well.
- Superseded: an episode that says that it is no longer so, and what is so instead; or that stands,
  with an older date, behind a line that says what is so; a summary of what was said before, with
  its older date, if a line says what is so. A fact never.
- Played: a fact that is told as a story; an episode whose words show by themselves that they are
  played, by asterisks or by naming the story.
- Claimed by the character alone: it stands there as what the character answered.
- Gossip, to who spread it: an episode, or a fact about whom it was spread. Quoted: an episode.

What was forgotten is in no line at all, whatever that line says of it. What was said in direct is
in none that is told elsewhere.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.memory.year.script import Claim, Is, Question

# As session/prompt/sections.py and known_facts.py write them: a line of a list that reads otherwise
# is nothing that is known here, and counts as told plainly.
_EPISODE = re.compile(
    r'- (?:(?P<by>[^"]+?) said: )?"(?P<said>[^"]*)"(?: [^"]+ answered: "(?P<answered>[^"]*)")?'
    r' \((?P<day>\d{4}-\d\d-\d\d)\)'
    r'(?P<played> \(At least in part this was played in a story\.\))?'
    r'(?: \(No longer so since (?P<since>\d{4}-\d\d-\d\d): "(?P<instead>[^"]*)"\))?'
)  # fmt: skip
_FACT = re.compile(
    r'- (?P<played>In a story that you two play: )?"(?P<said>[^"]*)" \(since (?P<day>[\d-]+)\)'
)
# As session/summaries/summary.py writes them: who said what, in quotation marks.
_SUMMARY = re.compile(
    r"- \((?P<first>\d{4}-\d\d-\d\d)(?: to \d{4}-\d\d-\d\d)?\)"
    r'(?P<told>(?: [^":]+: "[^"]*")+)'
)
_PART = re.compile(r' (?P<by>[^":]+): "(?P<said>[^"]*)"')
_SPOKEN = re.compile(r"(?P<by>Ada|Ben|Luna): ")
_PEOPLE = ("ada", "ben", "luna")
_PLAYED = re.compile(r"\*[^*]+\*|\bin our story\b", re.I)


class Source(StrEnum):
    """What a line is."""

    FACT = "fact"
    EPISODE = "episode"
    NOTE = "note"
    """What is so instead, behind an episode."""
    SUMMARY = "summary"
    """What was said before the history, in short."""
    HISTORY = "history"
    OTHER = "other"


_WAYS = {
    Source.NOTE: "noted behind what was said before",
    Source.HISTORY: "in sight",
    Source.OTHER: "elsewhere",
}


@dataclass(frozen=True, slots=True)
class Line:
    """Something that a model is told."""

    source: Source
    said: str
    """What a person said, or what is known."""
    answered: str = ""
    """What the character said."""
    by: str = ""
    """Whose words the line says it quotes; empty: of whoever is answered."""
    day: str = ""
    """Since when it is so, or when it was said: 2025-03-01."""
    played: bool = False
    """Whether it is told as a story."""
    instead: str = ""
    """What it says is so instead."""

    @property
    def shows_play(self) -> bool:
        """Whether it is told as played, or its own words show it."""
        return self.played or bool(_PLAYED.search(self.said))


@dataclass(frozen=True, slots=True)
class Wrong:
    """A claim that is offered as true and must not be, or is missing and must be."""

    claim: str
    why: str
    line: Line | None = None


def lines_of(messages: Sequence[Mapping[str, str]]) -> list[Line]:
    """The lines of a prompt, but for the message that is answered; in order."""
    answered = max(place for place, it in enumerate(messages) if it["role"] == "user")
    told = [*messages[:answered], *messages[answered + 1 :]]
    return [line for message in told for line in _lines(message)]


def _lines(message: Mapping[str, str]) -> Iterator[Line]:
    text = str(message["content"])
    if message["role"] == "assistant":
        yield Line(Source.HISTORY, "", text)
    elif message["role"] == "user":
        spoken = _SPOKEN.match(text)
        yield Line(Source.HISTORY, text, by=spoken["by"] if spoken else "")
    else:
        for line in text.splitlines():
            yield from _told(line)


def _told(line: str) -> Iterator[Line]:
    if fact := _FACT.fullmatch(line):
        yield Line(Source.FACT, fact["said"], day=fact["day"], played=bool(fact["played"]))
    elif it := _EPISODE.fullmatch(line):
        yield from episode(
            it["said"], it["answered"] or "", it["day"], by=it["by"] or "",
            instead=it["instead"] or "", played=bool(it["played"]),
        )  # fmt: skip
    elif summary := _SUMMARY.fullmatch(line):
        yield from _in_short(summary["told"], summary["first"])
    else:
        yield Line(Source.OTHER, line)


def _in_short(told: str, day: str) -> Iterator[Line]:
    """The lines that a summary is, with the day on which it begins."""
    for part in _PART.finditer(told):
        if part["by"].casefold() in _PEOPLE:
            yield Line(Source.SUMMARY, part["said"], by=part["by"], day=day)
        else:
            yield Line(Source.SUMMARY, "", part["said"], day=day)


def episode(
    said: str, answered: str, day: str, *, by: str = "", instead: str = "", played: bool = False
) -> Iterator[Line]:
    """The lines that a memory is, with what is so instead."""
    yield Line(Source.EPISODE, said, answered, by, day, played, instead)
    if instead:
        yield Line(Source.NOTE, instead, by=by)


def wrongs(question: Question, lines: Sequence[Line], claims: Mapping[str, Claim]) -> list[Wrong]:
    """All that is wrong with what is told when this is asked: none of all claims is left out."""
    found = [
        Wrong(claim.key, why, line)
        for claim in claims.values()
        for line in lines
        if (why := _why(claim, line, question, lines, claims))
    ]
    missing = [key for key in question.told if not _is_told(claims[key], lines)]
    return found + [Wrong(key, "is not told") for key in missing]


def _is_told(claim: Claim, lines: Sequence[Line]) -> bool:
    plain = (it for it in lines if it.source in (Source.FACT, Source.EPISODE) and not it.instead)
    return any(claim.is_in(it.said) and not it.shows_play for it in plain)


def _why(
    claim: Claim,
    line: Line,
    question: Question,
    lines: Sequence[Line],
    claims: Mapping[str, Claim],
) -> str:
    """Why a line must not offer a claim; empty: it doesn't, or may."""
    if not _names(claim, line):
        return ""
    if claim.of != question.who:
        if line.by.casefold() != claim.of:
            return "somebody else's"
        if line.source in (Source.EPISODE, Source.SUMMARY) and claim.heard != question.where:
            return "said elsewhere"
    if claim.heard == "direct" and question.where != "direct":
        return "said in direct"
    is_fact = line.source in (Source.FACT, Source.NOTE)
    about = claim.text.split()[0]
    wrong = {
        Is.SO: "",
        Is.FORGOTTEN: "forgotten",
        Is.SUPERSEDED: "" if _is_known_to_be_old(line, lines, claim, claims) else "superseded",
        Is.PLAYED: "" if line.shows_play else "played",
        Is.CLAIMED: "only the character says so" if claim.is_in(line.said) else "",
        Is.AGAIN: "a fact of it" if is_fact else "",
        Is.QUOTED: "a fact of it" if is_fact else "",
        Is.GOSSIP: f"not of {about}" if is_fact and not line.said.startswith(about) else "",
    }
    return wrong[claim.worth]


def _is_known_to_be_old(
    line: Line, lines: Sequence[Line], claim: Claim, claims: Mapping[str, Claim]
) -> bool:
    """Whether what was said says what is so instead, or another line does, with a later date.

    Behind that an episode stands; a summary stands before all else, as what was said before.
    """
    if claim.by is None or line.source not in (Source.EPISODE, Source.SUMMARY):
        return False
    newer = claims[claim.by]
    if newer.is_in(line.instead):
        return True
    place = next(number for number, it in enumerate(lines) if it is line)
    others = lines if line.source is Source.SUMMARY else lines[:place]
    known = (it for it in others if it.source in (Source.FACT, Source.EPISODE))
    return any(newer.is_in(it.said) and it.day > line.day for it in known)


def came(claim: Claim, lines: Sequence[Line]) -> list[str]:
    """How a claim came, in words; each way once."""
    return list(dict.fromkeys(_how(claim, it) for it in lines if _names(claim, it)))


def _names(claim: Claim, line: Line) -> bool:
    return claim.is_in(line.said) or claim.is_in(line.answered)


def _how(claim: Claim, line: Line) -> str:
    if line.source is Source.FACT:
        return "a fact of a story" if line.played else "a fact"
    if line.source is Source.SUMMARY:
        return f"in short, of {line.day} and later"
    if line.source is not Source.EPISODE:
        return _WAYS[line.source]
    if not claim.is_in(line.said):
        return f"answered on {line.day}"
    told = f"said by {line.by} on {line.day}" if line.by else f"said on {line.day}"
    if line.instead:
        return f"{told}, “no longer so”"
    return f"{told}, as played" if line.shows_play else told
