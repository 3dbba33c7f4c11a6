"""How well a memory fits a question: the one formula, whatever engine found the memory. Pure.

A memory is scored passage by passage, what the person said and what was answered; it is as good as
the best of them. Each part is absolute, not scaled to the best of its list: so a lone memory can be
a bad hit, and a question that nothing answers cites nothing.

    said       wording + similarity + keyword: what the passage itself says, 0..1
    neighbors  what stands right before and after it, by their `said`
    speaker    the question names who said it
    time       the question names when it was said, or asks when and the passage tells
    final      their sum, at most 1

The weights were chosen, and each part's worth is measured, by benchmarks/locomo_recall.py; what was
tried and dropped is in docs/reference/recall.md.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part counts."""

    wording: float = 0.71
    similarity: float = 0.17
    keyword: float = 0.12
    neighbor: float = 0.2
    second_neighbor: float = 0.1
    speaker: float = 0.11
    date: float = 0.23
    asks_when: float = 0.06


WEIGHTS = Weights()

# Measured on pairs in nine languages (tests/memory/test_relevance.py): most of what belongs
# together is above, most small talk below.
RELEVANCE_FLOOR = 0.12
_DOCUMENT_FLOOR = 0.18

# Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", §3.2: k1
# between 1.2 and 2, b between .5 and .8 are good choices.
K1 = 1.2
B = 0.75

# A word of the question that stands next to a passage counts there, too, if less: before and after
# it, and one further away.
_BEFORE, _AFTER = 0.9, 0.7
_FURTHER_BEFORE, _FURTHER_AFTER = 0.7, 0.6

# What isn't known of a passage yet, its words tell, and its vector if that is known: as much as
# they do where all is known.
_UNKNOWN = 0.4
_MEANING_OF_DOCUMENT = 0.6


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How common the question's terms are among all memories of one owner."""

    memory_count: int
    mean_length: float
    """Mean number of distinct terms in a memory."""
    frequencies: dict[str, int]
    """In how many memories each term of the question occurs."""


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """What a score is the sum of, already weighted."""

    similarity: float
    keyword: float
    wording: float = 0.0
    neighbors: float = 0.0
    speaker: float = 0.0
    time: float = 0.0

    @property
    def said(self) -> float:
        """What the passage itself says: 0..1."""
        return self.wording + self.similarity + self.keyword

    @property
    def final(self) -> float:
        """0..1: what hits are ordered by."""
        return min(1.0, self.said + self.neighbors + self.speaker + self.time)


def stored(document: Mapping[str, Any]) -> dict[str, float]:
    """The parts in a document that has them among other things, by name."""
    return {part.name: document.get(part.name, 0.0) for part in fields(ScoreParts)}


@dataclass(frozen=True, slots=True)
class Passages:
    """What memories say, passage by passage, in the order of time within each place.

    All columns have a row for each passage.
    """

    words: Sequence[Sequence[str]]
    """Its terms."""
    likeness: NDArray[np.float32] | None
    """How near it comes to each token of the question: (tokens, passages); None: unknown of all."""
    read: NDArray[np.bool_]
    """Whether that is known of it."""
    cosines: Column
    """How alike its memory's meaning and the question's are, -1..1; nan where unknown."""
    follows: NDArray[np.bool_]
    """Whether it was said right after the one before it."""
    fits_time: Column
    """How well the time when it was said fits one that the question names: 0..1."""
    fits_speaker: Column
    """Whether the question names who says it, and not the other one: 0 or 1."""
    tells_time: Column
    """Whether the question asks when, and it tells a time: 0 or 1."""


def score(
    passages: Passages,
    token_weights: NDArray[np.float32],
    vocabulary: Vocabulary,
    weights: Weights = WEIGHTS,
) -> list[ScoreParts]:
    """The parts of each passage, in order."""
    keyword = np.array([keyword_share(terms, vocabulary) for terms in passages.words])
    likely = _UNKNOWN * keyword
    cosine = np.where(np.isnan(passages.cosines), likely, np.maximum(0, passages.cosines))
    wording = np.where(passages.read, _worded(passages, token_weights), np.maximum(likely, cosine))
    columns = (
        weights.similarity * cosine,
        weights.keyword * keyword,
        weights.wording * wording,
    )
    said = columns[0] + columns[1] + columns[2]
    after, before = _shifted(said, passages.follows, 1), _shifted(said, passages.follows, -1)
    further = _shifted(said, passages.follows, 2) + _shifted(said, passages.follows, -2)
    parts = (
        *columns,
        weights.neighbor * (after + before) + weights.second_neighbor * further,
        weights.speaker * passages.fits_speaker,
        weights.date * passages.fits_time + weights.asks_when * passages.tells_time,
    )
    return [ScoreParts(*map(float, row)) for row in zip(*parts, strict=True)]


def is_relevant(parts: ScoreParts, *, is_known: bool) -> bool:
    """Whether a passage says enough by itself to be cited, known by meaning or by words alone."""
    return parts.said >= RELEVANCE_FLOOR * (1 if is_known else _UNKNOWN)


def score_document(
    cosine: float | None, terms: Sequence[str], vocabulary: Vocabulary
) -> ScoreParts:
    """The parts of a passage of a document, of which the single tokens are not kept.

    `cosine` is -1..1, None without a vector. Its two parts share the whole.
    """
    return ScoreParts(
        similarity=_MEANING_OF_DOCUMENT * max(0.0, cosine or 0.0),
        keyword=(1 - _MEANING_OF_DOCUMENT) * keyword_share(terms, vocabulary),
    )


def is_document_relevant(parts: ScoreParts, *, is_known: bool) -> bool:
    """Whether a passage of a document says enough to be cited."""
    return parts.said >= _DOCUMENT_FLOOR * (1 if is_known else 1 - _MEANING_OF_DOCUMENT)


def keyword_share(terms: Sequence[str], vocabulary: Vocabulary) -> float:
    """BM25 as a share of the most that any memory could reach for this question: 0..1.

    The document frequencies are the owner's. Length is counted in distinct terms.
    """
    counts = Counter(term for term in terms if term in vocabulary.frequencies)
    reached = most = 0.0
    length = len(set(terms)) / (vocabulary.mean_length or 1.0)
    for term, frequency in vocabulary.frequencies.items():
        weight = _rarity(frequency, vocabulary.memory_count)
        most += weight
        reached += weight * counts[term] / (counts[term] + K1 * (1 - B + B * length))
    return reached / most if most else 0.0


def _rarity(frequency: int, memory_count: int) -> float:
    """Inverse document frequency, never negative (Robertson and Zaragoza eq. 3.15, plus 1)."""
    return log(1 + (memory_count - frequency + 0.5) / (frequency + 0.5))


def _worded(passages: Passages, token_weights: NDArray[np.float32]) -> Column:
    """How much of the question stands in each passage or beside it: 0..1."""
    if passages.likeness is None:
        return np.zeros(len(passages.words))
    near, follows = passages.likeness, passages.follows
    best = np.maximum.reduce(
        (
            near,
            _BEFORE * _shifted(near, follows, -1),
            _AFTER * _shifted(near, follows, 1),
            _FURTHER_BEFORE * _shifted(near, follows, -2),
            _FURTHER_AFTER * _shifted(near, follows, 2),
        )
    )
    return token_weights @ best


def _shifted(values: np.ndarray, follows: NDArray[np.bool_], by: int) -> np.ndarray:
    """The values of the passages `by` further on (before: negative), 0 where there is none."""
    far, size = abs(by), len(follows)
    joined = np.logical_and.reduce(
        [follows[step : size - far + step] for step in range(1, far + 1)]
    )
    moved = np.zeros_like(values)
    if by > 0:
        moved[..., :-far] = np.where(joined, values[..., far:], 0)
    else:
        moved[..., far:] = np.where(joined, values[..., :-far], 0)
    return moved
