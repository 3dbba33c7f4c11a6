"""The kinds of flow that there are, and whether the values fit that one is started with."""

from collections.abc import Mapping, Sequence

from tzurot.errors import FlowKindNotFound, InvalidField
from tzurot.flow.kind import Argument, Kind
from tzurot.flow.views import MAX_CHOICES, Asks, Choice
from tzurot.session.channels.channels import MODERATES
from tzurot.transport.subject import Caller


class Catalogue:
    """All kinds, by path."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self._kinds = {kind.path: kind for kind in sorted(kinds, key=lambda kind: kind.path)}

    @property
    def kinds(self) -> Sequence[Kind]:
        """By path."""
        return list(self._kinds.values())

    def offered(self, who: Caller) -> Sequence[Kind]:
        """Those that the caller may begin, by path."""
        return [kind for kind in self._kinds.values() if _may_begin(who, kind)]

    def kind(self, path: str) -> Kind:
        """The kind at `path`.

        Raises:
            FlowKindNotFound: there is none.
        """
        if path not in self._kinds:
            raise FlowKindNotFound(path)
        return self._kinds[path]

    async def complete(self, who: Caller, path: str, key: str, typed: str) -> Sequence[Choice]:
        """At most 25 values for an argument, the best first.

        Raises:
            FlowKindNotFound: there is no such kind.
            InvalidField: it has no such argument.
        """
        kind = self.kind(path)
        argument = next((it for it in kind.arguments if it.key == key), None)
        if argument is None:
            raise InvalidField([("key", "argument.known", f"is no argument of `{path}`")])
        if argument.choices:
            return [it for it in argument.choices if typed.casefold() in it.label.casefold()]
        return (await kind.complete(who, key, typed))[:MAX_CHOICES] if argument.completes else ()


def require_offered(who: Caller, kind: Kind) -> None:
    """Make sure that the caller may begin a kind.

    Raises:
        FlowKindNotFound: it needs a moderator, for whom the caller's client does not vouch.
    """
    if not _may_begin(who, kind):
        raise FlowKindNotFound(kind.path)


def fitting(kind: Kind, given: Mapping[str, str]) -> Mapping[str, str]:
    """The arguments that were given, without empty ones.

    Raises:
        InvalidField: one is unknown, missing, or not a value that it can have.
    """
    known = {argument.key: argument for argument in kind.arguments}
    problems = [
        (f"arguments.{key[:32]}", "argument.known", f"is no argument of `{kind.path}`")
        for key in given
        if key not in known
    ]
    values = {key: value.strip() for key, value in given.items() if value.strip()}
    for key, argument in known.items():
        if problem := _problem(argument, values.get(key, "")):
            problems.append((f"arguments.{key}", "argument.fits", problem))
    if problems:
        raise InvalidField(problems)
    return values


def _may_begin(who: Caller, kind: Kind) -> bool:
    return MODERATES in who.scopes or not kind.needs_moderator


def _problem(argument: Argument, value: str) -> str:
    if argument.asks is Asks.FILE:  # there is no flow yet that a file could go with
        return "is handed over when the flow asks for it" if value else ""
    if not value:
        return "is required" if argument.required else ""
    if argument.choices and value not in {choice.value for choice in argument.choices}:
        return "must be one of " + ", ".join(choice.value for choice in argument.choices)
    if argument.asks is Asks.BOOLEAN and value not in {"true", "false"}:
        return "must be true or false"
    return ""
