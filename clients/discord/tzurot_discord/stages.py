"""Where characters answer: a channel of a Discord server, a direct message, a slash command."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from zlib import crc32

import discord

from tzurot_bots.lanes import Lane, Lanes
from tzurot_client import Client, TzurotError
from tzurot_client.gen.tzurot.session.v1 import FactLearnt, TurnStarted
from tzurot_discord import errors
from tzurot_discord.custom_ids import CustomIds
from tzurot_discord.learnt import messages
from tzurot_discord.outgoing import MOST, Stage, Voice, refusals_logged
from tzurot_discord.subjects import Channel
from tzurot_discord.webhooks import Face, Webhooks, WebhookVoice

FACE_SECONDS = 5.0  # no answer waits longer for its avatar
BRIEF_SECONDS = 10.0  # what is nobody else's business stands in a channel no longer
MOST_OF_A_GUEST = 6  # messages: one and five more; Discord "Followup Messages"

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
    ids: CustomIds = field(default_factory=CustomIds)

    def channel(self, channel: Channel, person: Client, event_id: int) -> Stage:
        """A channel or thread: each character has its own name and face."""
        return _Channel(channel, person, event_id, self)

    def unasked(self, channel: Channel, person: Client) -> Stage:
        """A channel where nobody waits for an answer: only characters say something."""
        return _Unasked(channel, person, 0, self)

    def direct(self, channel: Channel | discord.DMChannel, event_id: int) -> Stage:
        """A direct message, or another place where only the bot itself can speak."""
        return _Direct(channel, event_id, self)

    def command(self, interaction: discord.Interaction) -> Stage:
        """A slash command that was deferred."""
        return _Command(interaction, self)


class _Direct:
    def __init__(self, channel: Channel | discord.DMChannel, event_id: int, stages: Stages) -> None:
        self._channel = channel
        self._event_id = event_id
        self._stages = stages

    async def typing(self) -> None:
        with refusals_logged():
            await self._channel.typing()

    async def voice(self, started: TurnStarted) -> Voice:
        lane = self._stages.lanes.of(self._channel.id)
        return _BotVoice(self, _bold(started), lane)

    async def send(self, text: str) -> int:
        return (await self._channel.send(text)).id

    async def edit(self, message_id: int, text: str) -> None:
        await self._channel.get_partial_message(message_id).edit(content=text)

    async def delete(self, message_id: int) -> None:
        await self._channel.get_partial_message(message_id).delete()

    async def tell(self, sentence: str) -> None:
        await self._tell(sentence)

    async def refuse(self, refusal: TzurotError) -> None:
        if not errors.is_told(refusal):
            await self.tell(errors.sentence_for(refusal))

    async def tell_learnt(self, learnt: Sequence[FactLearnt]) -> None:
        if isinstance(self._channel, discord.DMChannel):
            for text, view in messages(learnt, self._stages.ids):
                await self._channel.send(text, view=view)

    async def _tell(self, sentence: str, seconds: float | None = None) -> None:
        """Discord drops a second message with the nonce: instances say the same only once."""
        nonce = f"{self._event_id}{crc32(sentence.encode()) % 10_000}"
        sent = await self._channel.send(sentence, nonce=nonce)
        if seconds is not None:
            try:
                await asyncio.sleep(seconds)
            finally:
                await sent.delete()


class _Channel(_Direct):
    def __init__(self, channel: Channel, person: Client, event_id: int, stages: Stages) -> None:
        super().__init__(channel, event_id, stages)
        self._place = channel
        self._person = person

    async def voice(self, started: TurnStarted) -> Voice:
        webhook = await self._stages.webhooks.of(self._place)
        if webhook is None:  # not allowed, or the channel is full of them
            if hint := self._stages.webhooks.hint(self._place):
                await self.tell(hint)
            return await super().voice(started)
        face = Face(_name(started), await self._avatar(started))
        return WebhookVoice(self._stages.webhooks, webhook, self._place, face)

    async def refuse(self, refusal: TzurotError) -> None:
        if refusal.reason in errors.ABOUT_AGE:
            await self._tell(errors.sentence_for(refusal), BRIEF_SECONDS)
        else:
            await super().refuse(refusal)

    async def _avatar(self, started: TurnStarted) -> str | None:
        try:
            async with asyncio.timeout(FACE_SECONDS):
                return await self._stages.avatars.url(self._person, started)
        except TimeoutError:
            log.warning("no avatar within %s s: answering without", FACE_SECONDS)
            return None


class _Unasked(_Channel):
    async def tell(self, sentence: str) -> None:
        """Nobody has asked."""

    async def refuse(self, refusal: TzurotError) -> None:
        """As above."""


class _Command:
    def __init__(self, interaction: discord.Interaction, stages: Stages) -> None:
        self._interaction = interaction
        self._stages = stages
        self._answered = False

    async def typing(self) -> None:
        """Discord shows "… is thinking" by itself."""

    async def voice(self, started: TurnStarted) -> Voice:
        interaction, lane = self._interaction, self._stages.lanes.of(self._interaction.id)
        guest = interaction.is_user_integration() and not interaction.is_guild_integration()
        return _BotVoice(self, _bold(started), lane, MOST_OF_A_GUEST if guest else MOST)

    async def tell(self, sentence: str) -> None:
        await self.send(sentence)

    async def refuse(self, refusal: TzurotError) -> None:
        await self.send(errors.sentence_for(refusal))

    async def tell_learnt(self, learnt: Sequence[FactLearnt]) -> None:
        for text, view in messages(learnt, self._stages.ids):
            await self._interaction.followup.send(text, view=view, ephemeral=True)

    async def send(self, text: str) -> int:
        """The first message takes the place of "… is thinking", the others follow up."""
        interaction = self._interaction
        if self._answered:
            message = await interaction.followup.send(text, wait=True)
            return message.id
        original = await interaction.edit_original_response(content=text)
        self._answered = True
        return original.id

    async def edit(self, message_id: int, text: str) -> None:
        await self._interaction.followup.edit_message(message_id, content=text)

    async def delete(self, message_id: int) -> None:
        await self._interaction.followup.delete_message(message_id)


class Aside:
    """A stage whose asker alone reads why nothing happens, in answer to a deferred command."""

    def __init__(self, interaction: discord.Interaction, place: Stage) -> None:
        self._interaction = interaction
        self.typing, self.voice, self.tell_learnt = place.typing, place.voice, place.tell_learnt
        self._told = False

    async def tell(self, sentence: str) -> None:
        """Say it to whoever has asked."""
        self._told = True
        await self._interaction.edit_original_response(content=sentence)

    async def refuse(self, refusal: TzurotError) -> None:
        """Say why."""
        await self.tell(errors.sentence_for(refusal))

    async def close(self) -> None:
        """Take "… is thinking" away if nothing was told."""
        if not self._told:
            await self._interaction.delete_original_response()


@dataclass(frozen=True, slots=True)
class _BotVoice:
    """Messages that bear the bot's name."""

    place: _Direct | _Command
    prefix: str
    lane: Lane
    most: int = MOST

    async def send(self, text: str) -> int:
        return await self.place.send(text)

    async def edit(self, message_id: int, text: str) -> int:
        await self.place.edit(message_id, text)
        return message_id

    async def delete(self, message_id: int) -> None:
        await self.place.delete(message_id)


def may_speak(channel: Channel) -> bool:
    """Whether the bot may write there: Discord itself does not ask that of a webhook."""
    if isinstance(channel, discord.Thread):
        allowed = channel.parent and channel.permissions_for(channel.guild.me)
        return bool(allowed and allowed.send_messages_in_threads)
    return channel.permissions_for(channel.guild.me).send_messages


def _name(started: TurnStarted) -> str:
    return started.display_name or started.personality_name


def _bold(started: TurnStarted) -> str:
    return f"**{discord.utils.escape_markdown(_name(started))}:** "
