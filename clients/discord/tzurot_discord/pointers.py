"""That messages refer to others: read from the messages themselves. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

import discord

from tzurot_bots import references as pointing
from tzurot_client.gen.tzurot.session.v1 import ReferenceKind

LINKS = 5  # of one message

_LINK = re.compile(
    r"https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/channels/(@me|\d{1,20})/(\d{1,20})/(\d{1,20})"
)
_REPLY_IN_EMBED = re.compile(rf"\]\({_LINK.pattern}\)")

Source = discord.Message | discord.MessageSnapshot | discord.DeletedReferencedMessage
Pointer = pointing.Pointer[Source]


def pointers_of(source: discord.Message | discord.MessageSnapshot) -> Iterator[Pointer]:
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
        space_id = str(reference.guild_id or "")
        at = space_id, str(reference.channel_id), str(reference.message_id)
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
    return Pointer(kind, guild.removeprefix("@me"), channel, message)


def thread_starter(message: discord.Message) -> Iterator[Pointer]:
    """The message that a thread began with has the thread's id, as in a forum's post."""
    thread = message.channel
    if not isinstance(thread, discord.Thread) or message.id == thread.id:
        return
    is_post = isinstance(thread.parent, discord.ForumChannel)
    where = thread.id if is_post else thread.parent_id
    at = str(thread.guild.id), str(where), str(thread.id)
    yield Pointer(ReferenceKind.THREAD_STARTER, *at)
