"""Knowing what was read, by whichever server or worker read it."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from tzurot.storage.database import Database
from tzurot.storage.signals import News, Signals
from tzurot.wallet.catalogue import list_store
from tzurot.wallet.catalogue.catalogue import Catalogue

log = logging.getLogger(__name__)

TOPIC = "models.listed"


@asynccontextmanager
async def following(
    catalogue: Catalogue, signals: Signals, database: Database
) -> AsyncGenerator[None]:
    """Keep a catalogue at what the database has while the context lasts."""
    async with signals.subscribe(TOPIC) as news:
        await _load(catalogue, database)
        task = asyncio.create_task(_follow(catalogue, news, database))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})


async def _follow(catalogue: Catalogue, news: News, database: Database) -> None:
    async for _ in news:
        try:
            await _load(catalogue, database)
        except SQLAlchemyError as error:  # what was known before is known on
            log.warning("the lists of models were not read again: %s", type(error).__name__)


async def _load(catalogue: Catalogue, database: Database) -> None:
    async with database.reading() as tx:
        catalogue.replace(await list_store.shared(tx))
