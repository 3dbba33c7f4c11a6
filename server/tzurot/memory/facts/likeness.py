"""When two facts say the same, in whatever words. Pure.

Vectors alone can't tell: `Ada's cousin is called Tom` is nearer to `Ada's brother is called Tom`
than most paraphrases are. So both have to agree in what closed classes of words say (words.py), in
one language also in their topics, and in their vectors as far as those tell. One side may be known
by its marks alone (sense.py), which can be hashed: so is what is forgotten.

Measured in docs/reference/facts.md, on tests/memory/facts/paraphrases.yaml, to which the numbers
below are fitted, and on a second table, to which they are not.
"""

from collections.abc import Callable

from tzurot.memory.facts.sense import NAME_BEGINNING, Sense, beginning
from tzurot.memory.facts.words import LENIENT, Kind

# Cosines of two vectors from which on it can be the same.
_ALL_TOPICS = 0.75  # one language, and all topics of the shorter one are in the other
_SOME_TOPICS = 0.93  # some of them
_NO_TOPICS = 0.9  # one of them has none beside closed classes, and the other has
_OTHER_LANGUAGE = 0.74
_OTHER_LANGUAGE_AGREEING = 0.69  # some name or member of a class is in both
# One has a name that the other lacks, perhaps by its spelling; the second where they agree else.
_UNNAMED, _UNNAMED_AGREEING = 0.85, 0.8

_MOST_TOPICS = 3  # times as many as the shorter one has

NEVER = 2.0  # no cosine is as high

MOST_TOPICS = 100  # a fact of 500 characters has fewer

Has = Callable[[str], bool]
"""Whether a fact has a mark."""


def same(sense: Sense, has: Has, cosine: float) -> bool:
    """Whether a fact says the same as another one, which has these marks."""
    return cosine >= least_cosine(sense, has)


def least_cosine(sense: Sense, has: Has) -> float:
    """The cosine from which on a fact says the same as one with these marks; NEVER: none does.

    So whoever has many to compare needs the vectors only of those that words leave.
    """
    if not all(_agree(kind, sense, has) for kind in Kind):
        return NEVER
    if has(f"language {sense.language}"):
        return _in_one_language(sense, has)
    named = any(has(f"name {it[:NAME_BEGINNING]}") for it in sense.topics)
    agrees = named or any(_shared(kind, sense, has) for kind in Kind)
    if has("any name") and not named:
        return _UNNAMED_AGREEING if agrees else _UNNAMED
    return _OTHER_LANGUAGE_AGREEING if agrees else _OTHER_LANGUAGE


def _agree(kind: Kind, sense: Sense, has: Has) -> bool:
    members = sense.of(kind)
    if kind not in LENIENT:
        return has(f"all {kind} {' '.join(sorted(members))}")
    return not members or not has(f"any {kind}") or _names_one(kind, sense, has)


def _names_one(kind: Kind, sense: Sense, has: Has) -> bool:
    return any(has(f"one {kind} {it}") for it in sense.of(kind))


def _shared(kind: Kind, sense: Sense, has: Has) -> bool:
    """Whether that a class is named in both is worth something: most facts deny or do something."""
    return kind not in (Kind.NOT, Kind.DEED) and _names_one(kind, sense, has)


def _in_one_language(sense: Sense, has: Has) -> float:
    own, others = len(sense.topics), _topic_count(has)
    found = sum(has(f"topic {it}") or has(f"beginning {beginning(it)}") for it in sense.topics)
    few, many = min(own, others), max(own, others)
    if few == 0:
        return _ALL_TOPICS if many == 0 else _NO_TOPICS
    if found >= few and found * _MOST_TOPICS >= many:
        return _ALL_TOPICS
    missing = any(not has(f"name {it[:NAME_BEGINNING]}") for it in sense.names)
    return _SOME_TOPICS if found and not missing else NEVER


def _topic_count(has: Has) -> int:
    return next((it for it in range(MOST_TOPICS + 1) if has(f"count {it}")), 0)
