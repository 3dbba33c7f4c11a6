"""The page of the commands: the kinds of flow, which every client offers, and the Discord bot's."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from tzurot.flow import kinds as all_kinds
from tzurot.flow.kind import Argument, Kind
from tzurot_client.gen.tzurot.flow.v1 import ClientCommand
from tzurot_discord.commands import OWN

PAGE = Path(__file__).parent / "reference/commands.md"
_BEGINNING = (
    "# Commands",
    "",
    "What people can do besides talking, as `help` tells them: `/help` on Discord, `tzurot help` in"
    " a terminal, where `character edit` is `tzurot flow run character edit`. Written by"
    " `make docs`.",
    "",
    "Arguments in brackets may be left out. Commands with a ⚑ are for who moderates a server.",
)
_ON_DISCORD = (
    "## Only on Discord",
    "",
    "The bot has these of its own. A message's menu opens where one right-clicks it or holds it.",
    "",
    "| command | |",
    "| --- | --- |",
)


def kinds() -> Sequence[type[Kind]]:
    """All kinds of flow, by path."""
    modules = [
        importlib.import_module(f"{all_kinds.__name__}.{found.name}")
        for found in pkgutil.iter_modules(all_kinds.__path__)
    ]
    found = {it for module in modules for it in vars(module).values() if _is_kind(it)}
    return sorted(found, key=lambda kind: kind.path)


def commands_page() -> str:
    """The page, as Markdown."""
    lines = [*_BEGINNING]
    for group, members in groupby(kinds(), lambda kind: kind.path.split()[0]):
        lines += ["", f"## {group}", "", "| command | takes | |", "| --- | --- | --- |"]
        lines += [_row(kind) for kind in members]
    own = [_own(one.told) for one in OWN]
    return "\n".join([*lines, "", *_ON_DISCORD, *own]) + "\n"


def _is_kind(it: object) -> bool:
    return inspect.isclass(it) and issubclass(it, Kind) and not inspect.isabstract(it)


def _row(kind: type[Kind]) -> str:
    flag = " ⚑" if kind.needs_moderator else ""
    return f"| `{kind.path}`{flag} | {_takes(kind.arguments)} | {kind.summary} |"


def _takes(arguments: Iterable[Argument]) -> str:
    return " ".join(f"`{it.key}`" if it.required else f"[`{it.key}`]" for it in arguments)


def _own(command: ClientCommand) -> str:
    return f"| `{command.name}` | {command.description} |"
