"""How well a text answers the single words of a question: late interaction over token states. Pure.

For each token of the question the token of the text that is nearest to it (Khattab and Zaharia
2020, "ColBERT", arXiv:2004.12832, eq. 3); weighted by how much the question's token says. What all
texts share is taken off first (see meaning.py), once for all and once for those at hand.

States are kept with 2 bits a dimension: after a random rotation each is close to normal, for which
Max 1960, "Quantizing for Minimum Distortion", table I has the best four levels.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

WIDTH = 384
BYTES = WIDTH // 4  # that a token is kept in

# Few texts say little of what all share: as if so many tokens had nothing more in common.
_ALREADY_SHARED = 1_000

_BLOCK = 128  # a power of two: Hadamard's matrices have no others
_LEVELS = np.array([-1.510, -0.4528, 0.4528, 1.510], np.float32) / np.float32(WIDTH**0.5)
_EDGES = np.array([-0.9816, 0.0, 0.9816], np.float32) / np.float32(WIDTH**0.5)


def unit(states: Matrix) -> Matrix:
    """The same directions, of length 1."""
    return states / np.maximum(np.linalg.norm(states, axis=-1, keepdims=True), 1e-9)


def rotated(states: Matrix) -> Matrix:
    """States of length 1, turned in a way that is always the same; shape (n, 384)."""
    spread = _mixed(states * _SIGNS[0])[..., _ORDER] * _SIGNS[1]
    return _mixed(spread)


def packed(states: Matrix) -> bytes:
    """Rotated states as they are kept, 96 bytes each."""
    codes = np.searchsorted(_EDGES, states).astype(np.uint8).reshape(len(states), BYTES, 4)
    return (codes << _SHIFTS).sum(axis=-1, dtype=np.uint8).tobytes()


def unpacked(kept: bytes) -> Matrix:
    """What was kept, nearly; shape (n, 384)."""
    codes = np.frombuffer(kept, np.uint8)
    # Four numbers of a byte are taken as one of 16 bytes, and none is out of range: this is most of
    # what a search does.
    return _FOUR.take(codes, mode="clip").view(np.float32).reshape(-1, WIDTH)


def likeness(asked: Matrix, tokens: Matrix, lengths: Sequence[int]) -> Matrix:
    """How near each text comes to each of the question's tokens: 0..1, (tokens, texts).

    `tokens` are those of all texts, `lengths` how many each has, at least one. All are rotated.
    The square of the best cosine: a near word says more than many that are a little alike.
    """
    shared = tokens.sum(axis=0) / np.float32(len(tokens) + _ALREADY_SHARED)
    wanted = unit(asked - shared)
    # The products of what is left without what is shared, from those with it: nothing of the size
    # of `tokens` is made.
    products = tokens @ np.vstack((wanted, shared)).T
    squares = np.einsum("ij,ij->i", tokens, tokens) - 2 * products[:, -1] + shared @ shared
    left = np.sqrt(np.maximum(squares, 1e-18))
    cosines = (products[:, :-1] - wanted @ shared) / left[:, None]
    starts = np.cumsum([0, *lengths[:-1]])
    return np.square(np.maximum(0, np.maximum.reduceat(cosines, starts, axis=0))).T


def _mixed(states: Matrix) -> Matrix:
    blocks = states.reshape(*states.shape[:-1], -1, _BLOCK) @ _HADAMARD
    return blocks.reshape(states.shape)


def _hadamard(size: int) -> Matrix:
    """Sylvester's construction, scaled to a rotation."""
    matrix = np.ones((1, 1), np.float32)
    while len(matrix) < size:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix / np.float32(size**0.5)


_HADAMARD = _hadamard(_BLOCK)
_SHIFTS = np.array([0, 2, 4, 6], np.uint8)
# The random stream of RandomState is the same in every version of numpy (its NEP 19): what was kept
# stays readable.
_RANDOM = np.random.RandomState(384)
_SIGNS = np.where(_RANDOM.rand(2, WIDTH) < 0.5, np.float32(-1), np.float32(1))
_ORDER = np.argsort(_RANDOM.rand(WIDTH))
_UNPACKED = _LEVELS[(np.arange(256, dtype=np.uint8)[:, None] >> _SHIFTS) & 3]
_FOUR = np.ascontiguousarray(_UNPACKED).view(np.complex128).reshape(256)
