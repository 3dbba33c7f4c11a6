"""Cutting a text into the passages that it is recalled in. Pure.

A passage ends where a paragraph does, else a line, a sentence or a word, as near to 1,200
characters as it can; only something longer without any space in it is cut anywhere. Each begins a
little before the end of the one before, so that what stands across the cut is found too.
"""

import re
from collections.abc import Iterator

LONGEST = 1_200  # characters; some 300 tokens of English, and the embedder reads 512
OVERLAP = 150  # characters at most

# Where a passage may end, best first, and how long it must be to end there.
_ENDS = (
    (re.compile(r"\n[^\S\n]*\n\s*"), 700),
    (re.compile(r"\n\s*"), 900),
    (re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|[。！？]+[」』”]*\s*"), 900),
    (re.compile(r"\s+"), 1),
)
_BEGINNINGS = (_ENDS[2][0], _ENDS[3][0])  # of an overlap: at a sentence, else at a word


def split(text: str) -> list[str]:
    """The passages of a text, in order; none of a blank one."""
    return [passage for start, end in spans(text) if (passage := text[start:end].strip())]


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where passages start and end: together they cover the text, each at most LONGEST long."""
    start = done = 0
    while len(text) - start > LONGEST:
        end = _end(text, start, done)
        yield start, end
        start, done = _beginning(text, start, end), end
    if text[start:].strip():
        yield start, len(text)


def _end(text: str, start: int, done: int) -> int:
    """Where the passage from `start` ends: after `done`, up to which all is in passages."""
    for mark, shortest in _ENDS:
        earliest = max(start + shortest, done + 1)
        last = None
        for match in mark.finditer(text, start, start + LONGEST):
            if match.end() >= earliest:
                last = match.end()
        if last is not None:
            return last
    return start + LONGEST


def _beginning(text: str, start: int, end: int) -> int:
    """Where the next passage starts: at most OVERLAP before `end`, at a sentence or a word."""
    earliest = max(start + 1, end - OVERLAP)
    for mark in _BEGINNINGS:
        for match in mark.finditer(text, earliest, end):
            if match.end() < end:
                return match.end()
    return end
