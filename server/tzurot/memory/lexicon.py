"""The words of a text as search compares them: stems, the same for both engines and for scoring.

No language is guessed: a word's script decides its stemmer, so that a form is always cut the same
way. English's suffixes are taken off Latin words of any language; cutting German or Spanish by them
only merges a few forms, on both sides alike. Scripts without spaces become
overlapping pairs of characters, the usual stand-in where there is no dictionary.
"""

# snowballstemmer has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import Protocol

import snowballstemmer

from tzurot.memory.stopwords import STOP_WORDS

MAX_QUESTION_TERMS = 32  # more say nothing new, and each costs a count over the owner's memories
MAX_TERM_CHARACTERS = 64  # Postgres refuses words over 2 kB; and long ones are no words
_MOST_KNOWN = 100_000  # words whose terms are kept

_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
# Han, kana and Thai are written without spaces (Unicode blocks, by their ranges).
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the library's name


_english: _Stemmer = snowballstemmer.stemmer("english")
_russian: _Stemmer = snowballstemmer.stemmer("russian")


def terms(text: str) -> list[str]:
    """All terms of a text, in order, repeated as often as they occur."""
    return list(chain.from_iterable(map(_known.__getitem__, _WORD.findall(text.lower()))))


def question_terms(text: str) -> tuple[str, ...]:
    """What to look for: the first 32 distinct terms, without function words if others are left."""
    words: list[str] = _WORD.findall(text.lower())
    telling = [word for word in words if word not in STOP_WORDS] or words
    distinct = dict.fromkeys(term for word in telling for term in _known[word])
    return tuple(distinct)[:MAX_QUESTION_TERMS]


def words_with(text: str, wanted: Collection[str]) -> dict[str, str]:
    """Where a text has one of the terms that are wanted: its words as they stand, by the term.

    In the order of the text, each at its first place. Of a script without spaces a word is as much
    as overlapping pairs cover; it stands by the first of them.
    """
    found: dict[str, str] = {}
    for match in _WORD.finditer(text):
        word, terms_ = match[0], _known[match[0].lower()]
        if _UNSPACED.match(word):
            found |= {term: run for term, run in _runs(word, terms_, wanted) if term not in found}
        elif terms_[0] in wanted:
            found.setdefault(terms_[0], word)
    return found


def _runs(word: str, pairs: Sequence[str], wanted: Collection[str]) -> Iterator[tuple[str, str]]:
    """Parts of a word in which each pair is wanted, each by its first pair."""
    start: int | None = None
    for place, pair in enumerate((*pairs, "")):
        if pair in wanted and start is None:
            start = place
        elif pair not in wanted and start is not None:
            yield pairs[start], word[start : place + 1]
            start = None


def _terms_of(word: str) -> tuple[str, ...]:
    if _UNSPACED.match(word):
        return tuple(word[start : start + 2] for start in range(max(1, len(word) - 1)))
    stemmer = _russian if _CYRILLIC.search(word) else _english
    return (stemmer.stemWord(word[:MAX_TERM_CHARACTERS]),)


class _Known(dict[str, tuple[str, ...]]):
    """The terms of words. The stemmers are pure Python, some 20 µs a word.

    A recall looks up some 5,000, for which functools.lru_cache takes twice as long: it keeps an
    order of use.
    """

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[word] = found = _terms_of(word)
        return found


_known = _Known()
