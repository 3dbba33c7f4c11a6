"""The bundled embedding model as numpy computes it: a state for each token of a text.

A BERT encoder (Devlin et al. 2019, arXiv:1810.04805): twelve layers of attention and a network, of
width 384. Batches are padded to their longest text; what is padded is never attended to.
"""

from collections.abc import Sequence

import numpy as np

from tzurot.llm.weights import Layer, Matrix, Weights

_ROOT_HALF = np.float32(0.5**0.5)
# Abramowitz and Stegun 1964, 7.1.26: erf with an error below 1.5e-7. numpy has none.
_ERF = tuple(map(np.float32, (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)))
_ERF_SCALE = np.float32(0.3275911)
_BLOCK = 1 << 14  # numbers: what is made of so many stays in a core's cache
_UNSEEN = np.float32(-1e9)


class Encoder:
    """Pure; memory grows with the square of the longest text of a batch."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    @property
    def longest(self) -> int:
        """Tokens of a text at most."""
        return len(self._weights.positions)

    def states(self, batch: Sequence[Sequence[int]], *, layers: int = 1) -> list[Matrix]:
        """The states of texts, given as the numbers of their tokens: (tokens, 384) each.

        They are the last layer's; with more `layers` the sum of the last ones', each of length 1.
        """
        length = max(map(len, batch))
        numbers = np.zeros((len(batch), length), np.intp)
        seen = np.zeros((len(batch), length), bool)
        for row, tokens in enumerate(batch):
            numbers[row, : len(tokens)] = tokens
            seen[row, : len(tokens)] = True
        unseen = np.where(seen, np.float32(0), _UNSEEN)[:, None, None, :]
        states = self._embedded(numbers)
        kept: list[Matrix] = []
        for layer in self._weights.layers:
            states = self._passed(states, layer, unseen)
            kept = [*kept, states][-layers:]
        told = states if layers == 1 else np.add.reduce([_unit(it) for it in kept])
        return [row[: len(tokens)] for row, tokens in zip(told, batch, strict=True)]

    def _embedded(self, numbers: np.ndarray[tuple[int, int], np.dtype[np.intp]]) -> Matrix:
        distinct, where = np.unique(numbers, return_inverse=True)
        words = self._weights.of_words(distinct)[where.reshape(numbers.shape)]
        placed = words + self._weights.positions[: numbers.shape[1]] + self._weights.kind
        return self._normed(placed, self._weights.norm)

    def _passed(self, states: Matrix, layer: Layer, unseen: Matrix) -> Matrix:
        """The states after one layer."""
        width = states.shape[-1]
        shape = (*states.shape[:2], 3, self._weights.heads, width // self._weights.heads)
        queries, keys, values = (
            _linear(states, layer.attention).reshape(shape).transpose(2, 0, 3, 1, 4)
        )
        likeness = queries @ keys.transpose(0, 1, 3, 2)
        likeness *= np.float32(shape[-1] ** -0.5)
        likeness += unseen
        attended = (_softmax(likeness) @ values).transpose(0, 2, 1, 3).reshape(states.shape)
        mixed = self._normed(states + _linear(attended, layer.output), layer.output_norm)
        thought = _linear(_gelu(_linear(mixed, layer.inner)), layer.outer)
        return self._normed(mixed + thought, layer.outer_norm)

    def _normed(self, states: Matrix, norm: tuple[Matrix, Matrix]) -> Matrix:
        moved = states - states.mean(-1, keepdims=True)
        variance = np.square(moved).mean(-1, keepdims=True)
        moved /= np.sqrt(variance + np.float32(self._weights.epsilon))
        return moved * norm[0] + norm[1]


def _unit(states: Matrix) -> Matrix:
    return states / np.linalg.norm(states, axis=-1, keepdims=True)


def _linear(states: Matrix, by: tuple[Matrix, Matrix]) -> Matrix:
    flat = states.reshape(-1, states.shape[-1]) @ by[0]
    flat += by[1]
    return flat.reshape(*states.shape[:-1], -1)


def _softmax(likeness: Matrix) -> Matrix:
    likeness -= likeness.max(-1, keepdims=True)
    np.exp(likeness, out=likeness)
    likeness /= likeness.sum(-1, keepdims=True)
    return likeness


def _gelu(states: Matrix) -> Matrix:
    """x/2 · (1 + erf(x/√2)): Hendrycks and Gimpel 2016, arXiv:1606.08415. In place."""
    numbers = states.reshape(-1)
    for start in range(0, numbers.size, _BLOCK):
        block = numbers[start : start + _BLOCK]
        size = np.abs(block) * _ROOT_HALF
        share = 1 / (1 + _ERF_SCALE * size)
        series = np.zeros_like(share)
        for factor in _ERF:
            series += factor
            series *= share
        erf = np.copysign(1 - series * np.exp(-size * size), block)
        block *= np.float32(0.5) * (1 + erf)
    return states
