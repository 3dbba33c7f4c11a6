"""That messages refer to others: read from the messages themselves. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import discord

from tzurot_client.gen.tzurot.session.v1 import ReferenceKind

LINKS = 5  # of one message

_LINK = re.compile(
    r"https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/channels/(@me|\d{1,20})/(\d{1,20})/(\d{1,20})"
)
_REPLY_IN_EMBED = re.compile(rf"\]\({_LINK.pattern}\)")

Source = discord.Message | discord.MessageSnapshot


@dataclass(frozen=True, slots=True)
class Pointer:
    """That a message refers to another one."""

    kind: ReferenceKind
    guild_id: int | None
    channel_id: int
    message_id: int
    source: Source | discord.DeletedReferencedMessage | None = None
    """The other message where the first one brings it."""
    referrer: int | None = None
    """Which of the references it comes from, counted from 0; None: the first message itself."""
    beyond: bool = False
    """One of too many: it stands for all further ones."""


def pointers_of(source: Source) -> Iterator[Pointer]:
    """What a message refers to, in order: the one that it replies to or forwards, then links."""
    reference = source.reference if isinstance(source, discord.Message) else None
    if isinstance(source, discord.Message) and reference and reference.message_id:
        kind, brought = ReferenceKind.REPLY, [reference.resolved]
        if reference.type is discord.MessageReferenceType.forward:
            kind, brought = ReferenceKind.FORWARD, list(source.message_snapshots)
        elif source.type is discord.MessageType.thread_starter_message:
            kind = ReferenceKind.THREAD_STARTER
        elif source.type is not discord.MessageType.reply:  # such as one of a followed channel
            brought = []
        at = reference.guild_id, reference.channel_id, reference.message_id
        yield from (Pointer(kind, *at, one) for one in brought)
    if isinstance(source, discord.Message) and (replied_to := reply_in_embed(source)):
        yield replied_to
    links = dict.fromkeys(match.groups() for match in _LINK.finditer(source.content))
    for place, link in enumerate([*links][: LINKS + 1]):  # one more tells that there are too many
        yield replace(_linked(ReferenceKind.LINK, *link), beyond=place == LINKS)


def reply_in_embed(message: discord.Message) -> Pointer | None:
    """What a webhook's message replies to: webhooks can't reply, so PluralKit links to it."""
    if message.webhook_id is None:
        return None
    for embed in message.embeds:
        if match := _REPLY_IN_EMBED.search(embed.description or ""):
            return _linked(ReferenceKind.REPLY, *match.groups())
    return None


def _linked(kind: ReferenceKind, guild: str, channel: str, message: str) -> Pointer:
    return Pointer(kind, None if guild == "@me" else int(guild), int(channel), int(message))


def thread_starter(message: discord.Message) -> Iterator[Pointer]:
    """The message that a thread began with has the thread's id, as in a forum's post."""
    thread = message.channel
    if not isinstance(thread, discord.Thread) or message.id == thread.id:
        return
    is_post = isinstance(thread.parent, discord.ForumChannel)
    where = thread.id if is_post else thread.parent_id
    yield Pointer(ReferenceKind.THREAD_STARTER, thread.guild.id, where, thread.id)
