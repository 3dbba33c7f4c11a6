"""Who and what is named in memories. Pure.

A name is written with a capital inside a sentence, and hardly ever without. German writes all nouns
so: there it has to stand where nouns don't, without an article, or be introduced as a name. Cases
and possessives are one name, and so are a whole name and its parts where one stands for the other.
Scripts without capitals tell no names: see topics.py.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tzurot.memory import lexicon
from tzurot.memory.graph.cues import DETERMINER, DOES, INTRODUCES, NO_NAMES, NOUN
from tzurot.memory.graph.sentences import Word, is_german, sentences
from tzurot.memory.stopwords import STOP_WORDS

_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LONGEST_RUN = 4  # words of one name
_RARELY = 3  # times as often with a capital as without
_REPEATED = 2  # times that a German word has to stand where no noun does

Run = tuple[str, ...]
"""The words of one name, as they are compared."""


@dataclass(slots=True)
class _Seen:
    """How a word was written."""

    small: int = 0
    capital: int = 0
    """Inside sentences of languages that capitalise names only."""
    free: int = 0
    """In German, where no noun stands."""
    noun: int = 0
    introduced: int = 0
    forms: Counter[str] = field(default_factory=Counter[str])


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody or something by name."""

    key: str
    label: str
    memories: tuple[int, ...]
    """Which memories name it, by their numbers, in order."""


def names(memories: Sequence[Sequence[str]], known: Collection[str] = ()) -> list[Name]:
    """All that is named in memories, each given by its texts; most often named first.

    `known`: words in small letters that are names already, of those who talk.
    """
    german = iter(is_german([text for texts in memories for text in texts]))
    read = [[(next(german), list(sentences(text))) for text in texts] for texts in memories]
    seen: dict[str, _Seen] = defaultdict(_Seen)
    for texts in read:
        for is_german_, its in texts:
            for word in (word for sentence in its for word in sentence):
                _see(seen[_key(word.text)], word, german=is_german_)
    eligible = {key for key, it in seen.items() if key not in known and _is_name(key, it)}
    eligible |= {key for key, it in seen.items() if _nominative(key) in eligible and not it.small}
    runs = [
        {
            run
            for is_german_, its in texts
            for sentence in its
            for run in _runs(sentence, eligible, german=is_german_)
        }
        for texts in read
    ]
    return _merged(runs, seen, eligible)


def name_words(names_: Iterable[str]) -> Iterator[str]:
    """The words of names, as they are compared."""
    for name in names_:
        for sentence in sentences(name):
            yield from (_key(word.text) for word in sentence)


def _key(word: str) -> str:
    """A word as it is compared: without its case where the stemmer knows cases."""
    folded = word.casefold()
    return "-".join(lexicon.terms(folded)) if _CYRILLIC.search(folded) else folded


def _see(seen: _Seen, word: Word, *, german: bool) -> None:
    if not word.text[:1].isupper():
        seen.small += 1
        return
    seen.forms[word.text] += 1
    if not german:
        seen.capital += word.capital
        return
    further, before = word.before
    adjective = before and DETERMINER.fullmatch(further) and not DETERMINER.fullmatch(before)
    if before in INTRODUCES:
        seen.introduced += 1
    elif DETERMINER.fullmatch(before) or adjective:
        seen.noun += 1
    elif word.capital:
        seen.free += 1 + (word.after in DOES)


def _is_name(key: str, seen: _Seen) -> bool:
    if len(key) < 2 or key in STOP_WORDS or key in NO_NAMES:
        return False
    if seen.capital and seen.capital >= _RARELY * seen.small:
        return True
    if NOUN.fullmatch(key):
        return False
    free = seen.free >= _REPEATED and seen.free >= _RARELY * (seen.noun + seen.small)
    return free or seen.introduced > seen.noun + seen.small


def _runs(sentence: Sequence[Word], eligible: Collection[str], *, german: bool) -> Iterator[Run]:
    """The names in a sentence: words with capitals beside each other, one of them a name at least.

    A first word with its capital counts only if it is a name, and so do all in German.
    """
    run: list[str] = []
    for word in (*sentence, None):
        key = _key(word.text) if word else ""
        beside = bool(word and word.capital and not german and _may_belong(key))
        part = key in eligible or beside
        if word and word.text[:1].isupper() and part and len(run) < _LONGEST_RUN:
            run.append(key)
            continue
        if any(it in eligible for it in run):
            yield tuple(run)
        run = []


def _may_belong(key: str) -> bool:
    return len(key) > 1 and key not in NO_NAMES and key not in STOP_WORDS


def _merged(
    runs: Sequence[Collection[Run]], seen: dict[str, _Seen], eligible: Collection[str]
) -> list[Name]:
    counts = Counter(run for its in runs for run in its)
    stands_for = _aliases(counts, eligible)
    found: dict[Run, list[int]] = defaultdict(list)
    for number, its in enumerate(runs):
        for run in {_last(run, stands_for) for run in its}:
            found[run].append(number)
    named = [
        Name(" ".join(run), " ".join(_form(seen[key]) for key in run), tuple(numbers))
        for run, numbers in found.items()
    ]
    return sorted(named, key=lambda it: (-len(it.memories), it.key))


def _aliases(counts: Counter[Run], eligible: Collection[str]) -> dict[Run, Run]:
    """For each name that is another one's: that one."""
    stands_for: dict[Run, Run] = {}
    wholes: dict[str, set[Run]] = defaultdict(set)
    for run in counts:
        for key in run if len(run) > 1 else ():
            wholes[key].add(run)
    for run, count in counts.items():
        parts = [key for key in run if key in eligible]
        most = max(parts, key=lambda key: counts[(key,)])
        if len(run) > 1 and counts[(most,)] >= count:
            stands_for[run] = (most,)
        elif len(run) > 1:
            stands_for |= {(key,): run for key in parts if wholes[key] == {run}}
        elif counts[shorter := (_nominative(most),)] >= count:
            stands_for[run] = shorter
    return stands_for


def _nominative(key: str) -> str:
    """A name without the s of a genitive: Annas Haus."""
    return key[:-1] if key.endswith("s") and not _CYRILLIC.search(key) else ""


def _last(run: Run, stands_for: dict[Run, Run]) -> Run:
    """What a name stands for in the end."""
    passed = {run}
    while (other := stands_for.get(run)) and other not in passed:
        passed.add(other)
        run = other
    return run


def _form(seen: _Seen) -> str:
    """How a word is written most often; among equals the shorter one."""
    return max(sorted(seen.forms), key=lambda it: (seen.forms[it], -len(it)))
