"""Exchanges that nobody said, for measuring: the same for the same seed.

They are alike real ones in what costs time: words of Zipf's law from 20,000 invented ones, each
exchange about one of some hundred topics that have their own words and their own place among
vectors, said in talks of some minutes over two years, in direct and in channels. Each word is one
token, which has a state of its own, a little another one each time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from tzurot.llm.unigram import SPACE, Piece
from tzurot.memory import late_interaction, lexicon
from tzurot.memory.late_interaction import BYTES, WIDTH, unit
from tzurot.memory.meaning import Asked
from tzurot.memory.remembering import Owner
from tzurot.memory.venues import Venue

Matrix = NDArray[np.float32]
Numbers = NDArray[np.int64]

PERSON, CHARACTER, PLATFORM = "Ada", "Lilith", "discord"
BEGIN, SPAN = datetime(2024, 1, 1, tzinfo=UTC), timedelta(days=730)
PLACES = ((Venue.DIRECT, 0.6), (Venue.PUBLIC_CHANNEL, 0.25), (Venue.PRIVATE_CHANNEL, 0.15))

WORDS = 20_000
_TOPICS, _TOPIC_WORDS = 300, 80
_OF_TOPIC = 0.35  # of the words
_FAVORITES = 12  # topics of an owner
_FORMS = 4  # states of a word
_TALK = 8  # exchanges, two minutes apart
_BLOCK = 4_096  # exchanges that are made at a time
# Of a vector, what is its topic's, and of a token's state, what is its word's; the rest is chance.
_TOPIC_SHARE, _WORD_SHARE = 0.6, 0.8
_SAID, _ANSWERED = (6, 22), (12, 40)  # words of each side: 18 to 60 tokens together
_RAREST = -14.0  # the logarithm of how common the rarest token is, as the tokenizer has it


@dataclass(frozen=True, slots=True)
class Exchange:
    """One of them, as it is stored."""

    id: UUID
    owner: Owner
    turn_id: UUID
    message_id: UUID
    venue: Venue
    channel_id: str
    person_text: str
    personality_text: str
    occur_time: datetime
    stems: Sequence[str]
    vector: Matrix
    lengths: tuple[int, int]
    states: bytes


@dataclass(frozen=True, slots=True)
class Holding:
    """How many exchanges an owner has."""

    owner: Owner
    size: int


class World:
    """All that can be said."""

    def __init__(self, seed: int, words: int = WORDS) -> None:
        chance = np.random.default_rng(seed)
        self._size = words
        self._chance = chance
        self.words = _invented(chance, words)
        self._stems = [lexicon.terms(word)[0] for word in self.words]
        frequency = 1 / (np.arange(words) + 2.7)
        self._common = np.cumsum(frequency / frequency.sum())
        # The most common words are of no topic.
        self._topic_words = chance.integers(200, words, (_TOPICS, _TOPIC_WORDS))
        self._topics = _directions(chance, _TOPICS)
        word_states = _directions(chance, words)
        self._forms = np.concatenate(
            [_near(chance, word_states, _WORD_SHARE) for _ in range(_FORMS)]
        )
        packed = np.frombuffer(late_interaction.packed(self._forms), np.uint8)
        self._packed = packed.reshape(len(self._forms), BYTES)

    def exchanges(self, holdings: Sequence[Holding]) -> Iterator[Exchange]:
        """All that the owners said, in the order of time, so that owners are mixed."""
        rows = self._schedule(holdings)
        for start in range(0, len(rows), _BLOCK):
            yield from self._block(holdings, rows[start : start + _BLOCK])

    def question(self, about: Sequence[tuple[str, Matrix]], length: int) -> tuple[str, Asked]:
        """Something that asks about memories, given by their words and their vectors."""
        numbers = {word: number for number, word in enumerate(self.words)}
        told = [word for text, _ in about for word in text.split()]
        asked = [numbers[word] for word in self._chance.choice(told, length, replace=False)]
        asked += self._spoken(2).tolist()
        vector = _near(
            self._chance, unit(np.sum([vector for _, vector in about], axis=0)[None]), 0.7
        )[0]
        forms = self._chance.integers(0, _FORMS, len(asked))
        states = self._forms[forms * self._size + np.array(asked)]
        pieces = tuple(Piece(it, SPACE + self.words[it], _score(it)) for it in asked)
        return " ".join(self.words[it] for it in asked), Asked(vector, states, pieces)

    def _schedule(self, holdings: Sequence[Holding]) -> NDArray[np.void]:
        """Who says something when, where and about what; in the order of time."""
        kinds = np.dtype([("at", "i8"), ("owner", "i4"), ("place", "i4"), ("topic", "i4")])
        return np.sort(
            np.concatenate([self._talks(number, it, kinds) for number, it in enumerate(holdings)]),
            order="at",
        )

    def _talks(self, number: int, holding: Holding, kinds: np.dtype[np.void]) -> NDArray[np.void]:
        chance, rows = self._chance, np.zeros(holding.size, kinds)
        talks = -(-holding.size // _TALK)
        talk, step = np.divmod(np.arange(holding.size), _TALK)
        begun = np.sort(chance.integers(0, int(SPAN.total_seconds()), talks))
        favorites = chance.integers(0, _TOPICS, _FAVORITES)
        weights = 1 / (np.arange(_FAVORITES) + 1.5)
        topics = chance.choice(favorites, talks, p=weights / weights.sum())
        places = chance.choice(len(PLACES), talks, p=[share for _, share in PLACES])
        rows["at"] = begun[talk] * 1000 + step * 120_000 + chance.integers(0, 60_000, holding.size)
        rows["owner"], rows["topic"], rows["place"] = number, topics[talk], places[talk]
        return rows

    def _block(self, holdings: Sequence[Holding], rows: NDArray[np.void]) -> Iterator[Exchange]:
        chance = self._chance
        said = chance.integers(*_SAID, len(rows))
        lengths = said + chance.integers(*_ANSWERED, len(rows))
        ends = np.cumsum(lengths)
        topics = np.repeat(rows["topic"], lengths)
        words = np.where(
            chance.random(ends[-1]) < _OF_TOPIC,
            self._topic_words[topics, chance.integers(0, _TOPIC_WORDS, ends[-1])],
            self._spoken(ends[-1]),
        )
        packed = self._packed[chance.integers(0, _FORMS, ends[-1]) * self._size + words]
        vectors = _near(chance, self._topics[rows["topic"]], _TOPIC_SHARE)
        ids = chance.bytes(len(rows) * 48)
        texts = [self.words[it] for it in words]
        stems = [self._stems[it] for it in words]
        for number, row in enumerate(rows):
            at, owner, place, _ = row.item()
            begin, middle = int(ends[number] - lengths[number]), int(said[number])
            end = int(ends[number])
            random = ids[number * 48 : number * 48 + 48]
            venue = PLACES[place][0]
            yield Exchange(
                id=_uuid7(BEGIN + timedelta(milliseconds=at), random[:16]),
                owner=holdings[owner].owner,
                turn_id=UUID(bytes=random[16:32]),
                message_id=UUID(bytes=random[32:]),
                venue=venue,
                channel_id=f"{venue}-{owner}",
                person_text=" ".join(texts[begin : begin + middle]),
                personality_text=" ".join(texts[begin + middle : end]),
                occur_time=BEGIN + timedelta(milliseconds=at),
                stems=sorted({*stems[begin:end], PERSON.lower(), CHARACTER.lower()}),
                vector=vectors[number],
                lengths=(middle, end - begin - middle),
                states=packed[begin:end].tobytes(),
            )

    def _spoken(self, count: int) -> Numbers:
        return np.searchsorted(self._common, self._chance.random(count))


def _invented(chance: np.random.Generator, count: int) -> list[str]:
    """Words that no stemmer cuts alike: all differ in their stems."""
    letters = ("bdfgklmnprstvz", "aeiou")  # in turn, of each the same share
    words: dict[str, str] = {}
    while len(words) < count:
        length, *drawn = chance.integers(0, 14 * 5, 8).tolist()
        word = "".join(
            letters[place % 2][it % len(letters[place % 2])] for place, it in enumerate(drawn)
        )[: 3 + 2 * (length % 3)]
        words.setdefault(lexicon.terms(word)[0], word)
    return list(words.values())


def _directions(chance: np.random.Generator, count: int) -> Matrix:
    return unit(chance.standard_normal((count, WIDTH), np.float32))


def _near(chance: np.random.Generator, places: Matrix, share: float) -> Matrix:
    """Directions near `places`: with a cosine of about `share`."""
    noise = _directions(chance, len(places))
    rest = np.float32((1 - share**2) ** 0.5)
    return unit(np.asarray(np.float32(share) * places + rest * noise, np.float32))


def _score(word: int) -> float:
    """The logarithm of how common a word is: rarer ones count more in a question."""
    return max(_RAREST, float(-np.log(word + 2.7) - 3))


def _uuid7(when: datetime, random: bytes) -> UUID:
    """As clock.uuid7 makes them, of bytes that are given."""
    value = int(when.timestamp() * 1000) << 80 | int.from_bytes(random[6:])
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
