"""Who a message mentions: `@Name`, where names may have several words and the longest wins. Pure.

`@Bambi Prime, you there?` may mean `bambi` or `bambi prime`: `candidates` lists both, the database
says which of them exist, `choose` takes the longest that does.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

MAX_WORDS = 6  # of a name in a mention
_MAX_MENTIONS = 20  # looked at in one message

_MENTION = re.compile(r"(?<![\w@])@(?=\S)")

Named = TypeVar("Named")


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a message that may be a mention, and the name it would mean."""

    start: int
    length: int
    name: str


def candidates(text: str) -> list[Span]:
    """Every `@…` in `text` up to each end of a word, lowercased, spaces folded; longest first."""
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
    """A name as mentions are compared: lowercase, white space folded."""
    return " ".join(name.casefold().split())


def _spans(text: str, start: int) -> list[Span]:
    """All readings of the mention at `start`, longest first."""
    line = text[start + 1 :].split("\n", 1)[0]
    readings: list[Span] = []
    for end in re.finditer(r"\S+", line):
        if len(readings) >= MAX_WORDS * 2:
            break
        word_end = end.end()
        whole = line[:word_end]
        bare = re.sub(r"(['’]s)?[^\w)]*$", "", whole)
        readings.extend(
            Span(start, len(reading) + 1, key(reading))
            for reading in dict.fromkeys((bare, whole))
            if reading
        )
    return readings[::-1]
