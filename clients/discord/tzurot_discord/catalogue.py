"""The server's flows as slash commands, within what Discord accepts. Pure."""

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tzurot_client.gen.tzurot.flow.v1 import Choice, FlowArgument, FlowKind, ValueKind
from tzurot_discord.markup import clamp, is_blank

MAX_COMMANDS = 100  # Discord "Application Command Limits"
MAX_SUBCOMMANDS = MAX_OPTIONS = MAX_CHOICES = 25
MAX_SIZE = 8000  # characters of names, descriptions and values of one command
MAX_TEXT = 100  # characters of a description, a choice's name or its value
MAX_ARGUMENT = 4000  # characters of a value; the contract's limit

Json = dict[str, Any]  # Any: a payload as Discord defines it

_NAME = re.compile(r"[-_\w]{1,32}")
_SUBCOMMAND, _STRING = 1, 3  # Discord "Application Command Option Type"
_TYPES: Mapping[ValueKind, int] = {ValueKind.BOOLEAN: 5, ValueKind.FILE: 11}

# In Discord servers and in direct messages with the bot, where a server has installed it.
EVERYWHERE: Json = {"type": 1, "contexts": [0, 1], "integration_types": [0]}
# In Discord servers, for who may manage messages there.
MODERATED: Json = {"contexts": [0], "default_member_permissions": 1 << 13}

log = logging.getLogger(__name__)


def commands_for(kinds: Iterable[FlowKind], taken: Iterable[str] = ()) -> list[Json]:
    """A command for each first word of the paths, with a subcommand for each second one.

    What Discord has no place for is left out and logged, as are the names in `taken`.
    """
    names = set(taken)
    groups: dict[str, list[FlowKind]] = {}
    for kind in sorted(kinds, key=lambda kind: kind.path):
        words = kind.path.split(" ")
        first = groups.get(words[0], [])
        possible = len(words) <= 2 and all(map(_is_name, words)) and words[0] not in names
        # A name is either a command or a group of some.
        if possible and len(first) < MAX_SUBCOMMANDS and not (first and _is_single(first[0])):
            groups.setdefault(words[0], []).append(kind)
        else:
            _leave_out(kind.path)
    fitting = list(groups)[: MAX_COMMANDS - len(names)]
    for name in list(groups)[len(fitting) :]:
        _leave_out(name)
    commands = [_command(name, groups[name]) for name in fitting]
    return [command for command in commands if command["description"]]


def choices_for(choices: Iterable[Choice]) -> list[Json]:
    """At most 25 choices of different names and values; what Discord can't carry is left out."""
    made: dict[str, Json] = {}
    for choice in choices:
        told = [text for text in (choice.label, choice.description) if not is_blank(text)]
        name = clamp(" · ".join(told) or choice.value, MAX_TEXT)[0]
        if name in made:
            name = clamp(f"{name[: MAX_TEXT // 2]} ({choice.value})", MAX_TEXT)[0]
        if 0 < len(choice.value) <= MAX_TEXT:
            made.setdefault(name, {"name": name, "value": choice.value})
    return list(made.values())[:MAX_CHOICES]


def _command(name: str, kinds: list[FlowKind]) -> Json:
    """The command with as many of the kinds as fit; without a description if none does."""
    command: Json = EVERYWHERE | {"name": name, "description": "", "options": []}
    if all(kind.needs_moderator for kind in kinds):
        command |= MODERATED
    for kind in kinds:
        if _is_single(kind):
            longer = command | _described(name, kind)
        else:
            longer = _with_subcommand(command, kind)
        if _size(longer) <= MAX_SIZE:
            command = longer
        else:
            _leave_out(kind.path)
    return command


def _with_subcommand(command: Json, kind: FlowKind) -> Json:
    verb = kind.path.split(" ")[1]
    options: list[Json] = [
        *command["options"],
        {"type": _SUBCOMMAND} | _described(verb, kind),
    ]
    verbs = ", ".join(option["name"] for option in options)
    description = clamp(f"{command['name'].capitalize()}: {verbs}", MAX_TEXT)[0]
    return command | {"description": description, "options": options}


def _described(name: str, kind: FlowKind) -> Json:
    arguments = sorted(kind.arguments, key=lambda argument: not argument.required)
    options = [_option(one) for one in arguments if _is_name(one.key)][:MAX_OPTIONS]
    return {"name": name, "description": _sentence(kind.summary, name), "options": options}


def _option(argument: FlowArgument) -> Json:
    option: Json = {
        "type": _TYPES.get(argument.kind, _STRING),
        "name": argument.key,
        "description": _sentence(argument.summary, argument.key),
        "required": argument.required,
    }
    if option["type"] != _STRING:
        return option
    if argument.completes:
        return option | {"autocomplete": True, "max_length": MAX_ARGUMENT}
    choices = choices_for(argument.choices) if len(argument.choices) <= MAX_CHOICES else []
    return option | {"autocomplete": False, "choices": choices, "max_length": MAX_ARGUMENT}


def _sentence(summary: str, name: str) -> str:
    return name if is_blank(summary) else clamp(summary, MAX_TEXT)[0]


def _size(item: Json) -> int:
    texts = (item.get(part) for part in ("name", "description", "value"))
    inner = (one for part in ("options", "choices") for one in item.get(part, ()))
    return sum(len(text) for text in texts if text) + sum(map(_size, inner))


def _is_name(word: str) -> bool:
    return bool(_NAME.fullmatch(word)) and word == word.lower()


def _is_single(kind: FlowKind) -> bool:
    return " " not in kind.path


def _leave_out(path: str) -> None:
    log.warning("no command for %r: Discord has no place for it", path)
