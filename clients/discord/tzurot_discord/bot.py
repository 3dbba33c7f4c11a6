"""The bot's connection to Discord and its life: what it listens to, how it starts and ends."""

import logging

import discord

from tzurot_bots.lanes import Lanes
from tzurot_bots.pluralkit import PluralKit
from tzurot_client import Client
from tzurot_discord.avatars import EmojiAvatars
from tzurot_discord.commands import Commands
from tzurot_discord.conversations import Conversations
from tzurot_discord.display import Now
from tzurot_discord.incoming import Incoming
from tzurot_discord.interactions import Interactions
from tzurot_discord.proxies import Proxies
from tzurot_discord.references import References
from tzurot_discord.stages import Avatars, Stages
from tzurot_discord.subjects import subject_of
from tzurot_discord.webhooks import Webhooks

MIN_INTERVAL = 1.0  # seconds between two edits of a reply that is still growing
SHARE = 0.4  # as above, for each that grows: Discord allows about 5 requests in 2 seconds

log = logging.getLogger(__name__)

# At DEBUG it tells all that Discord sends: what people say, and the keys that they enter in forms.
logging.getLogger("discord.gateway").addFilter(lambda it: it.levelno > logging.DEBUG)


class Bot(discord.AutoShardedClient):
    """One Discord application. `start` runs it, `drain` and then `close` end it."""

    def __init__(
        self,
        tzurot: Client,
        avatars: Avatars | None = None,
        now: Now = discord.utils.utcnow,
        *,
        reads: bool = True,
        pluralkit: PluralKit | None = None,
    ) -> None:
        """Without `avatars` of its own it keeps them as emojis of the application.

        It `reads` what people write if Discord gives it the Message Content intent.
        """
        super().__init__(
            intents=discord.Intents(
                guilds=True, guild_messages=True, dm_messages=True, message_content=reads
            ),
            # Goes with every message and every edit: a model's text may name anybody.
            allowed_mentions=discord.AllowedMentions.none(),
            # Each event brings what is needed of people and messages: nothing is kept.
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        lanes = Lanes(MIN_INTERVAL, SHARE)
        self._stages = stages = Stages(Webhooks(self, lanes), avatars or EmojiAvatars(self), lanes)
        self._tzurot = tzurot
        self._conversations = held = Conversations()
        self._pluralkit = pluralkit or PluralKit()
        self._commands = Commands(self, tzurot)
        self._interactions = Interactions(self._commands, held, stages, now)
        self._incoming = Incoming(
            self._interactions, held, stages, References(self), Proxies(self._pluralkit)
        )

    async def setup_hook(self) -> None:
        """Once, after login and before the gateway: on_ready may come again and again."""
        self._stages.ids.begin(self.http.token or "")
        if self.user is not None:
            me = self._tzurot.acting_for(subject_of(self.user))
            self._incoming.channels.begin(me, self._incoming.speak_up)
        await self._commands.tell()

    async def on_ready(self) -> None:
        """Discord has told all that it tells at the start of a session."""
        log.info("ready as %s on %d servers", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message) -> None:
        """Somebody has written."""
        await self._incoming.receive(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Somebody has changed what they had written, or Discord has unfolded a link in it."""
        await self._incoming.edited(payload.message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Somebody has deleted a message."""
        await self._incoming.deleted(payload.channel_id, [payload.message_id])

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """A moderator has deleted many."""
        await self._incoming.deleted(payload.channel_id, payload.message_ids)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Somebody has used a command, a button, a select or a form."""
        await self._interactions.receive(interaction)

    async def drain(self) -> None:
        """Take in nothing more and let running answers end: 9 seconds at most."""
        await self._commands.close()
        await self._incoming.channels.close()
        await self._conversations.drain()
        await self._pluralkit.close()
