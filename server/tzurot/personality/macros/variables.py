"""The variables that macros keep for a conversation: texts by name, of limited number and size."""

import re
from collections.abc import Mapping
from decimal import Decimal

MAX_VARIABLES = 200
MAX_NAME = 200  # characters
MAX_VALUE = 100_000  # characters
MAX_ALL = 200_000  # characters of all values; they are stored with the conversation

_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,9})?", re.ASCII)


class TooMuch(Exception):
    """There is no room for it; the variable is as it was."""


class Variables:
    """Names are taken as they are written, without white space around them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)
        self._size = sum(len(value) for value in self._values.values())

    @property
    def values(self) -> Mapping[str, str]:
        """All of them, as a copy."""
        return dict(self._values)

    def get(self, name: str) -> str:
        """Its text; empty if there is none."""
        return self._values.get(name.strip(), "")

    def has(self, name: str) -> bool:
        """Whether there is one, be it empty."""
        return name.strip() in self._values

    def set(self, name: str, value: str) -> None:
        """Let a variable be a text.

        Raises:
            TooMuch: as it says.
        """
        name = name.strip()
        size = self._size - len(self.get(name)) + len(value)
        full = name not in self._values and len(self._values) >= MAX_VARIABLES
        if full or len(name) > MAX_NAME or len(value) > MAX_VALUE or size > MAX_ALL:
            raise TooMuch
        self._values[name] = value
        self._size = size

    def delete(self, name: str) -> None:
        """Without effect if there is none."""
        self._size -= len(self._values.pop(name.strip(), ""))

    def add(self, name: str, value: str) -> str:
        """Add a number to a number, else put one text behind the other; what it is then.

        Raises:
            TooMuch: as `set` says.
        """
        before = self.get(name)
        sum_ = _sum(before or "0", value)
        self.set(name, before + value if sum_ is None else sum_)
        return self.get(name)


def _sum(one: str, other: str) -> str | None:
    """Of two numbers as they are written in decimals; None if one is none, or the sum too large."""
    if not (_NUMBER.fullmatch(one.strip()) and _NUMBER.fullmatch(other.strip())):
        return None
    total = Decimal(one.strip()) + Decimal(other.strip())
    written = format(total, "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return written if _NUMBER.fullmatch(written) else None
