"""Where characters answer: a channel of a Discord server, a direct message, a slash command."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Protocol

import discord

from tzurot_client import Client
from tzurot_client.gen.tzurot.session.v1 import TurnStarted
from tzurot_discord.lanes import Lane, Lanes
from tzurot_discord.names import Name, Names
from tzurot_discord.outgoing import NO_PINGS, Stage, Voice, refusals_logged
from tzurot_discord.webhooks import Channel, Face, Webhooks, WebhookVoice

FACE_SECONDS = 5.0  # no answer waits longer for its avatar

log = logging.getLogger(__name__)


class Avatars(Protocol):
    """Gives avatars an address that Discord can fetch."""

    async def url(self, person: Client, started: TurnStarted) -> str | None:
        """The avatar of the character that answers `person`; None if it can't be had."""
        ...


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages of this bot."""

    webhooks: Webhooks
    avatars: Avatars
    lanes: Lanes
    names: Names = field(default_factory=Names)

    def channel(self, channel: Channel, person: Client) -> Stage:
        """A channel or thread: each character has its own name and face."""
        return _Channel(channel, person, self)

    def direct(self, channel: discord.DMChannel) -> Stage:
        """A direct message: only the bot itself can speak there."""
        return _Direct(channel, self)

    def command(self, interaction: discord.Interaction) -> Stage:
        """A slash command that was deferred."""
        return _Command(interaction, self)


class _Direct:
    def __init__(self, channel: Channel | discord.DMChannel, stages: Stages) -> None:
        self._channel = channel
        self._stages = stages

    async def typing(self) -> None:
        with refusals_logged():
            await self._channel.typing()

    async def voice(self, started: TurnStarted) -> Voice:
        name = self._stages.names.of(started, self._channel.id)
        return _PlainVoice(self._channel, _bold(name), self._stages.lanes.of(self._channel.id))

    async def tell(self, sentence: str) -> None:
        await self._channel.send(sentence, allowed_mentions=NO_PINGS)


class _Channel(_Direct):
    def __init__(self, channel: Channel, person: Client, stages: Stages) -> None:
        super().__init__(channel, stages)
        self._place = channel
        self._person = person

    async def voice(self, started: TurnStarted) -> Voice:
        webhook = await self._stages.webhooks.of(self._place)
        if webhook is None:  # not allowed, or the channel is full of them
            return await super().voice(started)
        name = self._stages.names.of(started, self._place.id)
        face = Face(name, await self._avatar(started))
        return WebhookVoice(self._stages.webhooks, webhook, self._place, face)

    async def _avatar(self, started: TurnStarted) -> str | None:
        try:
            async with asyncio.timeout(FACE_SECONDS):
                return await self._stages.avatars.url(self._person, started)
        except TimeoutError:
            log.warning("no avatar within %s s: answering without", FACE_SECONDS)
            return None


class _Command:
    def __init__(self, interaction: discord.Interaction, stages: Stages) -> None:
        self._interaction = interaction
        self._stages = stages
        self._answered = False

    async def typing(self) -> None:
        """Discord shows "… is thinking" by itself."""

    async def voice(self, started: TurnStarted) -> Voice:
        interaction = self._interaction
        name = self._stages.names.of(started, interaction.channel_id or interaction.id)
        return _CommandVoice(self, _bold(name), self._stages.lanes.of(interaction.id))

    async def tell(self, sentence: str) -> None:
        await self.send(sentence)

    async def send(self, text: str) -> int:
        """The first message takes the place of "… is thinking", the others follow up."""
        interaction = self._interaction
        if self._answered:
            message = await interaction.followup.send(text, wait=True, allowed_mentions=NO_PINGS)
            return message.id
        original = await interaction.edit_original_response(content=text, allowed_mentions=NO_PINGS)
        self._answered = True
        return original.id

    async def edit(self, message_id: int, text: str) -> None:
        await self._interaction.followup.edit_message(
            message_id, content=text, allowed_mentions=NO_PINGS
        )

    async def delete(self, message_id: int) -> None:
        await self._interaction.followup.delete_message(message_id)


@dataclass(frozen=True, slots=True)
class _PlainVoice:
    """The bot's own messages."""

    channel: Channel | discord.DMChannel
    prefix: str
    lane: Lane

    async def send(self, text: str) -> int:
        return (await self.channel.send(text, allowed_mentions=NO_PINGS)).id

    async def edit(self, message_id: int, text: str) -> int:
        message = self.channel.get_partial_message(message_id)
        await message.edit(content=text, allowed_mentions=NO_PINGS)
        return message_id

    async def delete(self, message_id: int) -> None:
        await self.channel.get_partial_message(message_id).delete()


@dataclass(frozen=True, slots=True)
class _CommandVoice:
    """The messages that answer a slash command."""

    stage: _Command
    prefix: str
    lane: Lane

    async def send(self, text: str) -> int:
        return await self.stage.send(text)

    async def edit(self, message_id: int, text: str) -> int:
        await self.stage.edit(message_id, text)
        return message_id

    async def delete(self, message_id: int) -> None:
        await self.stage.delete(message_id)


def _bold(name: Name) -> str:
    return f"**{discord.utils.escape_markdown(str(name))}:** "
