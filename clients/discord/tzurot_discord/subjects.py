"""Discord's people, places and events in the words of the contracts. Pure."""

from uuid import NAMESPACE_URL, uuid5

import discord

from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.session.v1 import AgeLimit, MessageRef, Place, PlatformMessage

PLATFORM = "discord"

Channel = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


def subject_of(user: discord.abc.User) -> str:
    """The person that the server knows."""
    return f"{PLATFORM}:{user.id}"


def request_id(event: str, event_id: int) -> str:
    """The request id of a Discord event: the same event always has the same, in any process."""
    return str(uuid5(NAMESPACE_URL, f"{PLATFORM}:{event}:{event_id}"))


def direct_place(channel_id: int) -> Place:
    """A direct message with the bot."""
    return Place(platform=PLATFORM, channel_id=str(channel_id), venue=Venue.DIRECT)


def guild_place(channel: Channel) -> Place:
    """A channel or thread of a Discord server."""
    parent_id = channel.parent_id if isinstance(channel, discord.Thread) else ""
    return Place(
        platform=PLATFORM,
        space_id=str(channel.guild.id),
        channel_id=str(channel.id),
        venue=Venue.PUBLIC_CHANNEL if _open_to_all(channel) else Venue.PRIVATE_CHANNEL,
        parent_channel_id=str(parent_id),
        age_limit=_age_limit(channel),
    )


def interaction_place(interaction: discord.Interaction) -> Place | None:
    """Where a command was used; None if characters can't talk there.

    Where the bot itself is no member nobody knows who listens: that counts as a private channel.
    """
    guild_id, channel_id = interaction.guild_id, interaction.channel_id
    if channel_id is None:
        return None
    if guild_id is None and not interaction.context.private_channel:
        return direct_place(channel_id)
    if guild_id is not None and interaction.is_guild_integration():
        channel = interaction.channel
        return guild_place(channel) if isinstance(channel, Channel) else None
    return Place(
        platform=PLATFORM,
        space_id=str(guild_id or ""),
        channel_id=str(channel_id),
        venue=Venue.PRIVATE_CHANNEL,
    )


def message_ref(channel_id: int, message_id: int) -> MessageRef:
    """A message as Discord names it."""
    told = PlatformMessage(
        platform=PLATFORM, channel_id=str(channel_id), message_id=str(message_id)
    )
    return MessageRef(platform_message=told)


def _open_to_all(channel: Channel) -> bool:
    """Whether every member of the Discord server can read what is said here."""
    if isinstance(channel, discord.Thread) and (channel.is_private() or channel.parent is None):
        return False
    return channel.permissions_for(channel.guild.default_role).view_channel


def _age_limit(channel: Channel) -> AgeLimit:
    """What Discord says of the channel, or of the one that a thread or a post belongs to."""
    if channel.guild.nsfw_level is discord.NSFWLevel.age_restricted:
        return AgeLimit.ADULTS
    holder = channel.parent if isinstance(channel, discord.Thread) else channel
    if holder is None:  # one that Discord has not described yet
        return AgeLimit.UNSPECIFIED
    return AgeLimit.ADULTS if holder.is_nsfw() else AgeLimit.NONE
