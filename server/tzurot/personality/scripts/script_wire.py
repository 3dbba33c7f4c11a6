"""Regex scripts as messages, and back to the rows that cards keep."""

from collections.abc import Mapping
from typing import Any

from tzurot.personality.scripts import scripts
from tzurot.personality.scripts.scripts import Placement, Script
from tzurot.personality.v1 import personality_pb2


def script_to(row: Mapping[str, Any]) -> personality_pb2.RegexScript:
    """A script."""
    script = Script.from_dict(row)
    message = personality_pb2.RegexScript(
        name=script.name,
        find=script.find,
        replace=script.replace,
        trim=script.trim,
        on_input=Placement.INPUT in script.placements,
        on_output=Placement.OUTPUT in script.placements,
        on_lore=Placement.LORE in script.placements,
        prompt_only=script.prompt_only,
        display_only=script.display_only,
        disabled=not script.enabled,
        min_depth=script.min_depth,
        max_depth=script.max_depth,
        problem=scripts.wont_run(row),
    )
    if script.substitute:
        raw = script.substitute == 1
        message.find_macros = (
            personality_pb2.FIND_MACROS_RAW if raw else personality_pb2.FIND_MACROS_ESCAPED
        )
    return message


def script_from(script: personality_pb2.RegexScript) -> dict[str, Any]:
    """The row of a card that says the same."""
    placements = (
        (Placement.INPUT, script.on_input),
        (Placement.OUTPUT, script.on_output),
        (Placement.LORE, script.on_lore),
    )
    return Script(
        name=script.name,
        find=script.find,
        replace=script.replace,
        trim=tuple(script.trim),
        placements=frozenset(it for it, wanted in placements if wanted),
        prompt_only=script.prompt_only,
        enabled=not script.disabled,
        min_depth=script.min_depth if script.HasField("min_depth") else None,
        max_depth=script.max_depth if script.HasField("max_depth") else None,
        substitute=script.find_macros,
        display_only=script.display_only,
    ).as_dict()
