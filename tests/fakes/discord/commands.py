"""What a person types after the slash → an interaction's data, checked as Discord's client does."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.fakes.discord.message_payloads import message_of
from tests.fakes.discord.state import Message, Upload, World
from tests.fakes.discord.wire import Json, items

ON_A_MESSAGE = 3  # Discord "Application Command Type"
SUBCOMMAND, GROUP, ATTACHMENT = 1, 2, 11  # Discord "Application Command Option Type"
PYTHON_TYPES: Mapping[int, type | tuple[type, ...]] = {
    3: str,
    4: int,
    5: bool,
    10: (int, float),
    ATTACHMENT: Upload,
}


def interaction_data(
    world: World, line: str, options: Mapping[str, Any], focused: str | None = None
) -> Json:
    """The data for `line` ("chat", "history clear") with `options`.

    `focused` names the option that is being typed, for a completion: then required ones may miss.
    Raises LookupError for what the bot hasn't registered, TypeError for a value of another type: a
    person could not send either.
    """
    name, *path = line.split()
    command = world.command(name)
    if command is None:
        known = [command["name"] for command in world.commands]
        raise LookupError(f"no command /{name}; registered: {known}")
    declared: list[Json] = items(command, "options")
    kinds: list[int] = []
    for word in path:
        step = next((one for one in declared if one["name"] == word), None)
        if step is None or step["type"] not in (SUBCOMMAND, GROUP):
            raise LookupError(f"/{line}: no subcommand {word!r}")
        kinds.append(step["type"])
        declared = items(step, "options")
    chosen = _chosen(line, declared, options, focused)
    for word, kind in zip(reversed(path), reversed(kinds), strict=True):
        chosen = [{"name": word, "type": kind, "options": chosen}]
    data: Json = {"id": command["id"], "name": name, "type": 1, "options": chosen}
    files = [value for value in options.values() if isinstance(value, Upload)]
    return data | (resolved(files) if files else {})


def message_command_data(world: World, message: Message, name: str) -> Json:
    """The data of a command in a message's menu."""
    command = world.command(name, ON_A_MESSAGE)
    if command is None:
        raise LookupError(f"no message command {name!r}")
    return {
        "id": command["id"],
        "name": name,
        "type": ON_A_MESSAGE,
        "target_id": str(message.id),
        "resolved": {"messages": {str(message.id): message_of(message, world)}},
    }


def resolved(files: Iterable[Upload]) -> Json:
    """What the ids of uploaded files stand for."""
    return {"resolved": {"attachments": {file.payload["id"]: file.payload for file in files}}}


def _chosen(
    line: str, declared: list[Json], options: Mapping[str, Any], focused: str | None
) -> list[Json]:
    by_name = {option["name"]: option for option in declared}
    if unknown := options.keys() - by_name.keys():
        raise LookupError(f"/{line}: no option {sorted(unknown)}")
    required = {name for name, option in by_name.items() if option.get("required")}
    if focused is None and (missing := required - options.keys()):
        raise LookupError(f"/{line}: needs {sorted(missing)}")
    if focused is not None and not by_name[focused].get("autocomplete"):
        raise LookupError(f"/{line}: {focused!r} is not completed")
    chosen: list[Json] = []
    for name, value in options.items():
        kind = by_name[name]["type"]
        if not isinstance(value, PYTHON_TYPES[kind]):
            raise TypeError(f"/{line}: {name!r} does not take {value!r}")
        sent = value.payload["id"] if isinstance(value, Upload) else value
        focus = {"focused": True} if name == focused else {}
        chosen.append({"name": name, "type": kind, "value": sent} | focus)
    return chosen
