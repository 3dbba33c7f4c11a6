"""The real bot against a fake Discord and a scripted server, in this process or its own."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.clients.stub_server import TOKEN
from tests.fakes.discord import FakeDiscord
from tests.forking import Forked, Forks
from tzurot_bots.pluralkit import PluralKit
from tzurot_client import connect
from tzurot_discord.bot import Bot
from tzurot_discord.config import Settings, point_at_discord
from tzurot_discord.display import Now
from tzurot_discord.stages import Avatars

NOWHERE = "http://127.0.0.1:9"  # nobody listens


def environment(fake: FakeDiscord, server: str, token: str = TOKEN) -> dict[str, str]:
    """The bot's settings."""
    return {
        "TZUROT_ADDRESS": server,
        "TZUROT_TOKEN": token,
        "PLURALKIT_API_BASE": NOWHERE,
        **fake.environment,
    }


@asynccontextmanager
async def a_bot(
    fake: FakeDiscord,
    server: str,
    token: str = TOKEN,
    avatars: Avatars | None = None,
    now: Now = discord.utils.utcnow,
    *,
    reads: bool = True,
    pluralkit: str = NOWHERE,
) -> AsyncGenerator[Bot]:
    """The bot in this process, connected; drained and closed afterwards."""
    with pointed_at(fake):
        proxies = PluralKit(pluralkit)
        async with (
            connect(server, token) as tzurot,
            Bot(tzurot, avatars, now, reads=reads, pluralkit=proxies) as bot,
        ):
            running = asyncio.create_task(bot.start(fake.platform.terms.token))
            await fake.wait_ready()
            try:
                yield bot
            finally:
                there = len(fake.gateway.connected)
                await bot.drain()
                await bot.close()
                await running
                await fake.until(lambda: len(fake.gateway.connected) < max(1, there))


@contextmanager
def pointed_at(fake: FakeDiscord) -> Iterator[None]:
    """discord.py's addresses are process-wide: point them at the fake, and back afterwards."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE
    settings = {name.lower(): value for name, value in environment(fake, "127.0.0.1:1").items()}
    point_at_discord(Settings.model_validate(settings))
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE = before


@asynccontextmanager
async def a_bot_process(settings: dict[str, str]) -> AsyncGenerator[Forked]:
    """`python -m tzurot_discord` with nothing but these settings; killed if it is left running."""
    process = await start(settings)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def start(settings: dict[str, str], *words: str) -> Forked:
    """`python -m tzurot_discord` with these words."""
    return await _forks().start("tzurot_discord", *words, env=settings)


@cache
def _forks() -> Forks:
    return Forks("tzurot_discord.avatars", "tzurot_discord.bot", "tzurot_discord.checking")
