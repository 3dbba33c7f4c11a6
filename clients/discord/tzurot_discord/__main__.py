"""`tzurot-discord`: runs the bot until SIGTERM or Ctrl-C. `tzurot-discord check`: see checking.py.

Exit codes: 0 ended as told, 2 the operator can mend it (one sentence says how), 1 anything else.
"""

import asyncio
import logging
import signal
import sys
from contextlib import AsyncExitStack

try:
    import aiohttp
    import discord

    from tzurot_bots.pluralkit import PluralKit
    from tzurot_client import Client, connect, is_loopback
    from tzurot_discord.avatars import ServedAvatars
    from tzurot_discord.bot import Bot
    from tzurot_discord.checking import check
    from tzurot_discord.config import ConfigError, Settings, load, point_at_discord
except ModuleNotFoundError as missing:
    print(f"{missing.name} is missing: install tzurot[discord]", file=sys.stderr)
    sys.exit(2)

FAILED, MENDABLE = 1, 2  # exit codes
AUTHENTICATION_FAILED = 4004  # Discord "Gateway Close Event Codes"
TOKEN_REFUSED = "Discord refuses DISCORD_TOKEN: copy it anew from the developer portal."  # noqa: S105 (a sentence)
INTENT_REFUSED = (
    "Discord does not let this bot read messages: switch on its Message Content Intent"
    " in the developer portal, or let it do without by TZUROT_DISCORD_READS_MESSAGES=false."
)

USAGE = "`tzurot-discord` runs the bot, `tzurot-discord check` says whether it has what it needs."

log = logging.getLogger("tzurot_discord")


def main() -> None:
    """Run the bot, or look whether it could; the process ends with the exit code."""
    if (asked := sys.argv[1:]) not in ([], ["check"]):
        _end(MENDABLE, USAGE)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    log.setLevel(logging.INFO)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks aloud
    try:
        settings = load()
        point_at_discord(settings)
        asyncio.run(_check(settings) if asked else _run(settings))
    except ConfigError as wrong:
        _end(MENDABLE, str(wrong))
    except discord.LoginFailure:
        _end(MENDABLE, TOKEN_REFUSED)
    except discord.PrivilegedIntentsRequired:
        _end(MENDABLE, INTENT_REFUSED)
    except discord.ConnectionClosed as closed:
        if closed.code != AUTHENTICATION_FAILED:
            raise
        _end(MENDABLE, TOKEN_REFUSED)
    except aiohttp.ClientConnectionError as away:
        _end(FAILED, f"Discord can't be reached: {away}.")


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        tzurot = await _server(settings, stack)
        avatars = await _served_avatars(settings, stack)
        bot = await stack.enter_async_context(
            Bot(
                tzurot,
                avatars,
                reads=settings.tzurot_discord_reads_messages,
                pluralkit=PluralKit(str(settings.pluralkit_api_base)),
            )
        )
        await _until(stop, bot, settings.discord_token.get_secret_value())


async def _check(settings: Settings) -> None:
    """Say what there is and what is missing; the latter is the operator's to mend."""
    async with AsyncExitStack() as stack:
        tzurot = await _server(settings, stack)
        token, reads = settings.discord_token, settings.tzurot_discord_reads_messages
        found = await check(token.get_secret_value(), tzurot, reads=reads)
    print("\n".join(found.told))
    if found.missing:
        _end(MENDABLE, "\n".join(["Missing:", *found.missing]))


async def _until(stop: asyncio.Event, bot: Bot, token: str) -> None:
    running = asyncio.create_task(bot.start(token))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            log.info("stopping: running answers come to their end")
            await bot.drain()
            await bot.close()
            running.cancel()  # discord.py goes on looking for a gateway that was never found
            await asyncio.wait({running})
        if not running.cancelled():
            running.result()
    finally:
        stopping.cancel()


async def _server(settings: Settings, stack: AsyncExitStack) -> Client:
    """The connection to the server: encrypted wherever it leaves this machine."""
    address, token = settings.tzurot_address, settings.tzurot_token.get_secret_value()
    try:
        client = connect(address, token, tls=not is_loopback(address))
        return await stack.enter_async_context(client)
    except ValueError as wrong:
        raise ConfigError(f"TZUROT_ADDRESS: {wrong}") from wrong


async def _served_avatars(settings: Settings, stack: AsyncExitStack) -> ServedAvatars | None:
    public_url = settings.tzurot_discord_public_url
    if public_url is None:
        return None
    host, port = settings.bind
    try:
        served = ServedAvatars.serve(str(public_url), host, port)
        return await stack.enter_async_context(served)
    except OSError as taken:
        raise ConfigError(f"TZUROT_DISCORD_BIND: {taken.strerror}") from taken


def _end(code: int, sentence: str) -> None:
    print(sentence, file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
