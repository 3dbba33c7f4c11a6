"""Webhooks: owned, limited, each message under a name and face of its own.

An interaction's follow-ups share these routes; `webhook_id` is then the application's id, and
`interactions.py` answers.
"""

from secrets import token_urlsafe

from tests.fakes.discord import interactions
from tests.fakes.discord.channels import find_channel
from tests.fakes.discord.gateway import GUILD_WEBHOOKS
from tests.fakes.discord.message_payloads import message_of
from tests.fakes.discord.payloads import webhook_of
from tests.fakes.discord.platform import Platform
from tests.fakes.discord.posting import amend, fill, publish, remove
from tests.fakes.discord.state import Channel, ChannelKind, Message, Webhook
from tests.fakes.discord.wire import NO_CONTENT, ApiError, Reply, Request, invalid, unknown


def list_channel_webhooks(platform: Platform, request: Request) -> Reply:
    channel = find_channel(platform, request.path["channel_id"])
    hooks = _hooks(platform, channel)
    return Reply(200, [webhook_of(hook, platform.world) for hook in hooks])


def create_webhook(platform: Platform, request: Request) -> Reply:
    channel = find_channel(platform, request.path["channel_id"])
    if channel.kind not in (ChannelKind.TEXT, ChannelKind.FORUM):
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    if len(_hooks(platform, channel)) >= platform.terms.webhook_limit:
        raise ApiError(400, 30007, "Maximum number of webhooks reached")
    world = platform.world
    hook = Webhook(
        world.ids.next(),
        token_urlsafe(48),
        request.body["name"],
        channel,
        world.bot,
        world.application_id,
    )
    world.webhooks[hook.id] = hook
    announce(platform, channel)
    return Reply(200, webhook_of(hook, world))


def get_webhook(platform: Platform, request: Request) -> Reply:
    return Reply(200, webhook_of(_find(platform, request), platform.world))


def delete_webhook(platform: Platform, request: Request) -> Reply:
    hook = _find(platform, request)
    del platform.world.webhooks[hook.id]
    announce(platform, hook.channel)
    return NO_CONTENT


def get_webhook_by_token(platform: Platform, request: Request) -> Reply:
    body = webhook_of(_authorized(platform, request), platform.world)
    body.pop("user")  # told to the authenticated only
    return Reply(200, body)


def execute_webhook(platform: Platform, request: Request) -> Reply:
    if interactions.concerns(platform, request):
        return interactions.follow_up(platform, request)
    hook, body = _authorized(platform, request), request.body
    place = _place(platform, hook, request)
    message = Message(
        platform.world.ids.next(),
        place,
        hook.owner,
        body.get("username") or hook.name,
        avatar_url=body.get("avatar_url"),
        webhook=hook,
    )
    fill(platform, message, request, body)
    publish(platform, message)
    if request.query.get("wait", "").lower() not in ("1", "true"):
        return NO_CONTENT
    return Reply(200, message_of(message, platform.world))


def get_webhook_message(platform: Platform, request: Request) -> Reply:
    return Reply(200, message_of(_message(platform, request), platform.world))


def update_webhook_message(platform: Platform, request: Request) -> Reply:
    message = _message(platform, request)
    amend(platform, message, request, request.body)
    return Reply(200, message_of(message, platform.world))


def delete_webhook_message(platform: Platform, request: Request) -> Reply:
    remove(platform, _message(platform, request))
    return NO_CONTENT


def announce(platform: Platform, channel: Channel) -> None:
    """WEBHOOKS_UPDATE: something about this channel's webhooks has changed."""
    assert channel.guild
    data = {"guild_id": str(channel.guild.id), "channel_id": str(channel.id)}
    platform.gateway.dispatch("WEBHOOKS_UPDATE", data, intent=GUILD_WEBHOOKS, guild=channel.guild)
    platform.notify()


def _hooks(platform: Platform, channel: Channel) -> list[Webhook]:
    return [hook for hook in platform.world.webhooks.values() if hook.channel is channel]


def _find(platform: Platform, request: Request) -> Webhook:
    hook = platform.world.webhooks.get(int(request.path["webhook_id"]))
    if hook is None:
        raise unknown("Webhook", 10015)
    return hook


def _authorized(platform: Platform, request: Request) -> Webhook:
    """The webhook, if the token in the path is its own: these routes need no bot token."""
    hook = _find(platform, request)
    if hook.token != request.path["webhook_token"]:
        raise ApiError(401, 50027, "Invalid Webhook Token")
    return hook


def _place(platform: Platform, hook: Webhook, request: Request) -> Channel:
    """The webhook's channel or, with `thread_id`, that thread of it."""
    thread_id = request.query.get("thread_id")
    if thread_id is None and hook.channel.kind is ChannelKind.FORUM:
        raise ApiError(400, 220001, "Webhooks posted to forum channels must have a thread_id")
    if thread_id is None:
        return hook.channel
    thread = platform.world.channels.get(int(thread_id))
    if thread is None or thread.parent is not hook.channel:
        raise unknown("Channel", 10003)
    return thread


def _message(platform: Platform, request: Request) -> Message:
    """One of the webhook's own messages, in the place the request names."""
    if interactions.concerns(platform, request):
        return interactions.find_reply(platform, request)
    hook = _authorized(platform, request)
    message_id = request.path.get("message_id", "@original")
    if not message_id.isdecimal():
        raise invalid(message_id=f'Value "{message_id}" is not snowflake.')
    place = _place(platform, hook, request)
    message = platform.world.messages.get(int(message_id))
    if message is None or message.deleted or (message.webhook, message.channel) != (hook, place):
        raise unknown("Message", 10008)
    return message
