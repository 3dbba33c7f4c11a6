"""What stands in a message, as words: names in place of Discord's markup. Pure."""

import re
from collections.abc import Mapping
from typing import Final

import discord

_MARKUP = re.compile(r"<(?P<sign>@!?|@&|#)(?P<id>\d+)>|<a?:(?P<emoji>\w+):\d+>")

NOBODY: Final[Mapping[int, str]] = {}


def readable(message: discord.Message, me: discord.ClientUser | None) -> str:
    """The message's text with names in place of Discord's markup.

    Only the bot keeps its `@`: a person who bears a character's name is not the character.
    """
    people = {user.id: user.display_name for user in message.mentions}
    roles = {role.id: role.name for role in message.role_mentions}
    channels = {channel.id: channel.name for channel in message.channel_mentions}
    if me:
        people[me.id] = f"@{people.get(me.id, me.display_name)}"
    return named(message.content, people, roles, channels)


def whole(message: discord.Message | discord.MessageSnapshot, me: discord.ClientUser | None) -> str:
    """All that can be read of a message: its text, else its embeds, and its files' names."""
    if isinstance(message, discord.Message):
        text = readable(message, me)
    else:  # a forward, which does not tell whom it mentions
        text = named(message.content, NOBODY)
    embeds = [(embed.title, embed.description) for embed in message.embeds if not text]
    files = [f"[{attachment.filename}]" for attachment in message.attachments]
    parts = (text, *(part for embed in embeds for part in embed if part), *files)
    return "\n".join(part for part in parts if part)


def named(
    content: str,
    people: Mapping[int, str],
    roles: Mapping[int, str] = NOBODY,
    channels: Mapping[int, str] = NOBODY,
) -> str:
    """Discord's markup replaced by these names, where they are known."""

    def name(markup: re.Match[str]) -> str:
        if markup["emoji"]:
            return f":{markup['emoji']}:"
        mentioned = int(markup["id"])
        match markup["sign"]:
            case "#":
                return f"#{channels.get(mentioned, 'channel')}"
            case "@&":
                return roles.get(mentioned, "role")
            case _:
                return people.get(mentioned, "somebody")

    return _MARKUP.sub(name, content).strip()
