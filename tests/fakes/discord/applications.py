"""The application itself: who it is, its commands, its emojis, and where the gateway is."""

from typing import cast

from tests.fakes.discord.payloads import application_of, emoji_of, own_user_of
from tests.fakes.discord.platform import Platform
from tests.fakes.discord.rules import data_uri
from tests.fakes.discord.state import Emoji
from tests.fakes.discord.wire import NO_CONTENT, ApiError, Json, Reply, Request, invalid, unknown


def get_my_user(platform: Platform, _request: Request) -> Reply:
    return Reply(200, own_user_of(platform.world.bot))


def get_my_application(platform: Platform, _request: Request) -> Reply:
    return Reply(200, application_of(platform.world))


def get_gateway(platform: Platform, _request: Request) -> Reply:
    return Reply(200, {"url": platform.gateway.url})


def get_bot_gateway(platform: Platform, _request: Request) -> Reply:
    limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    body = {
        "url": platform.gateway.url,
        "shards": platform.terms.shards,
        "session_start_limit": limit,
    }
    return Reply(200, body)


def list_commands(platform: Platform, request: Request) -> Reply:
    _own(platform, request)
    return Reply(200, platform.world.commands)


def put_commands(platform: Platform, request: Request) -> Reply:
    """Replace the whole set; a command of the same name and type keeps its id."""
    _own(platform, request)
    known = {_key(command): command["id"] for command in platform.world.commands}
    sent = cast("list[Json]", request.json or [])
    platform.world.commands = [_command(platform, one, known.get(_key(one))) for one in sent]
    platform.notify()
    return Reply(200, platform.world.commands)


def list_emojis(platform: Platform, request: Request) -> Reply:
    _own(platform, request)
    world = platform.world
    return Reply(200, {"items": [emoji_of(emoji, world) for emoji in world.emojis.values()]})


def create_emoji(platform: Platform, request: Request) -> Reply:
    _own(platform, request)
    world, name = platform.world, request.body["name"]
    if len(world.emojis) >= platform.terms.emoji_limit:
        raise ApiError(400, 30008, "Maximum number of emojis reached")
    if any(emoji.name == name for emoji in world.emojis.values()):
        raise invalid(name="This name is already taken")
    image = data_uri(request.body["image"])
    assert image  # the rules have seen to it
    emoji = Emoji(world.ids.next(), name, image[1], image[0])
    world.emojis[emoji.id] = emoji
    platform.notify()
    return Reply(201, emoji_of(emoji, world))


def get_emoji(platform: Platform, request: Request) -> Reply:
    return Reply(200, emoji_of(_emoji(platform, request), platform.world))


def delete_emoji(platform: Platform, request: Request) -> Reply:
    del platform.world.emojis[_emoji(platform, request).id]
    platform.notify()
    return NO_CONTENT


def _own(platform: Platform, request: Request) -> None:
    if request.path["application_id"] != str(platform.world.application_id):
        raise unknown("Application", 10002)


def _emoji(platform: Platform, request: Request) -> Emoji:
    _own(platform, request)
    emoji = platform.world.emojis.get(int(request.path["emoji_id"]))
    if emoji is None:
        raise unknown("Emoji", 10014)
    return emoji


def _key(command: Json) -> tuple[int, str]:
    return command.get("type") or 1, command["name"]


def _command(platform: Platform, sent: Json, known_id: str | None) -> Json:
    """A command as it is told back: with ids, defaults filled in."""
    defaults = {
        "type": 1,
        "description": "",
        "default_member_permissions": None,
        "nsfw": False,
        "integration_types": [0],
        "contexts": None,
    }
    told = {key: value for key, value in sent.items() if value is not None}
    permissions = told.get("default_member_permissions")
    return (
        defaults
        | told
        | {
            "id": known_id or str(platform.world.ids.next()),
            "application_id": str(platform.world.application_id),
            "version": str(platform.world.ids.next()),
            "default_member_permissions": None if permissions is None else str(permissions),
        }
    )
