"""From memories that may fit to those that do, best first. Pure.

A memory is cut into passages: what the person said, what was answered, and long ones of these in
parts. Each is scored (scoring.py) among those said around it; the memory has the place of its best.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tzurot.llm.unigram import SPACE, Piece
from tzurot.memory import late_interaction, lexicon, scoring, times
from tzurot.memory.question import Question
from tzurot.memory.remembering import MemoryId, Remembered
from tzurot.memory.scoring import WEIGHTS, Passages, ScoreParts, Vocabulary, Weights
from tzurot.memory.stopwords import STOP_WORDS

# The logarithm of how common a token is: one of every 55 says nothing, rarer ones the more.
_COMMON = -4.0
_FUNCTION_WORD = 0.5  # of what its rarity says
# A reply often says again what the person said: it is shown only where it clearly says more.
_ECHO = 0.8
_SHORTEST_NAME = 3  # letters of a word that can stand for a whole name

_WORD = re.compile(r"[^\W_]+")
_FIRST_PERSON = """
i me my mine we us our ich mich mir mein meine meinen meiner wir uns
yo me mi mis nosotros je moi mon ma mes nous
"""
_SECOND_PERSON = "you your yours du dich dir dein deine tú tu tus te toi ton ta tes"
_PERSON_WORDS = frozenset(_FIRST_PERSON.split())
_PERSONALITY_WORDS = frozenset(_SECOND_PERSON.split())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A memory that may fit."""

    memory: Remembered
    cosine: float | None
    """-1..1; None while its meaning isn't known."""
    before_id: MemoryId | None
    """What was said right before it."""
    lengths: Sequence[int]
    """How many tokens each of its passages has; empty while they aren't known."""
    person_passages: int
    states: bytes


@dataclass(frozen=True, slots=True)
class Ranked:
    """A memory that fits, as well as its best passage, and what to show of it."""

    memory: Remembered
    parts: ScoreParts
    is_by_person: bool
    """Whether what the person said is to be shown: nearly as telling as the reply, or more."""
    sides: tuple[float, float]
    """How well each side fits, the person's and the reply: 0..1."""


def ranked(
    candidates: Sequence[Candidate],
    question: Question,
    vocabulary: Vocabulary,
    weights: Weights = WEIGHTS,
) -> list[Ranked]:
    """Those that are good enough, best first; among equals the newest.

    `candidates` come in the order of time within each place.
    """
    passages = [it for number, each in enumerate(candidates) for it in _passages(number, each)]
    if not passages:
        return []
    names = _names(candidates)
    scored = scoring.score(
        _columns(candidates, passages, question, names),
        _token_weights(question.meaning.pieces, names),
        _without(vocabulary, names),
        weights,
    )
    by_candidate: dict[int, list[tuple[_Passage, ScoreParts]]] = {}
    for passage, parts in zip(passages, scored, strict=True):
        by_candidate.setdefault(passage.candidate, []).append((passage, parts))
    found = [_best(candidates[number], its) for number, its in by_candidate.items()]
    good = [it for it in found if it is not None]
    return sorted(good, key=lambda it: (it.parts.final, it.memory.memory_id), reverse=True)


@dataclass(frozen=True, slots=True)
class _Passage:
    candidate: int
    is_by_person: bool
    states: late_interaction.Matrix | None


def _passages(number: int, candidate: Candidate) -> Iterator[_Passage]:
    if not candidate.lengths:
        memory = candidate.memory
        for is_by_person, words in ((True, memory.person_text), (False, memory.personality_text)):
            if words:
                yield _Passage(number, is_by_person, None)
        return
    states, start = late_interaction.unpacked(candidate.states), 0
    for place, length in enumerate(candidate.lengths):
        is_by_person = place < candidate.person_passages
        yield _Passage(number, is_by_person, states[start : start + length])
        start += length


def _best(candidate: Candidate, scored: Sequence[tuple[_Passage, ScoreParts]]) -> Ranked | None:
    """A memory with its best passage; None if none says enough by itself."""
    known = candidate.cosine is not None
    if not any(scoring.is_relevant(it, is_known=known) for _, it in scored):
        return None
    person = [it for passage, it in scored if passage.is_by_person]
    reply = [it for passage, it in scored if not passage.is_by_person]
    said, answered = (max((it.said for it in side), default=0.0) for side in (person, reply))
    return Ranked(
        candidate.memory,
        parts=max((*person, *reply), key=lambda it: it.final),
        is_by_person=said >= _ECHO * answered,
        sides=(
            max((it.final for it in person), default=0.0),
            max((it.final for it in reply), default=0.0),
        ),
    )


def _columns(
    candidates: Sequence[Candidate],
    passages: Sequence[_Passage],
    question: Question,
    names: "_Names",
) -> Passages:
    told = [_said(candidates[it.candidate].memory, it) for it in passages]
    moments = [candidates[it.candidate].memory.occur_time for it in passages]
    cosines = [candidates[it.candidate].cosine for it in passages]
    about, asks = _about_person(question.text, names), times.asks_when(question.text)
    return Passages(
        words=[lexicon.terms(text) for text in told],
        likeness=_likeness(passages, question),
        read=np.array([it.states is not None for it in passages]),
        cosines=np.array([np.nan if it is None else it for it in cosines], np.float64),
        follows=_follows(candidates, passages),
        fits_time=np.array([question.times.fit(moment) for moment in moments]),
        fits_speaker=np.array([float(it.is_by_person is about) for it in passages]),
        tells_time=np.array([float(asks and times.tells_time(text)) for text in told]),
    )


def _said(memory: Remembered, passage: _Passage) -> str:
    return memory.person_text if passage.is_by_person else memory.personality_text


def _likeness(passages: Sequence[_Passage], question: Question) -> NDArray[np.float32] | None:
    read = [number for number, it in enumerate(passages) if it.states is not None]
    if not read:
        return None
    states = [it.states for it in passages if it.states is not None]
    near = late_interaction.likeness(question.meaning.states, states)
    likeness = np.zeros((len(near), len(passages)), np.float32)
    likeness[:, read] = near
    return likeness


def _follows(candidates: Sequence[Candidate], passages: Sequence[_Passage]) -> NDArray[np.bool_]:
    """Whether each passage was said right after the one before it."""
    follows = [False] * len(passages)
    for number in range(1, len(passages)):
        last, this = passages[number - 1].candidate, passages[number].candidate
        before = candidates[last].memory.memory_id
        follows[number] = last == this or candidates[this].before_id == before
    return np.array(follows)


@dataclass(frozen=True, slots=True)
class _Names:
    """The words of both sides' names, in small letters."""

    person: frozenset[str]
    personality: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.person | self.personality


def _names(candidates: Sequence[Candidate]) -> _Names:
    return _Names(
        _name_words({it.memory.person_name for it in candidates}),
        _name_words({it.memory.personality_name for it in candidates}),
    )


def _name_words(names: Collection[str]) -> frozenset[str]:
    words = (word for name in names for word in _WORD.findall(name.lower()))
    return frozenset(it for it in words if len(it) >= _SHORTEST_NAME and it not in STOP_WORDS)


def _about_person(text: str, names: _Names) -> bool | None:
    """Whether a question is about the person's words, or the character's; None: both, or neither.

    Names count before "I" and "you".
    """
    words = set(_WORD.findall(text.lower()))
    for person, personality in (
        (names.person, names.personality),
        (_PERSON_WORDS, _PERSONALITY_WORDS),
    ):
        by_person, by_personality = bool(words & person), bool(words & personality)
        if by_person or by_personality:
            return by_person if by_person != by_personality else None
    return None


def _without(vocabulary: Vocabulary, names: _Names) -> Vocabulary:
    """The terms that are not names: whoever talks with somebody is in all memories."""
    stems = {term for name in names.all for term in lexicon.terms(name)}
    left = {term: count for term, count in vocabulary.frequencies.items() if term not in stems}
    if not left:
        return vocabulary
    return Vocabulary(vocabulary.memory_count, vocabulary.mean_length, left)


def _token_weights(pieces: Sequence[Piece], names: _Names) -> NDArray[np.float32]:
    """How much each token of a question says; together 1."""
    weights: list[float] = []
    for word in _words(pieces):
        text = "".join(piece.text for piece in word).strip(SPACE).lower()
        parts = _WORD.findall(text)
        share = _FUNCTION_WORD if text in STOP_WORDS or not parts else 1.0
        share = 0.0 if names.all.intersection(parts) else share
        weights += [share * max(0.0, _COMMON - piece.score) for piece in word]
    total = sum(weights)
    if not total:
        weights, total = [1.0] * len(weights), float(len(weights))
    return np.array(weights, np.float32) / np.float32(total)


def _words(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Pieces that stand together: each word begins with a space."""
    word: list[Piece] = []
    for piece in pieces:
        if word and piece.text.startswith(SPACE):
            yield word
            word = []
        word.append(piece)
    if word:
        yield word
