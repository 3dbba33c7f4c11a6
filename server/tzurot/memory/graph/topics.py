"""Words that come up again and again in memories and are rare in everyday speech. Pure.

Forms of a word are one topic, told by the commonest of them. Han and kana are written without
spaces: there a topic is two to four characters that come up together.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tzurot.memory import lexicon, times
from tzurot.memory.stopwords import STOP_WORDS

Commonness = Callable[[str], float]
"""Called with a word: the logarithm of how common it is in all languages."""

_AGAIN = 3  # memories, and more in many
_SHARE = 0.005  # of all memories
_EVERYDAY = -13.0  # the logarithm of a word's share: "amazing" and "friend" are commoner
# What people say to anything.
_SAID_ANYWAY = """
yeah yep yup nope wow haha hmm okay awesome amazing gonna wanna gotta kinda totally definitely
absolutely honestly exactly basically excited appreciate lucky grateful glad sorry fave stoked
genau natürlich vielleicht wirklich eigentlich schade toll krass
"""
_NO_TOPICS = STOP_WORDS.union(_SAID_ANYWAY.split())
_SHORTEST = 3  # characters of a stem

_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
_CUT = 200  # characters of an unspaced text that are looked at, and memories
_NEWEST = 1000
_GRAMS = (4, 3, 2)  # characters
_PART = 0.8  # of a longer one's memories: a shorter one is a part of it
# What joins words in Chinese, and hiragana, which do in Japanese.
_JOINS = re.compile(
    r"[的了是我你他她它们在有不这那和就也都吗呢吧很啊与及或被把对从到给去来说会要\u3040-\u309f]"
)


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that memories come back to."""

    key: str
    label: str
    memories: tuple[int, ...]
    """Which memories have it, by their numbers, in order."""


def topics(
    memories: Sequence[str], commonness: Commonness, known: Collection[str] = ()
) -> list[Topic]:
    """The topics of memories, each given by its text; most often met first.

    `known`: words in small letters that are names.
    """
    least = max(_AGAIN, round(_SHARE * len(memories)))
    found: dict[str, list[int]] = defaultdict(list)
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for number, text in enumerate(memories):
        its = [word for word in _WORD.findall(text) if not _UNSPACED.search(word)]
        for word in its:
            forms[_stem(word)][word] += 1
        for stem in dict.fromkeys(map(_stem, its)):
            found[stem].append(number)
    named = [
        Topic(stem, _form(forms[stem]), tuple(numbers))
        for stem, numbers in found.items()
        if len(numbers) >= least and _tells(stem, forms[stem], commonness, known)
    ]
    return sorted([*named, *_unspaced(memories, least)], key=lambda it: (-len(it.memories), it.key))


def _stem(word: str) -> str:
    return lexicon.terms(word)[0]


def _tells(
    stem: str, forms: Mapping[str, int], commonness: Commonness, known: Collection[str]
) -> bool:
    folded = {form.casefold() for form in forms}
    if len(stem) < _SHORTEST or folded & _NO_TOPICS or folded.intersection(known):
        return False
    written = {stem, *forms, *folded}
    return not times.tells_time(_form(forms)) and max(map(commonness, written)) < _EVERYDAY


def _form(forms: Mapping[str, int]) -> str:
    """How a word is written most often; among equals the shorter one, and in small letters."""
    return max(sorted(forms, reverse=True), key=lambda it: (forms[it], -len(it)))


def _unspaced(memories: Sequence[str], least: int) -> Iterable[Topic]:
    """Characters that come up together, the longest of those that are parts of each other."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(memories[:_NEWEST]):
        for gram in dict.fromkeys(_grams(text[:_CUT])):
            found[gram].append(number)
    often = {gram: its for gram, its in found.items() if len(its) >= least}
    parts = {
        gram[start : start + size]
        for gram, its in often.items()
        for size in _GRAMS
        for start in range(len(gram) - size + 1)
        if size < len(gram) and len(its) >= _PART * len(often[gram[start : start + size]])
    }
    return [Topic(it, it, tuple(often[it])) for it in often if it not in parts]


def _grams(text: str) -> Iterable[str]:
    for run in _UNSPACED.findall(text):
        for part in _JOINS.split(run):
            for size in _GRAMS:
                for start in range(len(part) - size + 1):
                    yield part[start : start + size]
