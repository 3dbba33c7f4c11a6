"""Asks PluralKit whose message one of its webhook messages is.

Its API needs no key for that: https://pluralkit.me/api/endpoints/#get-proxied-message-information
"""

import asyncio
import logging
import time
from collections import OrderedDict

import aiohttp
from pydantic import BaseModel, ConfigDict, ValidationError

API_BASE = "https://api.pluralkit.me"
USER_AGENT = "Tzurot (Discord bot; https://github.com/lbds137/tzurot)"
PER_SECOND = 8  # requests; PluralKit "Rate Limiting" allows 10 in any second
SECONDS = 2.0  # for an answer
PAUSE = 0.25  # seconds until PluralKit is asked again about a message that it has only just sent
MAX_ANSWER = 256 * 1024  # bytes
KEPT = 1_000  # answers

log = logging.getLogger(__name__)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class System(_Model):
    """Whom an account belongs to; PluralKit "Models"."""

    id: str


class Member(_Model):
    """In whose name a message is said."""

    id: str
    name: str
    display_name: str | None = None


class Proxied(_Model):
    """What PluralKit tells of a message that it has sent."""

    sender: int
    """The account that wrote the original."""
    original: int
    """The message that was there before, which PluralKit deletes."""
    system: System | None = None
    member: Member | None = None
    """None once it was deleted."""


class PluralKit:
    """Its API at `base`, asked politely."""

    def __init__(self, base: str = API_BASE) -> None:
        self._base = base.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._told: OrderedDict[int, Proxied] = OrderedDict()
        self._next = 0.0  # when it may be asked again, in time.monotonic()

    async def close(self) -> None:
        """Ask no more."""
        if self._session is not None:
            await self._session.close()

    async def asked(self, message_id: int) -> Proxied | None:
        """Whose message this is; None if PluralKit can't tell within two seconds."""
        if told := self._told.get(message_id):
            return told
        try:
            async with asyncio.timeout(SECONDS):
                told = await self._ask(message_id)
                while told is None:  # it stores what it has sent a moment later
                    await asyncio.sleep(PAUSE)
                    told = await self._ask(message_id)
        except (aiohttp.ClientError, TimeoutError, ValidationError) as broken:
            log.warning("PluralKit does not tell whose a message is: %s", type(broken).__name__)
            return None
        self._told[message_id] = told
        if len(self._told) > KEPT:
            self._told.popitem(last=False)
        return told

    async def _ask(self, message_id: int) -> Proxied | None:
        """One request; None if PluralKit knows no such message, or not yet."""
        await self._turn()
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"User-Agent": USER_AGENT})
        address = f"{self._base}/v2/messages/{message_id}"
        async with self._session.get(address, allow_redirects=False) as response:
            if response.status == 404:
                return None
            response.raise_for_status()
            return Proxied.model_validate_json(await response.content.read(MAX_ANSWER))

    async def _turn(self) -> None:
        """Wait until one more request is within PluralKit's limit."""
        now = time.monotonic()
        mine = max(now, self._next)
        if mine - now > SECONDS:
            raise TimeoutError
        self._next = mine + 1 / PER_SECOND
        await asyncio.sleep(mine - now)
