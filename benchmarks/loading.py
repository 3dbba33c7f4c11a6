"""Takes exchanges into an empty database by the million, and from there into Weaviate.

They go through COPY into the product's own tables, in the order of time as they would have come;
what they hang on elsewhere (turns, messages) is not there. The tables' indexes are built
afterwards, as the migrations define them.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

import numpy as np
import psycopg
from psycopg import sql
from psycopg.rows import scalar_row
from sqlalchemy import insert

from benchmarks.synthetic import CHARACTER, PERSON, PLATFORM, Exchange, Holding, Matrix
from tzurot.account.tables import Person, Persona
from tzurot.memory.index import collection_store
from tzurot.memory.index.port import IndexEntry, MemoryIndex
from tzurot.memory.meaning import Slot
from tzurot.memory.remembering import MemoryId, Owner, terms_of
from tzurot.memory.venues import Venue
from tzurot.personality.tables import Personality
from tzurot.storage.database import Database

_BLOCK = 20_000  # exchanges that go into one table, then into the other
_BATCH = 500  # objects that go to the index at once
_CARRIERS = 4

_MEMORIES = [
    "id",
    "persona_id",
    "personality_id",
    "turn_id",
    "message_id",
    "venue",
    "platform",
    "channel_id",
    "person_name",
    "person_text",
    "personality_name",
    "personality_text",
    "occur_time",
    "create_time",
    "dormant",
    "age_restricted",
    "embedding",
    "words",
]
_STATES = ["memory_id", "lengths", "person_passages", "states"]

# PostgreSQL 18 documentation, "COPY", "Binary Format".
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = struct.pack(">h", -1)
_SMALLINT = 21  # its oid
_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")

_INDEXES = """
    SELECT indexdef FROM pg_indexes WHERE tablename = 'memories' AND indexname <> 'memories_pkey'
    ORDER BY indexname
"""
_ENTRIES = """
    SELECT id, turn_id, venue, platform, channel_id, age_restricted, person_text, personality_text,
        embedding::text FROM memories WHERE persona_id = %s AND personality_id = %s
"""


async def owners(database: Database, holdings: Sequence[Holding]) -> None:
    """Those whose exchanges they are, each with a character of their own."""
    everybody = [it.owner for it in holdings]
    people = [{"id": it.persona_id} for it in everybody]
    personas = [{"id": it.persona_id, "person_id": it.persona_id} for it in everybody]
    personalities = [
        {"id": it.personality_id, "slug": str(it.personality_id), "name": CHARACTER}
        for it in everybody
    ]
    async with database.transaction() as tx:
        await tx.execute(insert(Person), people)
        await tx.execute(insert(Persona), personas)
        await tx.execute(insert(Personality), personalities)


def into_postgres(address: str, exchanges: Iterable[Exchange]) -> None:
    """Store them, ready to be recalled; their owners are there."""
    with psycopg.connect(address) as connection:
        # Neither are references checked nor is the index told.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '1GB'")
        # Into a table that the same transaction has emptied Postgres copies without its log.
        connection.execute("TRUNCATE memories CASCADE")
        indexes = connection.cursor(row_factory=scalar_row).execute(_INDEXES).fetchall()
        for index in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(_name(index))))
        for block in _blocks(exchanges):
            _copy(connection, "memories", _MEMORIES, map(_memory, block))
            _copy(connection, "memory_states", _STATES, map(_states, block))
        for index in indexes:
            connection.execute(index.encode())
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # as autovacuum does sooner or later


async def into_index(
    index: MemoryIndex, database: Database, address: str, holdings: Sequence[Holding]
) -> None:
    """Tell an engine what Postgres has of the owners, some at a time; then it is searched."""
    async with database.transaction() as tx:
        await collection_store.leave(tx, Slot.A)
        await collection_store.begin(tx, Slot.A)
        (name,) = [it.name for it in await collection_store.all_of(tx) if it.is_new]
    waiting = iter(sorted(holdings, key=lambda it: -it.size))

    async def carry() -> None:
        async with await psycopg.AsyncConnection.connect(address) as connection:
            for holding in waiting:
                async for batch in _entries(connection, holding.owner):
                    await index.upsert(batch)

    await asyncio.gather(*(carry() for _ in range(_CARRIERS)))
    async with database.transaction() as tx:
        await collection_store.all_sent(tx, name)
        assert await collection_store.complete(tx, name)


def vector_of(written: str) -> Matrix:
    """A vector as Postgres writes it."""
    return np.fromstring(written[1:-1], np.float32, sep=",")


def _blocks(exchanges: Iterable[Exchange]) -> Iterator[list[Exchange]]:
    waiting = iter(exchanges)
    while block := list(islice(waiting, _BLOCK)):
        yield block


def _name(index: str) -> str:
    """Of an index, in what creates it."""
    words = index.split()
    return words[words.index("ON") - 1]


def _copy(
    connection: psycopg.Connection, table: str, columns: Sequence[str], rows: Iterable[bytes]
) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    command = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary, FREEZE)")
    with connection.cursor().copy(command.format(sql.Identifier(table), names)) as copy:
        copy.write(_HEADER)
        for row in rows:
            copy.write(row)
        copy.write(_END)


def _memory(it: Exchange) -> bytes:
    moment = _moment(it.occur_time)
    return _row(
        it.id.bytes,
        it.owner.persona_id.bytes,
        it.owner.personality_id.bytes,
        it.turn_id.bytes,
        it.message_id.bytes,
        it.venue.encode(),
        PLATFORM.encode(),
        it.channel_id.encode(),
        PERSON.encode(),
        it.person_text.encode(),
        CHARACTER.encode(),
        it.personality_text.encode(),
        moment,
        moment,
        b"\0",
        b"\0",
        struct.pack(">HH", len(it.vector), 0) + it.vector.astype(">f2").tobytes(),
        struct.pack(">i", len(it.stems)) + b"".join(s.encode() + b"\0\0\0" for s in it.stems),
    )


def _states(it: Exchange) -> bytes:
    lengths = struct.pack(">5i", 1, 0, _SMALLINT, len(it.lengths), 1) + b"".join(
        struct.pack(">ih", 2, length) for length in it.lengths
    )
    return _row(it.id.bytes, lengths, struct.pack(">h", 1), it.states)


def _row(*values: bytes) -> bytes:
    fields = b"".join(struct.pack(">i", len(value)) + value for value in values)
    return struct.pack(">h", len(values)) + fields


def _moment(when: datetime) -> bytes:
    since = when - _EPOCH
    return struct.pack(">q", (since.days * 86_400 + since.seconds) * 10**6 + since.microseconds)


async def _entries(
    connection: psycopg.AsyncConnection, owner: Owner
) -> AsyncIterator[list[IndexEntry]]:
    """Batches of what the relay would tell the index."""
    async with connection.cursor(f"of_{owner.persona_id.hex}") as rows:
        await rows.execute(_ENTRIES, (owner.persona_id, owner.personality_id))
        while batch := await rows.fetchmany(_BATCH):
            yield [_entry(owner, *row) for row in batch]


def _entry(owner: Owner, *row: object) -> IndexEntry:
    memory_id, turn_id, venue, platform, channel_id, age_restricted, said, answered, vector = row
    return IndexEntry(
        memory_id=MemoryId(memory_id),  # type: ignore[arg-type]
        owner=owner,
        turn_id=turn_id,  # type: ignore[arg-type]
        venue=Venue(str(venue)),
        platform=str(platform),
        channel_id=str(channel_id),
        age_restricted=bool(age_restricted),
        words=" ".join(terms_of((PERSON, str(said)), (CHARACTER, str(answered)))),
        vector=vector_of(str(vector)).tolist(),
    )
