"""Which memories belong together, by the words that they share. Pure, and always the same.

A memory is a vector over the stems that all of those at hand have, the same places for all: how
often it has each, weighted by how few others do. Function words and the names of the two who talk
have no place. From the oldest on, each memory that is in no cluster yet leads one: it takes the
later ones that are like it. What was gathered before stays, and only grows.

The idea is OpenMemory's, with one vocabulary in place of one for each text, and without its
threshold of .8: of 218,000 pairs of LoCoMo's exchanges not one reaches that. At .3 one pair in 450
does; then, before sectors part them, one exchange in five is in a cluster, of two to four that tell
of one thing. At .2 it is every other one, and what those share is mostly courtesy.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from tzurot.memory import lexicon
from tzurot.memory.remembering import MemoryId
from tzurot.memory.sectors import Sector
from tzurot.memory.stopwords import STOP_WORDS
from tzurot.memory.venues import Place

ALIKE = 0.3  # cosine of two memories that belong together
FULL = 100  # memories of one cluster

# OpenMemory's salience of a reflection: shares of 1.
_OF_SIZE, _SIZE = 0.6, 10  # memories for the whole of that share
_OF_LATENESS, _LATE = 0.3, timedelta(hours=12)  # after which a memory counts e times less
_OF_FEELING = 0.1

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Told:
    """A memory that can be gathered."""

    memory_id: MemoryId
    place: Place
    sector: Sector
    is_emotional: bool
    sides: tuple[tuple[str, str], ...]
    """Who says what: (name, words)."""
    occur_time: datetime


@dataclass(frozen=True, slots=True)
class Cluster:
    """Memories that belong together, the oldest first."""

    reflection_id: MemoryId | None
    """What was gathered from some of them before."""
    members: tuple[Told, ...]
    joined: tuple[Told, ...]
    """Those that were not in it before."""


def gathered(
    told: Sequence[Told], known: Mapping[MemoryId, Sequence[MemoryId]] | None = None
) -> list[Cluster]:
    """The clusters that are new or have grown; of two or more memories each.

    `known` are the sources of reflections that there are, which are all in `told`. They come before
    new clusters, in the order of their ids; memories by time, and by id at the same time.
    """
    ordered = sorted(told, key=lambda it: (it.occur_time, it.memory_id))
    likeness = _likeness(ordered)
    place = {it.memory_id: number for number, it in enumerate(ordered)}
    before = {id_: sorted(place[it] for it in its) for id_, its in sorted((known or {}).items())}
    taken = {number for its in before.values() for number in its}
    found: list[Cluster] = []
    for reflection_id, members in before.items():
        joined = _joining(members[0], ordered, likeness, taken, FULL - len(members))
        if joined:
            taken.update(joined)
            all_of_it = _at(ordered, [*members, *joined])
            found.append(Cluster(reflection_id, all_of_it, _at(ordered, joined)))
    for leader in range(len(ordered)):
        if leader not in taken:
            joined = _joining(leader, ordered, likeness, taken | {leader}, FULL - 1)
            if joined:
                taken.update((leader, *joined))
                members = _at(ordered, [leader, *joined])
                found.append(Cluster(None, members, members))
    return found


def salience(members: Sequence[Told], now: datetime) -> float:
    """How much a reflection of these stands out: 0..1.

    min(1, .6·n/10 + .3·mean e^(-age / 12 h) + .1 where one tells a feeling). OpenMemory's.
    """
    ages = [max(timedelta(0), now - it.occur_time) / _LATE for it in members]
    feeling = any(it.is_emotional for it in members)
    size = _OF_SIZE * len(members) / _SIZE
    return min(1.0, size + _OF_LATENESS * mean(exp(-it) for it in ages) + _OF_FEELING * feeling)


def words_of(told: Sequence[Told], text: str) -> list[tuple[str, str]]:
    """The words of a text that say something, each as it stands there and its stem, in order."""
    names = {word for it in told for name, _ in it.sides for word in _WORD.findall(name.lower())}
    return [
        (word, term)
        for word in _WORD.findall(text)
        if word.lower() not in STOP_WORDS and word.lower() not in names
        for term in lexicon.terms(word)
    ]


def _likeness(told: Sequence[Told]) -> NDArray[np.float64]:
    """Cosines of all with all."""
    counts = [Counter(term for _, term in words_of(told, _text(it))) for it in told]
    places = {term: place for place, term in enumerate(dict.fromkeys(t for c in counts for t in c))}
    vectors = np.zeros((len(told), len(places)))
    for row, count in enumerate(counts):
        for term, times in count.items():
            vectors[row, places[term]] = times
    having = np.maximum(1, (vectors > 0).sum(axis=0))
    vectors *= np.log(1 + len(told) / having)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.where(lengths == 0, 1, lengths)
    return vectors @ vectors.T


def _joining(
    leader: int,
    told: Sequence[Told],
    likeness: NDArray[np.float64],
    taken: set[int],
    room: int,
) -> list[int]:
    """Those that are like a leader, of its place and sector, and in no cluster yet."""
    of = (told[leader].place, told[leader].sector)
    alike = (
        number
        for number, it in enumerate(told)
        if number not in taken and (it.place, it.sector) == of and likeness[leader, number] >= ALIKE
    )
    return list(alike)[: max(0, room)]


def _at(told: Sequence[Told], numbers: Sequence[int]) -> tuple[Told, ...]:
    return tuple(told[number] for number in sorted(numbers))


def _text(told: Told) -> str:
    return "\n".join(words for _, words in told.sides)
