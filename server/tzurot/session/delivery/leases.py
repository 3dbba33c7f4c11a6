"""Leases: how it shows that a turn lost its server.

A running turn's lease is renewed by the server that works on it; when a lease expires, the turn is
declared interrupted.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from tzurot import clock
from tzurot.errors import TurnInterrupted
from tzurot.session.delivery import turn_store
from tzurot.session.delivery.delivery import Delivery
from tzurot.storage.database import Database

log = logging.getLogger(__name__)

LEASE_SECONDS = 15
ROUND_SECONDS = 5.0


class Leases:
    """Renews the leases of this server's turns, and sweeps those that others lost."""

    def __init__(
        self, database: Database, delivery: Delivery, *, round_seconds: float = ROUND_SECONDS
    ) -> None:
        self._database = database
        self._delivery = delivery
        self._round_seconds = round_seconds

    @asynccontextmanager
    async def held(self, *, alone: bool) -> AsyncGenerator[None]:
        """Renew and sweep while the context lasts.

        `alone`: no other server has this database, so what runs at the start is lost already.
        """
        await self.sweep(clock.now() + timedelta(days=1) if alone else clock.now())
        task = asyncio.create_task(self._rounds())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def sweep(self, expired: datetime) -> int:
        """Declare turns interrupted whose lease ended before `expired`; how many."""
        values = {
            "expired": expired,
            "now": clock.now(),
            "reason": TurnInterrupted.reason,
            "message": TurnInterrupted("").message,
        }
        async with self._database.transaction() as tx:
            lost = await turn_store.interrupt_abandoned(tx, values)
        for turn_id in lost:
            log.warning("turn %s was interrupted: its server is gone", turn_id)
        return len(lost)

    async def _rounds(self) -> None:
        while True:
            await asyncio.sleep(self._round_seconds)
            try:
                await self._round()
            except SQLAlchemyError as error:  # the database is away: the next round tries again
                log.warning("leases could not be renewed: %s", type(error).__name__)

    async def _round(self) -> None:
        now = clock.now()
        if running := self._delivery.running_turns:
            async with self._database.transaction() as tx:
                await turn_store.renew_leases(tx, running, now + timedelta(seconds=LEASE_SECONDS))
        await self.sweep(now)
