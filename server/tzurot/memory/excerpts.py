"""The part of a memory that is shown when it is cited: words of theirs that fit. Pure."""

import re
from collections.abc import Collection

from tzurot.memory import lexicon

MAX_CHARACTERS = 200  # of an excerpt, by the contract (session.v1.MemoryCited)

# A sentence with its end mark and the space after it; CJK marks have no space.
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？\n]*\s*")


def excerpt(text: str, terms: Collection[str] = ()) -> str:
    """At most 200 characters of `text`, begun at the sentence after which most `terms` follow.

    The earliest such place wins. What is left out is marked with an ellipsis.
    """
    text = text.strip()
    if len(text) <= MAX_CHARACTERS:
        return text
    starts = [match.start() for match in _SENTENCE.finditer(text)] or [0]

    def fit(start: int) -> tuple[int, int]:
        window = lexicon.terms(text[start : start + MAX_CHARACTERS])
        return len(set(window).intersection(terms)), -start

    return _cut(text, max(starts, key=fit))


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
