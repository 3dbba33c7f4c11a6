"""What texts mean, as vectors that the room compares: the model's, centred.

An embedding model of this kind puts every text into one narrow cone: with E5 even unrelated texts
have a cosine of .75, related ones .85. Taking off the mean of everyday exchanges spreads them:
unrelated texts come near 0, so that a floor can tell them apart, and ranking gains too
(Mu and Viswanath 2018, "All-but-the-Top", arXiv:1702.01417, §2). So it is with tokens.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tzurot.llm.embeddings import Embedder, Reading, Vector
from tzurot.llm.unigram import Piece
from tzurot.memory import late_interaction
from tzurot.memory.late_interaction import unit

# A reply's first words show what it is about; a long one would drown what the person said.
REPLY_TOKENS = 120
# A longer side is compared part by part: among many words some are always a little alike.
PASSAGE_TOKENS = 160

# Reading takes a second for each 2,000 characters on a small machine, and what somebody wants to
# know stands at the end of what they say.
QUESTION_CHARACTERS = 2000
# One turn asks for memories and for knowledge with the same words. Longer nothing is kept: what
# people say is to be gone when they delete it.
_KEPT_SECONDS = 10.0

# A line without a name looks like another kind of text, so that its cosines would lie elsewhere.
_NAMELESS = "I"

# Small talk about nothing that anybody will look for: exchanges of two.
_EVERYDAY = (
    ("Sam", "The weather was nice today, so I walked home."),
    ("Kim", "That sounds pleasant. Did you see anything interesting on the way?"),
    ("Kim", "What did you do at the weekend?"),
    ("Sam", "Not much, I cleaned the flat and watched a film."),
    ("Lee", "I think the meeting went well, but I am tired now."),
    ("Ana", "Then get some rest. We can talk tomorrow."),
    ("Ana", "Can you help me with something?"),
    ("Lee", "Of course, tell me what you need."),
    ("Jonas", "Ich war gestern einkaufen und habe gekocht."),
    ("Mia", "Klingt gut! Was gab es denn?"),
    ("Mia", "Wie geht es dir heute?"),
    ("Jonas", "Ganz gut, danke. Und dir?"),
    ("Luis", "Ayer llegué tarde porque perdí el tren."),
    ("Eva", "¡Qué mala suerte! ¿Y qué hiciste?"),
    ("Chloé", "J'ai lu un livre toute la journée."),
    ("Paul", "De quoi parle-t-il ?"),
    ("Олег", "Сегодня я долго работал и устал."),
    ("Нина", "Отдохни немного, завтра будет легче."),
    ("小李", "今天天气很好，我去公园散步了。"),
    ("小王", "听起来不错，你一个人去的吗？"),
    ("健", "昨日は友達と映画を見ました。"),
    ("花", "楽しかったですか？"),
    ("Rita", "Preciso de comprar pão e leite."),
    ("João", "Eu vou contigo."),
)

Side = tuple[str, str]
"""Who says something, and what; either may be empty."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that is looked for."""

    vector: Vector
    """Of length 1, centred; shape (384,)."""
    states: Vector
    """Of its tokens, rotated as those of memories are; shape (tokens, 384)."""
    pieces: tuple[Piece, ...]
    """The tokens themselves."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What an exchange means."""

    vector: Vector
    """Of length 1, centred; shape (384,)."""
    states: bytes
    """Of its tokens, passage by passage, as late_interaction.py keeps them."""
    lengths: tuple[int, ...]
    """How many tokens each passage has: first the person's passages, then the reply's."""
    person_passages: int
    """How many passages are the person's."""


class Meaning:
    """Centred vectors of length 1, so that a dot product is the cosine."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = asyncio.Lock()
        self._middle: _Middle | None = None
        self._asked: dict[str, Asked] = {}

    async def of_question(self, text: str) -> Asked:
        """What something that is looked for means. Of a long text its end counts."""
        asked = text[-QUESTION_CHARACTERS:]
        if asked not in self._asked:
            middle = await self.prepare()
            meant = _asked(await self._embedder.question(asked), middle)
            self._asked[asked] = meant
            asyncio.get_running_loop().call_later(_KEPT_SECONDS, self._asked.pop, asked, None)
            return meant
        return self._asked[asked]

    async def of_exchanges(self, exchanges: Sequence[tuple[Side, Side]]) -> list[Understood]:
        """What exchanges mean, each a person's side and the reply to it, in order."""
        middle = await self.prepare()
        readings = await self._embedder.passages([_lines(*sides) for sides in exchanges])
        return [
            _understood(reading, bool(person[1]), middle)
            for reading, (person, _) in zip(readings, exchanges, strict=True)
        ]

    async def of_passage(self, title: str, text: str) -> Vector:
        """The vector of a passage of a document; shape (384,)."""
        middle = await self.prepare()
        (reading,) = await self._embedder.passages([_lines((title, text), ("", ""))])
        return unit(_pooled(reading.states) - middle.vector)

    async def prepare(self) -> "_Middle":
        """The middle of everyday exchanges; the first call reads them, which takes a second."""
        async with self._lock:
            if self._middle is None:
                pairs = zip(_EVERYDAY[::2], _EVERYDAY[1::2], strict=True)
                readings = await self._embedder.passages([_lines(*pair) for pair in pairs])
                self._middle = _Middle(
                    vector=_mean(np.stack([_pooled(reading.states) for reading in readings])),
                    state=_mean(np.concatenate([reading.states for reading in readings])),
                )
            return self._middle


@dataclass(frozen=True, slots=True)
class _Middle:
    """What all texts share: of whole texts, and of tokens."""

    vector: Vector
    state: Vector


def _lines(*sides: Side) -> list[str]:
    return [f"{name or _NAMELESS}: {words}" for name, words in sides if words]


def _asked(reading: Reading, middle: _Middle) -> Asked:
    return Asked(
        vector=unit(_pooled(reading.states) - middle.vector),
        states=late_interaction.rotated(unit(reading.states - middle.state)),
        pieces=reading.pieces,
    )


def _understood(reading: Reading, person_speaks: bool, middle: _Middle) -> Understood:
    passages = [list(_passages(line)) for line in reading.lines]
    states = late_interaction.rotated(unit(reading.states - middle.state))
    return Understood(
        vector=unit(_pooled(_telling(reading, person_speaks)) - middle.vector),
        states=late_interaction.packed(states),
        lengths=tuple(part.stop - part.start for parts in passages for part in parts),
        person_passages=len(passages[0]) if person_speaks else 0,
    )


def _telling(reading: Reading, person_speaks: bool) -> Vector:
    """The states that tell what the whole is about."""
    if not person_speaks or len(reading.lines) == 1:
        return reading.states
    return reading.states[: reading.lines[0].stop + REPLY_TOKENS]


def _passages(line: slice) -> Iterator[slice]:
    for start in range(line.start, line.stop, PASSAGE_TOKENS):
        yield slice(start, min(start + PASSAGE_TOKENS, line.stop))


def _pooled(states: Vector) -> Vector:
    """The vector of a text, as the model was trained to have it compared."""
    return unit(_mean(states))


def _mean(vectors: Vector) -> Vector:
    return np.asarray(vectors.mean(axis=0), np.float32)
