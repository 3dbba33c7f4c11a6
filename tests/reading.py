"""What reads texts for the servers of tests: the bundled model, or something that costs nothing.

Tests say the same things over and over, to servers that each would read them. The server itself
remembers nothing like that: what people say is forgotten with them.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from tzurot.llm.embeddings import Embedder, Reading, Vector
from tzurot.llm.unigram import Piece

_READ: dict[tuple[str, ...], Reading] = {}
_ASKED: dict[str, Reading] = {}

_COMMON = -4.0  # the score of a piece that says next to nothing, as "the"
_RARE = -12.0


class Rereading(Embedder):
    """The bundled model, which reads no text twice in one process."""

    async def questions(self, texts: Sequence[str]) -> list[Reading]:
        """What is looked for; in the order of `texts`."""
        new = [it for it in dict.fromkeys(texts) if it not in _ASKED]
        _ASKED.update(zip(new, await super().questions(new), strict=True))
        return [_ASKED[it] for it in texts]

    async def passages(self, texts: Sequence[Sequence[str]]) -> list[Reading]:
        """What may be found, each text given as its lines; in the order of `texts`."""
        lines = [tuple(text) for text in texts]
        new = [it for it in dict.fromkeys(lines) if it not in _READ]
        _READ.update(zip(new, await super().passages(new), strict=True))
        return [_READ[it] for it in lines]


class Spelling(Embedder):
    """The bundled model without its encoder: a piece has the same state wherever it stands.

    Texts are as near as the pieces that they share, the rare more than the common, by directions
    that are chance (the hashing trick: Weinberger et al. 2009, arXiv:0902.2206). All else is the
    server's own: pieces, windows, vectors, what is kept and how it is found. It knows no synonym,
    no second language, no word beside another: what looks at meaning asks for Rereading.
    """

    def states(self, windows: Sequence[Sequence[Piece]]) -> list[Vector]:
        """The states of each window's tokens, with those of its begin and end."""
        edge = Piece(0, "", _COMMON)
        return [np.stack([_state(it) for it in (edge, *window, edge)]) for window in windows]


@cache
def _state(piece: Piece) -> Vector:
    told = np.clip((_COMMON - piece.score) / (_COMMON - _RARE), 0.05, 1.0)
    chance = np.random.default_rng(piece.number).standard_normal(Embedder.dimensions)
    return np.asarray(told * chance, np.float32)
