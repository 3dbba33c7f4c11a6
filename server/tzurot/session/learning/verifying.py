"""Whether a person said what a model says that they said. Pure.

A fact is supported where a few sentences of theirs, which follow each other, name all that it
names: its topics, names, numbers, relatives, colors, months; and deny, wish or put into the past as
it does. So whatever a card, a prompt, lore, a skill, a memory or the character says is not learnt
unless they have said it, too: nothing of that kind is a source here. What is lost are facts in
words of the model's own; it is told to use theirs.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tzurot.memory.facts.fact import Fact
from tzurot.memory.facts.sense import Sense, beginning, sense_of, words_in
from tzurot.memory.facts.words import Kind
from tzurot.session.learning.answers import Found
from tzurot.session.learning.said import Sentence, stated

_TOGETHER = 3  # sentences that can support a fact, one after another

# What is as another word says it: who moved somewhere lives there. Not those that turn what is said
# into its contrary.
_IMPLIED = frozenset({"live", "work", "drink", "eat", "bear", "study", "suffer", "speak", "play"})
_AS_IT_IS = (Kind.KIN, Kind.NOT, Kind.WISH, Kind.PAST)
_NAMED = (Kind.NUMBER, Kind.MONTH, Kind.WEEKDAY, Kind.SIDE, Kind.COLOR, Kind.ANIMAL, Kind.FEELING)


class Unsupported(StrEnum):
    """Why a fact does not count."""

    NOT_SAID = "not said"
    OF_CHARACTER = "of the character"


@dataclass(frozen=True, slots=True)
class Names:
    """What the two who talk are called."""

    person: Collection[str]
    character: Collection[str]


@dataclass(frozen=True, slots=True)
class Supported:
    """A fact that the person said."""

    fictional: bool
    """Whether they played, or the model says so."""
    from_replaced: bool
    """Whether some of it is only in what it takes the place of."""


def verified(
    found: Found, said: str, replaced: Fact | None, names: Names
) -> Supported | Unsupported:
    """Whether `said`, the person's side of an exchange, says a fact.

    What the fact takes the place of may name what it is about.
    """
    if _is_of(found, names.character):
        return Unsupported.OF_CHARACTER
    wanted = sense_of(found.text, names.person)
    named = any(wanted.of(kind) for kind in (Kind.KIN, Kind.DEED, *_NAMED))
    if not wanted.topics and not named:
        return Unsupported.NOT_SAID
    sentences = stated(said)
    if _is_of_self(found, wanted, names.person):
        sentences = [it for it in sentences if _of_self(it, wanted, names.person)]
    windows = _windows(sentences)
    for known in ("", *([replaced.text] if replaced else [])):
        for window in windows:
            if _says(window, wanted, sense_of(known, names.person), names.person):
                played = any(it.played for it in window)
                return Supported(found.fictional or played, from_replaced=bool(known))
    return Unsupported.NOT_SAID


def entity_of(found: Found, said: str, names: Names) -> str:
    """Whom or what it is about, if the person named it; else empty."""
    known = {*words_in(said), *(word for name in names.person for word in words_in(name)), "s"}
    named = words_in(found.entity)
    return found.entity if all(it in known or it.rstrip("s") in known for it in named) else ""


def _is_of(found: Found, character: Collection[str]) -> bool:
    """Whether a fact is about the character: it begins with its name, or is said to be."""
    begun = words_in(found.text)
    for name in filter(None, map(words_in, character)):
        possessive = [*name[:-1], f"{name[-1]}s"]
        if begun[: len(name)] in (name, possessive) or words_in(found.entity)[: len(name)] == name:
            return True
    return False


def _is_of_self(found: Found, wanted: Sense, person: Collection[str]) -> bool:
    """Whether a fact is about the person, and not about somebody or something of theirs."""
    begun = words_in(found.text)
    named = (words_in(name) for name in person)
    is_name = any(name and begun[: len(name)] == name for name in named)
    return is_name and not wanted.of(Kind.KIN) and "'s " not in found.text.replace("’", "'")


def _of_self(sentence: Sentence, wanted: Sense, person: Collection[str]) -> bool:
    """Whether a sentence can be about whoever says it: it does not begin with somebody else."""
    if sentence.says_i:
        return True
    first = words_in(sentence.text)[:1]
    begins = sense_of(" ".join(first), person).topics
    return not sentence.is_of_another and begins <= wanted.topics


def _windows(sentences: Sequence[Sentence]) -> list[Sequence[Sentence]]:
    """A few sentences that follow each other; the shortest first."""
    return [
        sentences[start : start + size]
        for size in range(1, _TOGETHER + 1)
        for start in range(len(sentences) - size + 1)
    ]


def _says(window: Sequence[Sentence], wanted: Sense, known: Sense, names: Collection[str]) -> bool:
    """Whether these sentences say it, with what of it is known."""
    has = sense_of(" ".join(it.text for it in window), names)
    if any(wanted.of(kind) != has.of(kind) for kind in _AS_IT_IS):
        return False
    deeds = wanted.of(Kind.DEED) - _IMPLIED
    members = {Kind.DEED: deeds, **{kind: wanted.of(kind) for kind in _NAMED}}
    if any(its - has.of(kind) - known.of(kind) for kind, its in members.items()):
        return False
    if not wanted.names <= has.topics | known.topics:
        return False
    own = {beginning(it) for it in has.topics}
    there = own | {beginning(it) for it in known.topics}
    begun = {beginning(it) for it in wanted.topics}
    says_some = not begun.isdisjoint(own) or any(
        wanted.of(kind) & has.of(kind) for kind in (Kind.KIN, Kind.DEED, *_NAMED)
    )
    return begun <= there and says_some
