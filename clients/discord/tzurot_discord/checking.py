"""`tzurot-discord check`: whether the bot has all that it needs, said before somebody misses it.

It connects once as the bot does, so that it sees what the bot will see, and leaves again.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import discord

from tzurot_client import Client, DeadlineExceeded, TzurotError, Unavailable
from tzurot_client.gen.tzurot.flow.v1 import ListFlowKindsRequest
from tzurot_client.gen.tzurot.session.v1 import ListConversationsRequest, WatchChannelsRequest
from tzurot_discord.config import ConfigError
from tzurot_discord.subjects import PLATFORM, subject_of

SCOPES: Final = ("bot", "applications.commands")
NEEDED: Final[Mapping[str, str]] = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "manage_webhooks": "Manage Webhooks",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
"""Permissions by discord.py's names for them, with those that Discord shows people."""

READY_SECONDS = 60.0
ASK_SECONDS = 10.0

_Speakable = discord.TextChannel | discord.ForumChannel | discord.VoiceChannel


@dataclass(slots=True)
class Findings:
    """What was found, in sentences; `missing` are those that somebody has to do something about."""

    told: list[str] = field(default_factory=list[str])
    missing: list[str] = field(default_factory=list[str])


def needed() -> discord.Permissions:
    """What the bot asks for where it is invited, and no more."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True))


def invitation(application_id: int) -> str:
    """The link by which somebody who manages a server lets the bot in."""
    return discord.utils.oauth_url(application_id, permissions=needed(), scopes=SCOPES)


async def check(token: str, tzurot: Client, *, reads: bool) -> Findings:
    """Connect, look around, and leave.

    Raises:
        discord.LoginFailure: Discord does not know the token.
        discord.PrivilegedIntentsRequired: the bot may not read messages.
        ConfigError: the gateway did not tell of the servers in time.
    """
    findings = Findings()
    async with _Visitor(reads=reads) as visitor:
        running = asyncio.create_task(visitor.start(token))
        ready = asyncio.create_task(visitor.ready.wait())
        try:
            await asyncio.wait(
                {running, ready}, timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if running.done():  # it has no other end than a refusal
                running.result()
            if not ready.done():
                raise ConfigError("Discord does not tell of any servers: try again.")
            _look_around(visitor, findings, reads=reads)
            await _ask(visitor, tzurot, findings)
        finally:
            ready.cancel()
            await visitor.close()
            await asyncio.wait({running})
    return findings


class _Visitor(discord.Client):
    """A connection that only looks."""

    def __init__(self, *, reads: bool) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, message_content=reads),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.ready = asyncio.Event()

    async def on_ready(self) -> None:
        """All servers have been told."""
        self.ready.set()


def _look_around(visitor: discord.Client, findings: Findings, *, reads: bool) -> None:
    findings.told.append(f"Discord knows the token: it is {visitor.user}'s.")
    if reads:
        findings.told.append("The Message Content Intent is on.")
    else:
        findings.told.append("It does without the Message Content Intent: names have to be tagged.")
    if visitor.application_id:
        link = invitation(visitor.application_id)
        findings.told.append(f"Who manages a server lets it in by\n{link}")
    if not visitor.guilds:
        findings.missing.append("It is on no server yet.")
    for guild in visitor.guilds:
        findings.missing += _missing_on(guild)


def _missing_on(guild: discord.Guild) -> list[str]:
    """A sentence for what is missing everywhere on a server, and one for each other lack."""
    everywhere = _lacks(guild.me.guild_permissions, NEEDED)
    sentences = [f"{guild.name}: it may nowhere {_listed(everywhere)}."] if everywhere else []
    by_lack = dict[tuple[str, ...], list[str]]()
    for channel in guild.channels:
        if isinstance(channel, _Speakable):
            lacks = _lacks(channel.permissions_for(guild.me), NEEDED.keys() - everywhere)
            if lacks and "view_channel" not in lacks:  # what it may not see is no concern of its
                by_lack.setdefault(lacks, []).append(f"#{channel.name}")
    sentences += [
        f"{guild.name}: it may not {_listed(lacks)} in {', '.join(names)}."
        for lacks, names in by_lack.items()
    ]
    return sentences


def _lacks(has: discord.Permissions, wanted: Iterable[str]) -> tuple[str, ...]:
    """Those of the wanted permissions that are missing, in the order of `NEEDED`."""
    missing = {name for name in wanted if not getattr(has, name)}
    return tuple(name for name in NEEDED if name in missing)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"*{NEEDED[name]}*" for name in names)


async def _ask(visitor: discord.Client, tzurot: Client, findings: Findings) -> None:
    """Whether the server of the characters answers, and lets the bot do what it does."""
    person = tzurot.acting_for(subject_of(visitor.user)) if visitor.user else tzurot
    calls = (_may_draw(person), _may_read(person), _may_listen(person))
    troubles = dict.fromkeys([sentence for call in calls if (sentence := await _trouble(call))])
    findings.missing += troubles
    if not troubles:
        findings.told.append("The server of the characters answers, and takes TZUROT_TOKEN.")


async def _trouble(call: Awaitable[None]) -> str:
    """Why a call fails, for whoever runs the bot; empty if it doesn't."""
    try:
        await call
    except (Unavailable, DeadlineExceeded):
        return "The server of the characters can't be reached: TZUROT_ADDRESS says where it is."
    except TzurotError as refused:
        return f"The server of the characters refuses the bot: {refused.message}"
    return ""


async def _may_draw(person: Client) -> None:
    await person.flow.list_flow_kinds(ListFlowKindsRequest(), timeout=ASK_SECONDS)


async def _may_read(person: Client) -> None:
    request = ListConversationsRequest(page_size=1)
    await person.session.list_conversations(request, timeout=ASK_SECONDS)


async def _may_listen(person: Client) -> None:
    request = WatchChannelsRequest(platform=PLATFORM)
    async for _ in person.channel.watch_channels(request, timeout=ASK_SECONDS):
        return
