"""Who said what came up: others by their names, and never by somebody else's. Pure.

A name is what its owner has chosen, perhaps that of somebody else who is there, of the character,
or "You", or a sentence. So one that is taken stands for another of that name, and each is short and
without the signs that end or begin what somebody says.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence, Set
from itertools import count
from uuid import UUID

from tzurot.memory.recall import Hit
from tzurot.session.prompt import marks
from tzurot.session.prompt.cast import Cast

_SOMEBODY = "Somebody else"
_LONGEST_NAME = 32  # characters of a name: no room for a story
_SIGNS = frozenset(".,;:!?\"'`")
_KEPT = frozenset("()[]{}/&#@*%\\")  # of punctuation, beside dashes and connectors
_LIKE_SIGNS = frozenset(map(chr, (*range(0x2B0, 0x300), *range(0xA4F8, 0xA4FE))))
_RESERVED = ("You", "They", "User", "Somebody", _SOMEBODY, "Another character")


Given = MutableMapping[tuple[UUID, str], str]
"""What was given to whom, by face and by the name that it had then."""


def told_of_others(
    hits: Sequence[Hit],
    own: Collection[UUID],
    people: Mapping[UUID, str],
    taken: Set[str],
    given: Given,
) -> dict[UUID, str]:
    """What whoever said a memory is called, of those that none of `own` said; by memory.

    `people`: what faces are called that are in sight; `taken`: the names of all who are there, as
    `taken` makes them; `given`: the names of the same turn, which stay and become more. Nobody is
    called by one of these, nor two by the same, nor like a face of `own` that is told of.
    """
    others = sorted((it for it in hits if it.persona_id not in own), key=lambda it: it.persona_id)
    for hit in hits:
        if hit.persona_id in own:
            given[hit.persona_id, hit.person_name] = marks.name(hit.person_name)
    used = {*taken, *map(marks.folded, given.values())}
    for hit in others:
        whose = hit.persona_id, hit.person_name
        if whose not in given:
            given[whose] = _named(*whose, people, used)
            used.add(marks.folded(given[whose]))
    return {hit.memory_id: given[hit.persona_id, hit.person_name] for hit in others}


def _named(persona_id: UUID, said_as: str, people: Mapping[UUID, str], used: Set[str]) -> str:
    known = people.get(persona_id, "")
    name = _plain(known or marks.name(said_as))
    if name and marks.folded(name) == marks.folded(known):
        return name
    if not name:
        return _SOMEBODY
    free = (it for it in _alternatives(name) if marks.folded(it) not in used)
    return next(free)


def _alternatives(name: str) -> Iterator[str]:
    yield name
    yield f"another {name}"
    for number in count(2):
        yield f"another {name} ({number})"


def _plain(name: str) -> str:
    """A name that is nothing but one, however it is written."""
    told = "".join(" " if _is_sign(it) else it for it in marks.one_line(name))
    return " ".join(told.split())[:_LONGEST_NAME].strip()


def _is_sign(it: str) -> bool:
    """Whether it parts sentences or words that are quoted, or looks as if it did."""
    if it.isalnum() and it not in _LIKE_SIGNS:
        return not _SIGNS.isdisjoint(unicodedata.normalize("NFKC", it))  # such as one that is 1.
    kind = unicodedata.category(it)
    if kind[0] == "P":
        return kind not in ("Pc", "Pd") and it not in _KEPT
    return it in _SIGNS or it in _LIKE_SIGNS or kind == "Sk"


def people(cast: Cast) -> dict[UUID, str]:
    """What each face is called that is in sight."""
    return {key: it for key, it in cast.people.items() if isinstance(key, UUID)}


def taken(cast: Cast) -> frozenset[str]:
    """The names that nobody else is called by, folded."""
    return frozenset(cast.alike).union(map(marks.folded, _RESERVED))
