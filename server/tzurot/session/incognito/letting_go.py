"""Letting go of what is held of persons who stop being incognito, whichever server they tell."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from tzurot.session.incognito.held import Held
from tzurot.session.incognito.news import TOPIC, Change
from tzurot.session.settings.deciding import settings_for
from tzurot.storage.database import Database
from tzurot.storage.signals import News, Signals

log = logging.getLogger(__name__)

_LOOK_SECONDS = 5.0  # between two looks at the clock; no turn is told what is over meanwhile


@asynccontextmanager
async def watching(held: Held, signals: Signals, database: Database) -> AsyncGenerator[None]:
    """Let go of what is over while the context lasts."""
    async with signals.subscribe(TOPIC) as news:
        task = asyncio.create_task(_watch(held, news, database))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})


async def _watch(held: Held, news: News, database: Database) -> None:
    while True:
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                told = await anext(news)
        except TimeoutError:
            held.sweep()
            continue
        try:
            await heed(held, Change.read(told) if told else None, database)
        except SQLAlchemyError as error:  # who can't be asked is taken for not incognito
            log.warning("what was said incognito is let go: %s", type(error).__name__)
            for person_id, _ in held.with_whom():
                held.drop(person_id)


async def heed(held: Held, change: Change | None, database: Database) -> None:
    """Let go of what a change is about; None: some were missed, and all is looked at."""
    if change and (change.since or change.conversation_id):
        forget(held, change)
        return
    for person_id, personality_id in held.with_whom(change.person_id if change else None):
        await _look(held, person_id, personality_id, database)


def forget(held: Held, change: Change) -> int:
    """Let go of what a person said since a time, or somewhere; how many messages that were."""
    if change.conversation_id:
        return held.drop(change.person_id, lambda it: it.conversation_id == change.conversation_id)
    return held.drop(change.person_id, lambda it: it.is_of(change.since, change.personality_id))


async def _look(held: Held, person_id: UUID, personality_id: UUID, database: Database) -> None:
    async with database.reading() as tx:
        found = await settings_for(tx, person_id, personality_id, None)
    if found.chosen.incognito:
        until = found.outcomes["incognito"].counts.expire_time
        held.extend(person_id, personality_id, until)
    else:
        held.drop(person_id, lambda it: it.personality_id == personality_id)
