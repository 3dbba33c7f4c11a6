"""Cuts the vendor's OpenAPI document down to the operations this fake serves.

    python -m tests.fakes.discord.trim FULL_OPENAPI.json > tests/data/discord/openapi.json

What is kept is kept unchanged, with every component it reaches by `$ref`.
"""

import json
import sys
from pathlib import Path
from typing import cast

from tests.fakes.discord.wire import Json

OPERATIONS = frozenset(
    {
        "get_my_user",
        "get_my_oauth2_application",
        "get_gateway",
        "get_bot_gateway",
        "list_application_commands",
        "bulk_set_application_commands",
        "list_application_emojis",
        "create_application_emoji",
        "get_application_emoji",
        "delete_application_emoji",
        "create_dm",
        "get_channel",
        "trigger_typing_indicator",
        "get_guild_member",
        "get_thread_member",
        "list_messages",
        "get_message",
        "create_message",
        "update_message",
        "delete_message",
        "list_channel_webhooks",
        "create_webhook",
        "get_webhook",
        "delete_webhook",
        "get_webhook_by_token",
        "execute_webhook",
        "get_webhook_message",
        "update_webhook_message",
        "delete_webhook_message",
        "get_original_webhook_message",
        "update_original_webhook_message",
        "delete_original_webhook_message",
        "create_interaction_response",
    }
)
METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def trimmed(document: Json) -> Json:
    """The same document with only `OPERATIONS` and the components they reach."""
    paths: Json = {}
    for template, item in document["paths"].items():
        kept = {
            key: value
            for key, value in item.items()
            if key not in METHODS or value["operationId"] in OPERATIONS
        }
        if METHODS & kept.keys():
            paths[template] = kept
    components: Json = {}
    for reference in sorted(_reached(paths, document)):
        _, _, section, name = reference.split("/")
        components.setdefault(section, {})[name] = document["components"][section][name]
    return {
        "openapi": document["openapi"],
        "info": document["info"],
        "servers": document["servers"],
        "paths": paths,
        "components": components,
    }


def _reached(start: object, document: Json) -> set[str]:
    """Every `#/components/…` reference that can be reached from `start`."""
    reached: set[str] = set()
    waiting: list[object] = [start]
    while waiting:
        match waiting.pop():
            case {"$ref": str(reference)} if reference not in reached:
                reached.add(reference)
                _, _, section, name = reference.split("/")
                waiting.append(document["components"][section][name])
            case node if isinstance(node, dict):
                waiting.extend(cast("Json", node).values())
            case node if isinstance(node, list):
                waiting.extend(cast("list[object]", node))
            case _:
                pass
    return reached


if __name__ == "__main__":
    full = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    json.dump(trimmed(full), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
