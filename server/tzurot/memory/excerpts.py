"""The part of a memory that is shown when it is cited: words of theirs that fit. Pure."""

import re
from collections.abc import Collection

from tzurot.memory import lexicon

MAX_CHARACTERS = 200  # of an excerpt, by the contract (session.v1.MemoryCited)

# A sentence with its end mark and the space after it; CJK marks have no space.
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？\n]*\s*")


def excerpt(text: str, terms: Collection[str] = ()) -> str:
    """At most 200 characters of `text`, begun at the sentence that has most of `terms`.

    Among equals the one that most of them follow, then the earliest. What is left out is marked
    with an ellipsis.
    """
    text = text.strip()
    if len(text) <= MAX_CHARACTERS:
        return text

    def found(part: str) -> int:
        return len(set(lexicon.terms(part)).intersection(terms))

    def fit(sentence: re.Match[str]) -> tuple[int, int, int]:
        start = sentence.start()
        return found(sentence[0]), found(text[start : start + MAX_CHARACTERS]), -start

    best = max(_SENTENCE.finditer(text), key=fit, default=None)
    return _cut(text, best.start() if best else 0)


def _cut(text: str, start: int) -> str:
    """The window from `start`, ended between words where there are spaces."""
    opening = "…" if start else ""
    room = MAX_CHARACTERS - len(opening)
    window = text[start:].strip()
    if len(window) <= room:
        return opening + window
    shortened = window[: room - 1]
    whole_words, _, _ = shortened.rpartition(" ")
    return f"{opening}{whole_words or shortened}…"
