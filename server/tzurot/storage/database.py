"""The connection to Postgres: one engine, one way to open a transaction, one to read."""

import asyncio
import re
from collections.abc import AsyncGenerator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self, cast

import psycopg
from sqlalchemy import TextClause, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import AsyncAdaptedQueuePool

# For connections that are still in use when all else has ended: two seconds.
_LOOKS, _BETWEEN_LOOKS = 200, 0.01

# PostgreSQL documentation, "Error and Notice Message Fields": what follows the message itself.
_QUOTING = re.compile(r"\n(DETAIL|CONTEXT|HINT|QUERY|LINE \d+):.*", re.DOTALL)


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
            hide_parameters=True,  # errors are logged, and what people say is none of it
            pool_timeout=5,  # seconds; a caller waits no longer for a free connection
            connect_args={
                "connect_timeout": 5,
                "application_name": "tzurot",
                # Jobs are deferred in our transactions. No statement runs for so long that to
                # compile it would pay.
                "options": "-c search_path=public,jobs -c jit=off",
            },
        )
        event.listen(engine.sync_engine, "handle_error", _without_details)
        try:
            yield cls(engine)
        finally:
            await _returned(engine)
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
            # SQLAlchemy loses a connection if it is cancelled while it makes it commit by itself.
            await _whole(session.connection())
            yield session


def _without_details(context: ExceptionContext) -> None:
    """Take from an error the lines that quote rows: errors are logged, and rows are people's."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error and error.args:
            error.args = (_QUOTING.sub("", str(error.args[0])), *error.args[1:])


async def _whole(work: Coroutine[Any, Any, object]) -> None:
    """Whoever is cancelled meanwhile ends when the work has ended."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


async def _returned(engine: AsyncEngine) -> None:
    """Wait until all connections are given back: whoever is cancelled gives theirs back late."""
    pool = cast(AsyncAdaptedQueuePool, engine.pool)
    for _ in range(_LOOKS):
        if not pool.checkedout():
            return
        await asyncio.sleep(_BETWEEN_LOOKS)


def for_driver(query: TextClause) -> str:
    """A statement as `read_binary` takes it; once for all, for it takes a while."""
    return str(query.compile(dialect=PGDialect_psycopg()))


async def read_binary(
    tx: AsyncSession, query: str, values: Mapping[str, object]
) -> Sequence[Sequence[Any]]:
    """All rows of a statement, sent as they are stored: of bytes half as much as written out.

    Past SQLAlchemy, which asks for everything in writing.
    """
    connection = await (await tx.connection()).get_raw_connection()
    driver: psycopg.AsyncConnection[Any] = cast(Any, connection.driver_connection)
    async with driver.cursor(binary=True) as cursor:
        await cursor.execute(query.encode(), values)
        return await cursor.fetchall()
