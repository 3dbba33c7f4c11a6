"""The words of a text as search compares them: stems, the same for both engines and for scoring.

No language is guessed: a word's script decides its stemmer, so that a form is always cut the same
way. English's suffixes are taken off Latin words of any language; cutting German or Spanish by them
only merges a few forms, on both sides alike. Scripts without spaces become pairs of characters.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

from tzurot.memory.stopwords import STOP_WORDS

MAX_QUESTION_TERMS = 32  # more say nothing new, and each costs a count over the owner's memories

_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
# Han, kana and Thai are written without spaces (Unicode blocks, by their ranges).
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
_english = snowballstemmer.stemmer("english")
_russian = snowballstemmer.stemmer("russian")


def terms(text: str) -> list[str]:
    """All terms of a text, in order, repeated as often as they occur."""
    return [_stem(word) for word in _words(text)]


def question_terms(text: str) -> tuple[str, ...]:
    """What to look for: distinct terms without function words, first 32; all where nothing is left."""
    words = list(_words(text))
    telling = [word for word in words if word not in STOP_WORDS] or words
    return tuple(dict.fromkeys(_stem(word) for word in telling))[:MAX_QUESTION_TERMS]


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower()):
        if _UNSPACED.match(word):
            yield from _pairs(word)
        else:
            yield word


def _pairs(run: str) -> Iterator[str]:
    """Overlapping pairs: the usual stand-in for words where there is no dictionary."""
    if len(run) == 1:
        yield run
    for start in range(len(run) - 1):
        yield run[start : start + 2]


@lru_cache(maxsize=100_000)  # the stemmer is pure Python, some 20 µs a word
def _stem(word: str) -> str:
    stemmer = _russian if _CYRILLIC.search(word) else _english
    return stemmer.stemWord(word)
