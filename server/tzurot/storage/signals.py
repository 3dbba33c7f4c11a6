"""Short messages between servers on one database: Postgres' LISTEN and NOTIFY.

A signal is a wake-up and no record: it is told to whoever listens at that moment. All go through
one channel of Postgres, which wakes every listening connection for every notification anyway; what
nobody here asked for is dropped. Subscribing costs nothing, so it may be done for each turn.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Self

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot.storage.database import Database

log = logging.getLogger(__name__)

MAX_PAYLOAD = 7000  # bytes of UTF-8; Postgres takes 7,999 with the topic, "NOTIFY" in its manual
_CHANNEL = "tzurot"
_MAX_TOPIC = 200
_MAX_WAITING = 1000  # signals of one subscriber that it has not taken yet
_AGAIN_SECONDS = 1  # between attempts to reach the database
_CONNECT_SECONDS = 5
_PUBLISH = text("SELECT pg_notify(:channel, :signal)")  # parameters: words stay out of logs


class News:
    """What one subscriber has been told and has not taken yet.

    Iterating gives payloads, and None where some may have been missed: then whatever they were
    about is to be read again.
    """

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[str | None] = asyncio.Queue(_MAX_WAITING)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str | None:
        return await self._waiting.get()

    def add(self, payload: str | None) -> None:
        """Tell it; who is too slow is told that it missed some."""
        if self._waiting.full():
            while not self._waiting.empty():
                self._waiting.get_nowait()
            payload = None
        self._waiting.put_nowait(payload)


class Signals:
    """This server's ear and mouth; one connection listens for all subscribers."""

    def __init__(self, url: str, database: Database) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._database = database
        self._subscribers: dict[str, set[News]] = {}
        self._listening = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, database: Database) -> AsyncGenerator[Self]:
        """Listen on the database at `url` (`postgresql+psycopg://…`) while the context lasts."""
        signals = cls(url, database)
        task = asyncio.create_task(signals._listen())
        try:
            await asyncio.wait(
                {task, waiting := asyncio.create_task(signals._listening.wait())},
                timeout=_CONNECT_SECONDS,  # an absent database is told by whoever needs it
                return_when=asyncio.FIRST_COMPLETED,
            )
            waiting.cancel()
            yield signals
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def publish(self, topic: str, payload: str, tx: AsyncSession | None = None) -> None:
        """Tell all servers, this one too; in a transaction when, and only if, it commits.

        Within one transaction the same signal is told once, however often it is published.

        Raises:
            ValueError: the payload has more than MAX_PAYLOAD bytes, or the topic cannot be one.
        """
        if len(payload.encode()) > MAX_PAYLOAD:
            raise ValueError(f"a signal has at most {MAX_PAYLOAD} bytes")
        if not topic or len(topic.encode()) > _MAX_TOPIC or "\n" in topic:
            raise ValueError("no topic")
        values = {"channel": _CHANNEL, "signal": f"{topic}\n{payload}"}
        if tx is not None:
            await tx.execute(_PUBLISH, values)
            return
        async with self._database.reading() as alone:
            await alone.execute(_PUBLISH, values)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncGenerator[News]:
        """Hear what is published on topics from now on; read the state it is about after this."""
        news = News()
        for topic in topics:
            self._subscribers.setdefault(topic, set()).add(news)
        try:
            yield news
        finally:
            for topic in topics:
                self._subscribers[topic].discard(news)
                if not self._subscribers[topic]:
                    del self._subscribers[topic]

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except (psycopg.Error, OSError) as error:
                log.warning("the listening connection is away: %s", type(error).__name__)
            self._listening.clear()
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _hear(self) -> None:
        """Listen until the connection ends. What was told before it began may have been missed."""
        async with await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            application_name="tzurot signals",
            connect_timeout=_CONNECT_SECONDS,
            keepalives_idle=20,  # seconds: nothing is ever sent that would show a lost peer
            keepalives_interval=5,
            keepalives_count=3,
        ) as connection:
            await connection.execute(f"LISTEN {_CHANNEL}")
            self._listening.set()
            for subscribers in self._subscribers.values():
                for news in subscribers:
                    news.add(None)
            async for notification in connection.notifies():
                topic, _, payload = notification.payload.partition("\n")
                for news in self._subscribers.get(topic, ()):
                    news.add(payload)
