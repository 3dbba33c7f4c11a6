"""Switching modes, and looking for words in everything that a server keeps."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import text

from tests.session.stage import Person, Stage
from tzurot.storage.database import Database
from tzurot_client.gen.tzurot.personality.v1 import Personality, PersonalityRef
from tzurot_client.gen.tzurot.session.v1 import (
    ExplainedSetting,
    SetPersonSettingRequest,
    SettingValue,
)

# The columns of every table, system tables aside, and which of them hold bytes.
_TABLES = text("""
    SELECT c.table_schema, c.table_name,
        jsonb_object_agg(c.column_name, c.data_type = 'bytea')
    FROM information_schema.columns c JOIN information_schema.tables t
        USING (table_schema, table_name)
    WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')
    GROUP BY 1, 2 ORDER BY 1, 2
""")


async def switch(
    person: Person,
    key: str,
    *,
    on: bool | None = True,
    character: Personality | None = None,
    lasts: timedelta | None = None,
) -> ExplainedSetting:
    """Decide a mode for all characters, or for one; None: nothing is decided any more."""
    request = SetPersonSettingRequest(
        key=key,
        value=None if on is None else SettingValue(flag=on),
        personality=PersonalityRef(id=character.id) if character else None,
        duration=lasts,
    )
    setting = (await person.client.setting.set_person_setting(request)).setting
    assert setting
    return setting


async def hits(database: Database, word: str) -> Sequence[str]:
    """The columns in which a word stands, of all there are."""
    async with database.transaction() as tx:
        found: list[str] = []
        for schema, table, columns in (await tx.execute(_TABLES)).all():
            counts = ", ".join(_counting(column, columns[column]) for column in columns)
            query = text(f'SELECT {counts} FROM "{schema}"."{table}"')  # noqa: S608
            row = (await tx.execute(query, {"word": word})).one()
            found += [f"{table}.{it}" for it, count in zip(columns, row, strict=True) if count]
        return found


def _counting(column: str, holds_bytes: bool) -> str:
    if holds_bytes:
        return f"count(*) FILTER (WHERE position(convert_to(:word, 'UTF8') IN \"{column}\") > 0)"
    return f'count(*) FILTER (WHERE position(CAST(:word AS text) IN "{column}"::text) > 0)'


async def stored(stage: Stage, word: str) -> Sequence[str]:
    """The same of the stage's database."""
    return await hits(stage.server.parts.database, word)
