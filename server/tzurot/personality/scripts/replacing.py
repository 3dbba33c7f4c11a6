"""What a regex script puts instead of what it found: groups, then macros.

`$1` and `$<name>` stand for groups, `$0` and `{{match}}` for all of it; what has found nothing is
empty. Macros run last, so that they can be given groups, but nothing that was found is run as one:
it may be a person's text, and macros tell what a card keeps to itself.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import regex

Fill = Callable[[str], str]

_REFERENCE = re.compile(r"\$([0-9]{1,4})(?![0-9])|\$[0-9]+|\$<([^>]+)>")
_MATCH = re.compile(r"\{\{match\}\}", re.IGNORECASE)
_MACRO = re.compile(r"\{\{(?:[^{}]|\{\{[^{}]*\}\})*\}\}")
_SPECIAL = re.compile(r"[.^$*+?{}\[\]\\/|()]")
_GUARD = "\ufdd0"  # no character; before a brace it keeps macros apart from what was found


class TooMuch(Exception):
    """More was put into a text than it may grow."""


class Replacement:
    """What is put instead of each match of one script in one text."""

    def __init__(
        self,
        written: str,
        trim: Sequence[str],
        names: Mapping[str, tuple[int, ...]],
        fill: Fill,
        most: int,
    ) -> None:
        """`most`: characters of all that is put, and of all that groups give to it."""
        self._written = _MATCH.sub("$0", written)
        trim = [fill(text) if _has_macros(text) else text for text in trim]
        self._trim = [text for text in trim if text]
        self._names = names
        self._fill = fill if _has_macros(self._written) else None
        self._to_put = self._to_give = most

    def __call__(self, found: "regex.Match[str]") -> str:
        """What is put instead of a match.

        Raises:
            TooMuch: altogether it is more than there may be.
        """
        put = _REFERENCE.sub(lambda reference: self._group(found, reference), self._written)
        if self._fill is not None:
            put = self._fill(put).replace(_GUARD, "")
        self._to_put -= len(put)
        if self._to_put < 0:
            raise TooMuch
        return put

    def _group(self, found: "regex.Match[str]", reference: re.Match[str]) -> str:
        number, name = reference.groups()
        numbers = self._names.get(name, ()) if name else (int(number),) if number else ()
        text = ""
        for number in numbers:
            text = text or (found[number] or "" if number <= found.re.groups else "")
        self._to_give -= len(text)
        if self._to_give < 0:
            raise TooMuch
        for part in self._trim:
            text = text.replace(part, "")
        return text.replace("{", _GUARD + "{") if self._fill is not None else text


def _has_macros(text: str) -> bool:
    return "{{" in text or "<" in text  # `<user>` is one of old


def escaped(written: str, fill: Fill) -> str:
    """A pattern with its macros filled, their values without special signs."""
    return _MACRO.sub(lambda macro: _plain(macro[0], fill(macro[0])), written)


def _plain(macro: str, filled: str) -> str:
    if filled == macro:
        return macro
    return _SPECIAL.sub(lambda sign: f"\\{sign[0]}", filled)
