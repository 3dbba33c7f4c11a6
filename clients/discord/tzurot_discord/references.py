"""What a message refers to on Discord, as far as the person who asks may see it.

Embeds that Discord adds later are not waited for.
"""

import time
from collections import OrderedDict

import aiohttp
import discord

from tzurot_bots.references import Found, walk
from tzurot_client.gen.tzurot.session.v1 import Reference, ReferenceState
from tzurot_discord.pointers import Pointer, Source, pointers_of, thread_starter
from tzurot_discord.reading import whole
from tzurot_discord.sight import Readable, Sight
from tzurot_discord.subjects import Channel, guild_place, subject_of

MAX_TEXT, MAX_NAME = 20_000, 80  # characters; the contract's limits
KEPT, FRESH = 500, 300.0  # messages that were read, and the seconds that they are taken for true
UNKNOWN_MESSAGE = 10008  # Discord "JSON Error Codes"


class References:
    """Reads what messages refer to, and keeps the last of them for a while."""

    def __init__(self, discord_: discord.Client) -> None:
        self.discord = discord_
        self._kept: OrderedDict[int, tuple[float, discord.Message | None]] = OrderedDict()

    async def of(self, message: discord.Message, person: discord.abc.Snowflake) -> list[Reference]:
        """All that the message refers to, for this person's eyes; nearest first."""
        pointers = [*pointers_of(message), *thread_starter(message)]
        if not pointers:
            return []
        eyes = _Eyes(self, Sight(self.discord, person, message.channel))
        return await walk(str(message.id), pointers, eyes)

    def forget(self, message_id: int) -> None:
        """The message is not any more what it was."""
        self._kept.pop(message_id, None)

    async def read(self, channel: Readable, message_id: int) -> discord.Message | None:
        """The message of a channel that may be read; None if it was deleted."""
        until, kept = self._kept.get(message_id, (0.0, None))
        if until < time.monotonic():
            kept = await _fetched(channel, message_id)
            self._kept[message_id] = (time.monotonic() + FRESH, kept)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(message_id)
        return kept if kept is None or kept.channel.id == channel.id else None


class _Eyes:
    """Reads for one person."""

    def __init__(self, references: References, sight: Sight) -> None:
        self._references = references
        self._sight = sight

    def known(self, pointer: Pointer) -> Found[Source] | None:
        """A forward brings what was forwarded."""
        if not isinstance(pointer.brought, discord.MessageSnapshot):
            return None
        channel = self._references.discord.get_channel(int(pointer.channel_id))
        return self._found(pointer.brought, channel)

    async def read(self, pointer: Pointer) -> Found[Source]:
        """The message, if it is there and the person may see it."""
        space_id, channel_id = pointer.space_id, int(pointer.channel_id)
        try:
            channel = await self._sight.channel(int(space_id) if space_id else None, channel_id)
            if channel is None:
                return Found(Reference(state=ReferenceState.HIDDEN))
            message_id = int(pointer.message_id)
            source = pointer.brought or await self._references.read(channel, message_id)
        except (discord.DiscordServerError, aiohttp.ClientError):
            return Found(Reference(state=ReferenceState.UNREACHABLE))
        except discord.DiscordException:
            return Found(Reference(state=ReferenceState.HIDDEN))
        if not isinstance(source, discord.Message):
            return Found(Reference(state=ReferenceState.DELETED))
        return self._found(source, channel)

    def _found(
        self, source: discord.Message | discord.MessageSnapshot, channel: object
    ) -> Found[Source]:
        told = Reference(
            state=ReferenceState.READ,
            text=whole(source, self._references.discord.user)[:MAX_TEXT],
            create_time=source.created_at,
        )
        if isinstance(channel, Channel):
            told.age_limit = guild_place(channel).age_limit
        if isinstance(source, discord.Message):  # a forward does not tell by whom it was
            told.author_name = source.author.display_name[:MAX_NAME]
            is_person = not source.author.bot and source.webhook_id is None
            told.author_subject = subject_of(source.author) if is_person else ""
        return Found(told, list(pointers_of(source)))


async def _fetched(channel: Readable, message_id: int) -> discord.Message | None:
    try:
        return await channel.fetch_message(message_id)
    except discord.NotFound as gone:
        if gone.code != UNKNOWN_MESSAGE:
            raise
        return None
