"""What lore is looked up in: a text with the names filled in and the comments gone.

Nothing else runs, so it can be done as often as one likes. Words of hidden keys are in sight here
and nowhere else (Character Card V3, "hidden_key").
"""

from tzurot.personality.macros import names, words
from tzurot.personality.macros.parsing import parse
from tzurot.personality.macros.stage import Stage
from tzurot.personality.macros.tree import Macro, Parts

MAX_ADDED = 200_000  # characters of names in one text; further ones stay macros
_MAX_DEPTH = 24


class Scan:
    """One text."""

    def __init__(self, text: str, stage: Stage) -> None:
        self._text = text
        self._stage = stage
        self._added = 0

    def words(self) -> str:
        """All of it."""
        return self._told(parse(self._text), 0)

    def _told(self, parts: Parts, depth: int) -> str:
        return "".join(self._said(it, depth) if isinstance(it, Macro) else it for it in parts)

    def _said(self, macro: Macro, depth: int) -> str:
        name = names.canonical(macro.name)
        if depth >= _MAX_DEPTH:
            return macro.written(self._text)
        if name == "hidden_key":
            return " ".join(self._told(argument, depth + 1) for argument in macro.arguments)
        if name in names.SILENT:
            return ""
        if name in names.NAMES and not macro.arguments:
            return self._name(name, macro)
        said = "{{" + self._told(macro.inner, depth + 1) + "}}"
        if macro.body is None or macro.close is None:
            return said
        return said + self._told(macro.body, depth + 1) + macro.close.written(self._text)

    def _name(self, name: str, macro: Macro) -> str:
        said = words.said(name, self._stage) or ""
        if self._added + len(said) > MAX_ADDED:
            return macro.written(self._text)
        self._added += len(said)
        return said
