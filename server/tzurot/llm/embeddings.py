"""Reads texts with the bundled multilingual model, on this machine: what they mean, word by word.

multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672): 384 dimensions, a second to load, some
25 ms for a sentence. It gives a state for each token.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # pyright: ignore[reportMissingTypeStubs]

from tzurot.llm import weights
from tzurot.llm.encoder import Encoder
from tzurot.llm.unigram import SPACE, Piece, Tokenizer

# A question that somebody waits for gets its turn between two batches of passages, which come one
# at a time: 1,200 characters take half a second on a small machine. A long text is read in several.
BATCH = 8  # passages, or windows of one
BATCH_CHARACTERS = 1200

# The last two layers together tell words apart better than the last alone, which is bent towards
# whole texts (Devlin et al. 2019, arXiv:1810.04805, table 7; measured in docs/reference/recall.md).
_LAYERS = 2

# Both are prefixes that the model was trained with.
_QUESTION = "query: "
_PASSAGE = "passage: "

Vector = NDArray[np.float32]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the model reads it."""

    states: Vector
    """Of its tokens, in order, 1 at least; shape (tokens, 384). Their mean is the whole's.

    Lengths differ a little; only directions count."""
    pieces: tuple[Piece, ...]
    """The tokens themselves."""
    lines: tuple[slice, ...]
    """Which tokens are of each line."""


class Embedder:
    """Questions and passages are read differently, as the model was trained.

    One thread does the work. A text of more than 512 tokens is read in windows, which all count.
    """

    name = "multilingual-e5-small"
    dimensions = 384

    def __init__(self) -> None:
        # More threads below would read a question a third faster on an idle machine; on a busy one
        # they wait for each other. It is said before any runs: libraries are looked through for it.
        threadpool_limits(limits=1, user_api="blas")
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedder")
        self._one_batch = asyncio.Lock()

    async def question(self, text: str) -> Reading:
        """Something that is looked for."""
        (reading,) = await self.questions([text])
        return reading

    async def questions(self, texts: Sequence[str]) -> list[Reading]:
        """Several of them, which takes half the time for each; in the order of `texts`."""
        return await self._read(_QUESTION, [[text] for text in texts])

    async def passages(self, texts: Sequence[Sequence[str]]) -> list[Reading]:
        """What may be found, each text given as its lines; in the order of `texts`."""
        readings: list[Reading] = []
        for batch in _batches(texts):
            async with self._one_batch:
                readings += await self._read(_PASSAGE, batch)
        return readings

    def states(self, windows: Sequence[Sequence[Piece]]) -> list[Vector]:
        """The states of each window's tokens, with those of its begin and end, in this thread."""
        return _reader().states(windows)

    def close(self) -> None:
        """End the thread; what waits for it is cancelled."""
        self._thread.shutdown(cancel_futures=True)

    async def _read(self, prefix: str, texts: Sequence[Sequence[str]]) -> list[Reading]:
        cut = await self._run(lambda: _reader().cut(prefix, texts))
        windows = [it for text in cut for it in text.windows]
        states: list[Vector] = []
        for start in range(0, len(windows), BATCH):
            some = windows[start : start + BATCH]
            states += await self._run(lambda some=some: self.states(some))
        left = iter(states)
        return [_reading(text, [next(left) for _ in text.windows]) for text in cut]

    async def _run(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def commonness(word: str) -> float:
    """The logarithm of how common a word is, of all languages, by the bundled model's tokenizer.

    The first call of a process may take a second.
    """
    return _reader().commonness(word)


@cache
def _reader() -> "_Reader":
    """One for all of a process, made in the thread that first needs it."""
    return _Reader(weights.bundled())


class _Reader:
    """The model at work."""

    def __init__(self, model: weights.Weights) -> None:
        self._vocabulary = model.vocabulary
        self._tokenizer = Tokenizer(model.vocabulary)
        self._encoder = Encoder(model)
        self._room = self._encoder.longest - 2  # tokens of a window beside its begin and end

    def commonness(self, word: str) -> float:
        return sum(piece.score for piece in self._tokenizer.pieces(word))

    def cut(self, prefix: str, texts: Sequence[Sequence[str]]) -> list["_Cut"]:
        return [self._cut(prefix, lines) for lines in texts]

    def states(self, windows: Sequence[Sequence[Piece]]) -> list[Vector]:
        """The states of each window's tokens, with those of its begin and end."""
        return self._encoder.states([self._numbers(it) for it in windows], layers=_LAYERS)

    def _cut(self, prefix: str, lines: Sequence[str]) -> "_Cut":
        pieces = self._tokenizer.pieces(prefix)
        # A space before it is what a line begins with anyway.
        pieces = pieces[:-1] if pieces[-1].text == SPACE else pieces
        places: list[slice] = []
        for line in lines:
            of_line = self._tokenizer.pieces(line.replace("\0", " "))  # of no vocabulary
            places.append(slice(len(pieces), len(pieces) + len(of_line)))
            pieces += of_line
        starts = range(0, len(pieces), self._room)
        return _Cut(pieces, places, [pieces[it : it + self._room] for it in starts])

    def _numbers(self, pieces: Sequence[Piece]) -> list[int]:
        known = self._vocabulary
        return [known.begin, *(piece.number for piece in pieces), known.end]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text's pieces, where each line stands among them, and the windows that they are read in.

    The prefix is of no line.
    """

    pieces: Sequence[Piece]
    lines: Sequence[slice]
    windows: Sequence[Sequence[Piece]]


def _reading(cut: _Cut, windows: Sequence[Vector]) -> Reading:
    """What all windows of one text say, without its prefix and their begins and ends."""
    start = cut.lines[0].start
    return Reading(
        states=np.concatenate([window[1:-1] for window in windows])[start:],
        pieces=tuple(cut.pieces[start:]),
        lines=tuple(slice(line.start - start, line.stop - start) for line in cut.lines),
    )


def _batches(texts: Sequence[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    """The texts in order, as many at a time as take half a second; a longer one alone."""
    batch: list[Sequence[str]] = []
    size = 0
    for lines in texts:
        more = sum(map(len, lines))
        if batch and (len(batch) == BATCH or size + more > BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(lines)
        size += more
    if batch:
        yield batch
