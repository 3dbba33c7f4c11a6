"""Cuts texts into the pieces that the embedding model was trained with.

A unigram model (Kudo 2018, arXiv:1804.10959, §3.2): of all ways to cut a text the most probable
one, found by Viterbi's algorithm. Spaces are written as ▁ and belong to what follows.
"""

import re
from typing import NamedTuple

from tzurot.llm.weights import Vocabulary

SPACE = "\u2581"

_SPACES = re.compile(" {2,}")


class Piece(NamedTuple):
    """A piece of a text."""

    number: int
    text: str
    score: float
    """The logarithm of how common it is: the lower the more it says."""


class Tokenizer:
    """Cuts texts, in time that grows with their length."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._longest = max(map(len, vocabulary.pieces))

    def pieces(self, text: str) -> list[Piece]:
        """The pieces of a text, in order; what stands in no vocabulary is cut into characters."""
        words = self._written(text)
        begun = self._best_ends(words)
        found: list[Piece] = []
        place = len(words)
        while place:
            piece, start = begun[place]
            found.append(piece)
            place = start
        return found[::-1]

    def _written(self, text: str) -> str:
        rewrites = self._vocabulary.rewrites
        written = "".join(rewrites.get(ord(character), character) for character in text)
        spaced = _SPACES.sub(" ", written)
        return (spaced if spaced.startswith(" ") else f" {spaced}").replace(" ", SPACE)

    def _best_ends(self, words: str) -> list[tuple[Piece, int]]:
        """For each place in the text the last piece of the best way to get there, and its start."""
        known, unknown = self._vocabulary.pieces, self._vocabulary.unknown_score
        size = len(words)
        best = [0.0] + [float("-inf")] * size
        last: list[tuple[Piece, int]] = [(Piece(0, "", 0.0), 0)] * (size + 1)
        for start in range(size):
            so_far = best[start]
            for end in range(start + 1, min(size, start + self._longest) + 1):
                text = words[start:end]
                if (found := known.get(text)) and so_far + found[1] > best[end]:
                    best[end] = so_far + found[1]
                    last[end] = Piece(found[0], text, found[1]), start
            if so_far + unknown > best[start + 1]:
                best[start + 1] = so_far + unknown
                one = Piece(self._vocabulary.unknown, words[start : start + 1], unknown)
                last[start + 1] = one, start
        return last
