"""What Discord refuses in commands and in answers to interactions beside the published schema.

Numbers: Discord "Application Command Limits", "Interaction Callback Type", "Modal".
"""

import re
from collections import Counter
from collections.abc import Iterator

from tests.fakes.discord.wire import Json, inner, items

CHAT_INPUT = 1
MODAL = 9
COMPLETIONS = 8
TEXT_INPUT = 4
STRING_SELECT = 3
ON_A_MESSAGE = 3
MAX_COMMANDS = 100  # global ones, of type CHAT_INPUT
MAX_ON_A_MESSAGE = 15
MAX_COMMAND_SIZE = 8000  # characters: names, descriptions and values of one command
MAX_MODAL_COMPONENTS = 5
MAX_CHOICE_VALUE = 100
# Discord: ^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$; `re` has no scripts, \w is near enough.
COMMAND_NAME = re.compile(r"[-'\w]{1,32}")


def command_breaches(commands: list[Json]) -> Iterator[str]:
    """What is wrong with the whole set of an application's commands."""
    chat = [command for command in commands if (command.get("type") or CHAT_INPUT) == CHAT_INPUT]
    if len(chat) > MAX_COMMANDS:
        yield f"more than {MAX_COMMANDS} commands"
    menu = [command for command in commands if command.get("type") == ON_A_MESSAGE]
    if len(menu) > MAX_ON_A_MESSAGE:
        yield f"more than {MAX_ON_A_MESSAGE} message commands"
    if any(command.get("description") or command.get("options") for command in menu):
        yield "a message command with a description or options"
    names = Counter((command.get("type") or CHAT_INPUT, command["name"]) for command in commands)
    for (_, name), count in names.items():
        if count > 1:
            yield f"/{name}: name used twice"
    for command in chat:
        yield from _named(command)
        if not command.get("description"):
            yield f"/{command['name']}: no description"
        yield from _options(command)
        if (size := _size(command)) > MAX_COMMAND_SIZE:
            yield f"/{command['name']}: {size} characters, more than {MAX_COMMAND_SIZE}"


def callback_breaches(body: Json) -> Iterator[str]:
    """What is wrong with the first response to an interaction."""
    data = inner(body, "data")
    if body["type"] == MODAL:
        yield from _modal(data)
    if body["type"] == COMPLETIONS:
        for choice in items(data, "choices"):
            if isinstance(choice["value"], str) and len(choice["value"]) > MAX_CHOICE_VALUE:
                yield f"choices: a value over {MAX_CHOICE_VALUE} characters"


def _named(item: Json) -> Iterator[str]:
    name = item["name"]
    if not COMMAND_NAME.fullmatch(name) or name != name.lower():
        yield f"{name!r}: not a lower-case command name"


def _options(item: Json) -> Iterator[str]:
    optional_before = False
    for option in items(item, "options"):
        yield from _named(option)
        if option.get("required") and optional_before:
            yield f"{option['name']!r}: required after an optional one"
        optional_before = optional_before or not option.get("required")
        if option.get("autocomplete") and option.get("choices"):
            yield f"{option['name']!r}: both autocomplete and choices"
        yield from _options(option)


def _size(item: Json) -> int:
    """Characters that count: the longest localization of each text, and string values."""
    texts = [
        max(map(len, [item.get(part) or "", *inner(item, f"{part}_localizations").values()]))
        for part in ("name", "description")
    ]
    values = [len(item["value"])] if isinstance(item.get("value"), str) else []
    within = [_size(one) for part in ("options", "choices") for one in items(item, part)]
    return sum(texts) + sum(values) + sum(within)


def _modal(data: Json) -> Iterator[str]:
    components: list[Json] = items(data, "components")
    if len(components) > MAX_MODAL_COMPONENTS:
        yield f"modal: more than {MAX_MODAL_COMPONENTS} components"
    fields = [
        field
        for holder in components
        for field in [*filter(None, [holder.get("component")]), *items(holder, "components")]
    ]
    ids = Counter(field["custom_id"] for field in fields if "custom_id" in field)
    if any(count > 1 for count in ids.values()):
        yield "modal: a custom_id used twice"
    for text in (data["title"], *(holder.get("label", "-") for holder in components)):
        if not text.strip():
            yield "modal: a blank title or label"
    for field in fields:
        longest, value = field.get("max_length"), field.get("value") or ""
        if field.get("type") == TEXT_INPUT and longest and len(value) > longest:
            yield "modal: a value longer than its max_length"
        yield from select_breaches(field)


def select_breaches(field: Json) -> Iterator[str]:
    """What is wrong with a select: in messages and forms alike."""
    if field.get("type") != STRING_SELECT:
        return
    options: list[Json] = items(field, "options")
    if not options:
        yield "select: no options"
    values = Counter(option["value"] for option in options)
    if any(count > 1 for count in values.values()):
        yield "select: a value used twice"
    if any(not option["label"].strip() or not option["value"].strip() for option in options):
        yield "select: a blank label or value"
    most, least = field.get("max_values", 1), field.get("min_values", 1)
    if not least <= most <= max(1, len(options)):
        yield f"select: min_values {least}, max_values {most} of {len(options)} options"
    if sum(bool(option.get("default")) for option in options) > most:
        yield "select: more defaults than max_values"
