"""Patterns from strangers, `/pattern/flags` as SillyTavern and Character Card V3 write them.

Some patterns take longer than the age of the universe on the wrong text. Each search has a time
limit, and all searches of one look have one together; the engine lets other threads run meanwhile.
"""

import time
from functools import lru_cache

import regex

SEARCH_SECONDS = 0.05
ALL_SECONDS = 0.25
_MAX_PATTERN = 1_000  # characters
_MAX_TEXT = 10_000  # characters, the last ones: some searches look at the clock only at their end

_WRITTEN = regex.compile(r"/((?:[^/\\]|\\.)+)/([a-z]*)", regex.DOTALL)
_FLAGS = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL}  # of JavaScript's


class TookTooLong(Exception):
    """A pattern was not done in time."""


class Clock:
    """The time that all searches of one look have together."""

    def __init__(self, seconds: float = ALL_SECONDS) -> None:
        self._left = seconds

    def found(self, pattern: "regex.Pattern[str]", text: str) -> bool:
        """Whether a pattern occurs in a text.

        Raises:
            TookTooLong: nobody knows.
        """
        if self._left <= 0:
            raise TookTooLong
        began = time.perf_counter()
        limit = min(self._left, SEARCH_SECONDS)
        try:
            return bool(pattern.search(text[-_MAX_TEXT:], timeout=limit, concurrent=True))
        except TimeoutError:
            raise TookTooLong from None
        finally:
            self._left -= time.perf_counter() - began


def is_pattern(key: str) -> bool:
    """Whether a key is written as a pattern."""
    return _WRITTEN.fullmatch(key) is not None


@lru_cache(maxsize=2_000)
def compiled(key: str) -> "regex.Pattern[str] | None":
    """The pattern that a key is written as; None if it is none that can be read."""
    written = _WRITTEN.fullmatch(key)
    if written is None or len(key) > _MAX_PATTERN:
        return None
    flags = 0
    for letter in written[2]:
        flags |= _FLAGS.get(letter, 0)
    try:
        return regex.compile(written[1], flags)
    except (regex.error, ValueError, OverflowError, RecursionError):
        return None
