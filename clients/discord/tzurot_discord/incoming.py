"""What happens when somebody writes on Discord.

Read `Incoming.receive`: it ignores what can't concern a character, puts the rest into the words of
the contract and hands it to `Conversations`, which asks the server and lets `outgoing.py` show the
answers. Who answers is the server's decision; nobody is an answer too.
"""

import re
from collections import OrderedDict

import discord

from tzurot_client import Client
from tzurot_client.gen.tzurot.session.v1 import ChatRequest, Utterance
from tzurot_discord import errors
from tzurot_discord.conversations import Conversations
from tzurot_discord.outgoing import refusals_logged
from tzurot_discord.stages import Stages
from tzurot_discord.subjects import direct_place, guild_place, request_id, subject_of
from tzurot_discord.webhooks import Channel

REMEMBERED = 10_000  # message ids: a resumed gateway connection may tell of a message again

_MARKUP = re.compile(r"<(?P<sign>@!?|@&|#)(?P<id>\d+)>|<a?:(?P<emoji>\w+):\d+>")
_HUMAN = (discord.MessageType.default, discord.MessageType.reply)


class Incoming:
    """The way in for messages."""

    def __init__(
        self, discord_: discord.Client, tzurot: Client, conversations: Conversations, stages: Stages
    ) -> None:
        self._discord = discord_
        self._tzurot = tzurot
        self._conversations = conversations
        self._stages = stages
        self._seen: OrderedDict[int, None] = OrderedDict()

    async def receive(self, message: discord.Message) -> None:
        """Let the message be answered by whom it concerns."""
        if message.author.bot or message.type not in _HUMAN or self._is_repeated(message.id):
            return
        if self._conversations.closing:
            return
        person = self._tzurot.acting_for(subject_of(message.author))
        text = readable(message, self._discord.user)
        with refusals_logged():
            if isinstance(message.channel, discord.DMChannel):
                await self._answer_directly(message, message.channel, text, person)
            elif text and ("@" in text or _replies_to_no_human(message)):
                await self._answer_openly(message, text, person)

    async def _answer_directly(
        self, message: discord.Message, channel: discord.DMChannel, text: str, person: Client
    ) -> None:
        stage = self._stages.direct(channel)
        if not text:
            await stage.tell(errors.NOTHING_TO_READ)
            return
        request = _request(message, text)
        request.place = direct_place(channel.id)
        if not await self._conversations.hold(person, request, stage):
            await stage.tell(errors.NOBODY_ADDRESSED)

    async def _answer_openly(self, message: discord.Message, text: str, person: Client) -> None:
        channel = message.channel
        if message.guild is None:  # one that Discord has not described yet
            return
        if isinstance(channel, discord.PartialMessageable):  # a thread that the cache has not seen
            channel = await self._discord.fetch_channel(channel.id)
        if not isinstance(channel, Channel) or not _may_speak(channel):
            return
        request = _request(message, text)
        request.place = guild_place(channel)
        await self._conversations.hold(person, request, self._stages.channel(channel, person))

    def _is_repeated(self, message_id: int) -> bool:
        if message_id in self._seen:
            return True
        self._seen[message_id] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return False


def readable(message: discord.Message, me: discord.ClientUser | None) -> str:
    """The message's text with names in place of Discord's markup.

    Only the bot keeps its `@`: a person who bears a character's name is not the character.
    """
    people = {user.id: user.display_name for user in message.mentions}
    roles = {role.id: role.name for role in message.role_mentions}
    channels = {channel.id: channel.name for channel in message.channel_mentions}

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
                sign = "@" if me and mentioned == me.id else ""
                return sign + people.get(mentioned, "somebody")

    return _MARKUP.sub(name, message.content).strip()


def _request(message: discord.Message, text: str) -> ChatRequest:
    replied_to = message.reference.message_id if message.reference else None
    said = Utterance(
        text=text,
        speaker_name=message.author.display_name,
        replied_to_message_id=str(replied_to or ""),
    )
    return ChatRequest(request_id=request_id("message", message.id), utterance=said)


def _replies_to_no_human(message: discord.Message) -> bool:
    """Whether it is a reply, and not one to a person: only a webhook or bot can be a character."""
    if message.type is not discord.MessageType.reply or message.reference is None:
        return False
    answered = message.reference.resolved
    return not isinstance(answered, discord.Message) or answered.author.bot


def _may_speak(channel: Channel) -> bool:
    """Whether the bot may write there: Discord itself does not ask that of a webhook."""
    if isinstance(channel, discord.Thread):
        allowed = channel.parent and channel.permissions_for(channel.guild.me)
        return bool(allowed and allowed.send_messages_in_threads)
    return channel.permissions_for(channel.guild.me).send_messages
