"""Texts as words in sentences, with what capitals tell of them. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tzurot.memory.graph.cues import ENGLISH, GERMAN

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# What stands between two words and begins a new sentence, or something like one.
_BREAK = re.compile(r"[.!?…:;\n\"“”„«»‹›*(\[—¿¡]")
# A point after these ends no sentence.
_SHORT = frozenset({"dr", "mr", "mrs", "ms", "st", "prof", "sr", "jr", "hr", "fr", "nr"})
_SHOUTED = 0.75  # of the words of a sentence with capitals: a heading, or shouting
_FEW = 3  # words of which that can't be said
_LONGEST_ACRONYM = 5


class Word(NamedTuple):
    """A word where it stands."""

    text: str
    """As it is written, without a possessive ending."""
    before: tuple[str, str]
    """The two words before it in its sentence, the nearer one last; empty where there are none."""
    after: str
    """The word after it in its sentence; empty where there is none."""
    capital: bool
    """Whether it begins with a capital that it has not because of its place: not the first of its
    sentence, and not in one that is a heading."""


def sentences(text: str) -> Iterator[list[Word]]:
    """The sentences of a text, in order."""
    sentence: list[str] = []
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        ends = _BREAK.search(gap) and not (sentence and sentence[-1].casefold() in _SHORT)
        if sentence and ends:
            yield _read(sentence)
            sentence = []
        sentence.append(match[0])
        end = match.end()
    if sentence:
        yield _read(sentence)


def is_german(texts: Sequence[str]) -> list[bool]:
    """Which texts are German; short ones are of the language that most of the others are."""
    counts = [_german_words(text) for text in texts]
    mostly = sum(count > 0 for count in counts) > sum(count < 0 for count in counts)
    return [count > 0 or (count == 0 and mostly) for count in counts]


def _german_words(text: str) -> int:
    """How many words more are German than English."""
    words = [word.casefold() for word in _WORD.findall(text)]
    return sum(word in GERMAN for word in words) - sum(word in ENGLISH for word in words)


def _read(words: Sequence[str]) -> list[Word]:
    further = [word for word in words[1:] if word != "I"]
    capitals = sum(word[0].isupper() for word in further)
    shouted = len(further) >= _FEW and capitals > _SHOUTED * len(further)
    told: list[Word] = []
    folded = ["", "", *(word.casefold() for word in words), ""]
    for place, word in enumerate(words):
        text = _bare(word)
        acronym = len(text) > 1 and text.isupper()
        named = text[:1].isupper() and (not acronym or len(text) <= _LONGEST_ACRONYM)
        told.append(
            Word(
                text,
                (folded[place], folded[place + 1]),
                folded[place + 3],
                capital=named and place > 0 and not shouted,
            )
        )
    return told


def _bare(word: str) -> str:
    """A word without what an apostrophe adds: Ada's, Ankara'da, d'Anna; O'Brien stays whole."""
    first, mark, rest = word.replace("’", "'").partition("'")
    if not mark:
        return word
    if rest[:1].isupper():
        return f"{first}'{rest}" if first[:1].isupper() else rest
    return first
