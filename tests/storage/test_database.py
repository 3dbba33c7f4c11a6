"""What the database refuses is told without what people wrote."""

import pytest
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
