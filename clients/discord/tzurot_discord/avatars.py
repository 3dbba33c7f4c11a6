"""Addresses from which Discord can fetch a character's avatar.

Without a public address the picture becomes an emoji of the bot's application: Discord keeps it at
a permanent address, and still has it after a restart.
"""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Self

import discord
from aiohttp import web

from tzurot_client import Client, TzurotError
from tzurot_client.gen.tzurot.personality.v1 import DownloadAvatarRequest, PersonalityRef
from tzurot_client.gen.tzurot.session.v1 import TurnStarted

MAX_EMOJI_BYTES = 256 * 1024  # Discord "Emoji Resource"
MAX_EMOJIS = 1_950  # Discord allows an application 2,000
NAME_LENGTH = 32  # characters of an emoji's name at most
MAX_SERVED = 200  # pictures kept in memory

_OURS = re.compile(rf"[0-9a-f]{{{NAME_LENGTH}}}")

log = logging.getLogger(__name__)


class EmojiAvatars:
    """Avatars as emojis of the bot's application, each named after the picture's SHA-256."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._emojis: OrderedDict[str, discord.Emoji] | None = None  # the longest unused first
        self._unfit: set[str] = set()
        self._lock = asyncio.Lock()

    async def url(self, person: Client, started: TurnStarted) -> str | None:
        """The emoji's address; the first use of a picture uploads it."""
        name = started.avatar_sha256[:NAME_LENGTH]
        if not name or name in self._unfit:
            return None
        async with self._lock:
            try:
                emojis = await self._all()
                if name not in emojis:
                    await self._upload(name, await _download(person, started), emojis)
            except (discord.HTTPException, TzurotError) as refused:
                log.warning("no avatar: %s", type(refused).__name__)
                return None
            except asyncio.CancelledError:
                self._emojis = None  # it may be there or not: look again next time
                raise
            if name not in emojis:
                return None
            emojis.move_to_end(name)
            return emojis[name].url

    async def _all(self) -> OrderedDict[str, discord.Emoji]:
        if self._emojis is None:
            found = await self._client.fetch_application_emojis()
            found.sort(key=lambda emoji: emoji.id)
            self._emojis = OrderedDict((emoji.name, emoji) for emoji in found)
        return self._emojis

    async def _upload(
        self, name: str, picture: bytes, emojis: OrderedDict[str, discord.Emoji]
    ) -> None:
        if len(picture) > MAX_EMOJI_BYTES:
            log.warning("avatar %s has more than 256 KiB: answering without it", name)
            self._unfit.add(name)
            return
        if len(emojis) >= MAX_EMOJIS:
            longest_unused = next((one for one in emojis if _OURS.fullmatch(one)), None)
            if longest_unused is not None:
                await emojis.pop(longest_unused).delete()
        emojis[name] = await self._client.create_application_emoji(name=name, image=picture)


class ServedAvatars:
    """Avatars that the bot serves itself, as `/avatars/<sha256>.png` below a public address."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url.rstrip("/")
        self._pictures: OrderedDict[str, bytes] = OrderedDict()

    @classmethod
    @asynccontextmanager
    async def serve(cls, public_url: str, host: str, port: int) -> AsyncGenerator[Self]:
        """Serve on `host:port` until the block ends. Raises OSError if the port is taken."""
        avatars = cls(public_url)
        application = web.Application()
        application.add_routes([web.get("/avatars/{sha256:[0-9a-f]{64}}.png", avatars._get)])
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            yield avatars
        finally:
            await runner.cleanup()

    async def url(self, person: Client, started: TurnStarted) -> str | None:
        """The picture's public address; Discord fetches it soon after."""
        sha256 = started.avatar_sha256
        if not sha256:
            return None
        if sha256 not in self._pictures:
            try:
                self._pictures[sha256] = await _download(person, started)
            except TzurotError as refused:
                log.warning("no avatar: %s", type(refused).__name__)
                return None
            if len(self._pictures) > MAX_SERVED:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end(sha256)
        return f"{self._public_url}/avatars/{sha256}.png"

    async def _get(self, request: web.Request) -> web.Response:
        picture = self._pictures.get(request.match_info["sha256"])
        if picture is None:
            raise web.HTTPNotFound
        return web.Response(body=picture, content_type="image/png")


async def _download(person: Client, started: TurnStarted) -> bytes:
    """The avatar of the character that answers `person`."""
    which = PersonalityRef(id=started.personality_id)
    parts = person.personality.download_avatar(DownloadAvatarRequest(personality=which))
    return b"".join([part.chunk async for part in parts if part.chunk])
