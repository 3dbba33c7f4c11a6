"""How well a memory fits a question: the one formula, whatever engine found the memory. Pure.

A memory is scored passage by passage, what the person said and what was answered; it is as good as
the best of them. Each part is absolute, not scaled to the best of its list: so a lone memory can be
a bad hit, and a question that nothing answers cites nothing.

    said       wording + similarity + keyword: what the passage itself says; and `guessed`, what
               words alone tell of one that is not read yet; and `beside`, how much more of the
               question is met by words right before and after its memory; together 0..1
    neighbors  what stands right before and after its memory, by their `said`
    rest       what stands right before and after it in the same memory
    speaker    the question names who said it
    time       the question names when it was said, or asks when and the passage tells
    news       it is told for the first time; less for a question
    detail     it tells names and numbers
    opening    it begins a talk
    recency    it was said lately, salience it stands out, link it is linked with what fits:
               off, since they don't earn their place
    final      their sum, at most 1

The weights were chosen, and each part's worth is measured, by benchmarks/locomo_recall.py; what was
tried and dropped is in docs/reference/recall.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tzurot.memory.keywords import Column, Vocabulary, keyword_share


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part counts."""

    wording: float = 0.67
    similarity: float = 0.19
    keyword: float = 0.14
    neighbor: float = 0.08
    second_neighbor: float = 0.05
    speaker: float = 0.11
    date: float = 0.24
    asks_when: float = 0.05
    first_told: float = 0.32
    opens: float = 0.2
    asks: float = -0.1
    specific: float = 0.2
    recency: float = 0.0
    salience: float = 0.0
    link: float = 0.0


WEIGHTS = Weights()

# Measured on pairs in nine languages (tests/memory/test_relevance.py): most of what belongs
# together is above, most small talk below.
RELEVANCE_FLOOR = 0.11
_DOCUMENT_FLOOR = 0.18

# What was said at the time that the question names need say a little less.
_AT_THAT_TIME = 0.03

# A word of the question that stands next to a passage counts there, too, if less: before and after
# it, and one further away. What is asked is what the answer is about.
_BEFORE, _AFTER = 0.87, 0.7
_ASKED_BEFORE = 1.0
_FURTHER_BEFORE, _FURTHER_AFTER = 0.57, 0.63

_HAS_THE_WORDS = 0.5  # of the most that words can reach

# What isn't known of a passage yet, its words tell, and its vector if that is known: as much as
# they do where all is known.
_UNKNOWN = 0.4
_MEANING_OF_DOCUMENT = 0.6


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """What a score is the sum of, already weighted."""

    similarity: float
    keyword: float
    wording: float = 0.0
    neighbors: float = 0.0
    speaker: float = 0.0
    time: float = 0.0
    recency: float = 0.0
    salience: float = 0.0
    link: float = 0.0
    news: float = 0.0
    guessed: float = 0.0
    beside: float = 0.0
    rest: float = 0.0
    opening: float = 0.0
    detail: float = 0.0

    @property
    def said(self) -> float:
        """What the passage says, with what is known of what stands beside it: 0..1."""
        return self.wording + self.similarity + self.keyword + self.guessed + self.beside

    @property
    def final(self) -> float:
        """0..1: what hits are ordered by."""
        around = self.neighbors + self.rest + self.speaker + self.time
        telling = self.news + self.opening + self.detail
        whatever_is_asked = self.recency + self.salience + self.link
        return min(1.0, self.said + around + telling + whatever_is_asked)

    @property
    def told(self) -> dict[str, float]:
        """The same in fewer parts, as the contract names them."""
        return {
            "similarity": self.similarity,
            "keyword": self.keyword + self.guessed,
            "wording": self.wording,
            "neighbors": self.neighbors + self.beside + self.rest,
            "speaker": self.speaker,
            "time": self.time,
            "recency": self.recency,
            "salience": self.salience,
            "link": self.link,
            "news": self.news + self.opening + self.detail,
        }


def stored(document: Mapping[str, Any]) -> dict[str, float]:
    """The parts in a document that has them among other things, by name."""
    return {part.name: document.get(part.name, 0.0) for part in fields(ScoreParts)}


@dataclass(frozen=True, slots=True)
class Passages:
    """What memories say, passage by passage, in the order of time within each place.

    All columns have a row for each passage.
    """

    keyword: Column
    """How well its words meet the question's: keywords.py, 0..1."""
    likeness: NDArray[np.float32] | None
    """How near it comes to each token of the question: (tokens, passages); None: unknown of all."""
    read: NDArray[np.bool_]
    """Whether that is known of it."""
    cosines: Column
    """How alike its memory's meaning and the question's are, -1..1; nan where unknown."""
    follows: NDArray[np.bool_]
    """Whether it was said right after the one before it."""
    within: NDArray[np.bool_]
    """Whether it is of the same memory as the one before it."""
    fits_time: Column
    """How well the time when it was said fits one that the question names: 0..1."""
    fits_speaker: Column
    """Whether the question names who says it, and not the other one: 0 or 1."""
    tells_time: Column
    """Whether the question asks when, and it tells a time: 0 or 1."""
    first_told: Column
    """How much of its words nothing before it has: 0..1."""
    opens: NDArray[np.bool_]
    """Whether nothing was said right before it."""
    asks: NDArray[np.bool_]
    """Whether it ends in a question."""
    specific: Column
    """How many names and numbers it tells: specifics.py, 0..1."""
    recency: Column
    """How lately its memory was said: 0..1."""
    salience: Column
    """How much its memory stands out now: 0..1."""
    link: Column
    """How strongly its memory is linked with others that fit: 0..1."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The parts of all passages together: one by one they cost most of a recall's time."""

    parts: NDArray[np.float64]
    """A row for each of ScoreParts' fields, in their order, a column for each passage."""
    said: Column
    final: Column
    """As ScoreParts has them."""
    known: NDArray[np.bool_]
    """Whether the meaning of its memory is known."""
    fits_time: Column
    """As Passages has it."""

    def of(self, passage: int) -> ScoreParts:
        """The parts of one."""
        return ScoreParts(*self.parts[:, passage].tolist())

    def relevant(self, *, is_pleasantry: bool = False) -> NDArray[np.bool_]:
        """Which say enough by themselves to be cited, known by meaning or by words alone.

        A pleasantry brings up only what has its words.
        """
        floor = RELEVANCE_FLOOR - _AT_THAT_TIME * self.fits_time
        enough = self.said >= floor * np.where(self.known, 1, _UNKNOWN)
        if not is_pleasantry:
            return enough
        return enough & (self.parts[_KEYWORD] >= WEIGHTS.keyword * _HAS_THE_WORDS)


_KEYWORD = [it.name for it in fields(ScoreParts)].index("keyword")


def score(
    passages: Passages, token_weights: NDArray[np.float32], weights: Weights = WEIGHTS
) -> Scores:
    """How well each passage fits, and why."""
    own, beside = _worded(passages, token_weights)
    known, read, keyword = ~np.isnan(passages.cosines), passages.read, passages.keyword
    cosine = np.where(known, np.maximum(0, passages.cosines), 0)
    likely = _UNKNOWN * keyword
    guessed = weights.similarity * np.where(known, 0, likely)
    guessed += weights.wording * np.where(read, 0, np.maximum(0, likely - cosine))
    saying = (
        weights.similarity * cosine,
        weights.keyword * keyword,
        weights.wording * np.where(read, own, cosine),
        guessed,
        weights.wording * np.where(read, beside, 0),
    )
    said = np.sum(saying, axis=0)
    around, rest = (_around(said, it, weights) for it in (passages.follows, passages.within))
    news = weights.first_told * passages.first_told + weights.asks * passages.asks
    similarity, keywords, wording, *others = saying
    parts = (
        similarity,
        keywords,
        wording,
        around - rest,
        weights.speaker * passages.fits_speaker,
        weights.date * passages.fits_time + weights.asks_when * passages.tells_time,
        weights.recency * passages.recency,
        weights.salience * passages.salience,
        weights.link * passages.link,
        said * news,
        *others,
        rest,
        said * weights.opens * passages.opens,
        said * weights.specific * passages.specific,
    )
    table = np.vstack(parts)
    final = np.minimum(1.0, table.sum(axis=0))
    return Scores(table, said, final, known, passages.fits_time)


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


def _worded(passages: Passages, token_weights: NDArray[np.float32]) -> tuple[Column, Column]:
    """How much of the question stands in each passage's memory, and how much more beside that.

    Together 0..1.
    """
    near = passages.likeness
    if near is None:
        nothing = np.zeros(len(passages.keyword))
        return nothing, nothing
    own, whole = (
        token_weights @ _best_near(near, passages.asks, it)
        for it in (passages.within, passages.follows)
    )
    return own, whole - own


def _best_near(
    near: NDArray[np.float32], asks: NDArray[np.bool_], follows: NDArray[np.bool_]
) -> Column:
    """How near each passage, or one before or after it, comes to each token of the question."""
    before = np.where(_shifted(asks, follows, -1), _ASKED_BEFORE, _BEFORE)
    return np.maximum.reduce(
        (
            near,
            before * _shifted(near, follows, -1),
            _AFTER * _shifted(near, follows, 1),
            _FURTHER_BEFORE * _shifted(near, follows, -2),
            _FURTHER_AFTER * _shifted(near, follows, 2),
        )
    )


def _around(said: Column, follows: NDArray[np.bool_], weights: Weights) -> Column:
    """What the passages before and after each add to it."""
    after, before = _shifted(said, follows, 1), _shifted(said, follows, -1)
    further = _shifted(said, follows, 2) + _shifted(said, follows, -2)
    return weights.neighbor * (after + before) + weights.second_neighbor * further


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
