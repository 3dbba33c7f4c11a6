"""Patterns from strangers, `/pattern/flags` as SillyTavern and Character Card V3 write them.

Some patterns take longer than the age of the universe on the wrong text. Each search has a time
limit, and all searches of one look have one together; the engine lets other threads run meanwhile.
The limits count the work that is done here: a server that is busy elsewhere fails no pattern.
What a pattern means is told by `formats.javascript`.
"""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import lru_cache

import regex

from tzurot.formats import javascript

SEARCH_SECONDS = 0.05
ALL_SECONDS = 0.25
MAX_REPLACED = 50_000  # characters; in longer texts some searches look at the clock too late
_MAX_PATTERN = 1_000  # characters
_MAX_TEXT = 10_000  # characters, the last ones: some searches look at the clock only at their end

_WRITTEN = regex.compile(r"/((?:[^/\\]|\\.)+)/([a-z]*)", regex.DOTALL)
_FLAGS = "imsu"  # those that say what a pattern means; others are passed over


class TookTooLong(Exception):
    """A pattern was not done in time."""


class Clock:
    """The time that all searches of one look have together. `now` tells it, in seconds.

    A look is one thread's, which `now` counts the work of.
    """

    def __init__(
        self, seconds: float = ALL_SECONDS, now: Callable[[], float] = time.thread_time
    ) -> None:
        self._left = seconds
        self._now = now

    @property
    def is_over(self) -> bool:
        """Whether no time is left: every further search takes too long."""
        return self._left <= 0

    @contextmanager
    def measure(self) -> Generator[None]:
        """Count what is done meanwhile; nothing stops it.

        Raises:
            TookTooLong: there was no time left.
        """
        if self.is_over:
            raise TookTooLong
        began = self._now()
        try:
            yield
        finally:
            self._left -= self._now() - began

    def found(self, pattern: "regex.Pattern[str]", text: str) -> bool:
        """Whether a pattern occurs in a text.

        Raises:
            TookTooLong: nobody knows.
        """
        limit = min(self._left, SEARCH_SECONDS)
        with self.measure():
            try:
                return bool(pattern.search(text[-_MAX_TEXT:], timeout=limit, concurrent=True))
            except TimeoutError:
                raise TookTooLong from None

    def replaced(
        self,
        pattern: "regex.Pattern[str]",
        text: str,
        put: "Callable[[regex.Match[str]], str]",
        *,
        count: int = 0,
    ) -> str:
        """A text with what `put` says instead of what is found: `count` times, or each time (0).

        Raises:
            TookTooLong: it was not done in time, or the text is longer than MAX_REPLACED.
        """
        if len(text) > MAX_REPLACED:
            raise TookTooLong
        limit = min(self._left, SEARCH_SECONDS)
        end = self._now() + limit

        def put_in_time(found: "regex.Match[str]") -> str:
            if self._now() > end:
                raise TookTooLong
            return put(found)

        with self.measure():
            try:
                return pattern.sub(put_in_time, text, count=count, timeout=limit, concurrent=True)
            except TimeoutError:
                raise TookTooLong from None


def is_pattern(key: str) -> bool:
    """Whether a key is written as a pattern."""
    return _WRITTEN.fullmatch(key) is not None


@lru_cache(maxsize=2_000)
def compiled(key: str) -> "regex.Pattern[str] | None":
    """The pattern that a key is written as; None if it is none that can be read."""
    written = _WRITTEN.fullmatch(key)
    if written is None or len(key) > _MAX_PATTERN:
        return None
    flags = "".join(letter for letter in _FLAGS if letter in written[2])
    found = javascript.expression(written[1], flags)
    return found.pattern if found else None
