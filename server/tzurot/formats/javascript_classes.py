"""Single characters of JavaScript's patterns: their escapes, and classes of them in brackets."""

import re
import sys

WORD = "A-Za-z0-9_"

_SETS = {
    "d": "0-9",
    "D": "^0-9",
    "w": WORD,
    "W": f"^{WORD}",
    "s": r"\s",
    "S": r"\S",
}
_CONTROLS = {"n": 10, "r": 13, "t": 9, "v": 11, "f": 12}
_NUMBERS = (
    (re.compile(r"x([0-9a-fA-F]{2})"), 16),
    (re.compile(r"u([0-9a-fA-F]{4})"), 16),
    (re.compile(r"([0-3]?[0-7]{1,2})"), 8),
)
_PAIR = re.compile(r"u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_POINT = re.compile(r"u\{0*([0-9a-fA-F]{1,6})\}")
_CONTROL = re.compile(r"c([A-Za-z])")
_PROPERTY = re.compile(r"[pP]\{[A-Za-z0-9_]+(?:=[A-Za-z0-9_]+)?\}")


class Unreadable(Exception):
    """A browser would refuse the pattern, or it is too large."""


def literal(point: int) -> str:
    """A character that stands for itself, in a class and outside of one."""
    sign = chr(point)
    return sign if sign.isascii() and sign.isalnum() else _number(point)


def charset(inside: str) -> str:
    """A class from what stands inside it."""
    return f"[{inside}]"


def unescaped(source: str, at: int, unicode: bool) -> tuple[int | str, int]:
    """The character behind a backslash, or what stands in a class for it; and where it ends.

    Raises:
        Unreadable: nothing that can stand there with the flag `u`, or nothing at all.
    """
    if at >= len(source):
        raise Unreadable
    sign = source[at]
    if sign in _SETS:
        return _SETS[sign], at + 1
    if sign in _CONTROLS:
        return _CONTROLS[sign], at + 1
    if unicode and sign in "pP":
        found = _PROPERTY.match(source, at)
        if found is None:
            raise Unreadable
        return f"\\{found[0]}", found.end()
    return _numbered(source, at, unicode)


def _numbered(source: str, at: int, unicode: bool) -> tuple[int, int]:
    """A character that is written by its number, or else itself."""
    if found := _PAIR.match(source, at):
        high, low = int(found[1], 16), int(found[2], 16)
        return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00), found.end()
    if found := _CONTROL.match(source, at):
        return ord(found[1]) % 32, found.end()
    for spelling, base in _NUMBERS:
        if found := spelling.match(source, at):
            return int(found[1], base), found.end()
    if unicode and (found := _POINT.match(source, at)) and int(found[1], 16) <= sys.maxunicode:
        return int(found[1], 16), found.end()
    if source[at] == "c":
        at -= 1  # the backslash itself; the letter comes next
    elif unicode and source[at].isalnum():
        raise Unreadable
    return ord(source[at]), at + 1


class Class:
    """What stands in brackets, from behind the first one."""

    def __init__(self, source: str, at: int, unicode: bool, nests: bool) -> None:
        """Read it.

        Raises:
            Unreadable: it has no end, or is more than a list of characters and ranges.
        """
        self._source, self.end = source, at
        self._unicode, self._nests = unicode, nests
        self._inside: list[str] = []
        self._others: list[str] = []  # all characters but some
        is_not = source.startswith("^", at)
        self.end += is_not
        while not self._closes():
            self._item()
        self.end += 1
        self.translated = self._whole(is_not)

    def _whole(self, is_not: bool) -> str:
        inside = "".join(self._inside)
        if not self._others:
            if not inside:
                return "." if is_not else "(?!)"
            return charset(f"^{inside}" if is_not else inside)
        either = "|".join(map(charset, [inside, *self._others] if inside else self._others))
        return f"(?:(?!{either}).)" if is_not else f"(?:{either})"

    def _closes(self) -> bool:
        if self.end >= len(self._source):
            raise Unreadable
        if self._nests and self._source.startswith(("[", "--", "&&"), self.end):
            raise Unreadable  # sets of sets, of the flag `v`
        return self._source[self.end] == "]"

    def _item(self) -> None:
        first = self._atom()
        until = self.end + 1
        is_range = self._source.startswith("-", self.end) and self._source[until : until + 1] != "]"
        if not is_range:
            self._put(first)
            return
        self.end = until
        self._closes()
        last = self._atom()
        if isinstance(first, int) and isinstance(last, int):
            if first > last:
                raise Unreadable
            self._inside.append(f"{_number(first)}-{_number(last)}")
            return
        for atom in (first, ord("-"), last):
            self._put(atom)

    def _put(self, atom: int | str) -> None:
        if isinstance(atom, int):
            self._inside.append(_number(atom))
        elif atom.startswith("^"):
            self._others.append(atom)
        else:
            self._inside.append(atom)

    def _atom(self) -> int | str:
        sign = self._source[self.end]
        self.end += 1
        if sign != "\\":
            return ord(sign)
        if self._source.startswith("b", self.end):
            self.end += 1
            return 8
        if self._source.startswith("-", self.end):
            self.end += 1
            return ord("-")
        found, self.end = unescaped(self._source, self.end, self._unicode)
        return found


def _number(point: int) -> str:
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
