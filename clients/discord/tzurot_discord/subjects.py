"""Discord's people, places and events in the words of the contracts. Pure."""

from uuid import NAMESPACE_URL, uuid5

import discord

from tzurot_client.gen.tzurot.common.v1 import Venue
from tzurot_client.gen.tzurot.session.v1 import Place

PLATFORM = "discord"

GuildPlace = discord.abc.GuildChannel | discord.Thread


def subject_of(user: discord.abc.User) -> str:
    """The person that the server knows."""
    return f"{PLATFORM}:{user.id}"


def request_id(event: str, event_id: int) -> str:
    """The request id of a Discord event: the same event always has the same, in any process."""
    return str(uuid5(NAMESPACE_URL, f"{PLATFORM}:{event}:{event_id}"))


def direct_place(channel_id: int) -> Place:
    """A direct message with the bot."""
    return Place(platform=PLATFORM, channel_id=str(channel_id), venue=Venue.DIRECT)


def guild_place(channel: GuildPlace) -> Place:
    """A channel or thread of a Discord server."""
    return Place(
        platform=PLATFORM,
        space_id=str(channel.guild.id),
        channel_id=str(channel.id),
        venue=Venue.PUBLIC_CHANNEL if _open_to_all(channel) else Venue.PRIVATE_CHANNEL,
    )


def _open_to_all(channel: GuildPlace) -> bool:
    """Whether every member of the Discord server can read what is said here."""
    if isinstance(channel, discord.Thread) and (channel.is_private() or channel.parent is None):
        return False
    return channel.permissions_for(channel.guild.default_role).view_channel
