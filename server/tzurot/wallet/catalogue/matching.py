"""Finding models by what somebody types of their names. Pure.

Of `openai/gpt-4.1-mini` people type `gpt-4.1-mini`, `4.1 mini`, `gpt41mini` or `gtp mini`: all of
these find it, the nearer the sooner.
"""

import re
from difflib import SequenceMatcher

from tzurot.wallet.catalogue.entry import Entry

_PLAIN = re.compile(r"[^a-z0-9]+")
_LIKE = 0.66  # share of a word that is typed right: `gtp` is two thirds of `gpt`
_SHORTEST = 3  # letters that may be typed wrong


def rank(typed: str, entry: Entry) -> int | None:
    """How near a model is to what was typed, 0 the nearest; None: it is something else."""
    id_, wanted = entry.id.casefold(), typed.casefold().strip()
    short = id_.rpartition("/")[2]
    if not wanted or wanted in (id_, short):
        return 0
    if short.startswith(wanted) or id_.startswith(wanted):
        return 1
    said = f"{id_} {entry.name.casefold()} {entry.provider.casefold()}"
    words = _PLAIN.sub(" ", wanted).split()
    if words and all(it in said for it in words):
        return 2
    joined = "".join(words)
    if joined and joined in _PLAIN.sub("", said):
        return 3
    known = set(_PLAIN.sub(" ", said).split())
    return 4 if words and all(_is_like(it, known) for it in words) else None


def _is_like(typed: str, known: set[str]) -> bool:
    """Whether a word is there, or one that it was meant to be."""
    return any(
        it.startswith(typed)
        or (
            min(len(typed), len(it)) >= _SHORTEST
            and typed[0] == it[0]
            and not any(sign.isdigit() for sign in typed)
            and SequenceMatcher(None, typed, it).ratio() >= _LIKE
        )
        for it in known
    )
