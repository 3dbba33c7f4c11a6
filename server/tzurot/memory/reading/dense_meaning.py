"""What texts mean to a model that gives one vector for a text, and no states of tokens.

Its vectors are centred as those of the bundled model (meaning.py). How far what belongs together is
from what doesn't is another matter with each model, and the weights and floors of scoring.py were
measured with one: so a question's cosines are scaled, to be on everyday questions what the bundled
model's are.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from tzurot.llm.embedding_endpoint import EmbeddingEndpoint, EmbeddingUnavailable
from tzurot.llm.embeddings import Vector
from tzurot.memory.late_interaction import unit
from tzurot.memory.meaning import (
    NO_STATES,
    QUESTION_CHARACTERS,
    Asked,
    Model,
    Side,
    Understood,
    lines,
)
from tzurot.memory.reading.everyday import EVERYDAY

# Characters. A short part says what it is about; one of 640 hides a sentence.
_WINDOW = 320
_REPLY = 480

# How far apart everyday questions have the exchange that answers them from the others, by the
# bundled model: mean cosine of the one less that of the others.
BUNDLED_MARGIN = 0.48
# A model that hardly tells them apart is not made to seem that it does.
_SCALES = (0.5, 2.5)


class DenseMeaning:
    """A model behind an endpoint as a Reader."""

    def __init__(self, endpoint: EmbeddingEndpoint) -> None:
        self._endpoint = endpoint
        self._lock = asyncio.Lock()
        self._measured: _Measured | None = None

    @property
    def model(self) -> Model:
        """The endpoint's."""
        return Model(self._endpoint.name, self._endpoint.base_url)

    async def dimensions(self) -> int:
        """As many as its vectors have."""
        return len((await self._measure()).middle)

    async def of_question(self, text: str) -> Asked:
        """What something that is looked for means. Of a long text its end counts."""
        measured = await self._measure()
        asked = text[-QUESTION_CHARACTERS:].strip()
        if not asked:
            return Asked(None, NO_STATES, ())
        vector = self._centred(await self._endpoint.question(asked), measured)
        return Asked(vector, NO_STATES, (), measured.scale)

    async def of_exchanges(self, exchanges: Sequence[tuple[Side, Side]]) -> list[Understood]:
        """What exchanges mean; a long one has further vectors, so that all of it counts."""
        parts = [_parts(*exchange) for exchange in exchanges]
        vectors = iter(await self._read([text for each in parts for text in each]))
        found = [tuple(islice(vectors, len(each))) for each in parts]
        return [
            Understood(first, states=b"", lengths=(), person_passages=0, windows=tuple(later))
            for first, *later in found
        ]

    async def of_passages(self, passages: Sequence[tuple[str, str]]) -> list[Vector]:
        """The vectors of passages of documents, which are as short as a window."""
        return list(await self._read(["\n".join(lines(passage)) for passage in passages]))

    async def _read(self, texts: Sequence[str]) -> Vector:
        measured = await self._measure()
        return self._centred(await self._endpoint.texts(texts), measured)

    def _centred(self, vectors: Vector, measured: "_Measured") -> Vector:
        if vectors.shape[-1] != len(measured.middle):
            raise EmbeddingUnavailable(f"{self._endpoint.name} has another width than before")
        return unit(unit(vectors) - measured.middle)

    async def _measure(self) -> "_Measured":
        """What all its texts share, and its scale; the first call reads them."""
        async with self._lock:
            if self._measured is None:
                told = ["\n".join(lines(it.person, it.reply)) for it in EVERYDAY]
                read = unit(await self._endpoint.texts([*told, *(it.question for it in EVERYDAY)]))
                middle = np.asarray(read[: len(told)].mean(axis=0), np.float32)
                exchanges, questions = np.split(unit(read - middle), 2)
                self._measured = _Measured(middle, _scale(questions @ exchanges.T))
            return self._measured


@dataclass(frozen=True, slots=True)
class _Measured:
    """What a model's vectors are compared by."""

    middle: Vector
    scale: float


def margin(cosines: Vector) -> float:
    """How far questions have their own exchange (the diagonal) from the others, on average."""
    count = len(cosines)
    own = float(np.trace(cosines)) / count
    others = (float(cosines.sum()) - own * count) / (count * (count - 1))
    return own - others


def _scale(cosines: Vector) -> float:
    low, high = _SCALES
    return min(high, max(low, BUNDLED_MARGIN / max(margin(cosines), 1e-3)))


def _parts(person: Side, reply: Side) -> list[str]:
    """The texts that an exchange is read as: what it is about first, then its later parts."""
    sides = [(name, list(_windows(words, room))) for (name, words), room in _rooms(person, reply)]
    first = "\n".join(lines(*((name, windows[0]) for name, windows in sides)))
    later = [line for name, windows in sides for it in windows[1:] for line in lines((name, it))]
    return [first, *later]


def _rooms(person: Side, reply: Side) -> Iterator[tuple[Side, int]]:
    """The sides that say something, and how many characters of each the first part has."""
    for side, room in ((person, _WINDOW), (reply, _REPLY)):
        if side[1].strip():
            yield side, room


def _windows(words: str, first: int) -> Iterator[str]:
    """The words in parts that cover them, cut at spaces where there are any."""
    start, room = 0, first
    while start < len(words):
        end = start + room
        if end < len(words) and (space := words.rfind(" ", start + room // 2, end)) > 0:
            end = space + 1
        if words[start:end].strip():
            yield words[start:end]
        start, room = end, _WINDOW
