"""The SQL of lorebooks as they come with files and go into turns. Nobody's rights are asked here.

Which characters use them: lore_use_store.py. What people may do with them: lore_shelf_store.py.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.formats import caps, found
from tzurot.formats.found import NO_ROW, LoreEntry
from tzurot.personality.lore.scene import Volume
from tzurot.personality.tables import Lorebook, LorebookEntry, LorebookUse

# Entries that came with a file have the numbers of its rows, for its export; those that were
# written here have higher ones.
FIRST_OWN_POSITION = caps.ENTRIES

# All that can come up in a turn, and whether the character knows documents: one statement that a
# character with neither answers with one row. Run in every turn, so written as text.
_BROUGHT = text("""
    SELECT known.any, b.id, b.name, b.description, b.scan_depth, b.token_budget,
        b.recursive_scanning, b.format, e.id, e.keys, e.content, e.secondary_keys, e.name,
        e.enabled, e.constant, e.selective, e.use_regex, e.case_sensitive, e.insertion_order,
        e.priority, e.place, e.extensions
    FROM (SELECT EXISTS (SELECT FROM passages WHERE personality_id = :id) AS any) known
    LEFT JOIN (lorebook_uses u JOIN lorebooks b ON b.id = u.lorebook_id
        JOIN lorebook_entries e ON e.lorebook_id = b.id AND e.enabled AND e.content <> '')
        ON u.personality_id = :id
    ORDER BY u.position, b.id, e.position
""")

_ENTRY = (
    LorebookEntry.keys,
    LorebookEntry.content,
    LorebookEntry.secondary_keys,
    LorebookEntry.name,
    LorebookEntry.enabled,
    LorebookEntry.constant,
    LorebookEntry.selective,
    LorebookEntry.use_regex,
    LorebookEntry.case_sensitive,
    LorebookEntry.insertion_order,
    LorebookEntry.priority,
    LorebookEntry.place,
    LorebookEntry.extensions,
)


async def brought(tx: AsyncSession, personality_id: UUID) -> tuple[list[Volume], bool]:
    """The books that a character uses, without what can't come up; and if it knows documents."""
    rows = (await tx.execute(_BROUGHT, {"id": personality_id})).all()
    volumes = [
        Volume(
            id=str(header[0]),
            book=found.Lorebook(tuple(_entry(row[9:]) for row in entries), *header[1:]),
            entry_ids=[str(row[8]) for row in entries],
        )
        for header, entries in _grouped(rows)
        if header[0] is not None
    ]
    return volumes, bool(rows[0][0])


def _grouped(rows: Sequence[Any]) -> Iterable[tuple[tuple[Any, ...], list[Any]]]:
    return ((key, list(group)) for key, group in groupby(rows, lambda row: tuple(row[1:8])))


def _entry(columns: Sequence[Any]) -> LoreEntry:
    keys, content, secondary_keys, *others = columns
    return LoreEntry(tuple(keys), content, tuple(secondary_keys), *others)


async def add(tx: AsyncSession, owner_id: UUID, book: found.Lorebook) -> tuple[UUID, bool]:
    """Store a book, or find the one that the owner has and that came equal; and if it is new."""
    digest, now = _digest(book), clock.now()
    row = await tx.execute(
        insert(Lorebook)
        .values(
            id=clock.uuid7(),
            owner_id=owner_id,
            name=book.name,
            description=book.description,
            scan_depth=book.scan_depth,
            token_budget=book.token_budget,
            recursive_scanning=book.recursive_scanning,
            format=book.format,
            document=book.document,
            content_sha256=digest,
            create_time=now,
            update_time=now,
        )
        .on_conflict_do_nothing(index_elements=["owner_id", "content_sha256"])
        .returning(Lorebook.id)
    )
    if (new := row.scalar_one_or_none()) is None:
        same = (Lorebook.owner_id == owner_id, Lorebook.content_sha256 == digest)
        return (await tx.scalars(select(Lorebook.id).where(*same))).one(), False
    if book.entries:
        values = [
            columns(entry) | {"id": clock.uuid7(), "lorebook_id": new, "position": number}
            for number, entry in enumerate(book.entries)
        ]
        connection = await tx.connection()
        await connection.execute(insert(LorebookEntry), values)
    return new, True


async def used_equal(tx: AsyncSession, personality_id: UUID, book: found.Lorebook) -> UUID | None:
    """Of a character's books the one that came equal to this one, whoever owns it."""
    query = (
        select(Lorebook.id)
        .join(LorebookUse, LorebookUse.lorebook_id == Lorebook.id)
        .where(
            LorebookUse.personality_id == personality_id, Lorebook.content_sha256 == _digest(book)
        )
        .order_by(LorebookUse.position, Lorebook.id)
        .limit(1)
    )
    return (await tx.scalars(query)).one_or_none()


def _digest(book: found.Lorebook) -> str:
    """Equal books have the same one."""
    values: dict[str, Any] = asdict(book)
    values["document"] = hashlib.sha256(book.document).hexdigest()
    for entry in values["entries"]:
        del entry["row"]  # is not what it says
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def columns(entry: LoreEntry) -> dict[str, Any]:
    """What an entry says, as it is stored."""
    return {
        "name": entry.name,
        "keys": list(entry.keys),
        "secondary_keys": list(entry.secondary_keys),
        "content": entry.content,
        "enabled": entry.enabled,
        "constant": entry.constant,
        "selective": entry.selective,
        "use_regex": entry.use_regex,
        "case_sensitive": entry.case_sensitive,
        "insertion_order": entry.insertion_order,
        "priority": entry.priority,
        "place": entry.position,
        "extensions": dict(entry.extensions),
    }


def entry_of(row: LorebookEntry) -> LoreEntry:
    """What a stored entry says."""
    return _entry([getattr(row, column.key) for column in _ENTRY])


async def named(tx: AsyncSession, owner_id: UUID, name: str) -> UUID | None:
    """The owner's newest book of this name that came as a file of its own."""
    query = (
        select(Lorebook.id)
        .where(Lorebook.owner_id == owner_id, Lorebook.name == name, Lorebook.document != b"")
        .order_by(Lorebook.id.desc())
        .limit(1)
    )
    return (await tx.scalars(query)).one_or_none()


async def read(tx: AsyncSession, lorebook_ids: Sequence[UUID]) -> list[Volume]:
    """Whole books, in the order of `lorebook_ids`, entries in theirs."""
    books = await tx.scalars(select(Lorebook).where(Lorebook.id.in_(lorebook_ids)))
    rows = await tx.execute(
        select(LorebookEntry.lorebook_id, LorebookEntry.id, LorebookEntry.position, *_ENTRY)
        .where(LorebookEntry.lorebook_id.in_(lorebook_ids))
        .order_by(LorebookEntry.lorebook_id, LorebookEntry.position)
    )
    entries = {key: list(group) for key, group in groupby(rows, lambda row: row[0])}
    whole = {book.id: _volume(book, entries.get(book.id, [])) for book in books}
    return [whole[lorebook_id] for lorebook_id in lorebook_ids]


def _volume(book: Lorebook, entries: Sequence[Any]) -> Volume:
    kept = found.Lorebook(
        entries=tuple(replace(_entry(row[3:]), row=_row(row[2])) for row in entries),
        name=book.name,
        description=book.description,
        scan_depth=book.scan_depth,
        token_budget=book.token_budget,
        recursive_scanning=book.recursive_scanning,
        format=book.format,
        document=book.document,
    )
    return Volume(str(book.id), kept, [str(row[1]) for row in entries])


def _row(position: int) -> int:
    return position if position < FIRST_OWN_POSITION else NO_ROW
