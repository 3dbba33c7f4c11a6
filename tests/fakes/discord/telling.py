"""What people say with files, as forwards and through services; the rest is in `stage.py`."""

from collections.abc import Sequence
from mimetypes import guess_type
from secrets import token_urlsafe

from tests.fakes.discord.gateway import GUILDS
from tests.fakes.discord.mentions import pinged
from tests.fakes.discord.payloads import channel_of
from tests.fakes.discord.posting import publish
from tests.fakes.discord.stage import Stage
from tests.fakes.discord.state import Channel, ChannelKind, Message, Upload, User, Webhook
from tests.fakes.discord.wire import Json

VOICE = 1 << 13  # Discord "Message Flags"


def say_with(
    stage: Stage, author: User, channel: Channel, text: str, files: Sequence[Upload]
) -> Message:
    """A person writes and attaches files, or files alone."""
    message = _new(stage, author, channel)
    for file in files:
        kind = guess_type(file.payload["filename"])[0]
        told = {"content_type": kind} if kind else {}
        message.attachments.append(told | file.payload)
    if any("waveform" in one for one in message.attachments):
        message.flags |= VOICE
    return _publish(stage, message, text)


def voice_message(stage: Stage, sound: bytes) -> Upload:
    """What a telephone records."""
    file = stage.attach("voice-message.ogg", sound)
    return Upload(file.payload | {"duration_secs": 2.5, "waveform": "AAAA"})


def forward(stage: Stage, author: User, channel: Channel, original: Message) -> Message:
    """A person forwards a message from elsewhere, without words of their own."""
    message = _new(stage, author, channel)
    message.forwarded = original
    return _publish(stage, message, "")


def add_private_thread(stage: Stage, name: str, parent: Channel, *insiders: User) -> Channel:
    """A thread for those alone who have joined it."""
    thread = Channel(
        stage.world.ids.next(), ChannelKind.PRIVATE_THREAD, name, parent.guild, parent=parent
    )
    thread.insiders = {person.id for person in insiders}
    return _add_thread(stage, thread)


def add_thread_from(stage: Stage, name: str, starter: Message) -> Channel:
    """A public thread that begins with a message: it has the message's id."""
    parent = starter.channel
    thread = Channel(starter.id, ChannelKind.THREAD, name, parent.guild, parent=parent)
    return _add_thread(stage, thread)


def add_service(stage: Stage, channel: Channel, application_id: int, name: str) -> Webhook:
    """The webhook of an application that says messages for people; it is not said to be there."""
    owner = User(application_id, name, bot=True)
    hook_id = stage.world.ids.next()
    hook = Webhook(hook_id, token_urlsafe(48), f"{name} webhook", channel, owner, application_id)
    stage.world.webhooks[hook.id] = hook
    return hook


def say_for(
    stage: Stage,
    hook: Webhook,
    name: str,
    text: str,
    *,
    channel: Channel | None = None,
    reply_to: Message | None = None,
) -> Message:
    """A service says a message for somebody; what it replies to is linked to in an embed."""
    message = Message(stage.world.ids.next(), channel or hook.channel, hook.owner, name)
    message.webhook = hook
    if reply_to:
        message.embeds = [_reply_embed(reply_to)]
    return _publish(stage, message, text)


def link_to(message: Message) -> str:
    """What "Copy Message Link" copies."""
    guild = message.channel.guild
    where = guild.id if guild else "@me"
    return f"https://discord.com/channels/{where}/{message.channel.id}/{message.id}"


def _reply_embed(original: Message) -> Json:
    """As PluralKit draws it."""
    description = f"**[Reply to:]({link_to(original)})** {original.content[:100]}"
    return {"type": "rich", "author": {"name": f"{original.name} ↩️"}, "description": description}


def _new(stage: Stage, author: User, channel: Channel) -> Message:
    name = author.display_name or author.name
    return Message(stage.world.ids.next(), channel, author, name)


def _publish(stage: Stage, message: Message, text: str) -> Message:
    message.write(text, pinged(text, None, None))
    publish(stage.platform, message)
    return message


def _add_thread(stage: Stage, thread: Channel) -> Channel:
    stage.world.channels[thread.id] = thread
    data = channel_of(thread)
    stage.gateway.dispatch("THREAD_CREATE", data, intent=GUILDS, guild=thread.guild)
    return thread
