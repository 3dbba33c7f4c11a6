"""What a fact says, as far as words can tell that: its language, its topics, words that part facts.

Pure. `marks` is all of that as words that can be hashed one by one (forgetting.py).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from tzurot.memory import lexicon
from tzurot.memory.facts.words import BY_WORD, HINTS, LIGHT, Kind
from tzurot.memory.stopwords import ENGLISH, GERMAN, SPANISH, STOP_WORDS

BEGINNING = 4  # letters that forms and compounds of a word have in common
NAME_BEGINNING = 3  # letters of a name that other languages often have, too

_WORD = re.compile(r"[^\W_]+")
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_NAME = re.compile(r"(?<=[\w,;] )[A-ZÀ-Þ][\w]+")  # not at a sentence's beginning
# What says otherwise than its words: each with words that say it.
_PHRASES = (
    (re.compile(r"\b(?:can(?:no|')?t|could ?n[o']t) (?:stand|bear)\b"), "hates"),
    (re.compile(r"\b(?:mother|father|mom|mum|dad) of\b"), "children"),
    (re.compile(r"\b(?:passed|passes) away\b"), "died"),
    (re.compile(r"\bgave up\b"), "quit"),
    (re.compile(r"\bwould (?:like|love)\b"), "wants"),
    (re.compile(r"\bwork(?:s|ed|ing)? on\b"), "makes"),
)
_FUNCTION_WORDS = {"en": ENGLISH, "de": GERMAN, "es": SPANISH}
_LANGUAGES = {name: words | HINTS[name] for name, words in _FUNCTION_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Sense:
    """What a fact says."""

    language: str
    """`en`, `de`, `es`; empty where that can't be told."""
    topics: frozenset[str]
    """The stems of what it is about."""
    names: frozenset[str]
    """Those topics that are names; none in German, where all nouns are written as names are."""
    classes: Mapping[Kind, frozenset[str]]
    """The members of each closed class that it names; those that are missing name none."""

    def of(self, kind: Kind) -> frozenset[str]:
        """The members of a class that it names."""
        return self.classes.get(kind, frozenset())


def sense_of(text: str, names: Collection[str] = ()) -> Sense:
    """What a fact says; `names` are those of whom it is about, which say nothing."""
    own = {form for name in names for word in words_in(name) for form in (word, f"{word}s")}
    words = [word for word in words_in(_plainly(text)) if word not in own]
    classes: dict[Kind, set[str]] = defaultdict(set)
    topics: set[str] = set()
    for word in words:
        member = _member(word)
        if member:
            classes[member[0]].add(member[1])
        elif word not in LIGHT and word not in STOP_WORDS:
            topics.update(lexicon.terms(word))
    language = _language(words)
    told = [] if language == "de" else _NAME.findall(text)
    called = topics.intersection(term for it in told for term in lexicon.terms(_plain(it)))
    return Sense(language, frozenset(topics), frozenset(called), _settled(classes))


def words_in(text: str) -> list[str]:
    """The words of a text, in small letters and without accents."""
    return _WORD.findall(_plain(text))


def _plainly(text: str) -> str:
    said = text.casefold().replace("’", "'")
    for phrase, words in _PHRASES:
        said = phrase.sub(words, said)
    return said


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(it for it in folded if not unicodedata.combining(it))


def beginning(topic: str) -> str:
    """What a topic has in common with its other forms."""
    return topic[:BEGINNING]


def marks(sense: Sense) -> Iterator[str]:
    """All that it says, each as one word."""
    yield f"language {sense.language}"
    yield f"count {len(sense.topics)}"
    for topic in sense.topics:
        yield f"topic {topic}"
        yield f"beginning {beginning(topic)}"
    if sense.names:
        yield "any name"
    for name in sense.names:
        yield f"name {name[:NAME_BEGINNING]}"
    for kind in Kind:
        members = sense.of(kind)
        yield f"all {kind} {' '.join(sorted(members))}"
        if members:
            yield f"any {kind}"
        for member in members:
            yield f"one {kind} {member}"


def _member(word: str) -> tuple[Kind, str] | None:
    if ordinal := _ORDINAL.match(word):
        word = ordinal[1]
    if word.isdigit():
        return Kind.NUMBER, str(int(word))
    return BY_WORD.get(word)


def _settled(classes: Mapping[Kind, set[str]]) -> Mapping[Kind, frozenset[str]]:
    """Thirty and four are 34; who does not like something dislikes it; who divorced had married."""
    found = {kind: set(members) for kind, members in classes.items()}
    numbers = found.get(Kind.NUMBER, set())
    tens = {it for it in numbers if it.isdigit() and len(it) == 2 and it.endswith("0")}
    ones = {it for it in numbers if it.isdigit() and len(it) == 1}
    if len(tens) == len(ones) == 1:
        numbers -= tens | ones
        numbers.add(str(int(*tens) + int(*ones)))
    feelings, negated = found.get(Kind.FEELING, set()), found.get(Kind.NOT, set())
    if negated and "like" in feelings:
        feelings.discard("like")
        feelings.add("dislike")
        negated.clear()
    if "divorced" in found.get(Kind.KIN, set()):
        found[Kind.KIN].discard("spouse")
    return {kind: frozenset(members) for kind, members in found.items() if members}


def _language(words: Collection[str]) -> str:
    counts = {name: sum(word in its for word in words) for name, its in _LANGUAGES.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""
