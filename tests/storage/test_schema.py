"""The migrations lead to what the code's tables say, and back, and forth again."""

from collections.abc import AsyncIterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from tests.conftest import an_empty_database
from tzurot.errors import StartupError
from tzurot.storage import schema
from tzurot.storage.base import Base


@pytest.fixture
async def empty_url(postgres: str) -> AsyncIterator[str]:
    async with an_empty_database(postgres) as url:
        yield url


async def test_migrating_up_down_and_up_again_ends_where_it_was(empty_url: str) -> None:
    await schema.migrate(empty_url)
    up = _tables(empty_url)
    await schema.migrate(empty_url, "base")
    assert _tables(empty_url) == {"alembic_version"}
    await schema.migrate(empty_url)
    assert _tables(empty_url) == up
    assert await schema.current(empty_url) == schema.head()


async def test_the_migrated_database_is_what_the_tables_say(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    assert differences == []


async def test_a_database_behind_the_code_is_refused_with_what_to_do(empty_url: str) -> None:
    await schema.migrate(empty_url, "0002")
    with pytest.raises(StartupError, match=r"0002.*tzurot-server migrate"):
        await schema.require_head(empty_url)


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()
