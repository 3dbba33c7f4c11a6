r"""Regular expressions of JavaScript, as the `regex` module understands them.

Strangers write them. Nearly all that a browser would refuse is refused here, and so is what would
take long or much memory to compile. Time limits for searching are the caller's.

Where JavaScript differs: `\d`, `\w` and `\b` know ASCII alone, `$` is the very end, `.` and the
lines of `m` know four line ends, an unset group is found everywhere, unknown escapes are letters,
`[]` and `[^]` are nothing and anything. Halves of surrogate pairs are never found: our texts have
none. The flag `y` is ignored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import regex

from tzurot.formats.javascript_classes import WORD, Class, Unreadable, charset, literal, unescaped

MAX_PATTERN = 10_000  # characters
_MAX_NODES = 5_000  # of what is compiled, which takes about 50 ms
_MAX_NESTING = 50
_TIMES_DIGITS = 5  # of a quantifier's numbers
_FLAGS = frozenset("dgimsuvy")

_WRITTEN = re.compile(r"/(.+)/([a-z]*)\s*", re.DOTALL | re.ASCII)
_GROUPS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\(\?<(?![=!])([^>]*)>|(\((?!\?))", re.DOTALL)
_NAME = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_AROUND = re.compile(r"\(\?(?:[:=!]|<[=!])|\(\?<[^>]*>|\((?!\?)")
_MODIFIERS = re.compile(r"\(\?(?=[ims-])([ims]*)(?:-([ims]*))?:")
_TIMES = re.compile(r"(?:[*?]|(\+)|\{([0-9]+)(?:,([0-9]*))?\})\??")
_BACK = re.compile("[1-9][0-9]{0,3}")
_BACK_NAMED = re.compile("k<([^>]*)>")
_ENDS = r"\n\r\u2028\u2029"
_EDGE = rf"(?:(?<![{WORD}])(?=[{WORD}])|(?<=[{WORD}])(?![{WORD}]))"
_NO_EDGE = rf"(?:(?<![{WORD}])(?![{WORD}])|(?<=[{WORD}])(?=[{WORD}]))"


@dataclass(frozen=True, slots=True)
class Expression:
    """What can be searched for. Groups have numbers only; `names` tells those of each name."""

    pattern: "regex.Pattern[str]"
    names: Mapping[str, tuple[int, ...]]
    every: bool
    """All that is found is meant, not the first alone (`g`)."""


@lru_cache(maxsize=500)
def read(written: str) -> Expression | None:
    """`/pattern/flags`, or else a pattern without flags. None: it is none, or too large."""
    parts = _WRITTEN.fullmatch(written)
    if parts and _are_flags(parts[2]):
        return expression(parts[1], parts[2])
    return expression(written, "")


def expression(source: str, flags: str) -> Expression | None:
    """The same of a pattern and its flags. None: it is none, or too large."""
    if not source or len(source) > MAX_PATTERN or not _are_flags(flags):
        return None
    translation = _Translation(source, flags)
    options = regex.DOTALL | (regex.IGNORECASE if "i" in flags else 0)
    try:
        pattern = regex.compile(translation.whole(), options, cache_pattern=False)
    except (Unreadable, regex.error, ValueError, OverflowError, RecursionError):
        return None
    return Expression(pattern, translation.names, "g" in flags)


def _are_flags(letters: str) -> bool:
    return set(letters) <= _FLAGS and len(set(letters)) == len(letters)


class _Translation:
    """A walk through a pattern. Its methods give what to compile, some with its size in nodes."""

    def __init__(self, source: str, flags: str) -> None:
        self._source, self._at = source, 0
        self._lines, self._dotall = "m" in flags, "s" in flags
        self._unicode, self._nests = "u" in flags or "v" in flags, "v" in flags
        self.names: dict[str, tuple[int, ...]] = {}
        self._groups = self._begun = 0
        self._open: list[int] = []  # numbers of the groups around
        for found in _GROUPS.finditer(source):
            name, plain = found[1], found[2]
            self._groups += name is not None or plain is not None
            if name is not None:
                self.names[name] = (*self.names.get(name, ()), self._groups)

    def whole(self) -> str:
        """The whole pattern.

        Raises:
            Unreadable: a browser would refuse it, or it is too large.
        """
        if not all(_NAME.fullmatch(name) for name in self.names):
            raise Unreadable
        translated, _ = self._alternatives()
        if self._at < len(self._source):
            raise Unreadable  # a bracket too many
        return translated

    def _alternatives(self) -> tuple[str, int]:
        out: list[str] = []
        size = 1
        while self._at < len(self._source) and self._source[self._at] != ")":
            term, nodes = self._term()
            times, copies = self._times()
            # One character repeated is one node; a group that must come n times is copied so often.
            size += nodes * copies if nodes > 1 else 1
            if size > _MAX_NODES:
                raise Unreadable
            out += (term, times)
        return "".join(out), size

    def _times(self) -> tuple[str, int]:
        """A quantifier, or none, and how many copies it makes of what stands before it."""
        found = _TIMES.match(self._source, self._at)
        if found is None:
            return "", 1
        self._at = found.end()
        if any(len(number or "") > _TIMES_DIGITS for number in found.group(2, 3)):
            raise Unreadable
        least = 1 if found[1] else int(found[2] or 0)
        return found[0], least + 1

    def _term(self) -> tuple[str, int]:
        sign = self._source[self._at]
        if sign == "(":
            return self._group()
        self._at += 1
        return self._single(sign), 1

    def _single(self, sign: str) -> str:
        match sign:
            case "[":
                found = Class(self._source, self._at, self._unicode, self._nests)
                self._at, translated = found.end, found.translated
            case "\\":
                translated = self._escape()
            case ".":
                translated = "." if self._dotall else f"[^{_ENDS}]"
            case "|" | "^" | "$":
                translated = self._unrepeated(self._edge(sign))
            case _:
                if _TIMES.match(self._source, self._at - 1):
                    raise Unreadable  # nothing to repeat
                translated = literal(ord(sign))
        return translated

    def _edge(self, sign: str) -> str:
        if sign == "^":
            return rf"(?:\A|(?<=[{_ENDS}]))" if self._lines else r"\A"
        if sign == "$":
            return rf"(?:\Z|(?=[{_ENDS}]))" if self._lines else r"\Z"
        return sign

    def _unrepeated(self, edge: str) -> str:
        if _TIMES.match(self._source, self._at):
            raise Unreadable
        return edge

    def _group(self) -> tuple[str, int]:
        before = self._lines, self._dotall
        opened = self._opened()
        if len(self._open) > _MAX_NESTING:
            raise Unreadable
        inner, size = self._alternatives()
        if self._at == len(self._source):
            raise Unreadable
        self._open.pop()
        self._at += 1
        self._lines, self._dotall = before
        return f"{opened}{inner})", size + 1

    def _opened(self) -> str:
        found = _AROUND.match(self._source, self._at)
        if found:
            self._at = found.end()
            captures = found[0][-1] in "(>"
            self._begun += captures
            self._open.append(self._begun if captures else 0)
            return "(" if captures else found[0]
        found = _MODIFIERS.match(self._source, self._at)
        if found is None:
            raise Unreadable
        self._at = found.end()
        self._open.append(0)
        on, off = found[1], found[2] or ""
        self._lines = (self._lines or "m" in on) and "m" not in off
        self._dotall = (self._dotall or "s" in on) and "s" not in off
        folds = "i" if "i" in on else "-i" if "i" in off else ""
        return f"(?{folds}:"

    def _escape(self) -> str:
        """What a backslash stands before."""
        sign = self._source[self._at : self._at + 1]
        if sign in ("b", "B"):
            self._at += 1
            return self._unrepeated(_EDGE if sign == "b" else _NO_EDGE)
        if sign == "k" and (self.names or self._unicode):
            return self._named()
        if number := _BACK.match(self._source, self._at):
            if int(number[0]) <= self._groups:
                self._at = number.end()
                return self._again(int(number[0]))
            if self._unicode:
                raise Unreadable
        found, self._at = unescaped(self._source, self._at, self._unicode)
        return charset(found) if isinstance(found, str) else literal(found)

    def _named(self) -> str:
        found = _BACK_NAMED.match(self._source, self._at)
        if found is None or found[1] not in self.names:
            raise Unreadable
        self._at = found.end()
        return "".join(self._again(number) for number in self.names[found[1]])

    def _again(self, number: int) -> str:
        """What a group has found, once more; nothing if it has found nothing yet."""
        return "(?:)" if number in self._open else rf"(?:(?({number})\{number}))"
