"""`make migration NAME=what_it_does`: the next migration, from what the tables say."""

import asyncio
import sys

from alembic import command
from sqlalchemy import create_engine

from tests.storage.place import place
from tzurot.storage import embedded, schema


async def write(name: str) -> None:
    """Migrate an empty database to head and write down what is missing in it."""
    with place() as folder:
        async with embedded.start(folder) as url:
            await schema.migrate(url)
            await asyncio.to_thread(_compare, url, name)


def _compare(url: str, name: str) -> None:
    config = schema._config()
    engine = create_engine(url)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        number = f"{int(schema.head()) + 1:04d}"
        command.revision(config, message=name, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1]))
