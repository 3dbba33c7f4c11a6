"""How well the words of a passage meet those of a question, and how much of them is new. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count
from math import log

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]

# Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", §3.2: k1
# between 1.2 and 2, b between .5 and .8 are good choices.
K1 = 1.2
B = 0.75

# A passage of few words is not news for these alone.
_FEW = 3.0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How common the question's terms are among all memories of one owner."""

    memory_count: int
    mean_length: float
    """Mean number of distinct terms in a memory."""
    frequencies: dict[str, int]
    """In how many memories each term of the question occurs."""


def keyword_share(terms: Sequence[str], vocabulary: Vocabulary) -> float:
    """BM25 as a share of the most that any memory could reach for this question: 0..1.

    The document frequencies are the owner's. Length is counted in distinct terms.
    """
    return float(keyword_shares([terms], [frozenset(terms)], vocabulary)[0])


def keyword_shares(
    passages: Sequence[Sequence[str]], distinct: Sequence[frozenset[str]], vocabulary: Vocabulary
) -> Column:
    """The same of several passages; `distinct` are the terms of each, once."""
    weights = {
        term: _rarity(frequency, vocabulary.memory_count)
        for term, frequency in vocabulary.frequencies.items()
    }
    most, asked = sum(weights.values()), weights.keys()
    shares = np.zeros(len(passages))
    if not most:
        return shares
    for number, (terms, once) in enumerate(zip(passages, distinct, strict=True)):
        if asked.isdisjoint(once):
            continue
        length = len(once) / (vocabulary.mean_length or 1.0)
        enough, reached = K1 * (1 - B + B * length), 0.0
        for term, weight in weights.items():
            if term in once:
                count = terms.count(term)
                reached += weight * count / (count + enough)
        shares[number] = reached / most
    return shares


def first_told(passages: Sequence[frozenset[str]]) -> Column:
    """How much of each passage's words none before it has, by how rare they are here: 0..1.

    `passages` come in the order of time, each with its words.
    """
    words = list(chain.from_iterable(passages))
    if not words:
        return np.zeros(len(passages))
    by_first_place = dict(zip(dict.fromkeys(words), count(), strict=False))
    word = np.fromiter(map(by_first_place.__getitem__, words), np.int64, len(words))
    passage = np.repeat(np.arange(len(passages)), [len(words) for words in passages])
    rarity = np.log(1 + len(passages) / np.bincount(word))[word]
    # A word is new where its number is greater than all before it.
    is_new = np.diff(np.maximum.accumulate(word), prepend=-1) > 0
    new = np.bincount(passage, rarity * is_new, len(passages))
    return new / (_FEW + np.bincount(passage, rarity, len(passages)))


@lru_cache(maxsize=1_000)
def _rarity(frequency: int, memory_count: int) -> float:
    """Inverse document frequency, never negative (Robertson and Zaragoza eq. 3.15, plus 1)."""
    return log(1 + (memory_count - frequency + 0.5) / (frequency + 0.5))
