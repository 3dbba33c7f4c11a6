"""What the database refuses is told without what people wrote; who is cancelled loses nothing."""

import asyncio
import gc

import pytest
from psycopg import waiting
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tzurot.storage.database import Database


async def test_an_error_of_the_database_quotes_no_row(database: Database) -> None:
    """Postgres tells the row that it refuses; errors are logged with all that they say."""
    table = text("CREATE TEMP TABLE said (words text CHECK (length(words) < 3), quiet bool)")
    with pytest.raises(IntegrityError) as refused:
        async with database.transaction() as tx:
            await tx.execute(table)
            await tx.execute(text("INSERT INTO said VALUES (:words)"), {"words": "canary"})
    told = f"{refused.value} {refused.value.orig} {refused.value!r} {refused.value.orig!r}"
    assert "violates check constraint" in told
    assert "canary" not in told


async def test_readers_that_are_cancelled_give_their_connections_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whatever moment. What is lost the garbage collector would find, and complain of."""
    monkeypatch.setattr(waiting, "MAX_BUSY_TIME", 0)  # psycopg lets others go first, as under load

    async def read() -> None:
        async with database.reading() as tx:
            await tx.execute(text("SELECT pg_sleep(0.001)"))

    await read()  # connects
    for moments in range(80):
        reader = asyncio.create_task(read())
        for _ in range(moments):
            await asyncio.sleep(0)
        reader.cancel()
        await asyncio.wait({reader})
    gc.collect()
