"""Pages of lines as running text: broken lines and words are joined, page marks dropped. Pure.

A PDF has lines and no paragraphs. A line that ends well before the others end is the last one of
its paragraph; a full one goes on in the next.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

_FULL = 0.8  # of the usual width; a shorter line ends its paragraph
_NARROW = 24  # characters; lists and verses have no width to fill
_REPEATED = 3  # pages that begin or end with the same line: it is no text
_NUMBER = re.compile(r"(?:page|p\.|seite|-|–)?\s*\d{1,4}\s*(?:(?:/|of|von)\s*\d{1,4}|-|–)?\Z", re.I)
_DIGITS = re.compile(r"\d+")
_BULLET = re.compile(r"[•◦▪‣*–—-]\s|\(?\d{1,3}[.)]\s")
_ENDED = re.compile(r"[.!?…:。！？][\"'”’»)\]]{0,3}\Z")
_HYPHENATED = re.compile(r"[^\W\d_]{2}[-\u00ad‐]\Z")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")
_FILE_NAME = re.compile(
    r"microsoft (?:word|powerpoint)\b|untitled\b|[a-z]:\\|.*\.(?:docx?|odt|rtf|tex|dvi|pdf|wpd|"
    r"indd|qxd|html?|txt|md|pptx?)\b",
    re.IGNORECASE,
)


def joined(pages: Sequence[str]) -> str:
    """The text of all pages; a blank line between two paragraphs and between two pages."""
    cut = [_lines(page) for page in pages]
    marks = _marks(cut)
    bodies = [_without_marks(lines, marks) for lines in cut]
    width = _width(bodies)
    texts = [text for lines in bodies if (text := _paragraphs(lines, width))]
    return "".join(_between(texts))


def is_file_name(title: str) -> bool:
    """Whether a title is what a program left there: `Microsoft Word - novel.doc`."""
    return _FILE_NAME.match(title[:500]) is not None


def _lines(page: str) -> list[str]:
    return [" ".join(line.split()) for line in page.strip().splitlines()]


def _marks(pages: Sequence[Sequence[str]]) -> set[str]:
    """First and last lines that many pages share but for a number in them."""
    edges = Counter(
        mark for lines in pages for mark in {_mark(line) for line in (*lines[:1], *lines[-1:])}
    )
    least = max(_REPEATED, len(pages) // 4)
    return {mark for mark, count in edges.items() if count >= least}


def _mark(line: str) -> str:
    return _DIGITS.sub("#", line[:200])


def _without_marks(lines: Sequence[str], marks: set[str]) -> Sequence[str]:
    start, end = 0, len(lines)
    if start < end and _is_mark(lines[start], marks):
        start += 1
    if start < end and _is_mark(lines[end - 1], marks):
        end -= 1
    return lines[start:end]


def _is_mark(line: str, marks: set[str]) -> bool:
    return _NUMBER.match(line[:40]) is not None or _mark(line) in marks


def _width(pages: Sequence[Sequence[str]]) -> int:
    """How long a full line is: nine of ten are not longer."""
    lengths = sorted(len(line) for lines in pages for line in lines if len(line) >= _NARROW)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _paragraphs(lines: Sequence[str], width: int) -> str:
    parts = list(lines[:1])
    for line, after in pairwise(lines):
        if _goes_on(line, after, width):
            _append(parts, after)
        else:
            parts += [_gap(line, width), after]
    return "".join(parts)


def _goes_on(line: str, after: str, width: int) -> bool:
    if not line or not after or _BULLET.match(after):
        return False
    if _HYPHENATED.search(line) and after[0].islower():
        return True
    return len(line) >= max(_NARROW, width * _FULL)


def _gap(line: str, width: int) -> str:
    """A paragraph's end where a sentence ended early in a text of full lines; else a line's."""
    return "\n\n" if not line or (width > _NARROW and _ENDED.search(line)) else "\n"


def _append(parts: list[str], after: str) -> None:
    last = parts[-1]
    if _HYPHENATED.search(last[-3:]) and after[0].islower():
        parts[-1] = last[:-1]
        parts.append(after)
    elif last.endswith("-") or (_UNSPACED.match(last[-1]) and _UNSPACED.match(after)):
        parts.append(after)
    else:
        parts += [" ", after]


def _between(texts: Sequence[str]) -> Iterator[str]:
    """Pages with blank lines, but a word that goes on overleaf in one piece."""
    for number, text in enumerate(texts):
        after = texts[number + 1] if number + 1 < len(texts) else ""
        if after and after[0].islower() and _HYPHENATED.search(text[-3:]):
            yield text[:-1]
        elif after and after[0].islower() and not _ENDED.search(text[-4:]):
            yield f"{text} "
        else:
            yield f"{text}\n\n" if after else text
