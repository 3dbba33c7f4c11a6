"""Asking providers for their lists of models, from time to time. Read `Asking.read`.

A list that can't be read now leaves the last good one where it is.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import httpx2
from pydantic import SecretStr

from tzurot import clock
from tzurot.storage.database import Database
from tzurot.storage.signals import Signals
from tzurot.wallet.catalogue import list_store, listing
from tzurot.wallet.catalogue.catalogue import called
from tzurot.wallet.catalogue.following import TOPIC
from tzurot.wallet.catalogue.listing import NoList

log = logging.getLogger(__name__)

READ_JOB, READ_CRON = "wallet.read_models", "*/10 * * * *"

_AGE = timedelta(minutes=55)  # of a list that is asked for again: with the cron, once an hour
_SECONDS = 20.0
_MAX_BODY = 8 * 1024 * 1024  # bytes; OpenRouter's list has some hundred thousand


@dataclass(frozen=True, slots=True)
class Address:
    """Where a list is, and the way there."""

    provider: str
    base_url: str
    http: httpx2.AsyncClient = field(repr=False)
    api_key: SecretStr | None = None


class Asking:
    """Reads the lists that are everybody's."""

    def __init__(
        self,
        database: Database,
        signals: Signals,
        addresses: Callable[[], Awaitable[Sequence[Address]]],
    ) -> None:
        """`addresses` tells whom to ask at this moment."""
        self._database = database
        self._signals = signals
        self._addresses = addresses

    async def read(self) -> None:
        """Ask for all lists that were not read within an hour."""
        async with self._database.reading() as tx:
            known = await list_store.read_times(tx)
        for address in await self._addresses():
            read_time = known.get(called(address.provider))
            if read_time is None or clock.now() - read_time >= _AGE:
                await self._read(address)

    async def _read(self, address: Address) -> None:
        provider, now = called(address.provider), clock.now()
        try:
            async with asyncio.timeout(_SECONDS):
                body = await _asked(address)
            entries = listing.read(body, provider, now)
        except (httpx2.HTTPError, TimeoutError, NoList) as error:
            log.warning("%s does not list its models: %s", provider, type(error).__name__)
            return
        async with self._database.transaction() as tx:
            await list_store.put(tx, provider, entries, now)
            await self._signals.publish(TOPIC, provider, tx)


async def _asked(address: Address) -> bytes:
    """What an address answers.

    Raises:
        httpx2.HTTPError: nothing that can be used.
    """
    key = address.api_key.get_secret_value() if address.api_key else ""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    url = f"{address.base_url.rstrip('/')}/models"
    async with address.http.stream("GET", url, headers=headers) as response:
        response.raise_for_status()
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > _MAX_BODY:
                raise httpx2.ReadError("too long a list of models")
    return bytes(body)
