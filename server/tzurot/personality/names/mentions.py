"""Who a message mentions: `@Name`, where names may have several words and the longest wins. Pure.

`@Bambi Prime, you there?` may mean `bambi` or `bambi prime`: `candidates` lists both, the database
says which of them exist, `choose` takes the longest that does.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

MAX_WORDS = 6  # of a name in a mention
_MAX_MENTIONS = 20  # looked at in one message
_MAX_MARKS = 6  # between a name and the next space, as in `(@Bambi!?).`

_MENTION = re.compile(r"(?<![\w@])@(?=\S)")

Named = TypeVar("Named")


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a message that may be a mention, and the name it would mean."""

    start: int
    length: int
    name: str


def candidates(text: str) -> list[Span]:
    """Every `@…` in `text` up to each end of a word, as `key` folds it; longest first."""
    spans: list[Span] = []
    for mention in list(_MENTION.finditer(text))[:_MAX_MENTIONS]:
        spans.extend(_spans(text, mention.start()))
    return spans


def choose(spans: Iterable[Span], named: Mapping[str, Named]) -> list[tuple[Span, Named]]:
    """Of `spans`, as `candidates` lists them, the longest known one at each place, in order."""
    found: dict[int, tuple[Span, Named]] = {}
    for span in spans:
        if span.name in named and span.start not in found:
            found[span.start] = (span, named[span.name])
    return [found[start] for start in sorted(found)]


def key(name: str) -> str:
    """A name as mentions are compared: case, white space and the forms of a letter folded.

    Unicode's caseless match (chapter 3.13, "identifier"): `STRASSE` is `Straße`, ｅ is e, and é is
    é, written as one character or as two.
    """
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return unicodedata.normalize("NFKC", folded)


def _spans(text: str, start: int) -> list[Span]:
    """All readings of the mention at `start`, longest first."""
    line = text[start + 1 :].split("\n", 1)[0]
    readings: list[str] = []
    for end in islice(re.finditer(r"\S+", line), MAX_WORDS):
        readings += reversed(list(_readings(line[: end.end()])))
    return [Span(start, len(reading) + 1, key(reading)) for reading in reversed(readings)]


def _readings(words: str) -> Iterator[str]:
    """`words`, then without one more mark at their end each time, then without `'s`."""
    yield words
    for _ in range(_MAX_MARKS):
        if len(words) == 1 or not _is_mark(words[-1]):
            break
        words = words[:-1]
        yield words
    if words[1:].endswith(("'s", "’s")):
        yield words[:-2]


def _is_mark(character: str) -> bool:
    """Whether it is punctuation or a symbol: marks may end a name, or the sentence around it."""
    return character != "_" and unicodedata.category(character)[0] in "PSZ"
