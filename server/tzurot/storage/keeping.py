"""Keeping the embedded Postgres alive: one that ends by itself is started once more, only once.

Its log is replayed then, so nothing that was committed is missing. One that ends again has
something wrong that no start mends: whoever uses it is told.
"""

import asyncio
import logging
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from tzurot.errors import StartupError
from tzurot.storage.postmaster import Cluster, end_orphans, launch, stop, until_ready

log = logging.getLogger(__name__)

OnLoss = Callable[[StartupError], None]
"""Called once, when there is no Postgres any more."""


class PostgresLost(StartupError):
    """Postgres ended by itself, twice."""


@asynccontextmanager
async def kept(cluster: Cluster, on_loss: OnLoss) -> AsyncGenerator[None]:
    """Run the server of a cluster while the context lasts.

    Raises:
        PostgresFailed: it does not start.
    """
    keeper = _Keeper(cluster)
    try:
        await keeper.start()
        watching = asyncio.create_task(keeper.watch(on_loss))
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.wait({watching})
    finally:
        await keeper.stop()


class _Keeper:
    """The process that is the server at this moment."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._postgres: Process | None = None

    async def start(self) -> Process:
        self._postgres = await launch(self._cluster)
        await until_ready(self._postgres, self._cluster)
        return self._postgres

    async def stop(self) -> None:
        if self._postgres:
            await stop(self._postgres)

    async def watch(self, on_loss: OnLoss) -> None:
        """Start the server once more when it ends; tell when that is the end."""
        assert self._postgres  # noqa: S101 - it has been started
        code = await self._postgres.wait()
        log.error("Postgres ended by itself (%s); it is started once more", _told(code))
        try:
            await end_orphans(self._cluster)
            postgres = await self.start()
        except StartupError as failure:
            on_loss(failure)
            return
        log.warning("Postgres is back")
        code = await postgres.wait()
        on_loss(
            PostgresLost(
                f"Postgres ended by itself for the second time ({_told(code)}); its log is"
                f" {self._cluster.folder}/log."
            )
        )


def _told(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {-code}"
