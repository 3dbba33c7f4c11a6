"""Which of many keys can stand in a text, in the time that it takes to read the text once.

A key can stand only where each three letters of it stand. What three letters a text has is a table;
looking up those of all keys is one operation of numpy. A few keys too many are no harm: each is
looked for afterwards.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_LETTERS = 3
_SLOTS = 2**18  # of the table: a text of 100,000 letters has some 10,000 different threes
_FACTORS = (2_654_435_761, 2_246_822_519, 3_266_489_917)  # large and odd, to spread them


class Index:
    """Many keys. All of them and all texts are in one form: case-folded."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._short = [key for key in keys if len(key) < _LETTERS]
        self._long = [key for key in keys if len(key) >= _LETTERS]
        # Across two keys there are threes that belong to none: each key has its own place.
        lengths = np.array([len(key) for key in self._long], np.int64)
        ends = np.cumsum(lengths)
        inside = np.ones(int(lengths.sum()), bool)
        for back in range(1, _LETTERS):
            inside[ends - back] = False
        self._threes = _threes("".join(self._long) + "\0" * (_LETTERS - 1))[inside]
        self._starts = np.concatenate(([0], np.cumsum(lengths - (_LETTERS - 1))[:-1]))

    def standing(self, text: str) -> Iterator[str]:
        """The keys that stand in a text."""
        yield from (key for key in self._short if key in text)
        if not self._long or len(text) < _LETTERS:
            return
        table = np.zeros(_SLOTS, bool)
        table[_threes(text)] = True
        possible = np.logical_and.reduceat(table[self._threes], self._starts)
        for number in np.flatnonzero(possible):
            if self._long[number] in text:
                yield self._long[number]


def _threes(text: str) -> NDArray[np.uint32]:
    """Where each three letters of a text are in the table."""
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    count = len(letters) - _LETTERS + 1
    mixed = np.zeros(max(0, count), np.uint32)
    for begin, factor in enumerate(_FACTORS):
        mixed ^= letters[begin : begin + count] * np.uint32(factor)
    return mixed >> np.uint32(32 - 18)
