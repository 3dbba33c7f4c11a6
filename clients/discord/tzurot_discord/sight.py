"""What a person may read on Discord. Whatever is not known for certain is not for them."""

import asyncio

import discord

from tzurot_discord.subjects import Channel

Readable = Channel | discord.DMChannel


class Sight:
    """One person's view, from the place where they are: ask `channel`.

    Where the bot keeps nothing in mind of them it asks Discord, once for each server.
    """

    def __init__(
        self,
        discord_: discord.Client,
        person: discord.abc.Snowflake,
        here: "discord.abc.MessageableChannel",
    ) -> None:
        self._discord = discord_
        self._person = person
        self._here = here
        self._members: dict[int, discord.Member | None] = {}
        if isinstance(person, discord.Member):
            self._members[person.guild.id] = person
        self._lock = asyncio.Lock()

    async def channel(self, guild_id: int | None, channel_id: int) -> Readable | None:
        """The channel if the person may read what was said in it; None if not.

        A direct message only from within itself: others listen elsewhere.

        Raises:
            discord.DiscordServerError, aiohttp.ClientError: Discord did not tell.
        """
        here = self._here
        if guild_id is None:
            return here if isinstance(here, discord.DMChannel) and here.id == channel_id else None
        try:
            return await self._in_guild(guild_id, channel_id)
        except discord.DiscordServerError:
            raise
        except discord.DiscordException:  # refused, gone, or of a kind that we don't know
            return None

    async def _in_guild(self, guild_id: int, channel_id: int) -> Channel | None:
        guild = self._discord.get_guild(guild_id)
        member = await self._member(guild) if guild else None
        if guild is None or member is None:
            return None
        channel = guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
        if isinstance(channel, Channel) and await self._may_read(member, channel):
            return channel
        return None

    async def _member(self, guild: discord.Guild) -> discord.Member | None:
        async with self._lock:
            if guild.id not in self._members:
                try:
                    self._members[guild.id] = await guild.fetch_member(self._person.id)
                except discord.NotFound:
                    self._members[guild.id] = None
            return self._members[guild.id]

    async def _may_read(self, member: discord.Member, channel: Channel) -> bool:
        may = channel.permissions_for(member)
        if not (may.view_channel and may.read_message_history):
            return False
        if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            return may.connect
        elsewhere = channel.id != self._here.id  # who writes in a private thread is a member of it
        if isinstance(channel, discord.Thread) and channel.is_private() and elsewhere:
            await channel.fetch_member(member.id)  # not found: they are none
        return True
