"""`help`: what there is to do, for who asks.

    groups → command

It reads the catalogue, so that it tells of whatever clients offer: docs/reference/commands.md is
written from the same. What the client offers by itself it is told, keeps in the draft, and shows
as text: nothing can be chosen of it.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby

from tzurot.errors import FlowKindNotFound
from tzurot.flow.catalogue import Catalogue
from tzurot.flow.kind import Answers, Argument, At, Kind, Origin, Step
from tzurot.flow.views import ITEM, MAX_CHOICES, Action, Choice, Item, View, line
from tzurot.transport.subject import Caller

_BEGIN = (
    "Talk with a character by `@` and its name; in direct messages just write.\n"
    "These are the commands. Choose a group to read what each of them takes."
)
_MODERATORS = "For moderators."


class Help(Kind):
    """Groups of commands, and each command with its arguments."""

    path = "help"
    summary = "What there is to do, and how."
    arguments = (Argument("command", "About which command.", completes=True),)

    def __init__(self, catalogue: Catalogue) -> None:
        """`catalogue` has all kinds but this one."""
        self._catalogue = catalogue

    async def complete(self, who: Caller, key: str, typed: str) -> Sequence[Choice]:
        """Commands that have what was typed in their names."""
        folded = _folded(typed)
        kinds = self._catalogue.offered(who)
        found = [Choice(it.path, it.path, it.summary) for it in kinds if folded in it.path]
        return found[:MAX_CHOICES]

    async def begin(self, who: Caller, arguments: Mapping[str, str], origin: Origin) -> Step:
        """All groups, or the command that is named; one of the client's own stands beside them."""
        draft = {"own": [[it.name, line(it.description)] for it in origin.commands]}
        path = _folded(arguments.get("command", ""))
        if path in self._groups(who):
            return Step("group", {**draft, "group": path})
        if path and path not in {_folded(it.name) for it in origin.commands}:
            return Step("command", {**draft, "path": self._named(who, path).path})
        return Step("groups", draft)

    async def start(self, who: Caller, arguments: Mapping[str, str]) -> Step:
        """The same where a client has none of its own."""
        return await self.begin(who, arguments, Origin())

    async def view(self, who: Caller, at: At) -> View:
        """The groups, the commands of one, or one command."""
        match at.step:
            case "groups":
                items = [_group(name, kinds) for name, kinds in self._groups(who).items()]
                own = [Item(name, description) for name, description in at.draft["own"]]
                return View("Help", _BEGIN, items=(*items, *own), item_action="group")
            case "group":
                return self._commands(who, at.draft["group"])
            case _:
                kind = self._named(who, at.draft["path"])
                back = Action("back", "Back")
                body = "\n".join(part for part in (kind.summary, _for_whom(kind)) if part)
                items = [Item(_called(it), it.summary) for it in kind.arguments]
                return View(f"/{kind.path}", body, items=tuple(items), actions=(back,))

    async def take(self, who: Caller, at: At, action: str, answers: Answers) -> Step:
        """Go into a group or to a command, and back."""
        match action:
            case "group":
                return Step("group", {**at.draft, "group": answers[ITEM][0]})
            case "command":
                return Step("command", {**at.draft, "path": answers[ITEM][0]})
            case _ if at.step == "command":
                return Step("group", {**at.draft, "group": at.draft["path"].partition(" ")[0]})
            case _:
                return Step("groups", at.draft)

    def _commands(self, who: Caller, group: str) -> View:
        kinds = self._groups(who).get(group, ())
        items = [Item(f"/{it.path}", _told(it), key=it.path) for it in kinds]
        back = Action("back", "Back")
        return View(f"/{group}", items=tuple(items), actions=(back,), item_action="command")

    def _groups(self, who: Caller) -> Mapping[str, Sequence[Kind]]:
        """The kinds that the person may begin, by the first words of their paths."""
        kinds = self._catalogue.offered(who)  # by path
        return {name: list(them) for name, them in groupby(kinds, lambda it: it.path.split()[0])}

    def _named(self, who: Caller, path: str) -> Kind:
        """Raises: FlowKindNotFound: there is none, or none for this person."""
        found = [it for it in self._catalogue.offered(who) if it.path == path]
        if not found:
            raise FlowKindNotFound(path[:64])
        return found[0]


def _folded(typed: str) -> str:
    return typed.casefold().strip(" /")


def _group(name: str, kinds: Sequence[Kind]) -> Item:
    """A group: its name, and its commands."""
    verbs = [it.path.removeprefix(name).strip() for it in kinds]
    return Item(f"/{name}", ", ".join(verb for verb in verbs if verb), key=name)


def _told(kind: Kind) -> str:
    return f"{kind.summary} {_for_whom(kind)}".strip()


def _for_whom(kind: Kind) -> str:
    return _MODERATORS if kind.needs_moderator else ""


def _called(argument: Argument) -> str:
    """What an argument is called, with brackets if it may be left out."""
    return argument.key if argument.required else f"[{argument.key}]"
