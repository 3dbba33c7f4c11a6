"""From memories that may fit to those that do, best first. Pure.

A memory is cut into passages: what the person said, what was answered, and long ones of these in
parts. Each is scored (scoring.py) among those said around it; the memory has the place of its best.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tzurot.llm.unigram import SPACE, Piece
from tzurot.memory import late_interaction, lexicon, scoring, times
from tzurot.memory.keywords import Column, Vocabulary, first_told, keyword_shares
from tzurot.memory.question import Question
from tzurot.memory.remembering import MemoryId, Remembered
from tzurot.memory.scoring import WEIGHTS, Passages, ScoreParts, Scores, Weights
from tzurot.memory.speakers import Names, about_person, names_of
from tzurot.memory.specifics import specifics
from tzurot.memory.stopwords import STOP_WORDS

# The logarithm of how common a token is: one of every 55 says nothing, rarer ones the more.
_COMMON = -4.0
_FUNCTION_WORD = 0.5  # of what its rarity says
# A reply often says again what the person said: it is shown only where it clearly says more.
_ECHO = 0.8

_ASKING = ("?", "？", "؟")
_WORD = re.compile(r"[^\W_]+")


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
    recency: float = 0.0
    """How lately it was said, 0..1; this and what follows are 0 where they don't count."""
    salience: float = 0.0
    """How much it stands out now: 0..1."""
    link: float = 0.0
    """How strongly it is linked with others that fit: 0..1."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A memory that fits as well as its best passage, and what to show of it.

    All but its place is worked out where it is asked for: few of those that are ranked are shown.
    """

    memory: Remembered
    _fit: "_Fit"
    _person: range
    """The numbers of the person's passages."""
    _reply: range

    @property
    def parts(self) -> ScoreParts:
        """Of its best passage."""
        return self._fit.scores.of(max(self._all, key=self._fit.final.__getitem__))

    @property
    def is_by_person(self) -> bool:
        """Whether what the person said is to be shown: nearly as telling as the reply, or more."""
        said = self._fit.said
        return _most(said, self._person) >= _ECHO * _most(said, self._reply)

    @property
    def sides(self) -> tuple[float, float]:
        """How well each side fits, the person's and the reply: 0..1."""
        return _most(self._fit.final, self._person), _most(self._fit.final, self._reply)

    @property
    def is_relevant(self) -> bool:
        """Whether it says enough by itself to be cited."""
        return any(self._fit.relevant[it] for it in self._all)

    @property
    def place(self) -> tuple[float, MemoryId]:
        """What it is ordered by."""
        final = self._fit.final
        return max(final[self._person.start : self._reply.stop]), self.memory.memory_id

    @property
    def _all(self) -> range:
        return range(self._person.start, self._reply.stop)


def ranked(
    candidates: Sequence[Candidate],
    question: Question,
    vocabulary: Vocabulary,
    weights: Weights = WEIGHTS,
) -> list[Ranked]:
    """All of them, best first; among equals the newest. Not all are relevant.

    `candidates` come in the order of time within each place.
    """
    passages = [it for number, each in enumerate(candidates) for it in _passages(number, each)]
    if not passages:
        return []
    names = _names(candidates, question)
    scores = scoring.score(
        _columns(candidates, passages, question, _without(vocabulary, names), names),
        _token_weights(question.meaning.pieces, names),
        weights,
    )
    relevant = scores.relevant(is_pleasantry=question.meaning.is_pleasantry)
    fit = _Fit(scores, scores.said.tolist(), scores.final.tolist(), relevant.tolist())
    found = [
        Ranked(candidates[passages[its.start].candidate].memory, fit, *_sides(passages, its))
        for its in _by_candidate(passages)
    ]
    return sorted(found, key=lambda it: it.place, reverse=True)


def _names(candidates: Sequence[Candidate], question: Question) -> Names:
    """Of the two who talk. Not those of others: anybody could take a word away by its name."""
    others, memories = frozenset(question.here.heard), [it.memory for it in candidates]
    own = [it for it in memories if it.persona_id not in others] if others else memories
    return Names(names_of(own).person, names_of(memories).personality)


@dataclass(frozen=True, slots=True)
class _Passage:
    candidate: int
    is_by_person: bool
    tokens: int
    """How many it has; 0 while they aren't known."""


def _passages(number: int, candidate: Candidate) -> Iterator[_Passage]:
    if not candidate.lengths:
        memory = candidate.memory
        for is_by_person, words in ((True, memory.person_text), (False, memory.personality_text)):
            if words:
                yield _Passage(number, is_by_person, 0)
        return
    for place, length in enumerate(candidate.lengths):
        yield _Passage(number, place < candidate.person_passages, length)


def _by_candidate(passages: Sequence[_Passage]) -> list[range]:
    """The numbers of each candidate's passages."""
    starts = np.flatnonzero(~_within(passages)).tolist()
    return [range(*it) for it in pairwise([*starts, len(passages)])]


@dataclass(frozen=True, slots=True)
class _Fit:
    """How passages fit, in lists: what is read one by one is faster there."""

    scores: Scores
    said: Sequence[float]
    final: Sequence[float]
    relevant: Sequence[bool]


def _sides(passages: Sequence[_Passage], its: range) -> tuple[range, range]:
    """The numbers of the person's passages, and of the reply's."""
    reply = its.start + sum(passages[number].is_by_person for number in its)
    return range(its.start, reply), range(reply, its.stop)


def _most(values: Sequence[float], passages: range) -> float:
    return max(values[passages.start : passages.stop], default=0.0)


def _columns(
    candidates: Sequence[Candidate],
    passages: Sequence[_Passage],
    question: Question,
    vocabulary: Vocabulary,
    names: Names,
) -> Passages:
    told = [_said(candidates[it.candidate].memory, it) for it in passages]
    about, asks = _about(candidates, question), times.asks_when(question.text)
    words = [lexicon.terms(text) for text in told]
    distinct = [frozenset(terms) for terms in words]
    whose = np.array([it.candidate for it in passages])
    return Passages(
        keyword=keyword_shares(words, distinct, vocabulary),
        likeness=_likeness(candidates, passages, question),
        read=np.array([it.tokens > 0 for it in passages]),
        cosines=np.array([np.nan if it.cosine is None else it.cosine for it in candidates])[whose],
        follows=_follows(candidates, passages),
        within=_within(passages),
        fits_time=_fits_time(candidates, question)[whose],
        fits_speaker=np.array([float(it.is_by_person is about[it.candidate]) for it in passages]),
        tells_time=np.array([float(asks and times.tells_time(text)) for text in told]),
        first_told=_first_told(
            distinct, [candidates[it.candidate].memory.occur_time for it in passages]
        ),
        opens=_opens(candidates, passages),
        asks=np.array([text.rstrip().endswith(_ASKING) for text in told]),
        specific=specifics(told, names.all),
        recency=np.array([it.recency for it in candidates])[whose],
        salience=np.array([it.salience for it in candidates])[whose],
        link=np.array([it.link for it in candidates])[whose],
    )


def _fits_time(candidates: Sequence[Candidate], question: Question) -> Column:
    if not question.times:
        return np.zeros(len(candidates))
    return np.array([question.times.fit(it.memory.occur_time) for it in candidates])


def _about(candidates: Sequence[Candidate], question: Question) -> list[bool | None]:
    """Of each memory, whether the question is about its person's words: see about_person."""
    others = frozenset(question.here.heard)
    told: dict[tuple[int, int], list[Remembered]] = {}
    for it in candidates:
        told.setdefault(_owner(it), []).append(it.memory)
    about = {
        owner: about_person(
            question.text,
            names_of(its),
            asks=its[0].persona_id not in others,
            is_asked=question.spoken_to in (None, its[0].personality_id),
        )
        for owner, its in told.items()
    }
    return [about[_owner(it)] for it in candidates]


def _owner(candidate: Candidate) -> tuple[int, int]:
    """Whose it is: numbers, which are compared faster than UUIDs are."""
    return candidate.memory.persona_id.int, candidate.memory.personality_id.int


def _said(memory: Remembered, passage: _Passage) -> str:
    return memory.person_text if passage.is_by_person else memory.personality_text


def _likeness(
    candidates: Sequence[Candidate], passages: Sequence[_Passage], question: Question
) -> NDArray[np.float32] | None:
    read = [number for number, it in enumerate(passages) if it.tokens]
    if not read:
        return None
    states = late_interaction.unpacked(b"".join(it.states for it in candidates if it.lengths))
    lengths = [passages[number].tokens for number in read]
    likeness = np.zeros((len(question.meaning.states), len(passages)), np.float32)
    likeness[:, read] = late_interaction.likeness(question.meaning.states, states, lengths)
    return likeness


def _follows(candidates: Sequence[Candidate], passages: Sequence[_Passage]) -> NDArray[np.bool_]:
    """Whether each passage was said right after the one before it."""
    follows = [False] * len(passages)
    for number in range(1, len(passages)):
        last, this = passages[number - 1].candidate, passages[number].candidate
        before = candidates[last].memory.memory_id
        follows[number] = last == this or candidates[this].before_id == before
    return np.array(follows)


def _within(passages: Sequence[_Passage]) -> NDArray[np.bool_]:
    """Whether each passage is of the same memory as the one before it."""
    whose = np.array([it.candidate for it in passages])
    return np.concatenate(([False], whose[1:] == whose[:-1]))


def _first_told(words: Sequence[frozenset[str]], moments: Sequence[datetime]) -> Column:
    """See keywords.first_told; passages come as they stand in their places."""
    in_time = sorted(range(len(words)), key=lambda number: moments[number])
    shares = np.zeros(len(words))
    shares[in_time] = first_told([words[number] for number in in_time])
    return shares


def _opens(candidates: Sequence[Candidate], passages: Sequence[_Passage]) -> NDArray[np.bool_]:
    """Whether each passage is the first of a memory that begins a talk."""
    begins = [candidates[it.candidate].before_id is None for it in passages]
    return np.logical_and(~_within(passages), begins)


def _without(vocabulary: Vocabulary, names: Names) -> Vocabulary:
    """The terms that are not names: whoever talks with somebody is in all memories."""
    stems = {term for name in names.all for term in lexicon.terms(name)}
    left = {term: count for term, count in vocabulary.frequencies.items() if term not in stems}
    if not left:
        return vocabulary
    return Vocabulary(vocabulary.memory_count, vocabulary.mean_length, left)


def _token_weights(pieces: Sequence[Piece], names: Names) -> NDArray[np.float32]:
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
