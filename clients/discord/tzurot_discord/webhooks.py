"""Speaking as a character: one webhook of the bot's own in each channel, a face per message."""

import asyncio
import logging
import time
from collections import defaultdict
from dataclasses import dataclass

import discord
from discord.utils import MISSING

from tzurot_bots.lanes import Lanes
from tzurot_discord import errors
from tzurot_discord.names import username
from tzurot_discord.outgoing import MOST
from tzurot_discord.subjects import Channel

NAME = "Tzurot"
UNKNOWN_WEBHOOK = 10015  # Discord "JSON Error Codes"
FULL = 30007  # as above: 15 webhooks are in the channel
REFUSED_FOR = 300.0  # seconds until a channel that allowed no webhook is asked again
HINT_EVERY = 86_400.0  # seconds between two hints in a channel

log = logging.getLogger(__name__)

_Parent = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.ForumChannel


@dataclass(frozen=True, slots=True)
class Face:
    """How a character looks."""

    name: str
    avatar_url: str | None


class Webhooks:
    """The bot's webhooks by channel: found if there is one, made once if not."""

    def __init__(self, client: discord.Client, lanes: Lanes) -> None:
        self.lanes = lanes
        self._client = client
        self._known: dict[int, discord.Webhook] = {}
        self._refused: dict[int, float] = {}  # until when, in time.monotonic()
        self._full = set[int]()
        self._hinted: dict[int, float] = {}  # until when, as above
        self._locks = defaultdict[int, asyncio.Lock](asyncio.Lock)

    async def of(self, channel: Channel) -> discord.Webhook | None:
        """The webhook that speaks in this channel or thread; None if there can't be one."""
        parent = channel.parent if isinstance(channel, discord.Thread) else channel
        if parent is None or not parent.permissions_for(parent.guild.me).manage_webhooks:
            return None
        async with self._locks[parent.id]:  # many first answers at once make one webhook
            if parent.id not in self._known and self._refused.get(parent.id, 0) < time.monotonic():
                await self._find_or_make(parent)
            return self._known.get(parent.id)

    async def replaced(self, channel: Channel, gone: discord.Webhook) -> discord.Webhook | None:
        """Another webhook, once somebody has deleted this one."""
        if self._known.get(gone.channel_id or 0) == gone:
            del self._known[gone.channel_id or 0]
        return await self.of(channel)

    def hint(self, channel: Channel) -> str:
        """What whoever runs the place can do about a missing webhook; empty if told today."""
        parent_id = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
        if self._hinted.get(parent_id, 0) > time.monotonic():
            return ""
        self._hinted[parent_id] = time.monotonic() + HINT_EVERY
        return errors.WEBHOOKS_FULL if parent_id in self._full else errors.WEBHOOKS_FORBIDDEN

    async def _find_or_make(self, parent: _Parent) -> None:
        me = self._client.user
        try:
            for webhook in await parent.webhooks():
                if webhook.user == me and webhook.token:
                    self._known[parent.id] = webhook
                    return
            self._known[parent.id] = await parent.create_webhook(name=NAME)
            self._full.discard(parent.id)
        except discord.HTTPException as refused:  # no right to, or 15 webhooks are there already
            log.warning("no webhook in channel %s: code %s", parent.id, refused.code)
            self._refused[parent.id] = time.monotonic() + REFUSED_FOR
            if refused.code == FULL:
                self._full.add(parent.id)


class WebhookVoice:
    """A character in a channel or thread."""

    prefix = ""
    most = MOST

    def __init__(self, webhooks: Webhooks, webhook: discord.Webhook, channel: Channel, face: Face):
        self._webhooks = webhooks
        self._webhook = webhook
        self._channel = channel
        self._face = face
        self._thread = channel if isinstance(channel, discord.Thread) else MISSING
        self.lane = webhooks.lanes.of(webhook.id)

    async def send(self, text: str) -> int:
        """Say it; where somebody has deleted the webhook, through a new one."""
        try:
            return await self._send(text)
        except discord.NotFound as gone:
            if not await self._replaced(gone):
                raise
            return await self._send(text)

    async def edit(self, message_id: int, text: str) -> int:
        """Change a message; one whose webhook is gone stays as it is and is sent again."""
        try:
            await self._webhook.edit_message(message_id, content=text, thread=self._thread)
        except discord.NotFound as gone:
            if not await self._replaced(gone):
                raise
            return await self._send(text)
        return message_id

    async def delete(self, message_id: int) -> None:
        """Take a message back."""
        await self._webhook.delete_message(message_id, thread=self._thread)

    async def _send(self, text: str) -> int:
        message = await self._webhook.send(
            text,
            username=username(self._face.name),
            avatar_url=self._face.avatar_url or MISSING,
            thread=self._thread,
            wait=True,
        )
        return message.id

    async def _replaced(self, gone: discord.NotFound) -> bool:
        """Whether it was the webhook that is gone, and there is another one now."""
        if gone.code != UNKNOWN_WEBHOOK:
            return False
        another = await self._webhooks.replaced(self._channel, self._webhook)
        if another is None:
            return False
        self._webhook = another
        return True
