"""What texts mean, as vectors that the room compares: the model's, centred.

An embedding model of this kind puts every text into one narrow cone: with E5 even unrelated texts
have a cosine of .75, related ones .85. Taking off the mean of everyday exchanges spreads them:
unrelated texts come near 0, so that a floor can tell them apart, and ranking gains too
(Mu and Viswanath 2018, "All-but-the-Top", arXiv:1702.01417, §2). So it is with tokens.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np

from tzurot.llm.embeddings import Embedder, Reading, Vector
from tzurot.llm.unigram import Piece
from tzurot.memory import late_interaction
from tzurot.memory.late_interaction import unit
from tzurot.memory.reading.everyday import EVERYDAY, PLEASANTRIES

# A reply's first words show what it is about; a long one would drown what the person said. What
# the vector doesn't tell has vectors of its own.
REPLY_TOKENS = 120
_WINDOW_TOKENS = 80  # of such a vector: in a longer part a sentence is lost
# A longer side is compared part by part: among many words some are always a little alike.
PASSAGE_TOKENS = 160

# Reading takes a second for each 2,000 characters on a small machine, and what somebody wants to
# know stands at the end of what they say.
QUESTION_CHARACTERS = 2000
# Cosine with the nearest pleasantry. Those of other languages are above, most at .6 to .9; what
# asks for something is below .58, also where it begins with one.
_AS_GOOD_AS_A_PLEASANTRY = 0.6
# A line without a name looks like another kind of text, so that its cosines would lie elsewhere.
_NAMELESS = "I"

Side = tuple[str, str]
"""Who says something, and what; either may be empty."""


class Slot(StrEnum):
    """Where what a model read is kept; see slots.py."""

    A = "a"
    B = "b"

    @property
    def embedding(self) -> str:
        """The column of memories and of passages that has their vectors."""
        return "embedding" if self is Slot.A else "embedding_b"

    @property
    def states(self) -> str:
        """The table that has the token states of memories."""
        return "memory_states" if self is Slot.A else "memory_states_b"


@dataclass(frozen=True, slots=True)
class Model:
    """What reads texts."""

    name: str
    base_url: str = ""
    """Of its endpoint; empty: it is the bundled one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that is looked for."""

    vector: Vector | None
    """Of length 1, centred; shape (dimensions,). None: no model could read it."""
    states: Vector
    """Of its tokens, rotated as those of memories are; shape (tokens, 384). None of them where the
    model doesn't give any."""
    pieces: tuple[Piece, ...]
    """The tokens themselves."""
    scale: float = 1.0
    """What a cosine with `vector` is to be multiplied with, to mean what the bundled model's do."""
    slot: Slot = Slot.A
    """Where the readings are that it can be compared with."""
    is_pleasantry: bool = False
    """Whether it is a greeting or the like, which is about nothing."""


NO_STATES: Vector = np.empty((0, late_interaction.WIDTH), np.float32)

WORDS_ONLY = Asked(None, NO_STATES, ())
"""What a question is while its model is away."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What an exchange means."""

    vector: Vector
    """Of length 1, centred; shape (dimensions,)."""
    states: bytes
    """Of its tokens, passage by passage, as late_interaction.py keeps them; may be empty."""
    lengths: tuple[int, ...]
    """How many tokens each passage has: first the person's passages, then the reply's."""
    person_passages: int
    """How many passages are the person's."""
    windows: tuple[Vector, ...] = field(default=())
    """Vectors of later parts that `vector` doesn't tell of."""


class Reader(Protocol):
    """A model as the room uses it: vectors centred, of length 1.

    Each method raises EmbeddingUnavailable where the model can't be asked.
    """

    @property
    def model(self) -> Model:
        """Which one it is."""
        ...

    async def dimensions(self) -> int:
        """Of its vectors."""
        ...

    async def of_question(self, text: str) -> Asked:
        """What something that is looked for means."""
        ...

    async def of_exchanges(self, exchanges: Sequence[tuple[Side, Side]]) -> list[Understood]:
        """What exchanges mean, each a person's side and the reply to it, in order."""
        ...

    async def of_passages(self, passages: Sequence[tuple[str, str]]) -> list[Vector]:
        """The vectors of passages of documents, each a title and a text, in order."""
        ...


class Meaning:
    """The bundled model as a Reader: it gives the states of tokens, too."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = asyncio.Lock()
        self._middle: _Middle | None = None

    @property
    def model(self) -> Model:
        """The bundled one."""
        return Model(self._embedder.name)

    async def dimensions(self) -> int:
        """384."""
        return self._embedder.dimensions

    async def of_question(self, text: str) -> Asked:
        """What something that is looked for means. Of a long text its end counts."""
        middle = await self.prepare()
        return _asked(await self._embedder.question(text[-QUESTION_CHARACTERS:]), middle)

    async def of_exchanges(self, exchanges: Sequence[tuple[Side, Side]]) -> list[Understood]:
        """What exchanges mean, each a person's side and the reply to it, in order."""
        middle = await self.prepare()
        readings = await self._embedder.passages([lines(*sides) for sides in exchanges])
        return [
            _understood(reading, bool(person[1]), middle)
            for reading, (person, _) in zip(readings, exchanges, strict=True)
        ]

    async def of_passages(self, passages: Sequence[tuple[str, str]]) -> list[Vector]:
        """The vectors of passages of documents; shape (384,)."""
        middle = await self.prepare()
        readings = await self._embedder.passages([lines(passage) for passage in passages])
        return [unit(_pooled(reading.states) - middle.vector) for reading in readings]

    async def of_statement(self, text: str) -> Vector:
        """The vector of something short that is compared with its like; shape (384,)."""
        middle = await self.prepare()
        reading = await self._embedder.question(text)
        return unit(_pooled(reading.states) - middle.vector)

    async def prepare(self) -> "_Middle":
        """The middle of everyday exchanges; the first call reads them, which takes a second."""
        async with self._lock:
            if self._middle is None:
                everyday = [lines(it.person, it.reply) for it in EVERYDAY]
                readings = await self._embedder.passages(everyday)
                vector = _mean(np.stack([_pooled(reading.states) for reading in readings]))
                said = await self._embedder.questions(PLEASANTRIES)
                self._middle = _Middle(
                    vector=vector,
                    state=_mean(np.concatenate([reading.states for reading in readings])),
                    pleasantries=unit(np.stack([_pooled(it.states) for it in said]) - vector),
                )
            return self._middle


@dataclass(frozen=True, slots=True)
class _Middle:
    """What all texts share: of whole texts, and of tokens."""

    vector: Vector
    state: Vector
    pleasantries: Vector
    """The vectors of PLEASANTRIES, centred; shape (n, 384)."""


def lines(*sides: Side) -> list[str]:
    """What is read of them, one line each."""
    return [f"{name or _NAMELESS}: {words}" for name, words in sides if words]


def _asked(reading: Reading, middle: _Middle) -> Asked:
    vector = unit(_pooled(reading.states) - middle.vector)
    return Asked(
        vector=vector,
        states=late_interaction.rotated(unit(reading.states - middle.state)),
        pieces=reading.pieces,
        is_pleasantry=bool((middle.pleasantries @ vector).max() >= _AS_GOOD_AS_A_PLEASANTRY),
    )


def _understood(reading: Reading, person_speaks: bool, middle: _Middle) -> Understood:
    passages = [list(_passages(line)) for line in reading.lines]
    states = late_interaction.rotated(unit(reading.states - middle.state))
    told, later = _parts(reading.lines, person_speaks)
    return Understood(
        vector=unit(_pooled(np.concatenate([reading.states[it] for it in told])) - middle.vector),
        states=late_interaction.packed(states),
        lengths=tuple(part.stop - part.start for parts in passages for part in parts),
        person_passages=len(passages[0]) if person_speaks else 0,
        windows=tuple(unit(_pooled(reading.states[it]) - middle.vector) for it in later),
    )


def _parts(lines: Sequence[slice], person_speaks: bool) -> tuple[list[slice], list[slice]]:
    """The tokens that the one vector of an exchange tells of, and those of its later parts.

    These are of equal length: the last one begins where the one before isn't over yet.
    """
    told: list[slice] = []
    later: list[slice] = []
    for number, line in enumerate(lines):
        room = REPLY_TOKENS if number or not person_speaks else PASSAGE_TOKENS
        end = min(line.start + room, line.stop)
        told.append(slice(line.start, end))
        for start in range(end, line.stop, _WINDOW_TOKENS):
            stop = min(start + _WINDOW_TOKENS, line.stop)
            later.append(slice(max(line.start, stop - _WINDOW_TOKENS), stop))
    return told, later


def _passages(line: slice) -> Iterator[slice]:
    for start in range(line.start, line.stop, PASSAGE_TOKENS):
        yield slice(start, min(start + PASSAGE_TOKENS, line.stop))


def _pooled(states: Vector) -> Vector:
    """The vector of a text, as the model was trained to have it compared."""
    return unit(_mean(states))


def _mean(vectors: Vector) -> Vector:
    return np.asarray(vectors.mean(axis=0), np.float32)
