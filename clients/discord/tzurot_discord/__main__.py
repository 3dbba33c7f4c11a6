"""`tzurot-discord`: runs the bot until SIGTERM or Ctrl-C.

Exit codes: 0 ended as told, 2 the operator can mend it (one sentence says how), 1 anything else.
"""

import asyncio
import logging
import signal
import sys
from contextlib import AsyncExitStack

try:
    import discord
    import pydantic_settings as _settings_extra  # noqa: F401 (the extra brings both)
except ModuleNotFoundError as missing:
    sys.exit(f"{missing.name} is missing: install tzurot[discord]")

from tzurot_client import connect, is_loopback
from tzurot_discord.avatars import ServedAvatars
from tzurot_discord.bot import Bot
from tzurot_discord.config import ConfigError, Settings, load, point_at_discord

DONE, FAILED, MENDABLE = 0, 1, 2  # exit codes
BAD_TOKEN = 4004  # Discord "Gateway Close Event Codes"

log = logging.getLogger("tzurot_discord")


def main() -> None:
    """Run the bot; the process ends with the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    log.setLevel(logging.INFO)
    try:
        settings = load()
        point_at_discord(settings)
        asyncio.run(_run(settings))
    except ConfigError as wrong:
        _stop(str(wrong))
    except discord.LoginFailure:
        _stop("Discord refuses DISCORD_TOKEN: copy the token anew from the developer portal.")
    except discord.PrivilegedIntentsRequired:
        _stop("Discord denies message texts: switch on the Message Content Intent for this bot.")
    except discord.ConnectionClosed as closed:
        if closed.code != BAD_TOKEN:
            raise
        _stop("Discord refuses DISCORD_TOKEN: copy the token anew from the developer portal.")


async def _run(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        stop = _stop_signal()
        tzurot = await stack.enter_async_context(_server(settings))
        avatars = None
        if settings.tzurot_discord_public_url is not None:
            host, port = settings.bind
            public_url = str(settings.tzurot_discord_public_url)
            avatars = await stack.enter_async_context(ServedAvatars.serve(public_url, host, port))
        bot = await stack.enter_async_context(Bot(tzurot, avatars))
        await _until(stop, bot, settings.discord_token.get_secret_value())


async def _until(stop: asyncio.Event, bot: Bot, token: str) -> None:
    running = asyncio.create_task(bot.start(token))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            log.info("stopping: running answers come to their end")
            await bot.drain()
            await bot.close()
        await running
    finally:
        stopping.cancel()
