"""A summary without a model: the sentences of a run that say most, in the words of who said them.

Pure. Sentences are chosen so that together they name as much as they can of what the run is about,
each thing counted once: maximum coverage of concepts (Gillick and Favre 2009, "A Scalable Global
Model for Summarization", ACL workshop on ILP for NLP, §3), greedily, by what a sentence adds for
each character it takes (Khuller, Moss and Naor 1999, "The budgeted maximum coverage problem", §2).
A concept here is a stem; what several messages name weighs more, and so do names and numbers.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tzurot.memory import lexicon
from tzurot.memory.stopwords import STOP_WORDS
from tzurot.session.prompt import marks

CHARACTERS = 700  # of a summary: about 120 words

_SENTENCES = 12  # of a message that are looked at; of more, those with most words
_LONGEST = 240  # characters of a sentence; of a longer one its beginning is taken
_BREATH = 40  # characters that each sentence counts for besides: else exclamations go first
_TELLS = 2  # concepts of a sentence, if there are such: with less it names, and tells nothing
_NAME, _OF_PERSON, _ASKS = 1.5, 1.5, 0.5
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*[\"'”’)*_]*")
_WORD = re.compile(r"[^\W_]+")
_ASKED = re.compile(r"[?？][\"'”’)*_]*$")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message, and by what name its speaker goes."""

    name: str
    text: str
    by_person: bool


@dataclass(frozen=True, slots=True)
class _Sentence:
    place: int  # among all that are looked at
    message: int
    text: str
    concepts: frozenset[str]
    weight: float

    @property
    def cost(self) -> int:
        return len(self.text) + 1


def extract(run: Sequence[Spoken], characters: int = CHARACTERS) -> str:
    """What a run says most of in at most so many characters, each in quotation marks.

    Empty, if nobody says anything. Text such as `Ada: "I moved to Oslo." Lilith: "To which part?"`.
    """
    all_of_it = _sentences(run)
    worth = _worth(all_of_it)
    sentences = [it for it in all_of_it if len(it.concepts) >= _TELLS] or all_of_it
    names = [len(said.name) + 5 for said in run]
    chosen: list[_Sentence] = []
    covered: set[str] = set()
    left = characters
    while True:
        speaking = {it.message for it in chosen}
        sentences = [it for it in sentences if it.cost <= left and it.concepts - covered]
        costs = [it.cost + (0 if it.message in speaking else names[it.message]) for it in sentences]
        gains = [
            _gain(it, covered, worth) / (cost + _BREATH) if cost <= left else 0.0
            for it, cost in zip(sentences, costs, strict=True)
        ]
        if not any(gains):
            return _told(run, chosen)
        best = gains.index(max(gains))  # the first of equals
        chosen.append(sentences[best])
        covered |= sentences[best].concepts
        left -= costs[best]


def _gain(it: _Sentence, covered: set[str], worth: Mapping[str, float]) -> float:
    return it.weight * sum(worth[concept] for concept in it.concepts - covered)


def _sentences(run: Sequence[Spoken]) -> list[_Sentence]:
    """The sentences that name something, in order; of each message those that may name most."""
    found: list[_Sentence] = []
    for number, said in enumerate(run):
        for text in _richest([_cut(marks.one_line(it)) for it in _SENTENCE.findall(said.text)]):
            if concepts := _concepts(text):
                weight = _OF_PERSON if said.by_person else 1.0
                weight *= _ASKS if _ASKED.search(text) else 1.0
                found.append(_Sentence(len(found), number, text, concepts, weight))
    return found


def _richest(sentences: Sequence[str]) -> Sequence[str]:
    """Those of a message with the most words of which each may be a concept, in order."""
    if len(sentences) <= _SENTENCES:
        return sentences
    words = [len({*_WORD.findall(it.lower())} - STOP_WORDS) for it in sentences]
    best = sorted(range(len(sentences)), key=lambda it: -words[it])[:_SENTENCES]
    return [sentences[it] for it in sorted(best)]


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    whole, _, _ = text[: _LONGEST - 1].rpartition(" ")
    return f"{whole or text[: _LONGEST - 1]}…"


def _concepts(text: str) -> frozenset[str]:
    words = [it for it in _WORD.findall(text.lower()) if it not in STOP_WORDS]
    return frozenset(lexicon.terms(" ".join(words)))


def _worth(sentences: Sequence[_Sentence]) -> Mapping[str, float]:
    """What each concept is worth."""
    heard = {(it.message, concept) for it in sentences for concept in it.concepts}
    counts = Counter(concept for _, concept in heard)
    names = {stem for it in sentences for stem in _names(it.text)}
    return {
        concept: (1 + math.log(count)) * (_NAME if concept in names else 1.0)
        for concept, count in counts.items()
    }


def _names(sentence: str) -> frozenset[str]:
    """Stems of numbers, and of words that are capital within a sentence."""
    words = _WORD.findall(sentence)
    found = [it for it in words[1:] if it[0].isupper()]
    return _concepts(" ".join([*found, *(it for it in words if it[0].isdigit())]))


def _told(run: Sequence[Spoken], chosen: Sequence[_Sentence]) -> str:
    """The sentences as they followed each other, those of one message in one quotation."""
    by_message: dict[int, list[str]] = {}
    for it in sorted(chosen, key=lambda it: it.place):
        by_message.setdefault(it.message, []).append(it.text)
    return " ".join(
        f"{run[number].name}: {marks.quoted(' '.join(texts))}"
        for number, texts in by_message.items()
    )
