"""How well a memory fits a question: the one formula, whatever engine found the memory. Pure.

    final = 0.6 · max(0, cosine) + 0.4 · keyword share

Both parts are absolute, not scaled to the best of their list: so a lone memory can be a bad hit,
and a question that nothing answers cites nothing. On LoCoMo the sum ranks as well as one of parts
scaled to 0..1 per question (benchmarks/locomo_recall.py).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

SIMILARITY_WEIGHT = 0.6
KEYWORD_WEIGHT = 0.4
# Measured on pairs in nine languages (tests/memory/test_relevance.py): most of what belongs
# together is above, most small talk below. On LoCoMo it costs no recall.
RELEVANCE_FLOOR = 0.18

# Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", §3.2: k1
# between 1.2 and 2, b between .5 and .8 are good choices.
K1 = 1.2
B = 0.75


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
    """What the score is the sum of, already weighted."""

    similarity: float
    keyword: float

    @property
    def final(self) -> float:
        """0..1: what hits are ordered by."""
        return self.similarity + self.keyword


def score(cosine: float | None, terms: Sequence[str], vocabulary: Vocabulary) -> ScoreParts:
    """A memory's parts. `cosine` is -1..1, None without a vector; `terms` are the memory's."""
    return ScoreParts(
        similarity=SIMILARITY_WEIGHT * max(0.0, cosine or 0.0),
        keyword=KEYWORD_WEIGHT * keyword_share(terms, vocabulary),
    )


def floor(cosine: float | None) -> float:
    """The least score of a hit; where no vector is known yet, words alone have to reach less."""
    return RELEVANCE_FLOOR * (KEYWORD_WEIGHT if cosine is None else 1)


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
