"""The SQL of lorebooks. What people ask for takes the owner; a turn takes the character."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.formats import found
from tzurot.formats.found import LoreEntry
from tzurot.personality.tables import Lorebook, LorebookEntry, LorebookUse

# All that can come up in a turn, and whether the character knows documents: one statement that a
# character with neither answers with one row. Run in every turn, so written as text.
_BROUGHT = text("""
    SELECT known.any, b.id, b.name, b.description, b.scan_depth, b.token_budget,
        b.recursive_scanning, b.format, e.keys, e.content, e.secondary_keys, e.name, e.enabled,
        e.constant, e.selective, e.use_regex, e.case_sensitive, e.insertion_order, e.priority,
        e.place, e.extensions
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


@dataclass(frozen=True, slots=True)
class Shelved:
    """A book as its owner sees it in a list."""

    id: UUID
    name: str
    description: str
    format: str
    create_time: datetime
    update_time: datetime
    entry_count: int
    personality_ids: Sequence[UUID]


async def brought(tx: AsyncSession, personality_id: UUID) -> tuple[list[found.Lorebook], bool]:
    """The books that a character uses, without what can't come up; and if it knows documents."""
    rows = (await tx.execute(_BROUGHT, {"id": personality_id})).all()
    books = [
        found.Lorebook(tuple(_entry(row[8:]) for row in entries), *header[1:])
        for header, entries in _grouped(rows)
        if header[0] is not None
    ]
    return books, bool(rows[0][0])


def _grouped(rows: Sequence[Row[Any]]) -> Iterable[tuple[tuple[Any, ...], list[Row[Any]]]]:
    return ((key, list(group)) for key, group in groupby(rows, lambda row: tuple(row[1:8])))


def _entry(columns: Sequence[Any]) -> LoreEntry:
    keys, content, secondary_keys, *others = columns
    return LoreEntry(tuple(keys), content, tuple(secondary_keys), *others)


async def add(tx: AsyncSession, owner_id: UUID, book: found.Lorebook) -> tuple[UUID, bool]:
    """Store a book, or find the equal one that the owner has; and whether it is new."""
    digest = _digest(book)
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
        )
        .on_conflict_do_nothing(index_elements=["owner_id", "content_sha256"])
        .returning(Lorebook.id)
    )
    if (new := row.scalar_one_or_none()) is None:
        same = (Lorebook.owner_id == owner_id, Lorebook.content_sha256 == digest)
        return (await tx.scalars(select(Lorebook.id).where(*same))).one(), False
    if book.entries:
        values = [_columns(new, number, entry) for number, entry in enumerate(book.entries)]
        connection = await tx.connection()
        await connection.execute(insert(LorebookEntry), values)
    return new, True


def _digest(book: found.Lorebook) -> str:
    """Equal books have the same one."""
    values = asdict(book) | {"document": hashlib.sha256(book.document).hexdigest()}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _columns(lorebook_id: UUID, number: int, entry: LoreEntry) -> dict[str, Any]:
    return {
        "lorebook_id": lorebook_id,
        "position": number,
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


async def use(
    tx: AsyncSession, personality_id: UUID, lorebook_id: UUID, *, position: int, embedded: bool
) -> None:
    """Let a character use a book, at this place among its books."""
    values = {"position": position, "embedded": embedded}
    await tx.execute(
        insert(LorebookUse)
        .values(personality_id=personality_id, lorebook_id=lorebook_id, **values)
        .on_conflict_do_update(index_elements=["personality_id", "lorebook_id"], set_=values)
    )


async def use_last(tx: AsyncSession, personality_id: UUID, lorebook_id: UUID) -> None:
    """Let a character use a book after its others; one that it uses stays where it is."""
    after = select(func.coalesce(func.max(LorebookUse.position) + 1, 0)).where(
        LorebookUse.personality_id == personality_id
    )
    await tx.execute(
        insert(LorebookUse)
        .values(
            personality_id=personality_id,
            lorebook_id=lorebook_id,
            position=after.scalar_subquery(),
            embedded=False,
        )
        .on_conflict_do_nothing()
    )


async def stop_using(tx: AsyncSession, personality_id: UUID, lorebook_id: UUID) -> None:
    """End a use, if there is one."""
    await tx.execute(
        delete(LorebookUse).where(
            LorebookUse.personality_id == personality_id, LorebookUse.lorebook_id == lorebook_id
        )
    )


async def drop_embedded(
    tx: AsyncSession,
    personality_id: UUID,
    *,
    keep: Collection[UUID] = (),
    position: int | None = None,
) -> None:
    """End the uses of books out of a character's cards, all or those at one position.

    Such books go with their last use.
    """
    uses = delete(LorebookUse).where(
        LorebookUse.personality_id == personality_id,
        LorebookUse.embedded,
        LorebookUse.lorebook_id.not_in(keep),
    )
    if position is not None:
        uses = uses.where(LorebookUse.position == position)
    ended = await tx.scalars(uses.returning(LorebookUse.lorebook_id))
    await tx.execute(
        delete(Lorebook).where(
            Lorebook.id.in_(ended.all()),
            Lorebook.document == b"",  # a file of its own has one
            ~exists().where(LorebookUse.lorebook_id == Lorebook.id),
        )
    )


async def owned(tx: AsyncSession, owner_id: UUID, lorebook_id: UUID) -> Shelved | None:
    """One book of the owner's."""
    query = _shelved(owner_id).where(Lorebook.id == lorebook_id)
    row = (await tx.execute(query)).one_or_none()
    return Shelved(*row) if row else None


async def page(
    tx: AsyncSession, owner_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[Shelved]:
    """The owner's books, newest first."""
    query = _shelved(owner_id).order_by(Lorebook.id.desc()).limit(limit)
    rows = await tx.execute(query.where(Lorebook.id < before) if before else query)
    return [Shelved(*row) for row in rows]


def _shelved(owner_id: UUID) -> Any:  # SQLAlchemy's type of it names every column
    entries = select(func.count()).where(LorebookEntry.lorebook_id == Lorebook.id)
    users = select(LorebookUse.personality_id).where(LorebookUse.lorebook_id == Lorebook.id)
    return select(
        Lorebook.id,
        Lorebook.name,
        Lorebook.description,
        Lorebook.format,
        Lorebook.create_time,
        Lorebook.update_time,
        entries.scalar_subquery(),
        func.array(users.order_by(LorebookUse.personality_id).scalar_subquery()),
    ).where(Lorebook.owner_id == owner_id)


async def used_by(tx: AsyncSession, personality_id: UUID) -> Sequence[UUID]:
    """The ids of a character's books, in the order in which they are looked through."""
    query = (
        select(LorebookUse.lorebook_id)
        .where(LorebookUse.personality_id == personality_id)
        .order_by(LorebookUse.position, LorebookUse.lorebook_id)
    )
    return (await tx.scalars(query)).all()


async def named(tx: AsyncSession, owner_id: UUID, name: str) -> UUID | None:
    """The owner's newest book of this name that came as a file of its own."""
    query = (
        select(Lorebook.id)
        .where(Lorebook.owner_id == owner_id, Lorebook.name == name, Lorebook.document != b"")
        .order_by(Lorebook.id.desc())
        .limit(1)
    )
    return (await tx.scalars(query)).one_or_none()


async def read(tx: AsyncSession, lorebook_ids: Sequence[UUID]) -> list[found.Lorebook]:
    """Whole books, in the order of `lorebook_ids`, as they came."""
    books = await tx.scalars(select(Lorebook).where(Lorebook.id.in_(lorebook_ids)))
    rows = await tx.execute(
        select(LorebookEntry.lorebook_id, *_ENTRY)
        .where(LorebookEntry.lorebook_id.in_(lorebook_ids))
        .order_by(LorebookEntry.lorebook_id, LorebookEntry.position)
    )
    entries = {
        lorebook_id: tuple(_entry(row[1:]) for row in group)
        for lorebook_id, group in groupby(rows, lambda row: row[0])
    }
    whole = {
        book.id: found.Lorebook(
            entries=entries.get(book.id, ()),
            name=book.name,
            description=book.description,
            scan_depth=book.scan_depth,
            token_budget=book.token_budget,
            recursive_scanning=book.recursive_scanning,
            format=book.format,
            document=book.document,
        )
        for book in books
    }
    return [whole[lorebook_id] for lorebook_id in lorebook_ids]


async def remove(tx: AsyncSession, owner_id: UUID, lorebook_id: UUID) -> bool:
    """Delete a book of the owner's; whether there was one."""
    gone = await tx.execute(
        delete(Lorebook)
        .where(Lorebook.owner_id == owner_id, Lorebook.id == lorebook_id)
        .returning(Lorebook.id)
    )
    return gone.one_or_none() is not None
