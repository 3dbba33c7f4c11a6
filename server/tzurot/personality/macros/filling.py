"""A text while its macros run: from the inside out, each once, within limits.

What a macro says is never read as a macro: it goes from tree to text and not back. So what people
write can stand for a macro, and nothing that they write in braces runs.
"""

import hashlib
from dataclasses import dataclass, field

from tzurot.personality.macros import blocks, chance, listing, names, values, words
from tzurot.personality.macros.output import Output
from tzurot.personality.macros.parsing import parse
from tzurot.personality.macros.tree import Macro, Parts, dedented, joined
from tzurot.personality.macros.values import Around
from tzurot.personality.macros.variables import TooMuch

MAX_ADDED = 200_000  # characters that macros add to one text
MAX_RUNS = 10_000  # macros in one text, those of the texts that it quotes among them
MAX_DEPTH = 24  # macros within macros

TOO_DEEP = "it stands too deep in other macros"
TOO_MANY = "there are too many macros in this text"
TOO_LONG = "the text would grow too long"
IN_ITSELF = "a text cannot quote itself"
UNREADABLE = "what is written behind its name makes no sense to it"
NO_ROOM = "the variables of a conversation have no room for it"

_FALSE = frozenset({"", "false", "off", "0"})  # as SillyTavern decides


class Page:
    """A text and its name."""

    def __init__(self, text: str, slot: str) -> None:
        self.text = text
        content = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        self.seed = (slot, content)
        """Picks are others in another text, and when the text is changed."""


@dataclass(slots=True)
class Filling:
    """One text."""

    around: Around
    page: Page
    original: str | None = None
    _added: int = 0
    _runs: int = 0
    _depth: int = 0
    _full: bool = False
    _quoted: dict[str, str | None] = field(default_factory=dict[str, str | None])
    """What texts of the card are when they are told; None while one is being told."""

    def told(self, parts: Parts) -> str:
        """Parts as text."""
        output = Output()
        for part in parts:
            if not isinstance(part, Macro):
                output.add(part)
            elif _drops_newlines(part):
                output.trim()
            else:
                output.add(self._said(part))
        return output.text

    def _said(self, macro: Macro) -> str:
        """What a macro says; itself, if nobody knows it or can read it."""
        limit = self._limit()
        if limit is not None:
            return self._left(macro, limit)
        self._runs += 1
        self._depth += 1
        try:
            return self._run(macro)
        finally:
            self._depth -= 1

    def _limit(self) -> str | None:
        if self._depth >= MAX_DEPTH:
            return TOO_DEEP
        return TOO_MANY if self._runs >= MAX_RUNS else None

    def _run(self, macro: Macro) -> str:
        reason = listing.why_not(macro)
        if reason is not None and reason != listing.MALFORMED:
            return self._removed(macro, reason)
        name = names.canonical(macro.name)
        if reason is not None:
            self.around.noted.add(macro, self.page.text, reason)
        if reason is not None or name not in names.ARGUMENTS:
            return "{{" + self.told(macro.inner) + "}}"  # what stands within may mean something
        if name in names.SILENT:
            return ""
        said = self._conditional(macro) if name == "if" else self._value(name, macro)
        return self._removed(macro, UNREADABLE) if said is None else said

    def _removed(self, macro: Macro, reason: str) -> str:
        self.around.noted.add(macro, self.page.text, reason)
        return ""

    def _left(self, macro: Macro, reason: str) -> str:
        self.around.noted.add(macro, self.page.text, reason)
        return macro.written(self.page.text)

    def _grown(self, macro: Macro, said: str) -> str:
        """What a macro says, if there is room for it."""
        if self._added + len(said) > MAX_ADDED:
            self._full = True
            return self._removed(macro, TOO_LONG)
        self._added += len(said)
        return said

    def _conditional(self, macro: Macro) -> str:
        """`{{if condition}}one{{else}}other{{/if}}`: only what is chosen runs."""
        condition, *content = macro.arguments
        yes, no = blocks.sides(macro.body if macro.body is not None else joined(content, "::"))
        return self.told(_spanned(macro, yes if self._holds(condition) else no))

    def _holds(self, condition: Parts) -> bool:
        first = condition[0] if condition else ""
        inverted = isinstance(first, str) and first.startswith("!")
        if inverted and isinstance(first, str):
            condition = (first[1:].lstrip(), *condition[1:])
        return (self._weighed(condition).strip().lower() in _FALSE) is inverted

    def _weighed(self, condition: Parts) -> str:
        """A condition as text. Written without macros, it may name a variable or a macro."""
        match condition:
            case (str(written),) if written[:1] in {".", "$"} and written[1:2].isalpha():
                return self.around.variables.get(written[1:]) if written[0] == "." else ""
            case (str(written),):
                name = names.canonical(written.strip().lower())
                if name in names.TEXTS:
                    return self.around.stage.texts.get(name, "")
                said = words.said(name, self.around.stage)
                return written if said is None else said
            case _:
                return self.told(condition)

    def _value(self, name: str, macro: Macro) -> str | None:
        """What a macro says once its arguments are told; None if they make no sense to it."""
        if name in {"random", "pick"}:
            return self._chosen(name, macro)
        if name in names.TEXTS:
            return self._grown(macro, self._quote(name, macro))
        arguments = self._arguments(name, macro)
        if name in {"reverse", "trim"}:  # adds nothing
            return arguments[0][::-1] if name == "reverse" else arguments[0]
        if name == "original":
            said, self.original = self.original or "", None
        else:
            said = self._computed(macro, arguments)
        return None if said is None else self._grown(macro, said)

    def _computed(self, macro: Macro, arguments: list[str]) -> str | None:
        if self._full and names.canonical(macro.name) in values.CHANGING:
            return self._removed(macro, TOO_LONG)  # what it was to become may lack something
        try:
            return values.computed(macro.name, arguments, self.around)
        except TooMuch:
            return self._removed(macro, NO_ROOM)

    def _arguments(self, name: str, macro: Macro) -> list[str]:
        """As text, as many as the macro has at most: the last one takes the rest."""
        given = list(macro.arguments)
        most = names.ARGUMENTS[name][1]
        if len(given) > most > 0:
            given[most - 1 :] = [joined(given[most - 1 :], "::")]
        told = [self.told(argument) for argument in given]
        if macro.body is not None:
            told.append(self.told(_spanned(macro, macro.body)))
        return told

    def _chosen(self, name: str, macro: Macro) -> str:
        """One of several; only that one runs."""
        seed = (self.around.stage.seed, *self.page.seed, str(macro.start))
        number = self.around.chance if name == "random" else chance.seeded(*seed)
        match chance.choices(macro.arguments):
            case [(Macro(),) as only]:
                said = chance.listed(self.told(only))
                return said[number(len(said))]
            case offered:
                return self.told(offered[number(len(offered))])

    def _quote(self, name: str, macro: Macro) -> str:
        """A text of the card, its own macros run, once in this text."""
        if name in self._quoted:
            quoted = self._quoted[name]
            return self._removed(macro, IN_ITSELF) if quoted is None else quoted
        self._quoted[name] = None
        text = self.around.stage.texts.get(name, "")
        before, self.page = self.page, Page(text, name)
        try:
            quoted = self.told(parse(text))
        finally:
            self.page = before
        self._quoted[name] = quoted
        return quoted


def _spanned(macro: Macro, content: Parts) -> Parts:
    """What a macro spans, or chose of that, without its indentation, unless it is `{{#name}}`."""
    return content if macro.name.startswith("#") else dedented(content)


def _drops_newlines(macro: Macro) -> bool:
    """Whether it is a `{{trim}}` that holds nothing."""
    return names.canonical(macro.name) == "trim" and macro.body is None and not macro.arguments
