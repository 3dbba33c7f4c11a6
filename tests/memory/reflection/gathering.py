"""Owners of whom something was gathered, and where words are found in a database."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from tests.memory.talk import DIRECT, Talk
from tzurot.memory.reflection.reflection import Reflection
from tzurot.memory.reflection.reflection_store import ENOUGH
from tzurot.memory.reflection.reflection_tables import ReflectionMark
from tzurot.memory.remembering import Kind, MemoryId, Owner
from tzurot.memory.tables import Memory
from tzurot.memory.venues import Where
from tzurot.storage.database import Database

BEES = ("My zyxwv honeybees live on the roof.", "Honeybees on the roof swarmed.")
MORE = "New honeybees live on the roof."
CANARY = "zyxwv"

# As many subjects as it takes, no two of which have a word in common.
_SUBJECTS = (
    "Lisbon trams", "chess openings", "onion soup", "granite cliffs", "violin strings",
    "tax forms", "paper boats", "winter tires", "old maps", "clay pots", "green tea",
    "night trains", "silk scarves", "wooden spoons", "quiet libraries", "loud parrots",
    "broken clocks", "rusty nails", "velvet curtains", "lemon cake",
)  # fmt: skip


async def filled(talk: Talk, owner: Owner, count: int = ENOUGH, where: Where = DIRECT) -> None:
    """So many memories that have nothing to do with each other."""
    for subject in _SUBJECTS[:count]:
        await talk.say(owner, f"{subject.capitalize()}.", "!", where=where)


async def gathered(talk: Talk, owner: Owner, texts: Sequence[str] = BEES) -> list[MemoryId]:
    """Have texts gathered; their ids."""
    ids = [await talk.say(owner, it, "?") for it in texts]
    await filled(talk, owner)
    await look(talk, owner)
    return ids


async def look(talk: Talk, owner: Owner) -> int:
    """Look at an owner, if there is enough new; after the server's own job, if that looks now."""
    reflection = Reflection(talk.database, talk.jobs)
    await reflection.reflect()
    async with talk.database.transaction() as tx:
        mark = select(ReflectionMark).filter_by(persona_id=owner.persona_id)
        await tx.execute(mark.with_for_update())
    return await reflection.look(str(owner.persona_id), str(owner.personality_id))


async def reflections(database: Database, owner: Owner) -> Sequence[Any]:
    """The rows of an owner's reflections, the oldest first."""
    async with database.transaction() as tx:
        query = (
            Memory.__table__.select()
            .where(Memory.persona_id == owner.persona_id, Memory.kind == Kind.REFLECTION)
            .where(Memory.personality_id == owner.personality_id)
            .order_by(Memory.id)
        )
        return (await tx.execute(query)).all()


async def sources(database: Database, reflection_id: UUID) -> set[UUID]:
    """What a reflection was gathered from."""
    query = text("SELECT source_id FROM memory_sources WHERE memory_id = :id")
    async with database.transaction() as tx:
        return set(await tx.scalars(query, {"id": reflection_id}))


# Of each table all columns, bytes as the letters that they may be.
_TABLES = text("""
    SELECT format('%I.%I', c.table_schema, c.table_name), string_agg(
        CASE c.data_type WHEN 'bytea' THEN format('encode(%I, ''escape'')', c.column_name)
            ELSE format('%I::text', c.column_name) END, ', ')
    FROM information_schema.columns c JOIN information_schema.tables t
        USING (table_schema, table_name)
    WHERE t.table_type = 'BASE TABLE'
        AND c.table_schema NOT IN ('pg_catalog', 'information_schema')
    GROUP BY c.table_schema, c.table_name
""")


async def tables_with(database: Database, words: str) -> set[str]:
    """The tables of the whole database in which these words stand somewhere."""
    found: set[str] = set()
    async with database.transaction() as tx:
        for table, columns in (await tx.execute(_TABLES)).all():
            query = f"SELECT count(*) FROM {table} WHERE concat_ws(' ', {columns}) ILIKE :words"  # noqa: S608
            if await tx.scalar(text(query), {"words": f"%{words}%"}):
                found.add(table)
    return found
