"""What a text means, as a vector that the room compares: the model's, centred.

An embedding model of this kind puts every text into one narrow cone: with E5 even unrelated texts
have a cosine of .75, related ones .85. Taking off the mean of everyday exchanges spreads them:
unrelated texts come near 0, so that a floor can tell them apart, and ranking gains too
(Mu and Viswanath 2018, "All-but-the-Top", arXiv:1702.01417, §2).
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from tzurot.llm.embeddings import Embedder, Vector

# A reply's first words show what it is about; a long one would drown what the person said.
REPLY_CHARACTERS = 500

# Embedding takes a second for each 1,200 characters on a small machine, and what somebody wants to
# know stands at the end of what they say.
QUESTION_CHARACTERS = 2000
_QUESTIONS_KEPT = 64

# A line without a name looks like another kind of text, so that its cosines would lie elsewhere.
_NAMELESS = "I"

# Small talk about nothing that anybody will look for, in the shape of `exchange_text`.
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


def exchange_text(person: tuple[str, str], personality: tuple[str, str]) -> str:
    """An exchange as it is embedded; each side is (name, words), and either may be empty."""
    sides = (
        (person[0] or _NAMELESS, person[1]),
        (personality[0], personality[1][:REPLY_CHARACTERS]),
    )
    return "\n".join(f"{name}: {words}" for name, words in sides if words)


class Meaning:
    """Centred vectors of length 1, so that a dot product is the cosine."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = asyncio.Lock()
        self._middle: Vector | None = None
        self._asked: OrderedDict[str, Vector] = OrderedDict()

    async def of_question(self, text: str) -> Vector:
        """The vector of something that is looked for; shape (n,). Of a long text its end counts.

        One turn asks for memories and for knowledge with the same words: the last few are kept.
        """
        asked = text[-QUESTION_CHARACTERS:]
        if asked not in self._asked:
            middle = await self.prepare()
            self._asked[asked] = _centred(await self._embedder.query(asked), middle)
            if len(self._asked) > _QUESTIONS_KEPT:
                self._asked.popitem(last=False)
        return self._asked[asked]

    async def of_exchanges(self, texts: Sequence[str]) -> Vector:
        """The vectors of exchanges (`exchange_text`), in order; shape (len(texts), n)."""
        middle = await self.prepare()
        return _centred(await self._embedder.passages(texts), middle)

    async def prepare(self) -> Vector:
        """The middle of everyday exchanges; the first call embeds them, which takes some 0.3 s."""
        async with self._lock:
            if self._middle is None:
                pairs = zip(_EVERYDAY[::2], _EVERYDAY[1::2], strict=True)
                vectors = await self._embedder.passages([exchange_text(*pair) for pair in pairs])
                self._middle = np.asarray(vectors.mean(axis=0), np.float32)
            return self._middle


def _centred(vectors: Vector, middle: Vector) -> Vector:
    moved = vectors - middle
    return moved / np.linalg.norm(moved, axis=-1, keepdims=True)
