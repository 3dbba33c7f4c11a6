"""Which characters a list is to show. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from tzurot.personality.names import mentions


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list asks for. Words and tags are folded; all of them must be there."""

    mine: bool = False
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def wanted(query: str, tags: Iterable[str], *, mine: bool) -> Wanted:
    """What a person asks for, in any case."""
    words = mentions.key(query).split()
    return Wanted(mine, tuple(words), tuple(sorted({tag.strip().lower() for tag in tags})))
