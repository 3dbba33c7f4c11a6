"""The connection to Postgres: one engine, one way to open a transaction, one to read."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Self

from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import AsyncAdaptedQueuePool


class Database:
    """Postgres, as the rooms see it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._sessions = async_sessionmaker(engine, expire_on_commit=False, autoflush=False)
        self._readers = async_sessionmaker(
            engine.execution_options(isolation_level="AUTOCOMMIT"),
            expire_on_commit=False,
            autoflush=False,
        )

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, *, pool_size: int = 20) -> AsyncGenerator[Self]:
        """Connect lazily to `postgresql+psycopg://…`; leaving closes all connections."""
        engine = create_async_engine(
            url,
            poolclass=AsyncAdaptedQueuePool,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,  # seconds; a caller waits no longer for a free connection
            connect_args={
                "connect_timeout": 5,
                "application_name": "tzurot",
                "options": "-c search_path=public,jobs",  # jobs are deferred in our transactions
            },
        )
        try:
            yield cls(engine)
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        """One use case's transaction: commits at the end, rolls back on an error.

        Never held across a call of a model, the network or an emit.
        """
        async with self._sessions.begin() as session:
            yield session

    @asynccontextmanager
    async def rehearsal(self) -> AsyncGenerator[AsyncSession]:
        """A transaction that is always taken back: to see what a use case would do."""
        async with self._sessions() as session:
            try:
                yield session
            finally:
                await session.rollback()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        """For single statements that read, or are a whole transaction; each sees the newest state.

        Saves the two round trips that a transaction costs, so it is for the hot path.
        """
        async with self._readers() as session:
            yield session
