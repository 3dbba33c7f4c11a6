"""What somebody's words say of a person, part by part, to be held against what is forgotten. Pure.

A fact is one sentence that names its person. Said in a conversation it stands somewhere among other
words, and names them by a pronoun: `the bees on your roof` in a reply, `my bees` in what they say
themselves. So each sentence is looked at, and each clause of it. What goes on about somebody else,
or in a reply about the character, says nothing of the person.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tzurot.memory.facts.pronouns import SOMEBODY_ELSE, YOU, I, named, says_whose
from tzurot.memory.facts.sense import Sense, sense_of, words_in

_SENTENCE = re.compile(r"[^.!?…。！？\n]+[.!?…。！？]*")
_CLAUSE = re.compile(
    r"[,;:()*\"“”„«»–—]|\s-\s|\b(?:and|but|so|because|while|und|aber|weil|y|pero|porque)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence or a clause that says something of the person."""

    text: str
    """As it was said."""
    sense: Sense
    told: str
    """The same with their name in place of pronouns: as a fact would put it."""


def by_person(text: str, name: str, names: Collection[str]) -> Iterator[Saying]:
    """What a person says of themselves; `name` is what they are called there, `names` at all."""
    for part in _parts(text):
        if I.search(part) or _names_one(part, names) or not SOMEBODY_ELSE.search(part):
            yield Saying(part, sense_of(part, names), named(part, I, name))


def by_character(text: str, name: str, names: Collection[str]) -> Iterator[Saying]:
    """What a character says of the person that it speaks to, who is called so."""
    for part in _parts(text):
        of_another = SOMEBODY_ELSE.search(part) or says_whose(part, I)
        if YOU.search(part) or _names_one(part, names) or not of_another:
            yield Saying(part, sense_of(part, names), named(part, YOU, name))


def _parts(text: str) -> Iterator[str]:
    """The sentences of a text and their clauses, each once."""
    told: dict[str, None] = {}
    for sentence in _SENTENCE.findall(text):
        told |= dict.fromkeys(it.strip() for it in (sentence, *_CLAUSE.split(sentence)))
    return (it for it in told if it)


def _names_one(text: str, names: Collection[str]) -> bool:
    """Whether one of the names is in a text."""
    words = set(words_in(text))
    called = {word for name in names for word in words_in(name)}
    return not words.isdisjoint(called | {f"{it}s" for it in called})
