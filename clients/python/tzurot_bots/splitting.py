"""Cuts a reply into messages that a platform accepts, code fences balanced in each. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = "```"
# A language counts only before a line break: "```py" opens a fence for `py`, "```hello```" is text.
_OPENING = re.compile(r"```([\w+#.-]{0,20})\n")
_BREAKS = ("\n\n", "\n", ". ", "! ", "? ", "。", " ")  # where to cut, most welcome first


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the reply and what it takes to let it stand alone."""

    text: str
    opened: str
    """What must be put before it: the fence that the piece before had to close, or nothing."""
    closed: str
    """What must be put after it: the end of a fence that goes on in the next piece, or nothing."""


def split(text: str, limit: int) -> list[str]:
    """The messages that show `text`, in order; none is blank, each has at most `limit` characters.

    The cut before a piece depends only on what comes before it. So while a reply grows, the
    messages that are already full stay as they are.
    """
    return [
        piece.opened + piece.text.strip("\n") + piece.closed
        for piece in cut(text, limit)
        if piece.text.replace(_FENCE, "").strip()
    ]


def cut(text: str, limit: int) -> Iterator[Piece]:
    """The pieces of `text`: their texts joined are `text` again."""
    language: str | None = None  # of the fence that is open at this place; None outside of one
    while text:
        opened = "" if language is None else f"{_FENCE}{language}\n"
        # One end of a fence is always kept free: whether it is needed is known after the cut.
        head = _head(text, limit - len(opened) - len(_FENCE) - 1)
        text = text[len(head) :]
        language = _open_fence(head, language)
        yield Piece(head, opened, "" if language is None else f"\n{_FENCE}")


def _head(text: str, room: int) -> str:
    """As much of `text` as fits into `room` characters, cut where a reader would pause."""
    if len(text) <= room:
        return text
    for separator in _BREAKS:
        end = text.rfind(separator, room // 2, room)
        if end >= 0:
            return text[: end + len(separator)]
    return text[: _outside_of_backticks(text, room)]


def _outside_of_backticks(text: str, end: int) -> int:
    """The last place up to `end` that does not tear a run of backticks apart."""
    start = end
    while 0 < start < len(text) and text[start - 1] == text[start] == "`":
        start -= 1
    return start or end


def _open_fence(text: str, language: str | None) -> str | None:
    """The language of the fence that is open at the end of `text`; None if there is none."""
    place = text.find(_FENCE)
    while place >= 0:
        opening = _OPENING.match(text, place)
        language = None if language is not None else opening[1] if opening else ""
        place = text.find(_FENCE, place + len(_FENCE))
    return language
