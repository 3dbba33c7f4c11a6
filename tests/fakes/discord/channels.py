"""Channels and what the bot itself writes there: /channels/… and /users/@me/channels."""

from tests.fakes.discord.message_payloads import message_of
from tests.fakes.discord.payloads import JOINED_AT, channel_of, member_of
from tests.fakes.discord.platform import Platform
from tests.fakes.discord.posting import amend, fill, publish, remove
from tests.fakes.discord.state import Channel, Message
from tests.fakes.discord.wire import NO_CONTENT, ApiError, Reply, Request, unknown

NONCE_MEMORY = 20  # messages back that a repeated nonce is recognized ("the past few minutes")


def create_dm(platform: Platform, request: Request) -> Reply:
    person = platform.world.users.get(int(request.body.get("recipient_id") or 0))
    if person is None or person.bot:
        raise ApiError(400, 50033, "Invalid Recipient(s)")
    return Reply(200, channel_of(platform.world.direct_channel(person)))


def get_channel(platform: Platform, request: Request) -> Reply:
    channel = find_channel(platform, request.path["channel_id"])
    if channel.guild and channel.guild.id not in platform.world.guilds:
        raise ApiError(403, 50001, "Missing Access")
    return Reply(200, channel_of(channel))


def get_guild_member(platform: Platform, request: Request) -> Reply:
    guild = platform.world.guilds.get(int(request.path["guild_id"]))
    if guild is None:
        raise ApiError(403, 50001, "Missing Access")
    person = guild.members.get(int(request.path["user_id"]))
    if person is None:
        raise unknown("Member", 10007)
    return Reply(200, member_of(person))


def get_thread_member(platform: Platform, request: Request) -> Reply:
    thread = find_channel(platform, request.path["channel_id"])
    user_id = int(request.path["user_id"])
    if user_id not in thread.insiders:
        raise unknown("Member", 10007)
    about = {"id": str(thread.id), "user_id": str(user_id), "flags": 0}
    return Reply(200, about | {"join_timestamp": JOINED_AT})


def trigger_typing(platform: Platform, request: Request) -> Reply:
    find_channel(platform, request.path["channel_id"])
    return NO_CONTENT


def list_messages(platform: Platform, request: Request) -> Reply:
    """Newest first, at most `limit` (1 to 100, default 50)."""
    history = platform.world.history(find_channel(platform, request.path["channel_id"]))
    visible = [message for message in reversed(history) if not message.ephemeral]
    limit = int(request.query.get("limit", 50))
    if (before := request.query.get("before")) is not None:
        visible = [message for message in visible if message.id < int(before)]
    if (after := request.query.get("after")) is not None:
        visible = [message for message in visible if message.id > int(after)][-limit:]
    if (around := request.query.get("around")) is not None:
        nearest = sorted(visible, key=lambda message: abs(message.id - int(around)))[:limit]
        visible = [message for message in visible if message in nearest]
    return Reply(200, [message_of(message, platform.world) for message in visible[:limit]])


def get_message(platform: Platform, request: Request) -> Reply:
    return Reply(200, message_of(_find_message(platform, request), platform.world))


def create_message(platform: Platform, request: Request) -> Reply:
    channel, body = find_channel(platform, request.path["channel_id"]), request.body
    if repeated := _same_nonce(platform, channel, request):
        return Reply(200, message_of(repeated, platform.world))
    bot = platform.world.bot
    message = Message(platform.world.ids.next(), channel, bot, bot.name, nonce=body.get("nonce"))
    if reference := body.get("message_reference"):
        message.reply_to = platform.world.messages.get(int(reference["message_id"]))
        gone = message.reply_to is None or message.reply_to.deleted
        if gone and reference.get("fail_if_not_exists", True):
            raise ApiError(400, 50035, "Invalid Form Body", message_reference="Unknown message")
    fill(platform, message, request, body)
    publish(platform, message)
    return Reply(200, message_of(message, platform.world))


def update_message(platform: Platform, request: Request) -> Reply:
    message = _find_message(platform, request)
    if message.author is not platform.world.bot or message.webhook:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    amend(platform, message, request, request.body)
    return Reply(200, message_of(message, platform.world))


def delete_message(platform: Platform, request: Request) -> Reply:
    message = _find_message(platform, request)
    if message.author is not platform.world.bot and message.channel.guild is None:
        raise ApiError(403, 50003, "Cannot execute action on a DM channel")
    remove(platform, message)
    return NO_CONTENT


def find_channel(platform: Platform, channel_id: str) -> Channel:
    channel = platform.world.channels.get(int(channel_id))
    if channel is None:
        raise unknown("Channel", 10003)
    return channel


def _find_message(platform: Platform, request: Request) -> Message:
    channel = find_channel(platform, request.path["channel_id"])
    message = platform.world.messages.get(int(request.path["message_id"]))
    if message is None or message.channel is not channel or message.deleted or message.ephemeral:
        raise unknown("Message", 10008)
    return message


def _same_nonce(platform: Platform, channel: Channel, request: Request) -> Message | None:
    """The bot's message of the same nonce, if the request asks to enforce it."""
    nonce = request.body.get("nonce")
    if nonce is None or not request.body.get("enforce_nonce"):
        return None
    recent = platform.world.history(channel)[-NONCE_MEMORY:]
    return next((message for message in recent if message.nonce == nonce), None)
