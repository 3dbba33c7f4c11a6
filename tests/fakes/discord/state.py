"""What exists on this Discord: people, servers, channels, messages, webhooks, emojis, interactions.

Plain mutable records, no rule. `payloads.py` turns them into the vendor's JSON.
"""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from tests.fakes.discord.mentions import NOBODY, Pings
from tests.fakes.discord.wire import Json, Snowflakes, utc_now

EPHEMERAL = 1 << 6  # message flags; Discord "Message Flags"
LOADING = 1 << 7


class ChannelKind(IntEnum):
    """Discord "Channel Types", those that exist here."""

    TEXT = 0
    DIRECT = 1
    GROUP = 3
    THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


@dataclass(eq=False, slots=True)
class User:
    id: int
    name: str
    display_name: str | None = None
    bot: bool = False
    permissions: int | None = None
    """What this person may do on every server; None: everything."""


@dataclass(eq=False, slots=True)
class Guild:
    id: int
    name: str
    members: dict[int, User] = field(default_factory=dict[int, User])
    bots: list[int] = field(default_factory=list[int])
    """Other applications that were invited: each has a role of its own."""
    nsfw_level: int = 0
    """Discord "Guild NSFW Level": 3 is age-restricted."""


@dataclass(eq=False, slots=True)
class Channel:
    id: int
    kind: ChannelKind
    name: str
    guild: Guild | None = None
    """None for a direct-message channel."""
    recipient: User | None = None
    """The person at the other end of a direct-message channel, or one in a group of theirs."""
    parent: "Channel | None" = None
    """The channel that a thread belongs to."""
    nsfw: bool = False
    private: bool = False
    """Whether only its members may see it, and not whoever joins the server."""
    denied: int = 0
    """What nobody may do in it; Discord "Permissions"."""
    insiders: set[int] = field(default_factory=set[int])
    """Who has joined a thread, or may see a private channel; of that, empty: all members."""


@dataclass(eq=False, slots=True)
class Webhook:
    id: int
    token: str
    name: str
    channel: Channel
    owner: User
    application_id: int | None
    avatar: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One text that a message has had, and whom sending it so would have pinged."""

    text: str
    pings: Pings
    at: float
    """Seconds, `time.monotonic()`."""


@dataclass(eq=False, slots=True)
class Message:
    id: int
    channel: Channel
    author: User
    name: str
    """The name shown above the message: the author's or the one given to the webhook."""
    content: str = ""
    avatar_url: str | None = None
    """The face given to the webhook; None means the author's own."""
    webhook: Webhook | None = None
    interaction: "Interaction | None" = None
    reply_to: "Message | None" = None
    forwarded: "Message | None" = None
    attachments: list[Json] = field(default_factory=list[Json])
    embeds: list[Json] = field(default_factory=list[Json])
    components: list[Json] = field(default_factory=list[Json])
    flags: int = 0
    nonce: str | int | None = None
    versions: list[Version] = field(default_factory=list[Version])
    """Every text in order, the current one last."""
    created_at: datetime = field(default_factory=utc_now)
    edited_at: datetime | None = None
    deleted: bool = False

    @property
    def answers(self) -> User | None:
        """The person whose message this replies to; a webhook is nobody who could be notified."""
        original = self.reply_to
        return original.author if original and not original.webhook else None

    @property
    def texts(self) -> list[str]:
        return [version.text for version in self.versions]

    @property
    def pings(self) -> Pings:
        """Everybody whom any version of this message would have pinged."""
        return Pings.union(version.pings for version in self.versions)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether this is still "… is thinking"."""
        return bool(self.flags & LOADING)

    def write(self, content: str, pings: Pings = NOBODY) -> None:
        self.content = content
        self.versions.append(Version(content, pings, time.monotonic()))


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a person has attached to a command or a form."""

    payload: Json


@dataclass(eq=False, slots=True)
class Emoji:
    id: int
    name: str
    image: bytes
    content_type: str


@dataclass(eq=False, slots=True)
class Interaction:
    """One use of a command, a control or a form, or one question for completions."""

    id: int
    token: str
    kind: int
    """Discord "Interaction Type": 2 command, 3 component, 4 completion, 5 form."""
    author: User
    channel: Channel
    data: Json
    message: Message | None = None
    """Where the control stands that was used."""
    by_person: bool = False
    """Whether only its author has installed the application there, and no server."""
    issued: float = field(default_factory=time.monotonic)
    callback: int | None = None
    """The type of the first response, once there is one."""
    original: Message | None = None
    followups: list[Message] = field(default_factory=list["Message"])
    choices: list[Json] = field(default_factory=list[Json])
    """What a completion was answered with."""
    modal: Json | None = None
    """The form that was opened in answer."""
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once there is more than the announcement that an answer comes."""

    @property
    def replies(self) -> list[Message]:
        """All that its author sees in answer, in order, without what still loads."""
        answers = [self.original, *self.followups]
        return [reply for reply in answers if reply and not reply.loading and not reply.deleted]


class World:
    """Everything that exists, by id, and the ids' source."""

    def __init__(self) -> None:
        self.ids = Snowflakes()
        self.application_id = self.ids.next()
        self.bot = User(self.application_id, "tzurot-test-bot", bot=True)
        self.owner = User(self.ids.next(), "bot-owner")
        self.users = {user.id: user for user in (self.bot, self.owner)}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.emojis: dict[int, Emoji] = {}
        self.interactions: dict[str, Interaction] = {}
        """By token."""
        self.commands: list[Json] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        """Content type and bytes of each attachment by its path on the CDN."""

    def direct_channel(self, person: User) -> Channel:
        """The one channel between the bot and this person, opened on first use."""
        for channel in self.channels.values():
            if channel.recipient is person:
                return channel
        channel = Channel(self.ids.next(), ChannelKind.DIRECT, person.name, recipient=person)
        self.channels[channel.id] = channel
        return channel

    def history(self, channel: Channel) -> list[Message]:
        """The channel's messages that still exist, oldest first."""
        return [
            message
            for message in self.messages.values()
            if message.channel is channel and not message.deleted
        ]

    def command(self, name: str, kind: int = 1) -> Json | None:
        """The registered command of this name; by default one with a slash."""
        named = (one for one in self.commands if (one["name"], one["type"]) == (name, kind))
        return next(named, None)
