"""What kind of thing a memory tells: told by cues in what was said, without a model. Pure.

Each cue that is found counts once, times the weight of its sector; the sector with the most is the
primary one, and those that come near it are told beside it. Where nothing shows it is semantic.
The rule, its weights and shares are OpenMemory's; the cues are our own (cues.py).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tzurot.memory import cues


class Sector(StrEnum):
    """A kind of thing that memories tell."""

    EPISODIC = "episodic"
    SEMANTIC = "semantic"
    PROCEDURAL = "procedural"
    EMOTIONAL = "emotional"
    REFLECTIVE = "reflective"


@dataclass(frozen=True, slots=True)
class Classified:
    """The sectors of what was said."""

    sector: Sector
    """What it tells above all."""
    others: tuple[Sector, ...]
    """What else, the clearest first."""
    confidence: float
    """How sure that is: 0..1; .2 where nothing shows."""


_NOTHING_SHOWS = Classified(Sector.SEMANTIC, (), 0.2)

# What one cue counts.
_WEIGHTS = {
    Sector.EPISODIC: 1.2,
    Sector.SEMANTIC: 1.0,
    Sector.PROCEDURAL: 1.1,
    Sector.EMOTIONAL: 1.3,
    Sector.REFLECTIVE: 0.8,
}
_BESIDE = 0.3  # of the primary sector's score that another one needs, and 1 at least

_CHARACTERS = 4000  # that are looked at: what a long text is about shows before

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
# A date, a year, the time of day.
_DATED = re.compile(r"\b(?:(?:19|20)\d\d|\d{1,2}:\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})\b")
_MOVED = re.compile(r"!!|[❤💔💕😀-😭😱😡😢🥰🥲🥺]")

Phrase = tuple[str, ...]


def classify(*said: str, explicit: Sector | None = None) -> Classified:
    """The sectors of an exchange: what the first who says something that shows it tells.

    `said`: what each said, the person first. A sector that is given explicitly wins.
    """
    for text in said:
        scores = _scores(text[:_CHARACTERS])
        if scores:
            return _ranked(scores, explicit)
    return _NOTHING_SHOWS if explicit is None else Classified(explicit, (), 1.0)


def _ranked(scores: dict[Sector, float], explicit: Sector | None) -> Classified:
    by_score = sorted(scores, key=lambda sector: -scores[sector])
    primary = explicit or by_score[0]
    most, rest = scores.get(primary, 0.0), [it for it in by_score if it is not primary]
    others = tuple(it for it in rest if scores[it] >= max(1.0, _BESIDE * most))
    second = scores[rest[0]] if rest else 0.0
    return Classified(primary, others, 1.0 if explicit else most / (most + second + 1))


def _scores(text: str) -> dict[Sector, float]:
    """What each sector's cues count; those without any are missing."""
    found = {phrase: sector for phrase, sector in _cues(text) if sector}
    counts = dict.fromkeys(Sector, 0.0)
    for sector in found.values():
        counts[sector] += _WEIGHTS[sector]
    counts[Sector.EPISODIC] += _WEIGHTS[Sector.EPISODIC] * bool(_DATED.search(text))
    counts[Sector.EMOTIONAL] += _WEIGHTS[Sector.EMOTIONAL] * bool(_MOVED.search(text))
    return {sector: score for sector, score in counts.items() if score}


def _cues(text: str) -> Iterator[tuple[Phrase, Sector | None]]:
    """The cues of a text, of several that begin with one word the longest."""
    words: Sequence[str] = _WORD.findall(text.replace("’", "'"))
    lowered, ended = [word.lower() for word in words], 0
    for place, word in enumerate(lowered):
        if place < ended or word not in _BEGINNING:
            continue
        for length in _BEGINNING[word]:
            phrase = tuple(lowered[place : place + length])
            named = length == 1 and word in cues.NAMES and words[place] != word
            if phrase in _SECTOR_OF and not named:
                yield phrase, _SECTOR_OF[phrase]
                ended = place + length
                break


def _phrases(listed: str) -> Iterator[Phrase]:
    for each in re.split(r"[,\n]", listed):
        if phrase := tuple(each.split()):
            yield phrase


_SECTOR_OF: dict[Phrase, Sector | None] = {
    phrase: sector
    for listed, sector in (
        (cues.EPISODIC, Sector.EPISODIC),
        (cues.SEMANTIC, Sector.SEMANTIC),
        (cues.PROCEDURAL, Sector.PROCEDURAL),
        (cues.EMOTIONAL, Sector.EMOTIONAL),
        (cues.REFLECTIVE, Sector.REFLECTIVE),
        (cues.NO_CUES, None),
    )
    for phrase in _phrases(listed)
}
# How many words the phrases have that begin with a word, the most first.
_BEGINNING = {
    word: sorted({len(it) for it in _SECTOR_OF if it[0] == word}, reverse=True)
    for word in {phrase[0] for phrase in _SECTOR_OF}
}
