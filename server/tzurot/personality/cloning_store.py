"""The SQL of copies: lorebooks and documents, row by row, with new ids. Nobody's rights are asked.

Rows are copied as they are stored: an entry keeps the number of its row in the book's file, which
exports go by, and a passage its vector, which would take seconds to make.
"""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.personality.tables import Document, Lorebook, LorebookUse, Passage, Personality

_BOOK = text("""
    INSERT INTO lorebooks (id, owner_id, name, description, scan_depth, token_budget,
        recursive_scanning, format, document, content_sha256, version, create_time, update_time)
    SELECT :new, :owner_id, name, description, scan_depth, token_budget,
        recursive_scanning, format, document, :digest, 1, :now, :now
    FROM lorebooks WHERE id = :old
    ON CONFLICT (owner_id, content_sha256) DO NOTHING
    RETURNING id
""")

_ENTRIES = text("""
    INSERT INTO lorebook_entries (id, lorebook_id, position, name, keys, secondary_keys, content,
        enabled, constant, selective, use_regex, case_sensitive, insertion_order, priority, place,
        extensions, version)
    SELECT gen_random_uuid(), :new, position, name, keys, secondary_keys, content,
        enabled, constant, selective, use_regex, case_sensitive, insertion_order, priority, place,
        extensions, 1
    FROM lorebook_entries WHERE lorebook_id = :old
""")

_DOCUMENTS = text("""
    INSERT INTO documents (id, personality_id, title, kind, origin, url, text, create_time)
    SELECT ids.new, :personality_id, title, kind, origin, url, text, create_time
    FROM unnest(CAST(:old AS uuid[]), CAST(:new AS uuid[])) AS ids(old, new)
    JOIN documents ON documents.id = ids.old
""")

_PASSAGES = text("""
    INSERT INTO passages (id, document_id, personality_id, position, text, embedding, embedding_b,
        words)
    SELECT ids.new, d.new, :personality_id, position, text, embedding, embedding_b, words
    FROM unnest(CAST(:old AS uuid[]), CAST(:new AS uuid[])) AS ids(old, new)
    JOIN passages ON passages.id = ids.old
    JOIN unnest(CAST(:old_documents AS uuid[]), CAST(:new_documents AS uuid[])) AS d(old, new)
        ON d.old = passages.document_id
""")


async def held(tx: AsyncSession, personality_id: UUID) -> Personality | None:
    """A character as it is now, if it is still there; nobody changes it until we are done."""
    query = select(Personality).where(Personality.id == personality_id)
    query = query.with_for_update(read=True, key_share=True)
    return (await tx.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def uses(tx: AsyncSession, personality_id: UUID) -> Sequence[tuple[Lorebook, LorebookUse]]:
    """The books that a character uses, and how."""
    query = (
        select(Lorebook, LorebookUse)
        .join(LorebookUse, LorebookUse.lorebook_id == Lorebook.id)
        .where(LorebookUse.personality_id == personality_id)
        .order_by(LorebookUse.position, Lorebook.id)
    )
    return [(book, use) for book, use in await tx.execute(query)]


async def copy_book(tx: AsyncSession, book: Lorebook, owner_id: UUID) -> UUID:
    """A book of the owner's that says the same: one that came equal and stayed so, or a new one."""
    new = clock.uuid7()
    if _as_it_came(book):
        mine = await _that_came_equal(tx, book, owner_id)
        if mine and _as_it_came(mine):
            return mine.id
        if await _insert(tx, book, new, owner_id, book.content_sha256):
            return new
    await _insert(tx, book, new, owner_id, hashlib.sha256(new.bytes).hexdigest())
    return new


async def copy_documents(tx: AsyncSession, original_id: UUID, copy_id: UUID) -> None:
    """Let a character know what another one knows; in the same order."""
    query = select(Document.id).where(Document.personality_id == original_id)
    documents = (await tx.scalars(query.order_by(Document.id))).all()
    query = select(Passage.id).where(Passage.document_id.in_(documents)).order_by(Passage.id)
    passages = (await tx.scalars(query)).all()
    new_documents, new_passages = _new_ids(documents), _new_ids(passages)
    if not documents:
        return
    await tx.execute(
        _DOCUMENTS, {"personality_id": copy_id, "old": list(documents), "new": new_documents}
    )
    await tx.execute(
        _PASSAGES,
        {
            "personality_id": copy_id,
            "old": list(passages),
            "new": new_passages,
            "old_documents": list(documents),
            "new_documents": new_documents,
        },
    )


def _as_it_came(book: Lorebook) -> bool:
    return book.update_time == book.create_time


async def _that_came_equal(tx: AsyncSession, book: Lorebook, owner_id: UUID) -> Lorebook | None:
    query = select(Lorebook).where(
        Lorebook.owner_id == owner_id, Lorebook.content_sha256 == book.content_sha256
    )
    return (await tx.scalars(query)).one_or_none()


async def _insert(tx: AsyncSession, book: Lorebook, new: UUID, owner_id: UUID, digest: str) -> bool:
    """Store a copy; False if the owner has a book of this digest."""
    ids = {"old": book.id, "new": new}
    row = await tx.execute(
        _BOOK, ids | {"owner_id": owner_id, "digest": digest, "now": clock.now()}
    )
    if row.scalar_one_or_none() is None:
        return False
    await tx.execute(_ENTRIES, ids)
    return True


def _new_ids(old: Sequence[UUID]) -> list[UUID]:
    return sorted(clock.uuid7() for _ in old)
