"""Thoughts that come in parts, often signed, put together so that they can go back as they were.

https://openrouter.ai/docs/use-cases/reasoning-tokens: `reasoning_details`, of Claude's signed
blocks, of OpenAI's and Gemini's encrypted ones, and of plain words.
"""

from collections.abc import Iterator
from typing import cast

_JOINED = ("text", "summary", "data")
_WORDS = ("text", "summary")


class Details:
    """The details of one stream: `add` those of each chunk in order."""

    def __init__(self) -> None:
        self._parts: list[dict[str, object]] = []

    def add(self, details: object) -> str:
        """Take in what a chunk has; the words of it that people can read."""
        words = ""
        for piece in _pieces(details):
            words += "".join(str(piece[name]) for name in _WORDS if piece.get(name))
            part = self._part(piece)
            for name, value in piece.items():
                if name in _JOINED and isinstance(value, str):
                    part[name] = f"{part.get(name) or ''}{value}"
                elif value is not None or name not in part:
                    part[name] = value
        return words

    @property
    def whole(self) -> list[dict[str, object]]:
        """Each part once, in the order in which they began."""
        return self._parts

    def _part(self, piece: dict[str, object]) -> dict[str, object]:
        """The part that a piece goes on with: the last one, if it is the same, else a new one."""
        last = self._parts[-1] if self._parts else {}
        same = last.get("id") is None or piece.get("id") in (None, last["id"])
        if not last or not same or any(last.get(it) != piece.get(it) for it in ("type", "index")):
            last = dict[str, object]()
            self._parts.append(last)
        return last


def _pieces(details: object) -> Iterator[dict[str, object]]:
    for piece in cast("list[object]", details) if isinstance(details, list) else ():
        if isinstance(piece, dict):
            yield cast("dict[str, object]", piece)
