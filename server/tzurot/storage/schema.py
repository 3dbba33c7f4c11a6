"""The schema of the database: where it stands, and how it gets to where the code wants it."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from tzurot.errors import StartupError

_ADVISORY_LOCK = 0x747A75726F74  # "tzurot": one migration at a time in a database


def head() -> str:
    """The revision that this code wants, such as `0005`."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


async def current(url: str) -> str | None:
    """The revision that the database has; None if it is empty."""
    return await asyncio.to_thread(_current, url)


async def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to `revision`, whoever else is trying to."""
    await asyncio.to_thread(_migrate, url, revision)


async def require_head(url: str) -> None:
    """Refuse to go on with a database that another version of the code wrote.

    Raises:
        StartupError: says which revision it has and what to do.
    """
    found, wanted = await current(url), head()
    if found != wanted:
        raise StartupError(
            f"The database is at revision {found or 'none'}, this server wants {wanted}: "
            "run `tzurot-server migrate`."
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _current(url: str) -> str | None:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def _migrate(url: str, revision: str) -> None:
    config = _config()
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
            connection.commit()
            config.attributes["connection"] = connection
            if revision == "base" or revision < (_current(url) or ""):
                command.downgrade(config, revision)
            else:
                command.upgrade(config, revision)
            connection.commit()
    finally:
        engine.dispose()
