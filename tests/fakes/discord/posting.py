"""Writing, changing and deleting messages: the same for channels, webhooks and interactions."""

from mimetypes import guess_type

from tests.fakes.discord.gateway import DIRECT_MESSAGES, GUILD_MESSAGES
from tests.fakes.discord.mentions import pinged
from tests.fakes.discord.platform import Platform
from tests.fakes.discord.rules import nested
from tests.fakes.discord.state import EPHEMERAL, LOADING, Message
from tests.fakes.discord.wire import ApiError, Json, Request, items, utc_now

EMBED_TYPE = {"type": "rich"}


def publish(platform: Platform, message: Message) -> None:
    """The message exists from now on and the gateway says so; ephemeral ones go unsaid."""
    platform.world.messages[message.id] = message
    if not message.ephemeral:
        platform.gateway.dispatch_message("MESSAGE_CREATE", message)
    platform.notify()


def fill(platform: Platform, message: Message, request: Request, body: Json) -> None:
    """Write the body of a create request into a new message."""
    message.flags |= body.get("flags") or 0
    message.embeds = [EMBED_TYPE | embed for embed in items(body, "embeds")]
    message.components = _numbered(items(body, "components"))
    message.attachments = _uploaded(platform, message, request, body)
    _write(message, body.get("content") or "", body)


def amend(platform: Platform, message: Message, request: Request, body: Json) -> None:
    """Change what an edit names and leave the rest; a loading message is loading no more."""
    if "embeds" in body:
        message.embeds = [EMBED_TYPE | embed for embed in items(body, "embeds")]
    if "components" in body:
        message.components = _numbered(items(body, "components"))
    if body.get("attachments") is not None:
        ids = {str(one["id"]) for one in items(body, "attachments")}
        message.attachments = [one for one in message.attachments if one["id"] in ids]
    message.attachments += _uploaded(platform, message, request, body)
    content = body["content"] or "" if "content" in body else message.content
    if not (content.strip() or message.embeds or message.components or message.attachments):
        raise ApiError(400, 50006, "Cannot send an empty message")
    was_loading = message.loading
    message.flags = (message.flags & ~LOADING) | ((body.get("flags") or 0) & ~EPHEMERAL)
    message.edited_at = None if was_loading else utc_now()
    _write(message, content, body)
    if not message.ephemeral:
        platform.gateway.dispatch_message("MESSAGE_UPDATE", message)
    platform.notify()


def remove(platform: Platform, message: Message) -> None:
    message.deleted = True
    guild = message.channel.guild
    data = {"id": str(message.id), "channel_id": str(message.channel.id)}
    if guild:
        data["guild_id"] = str(guild.id)
    intent = GUILD_MESSAGES if guild else DIRECT_MESSAGES
    platform.gateway.dispatch("MESSAGE_DELETE", data, intent=intent, guild=guild)
    platform.notify()


def remove_many(platform: Platform, messages: list[Message]) -> None:
    """MESSAGE_DELETE_BULK: what a moderator deletes at once."""
    for message in messages:
        message.deleted = True
    place = messages[0].channel
    assert place.guild
    data: Json = {
        "ids": [str(message.id) for message in messages],
        "channel_id": str(place.id),
        "guild_id": str(place.guild.id),
    }
    platform.gateway.dispatch("MESSAGE_DELETE_BULK", data, intent=GUILD_MESSAGES, guild=place.guild)
    platform.notify()


def rewrite(platform: Platform, message: Message, text: str) -> None:
    """Its author gives a message other words."""
    message.edited_at = utc_now()
    message.write(text, pinged(text, None, message.answers.id if message.answers else None))
    platform.gateway.dispatch_message("MESSAGE_UPDATE", message)
    platform.notify()


def _write(message: Message, content: str, body: Json) -> None:
    answered = message.answers.id if message.answers else None
    message.write(content, pinged(content, body.get("allowed_mentions"), answered))


def _uploaded(platform: Platform, message: Message, request: Request, body: Json) -> list[Json]:
    """Store the files of a multipart request and describe them as attachments."""
    described = {str(one["id"]): one for one in items(body, "attachments")}
    attachments: list[Json] = []
    for field, file in request.files.items():
        about = described.get(field.removeprefix("files[").removesuffix("]"), {})
        identity = platform.world.ids.next()
        path = f"/attachments/{message.channel.id}/{identity}/{file.filename}"
        kind = guess_type(file.filename)[0] or file.content_type
        platform.world.files[path] = (kind, file.content)
        attachments.append(
            {
                "id": str(identity),
                "filename": file.filename,
                "size": len(file.content),
                "url": platform.cdn_base + path,
                "proxy_url": platform.cdn_base + path,
                "content_type": kind,
            }
            | {key: about[key] for key in ("description", "title") if about.get(key)}
        )
    return attachments


def _numbered(components: list[Json]) -> list[Json]:
    """The components with the ids that the server gives those without one."""
    for number, one in enumerate(nested(components), start=1):
        one.setdefault("id", number)
    return components
