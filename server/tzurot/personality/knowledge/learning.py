"""Taking in documents: what is new is cut into passages, what is known is left alone."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.formats import found
from tzurot.memory import lexicon
from tzurot.personality.knowledge import knowledge_store, passages
from tzurot.personality.tables import Document


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of documents that arrived."""

    created: int = 0
    updated: int = 0
    kept: int = 0


async def take_in(
    tx: AsyncSession, personality_id: UUID, documents: Sequence[found.Document]
) -> Counts:
    """Store a character's documents; one that came before is known by its origin, else by its text.

    A text that changed at its origin takes the place of the old one, in new passages. Blank texts
    are no documents.
    """
    arriving = {origin_of(it): it for it in documents if it.text.strip()}
    stored = await knowledge_store.by_origin(tx, personality_id, arriving)
    created = updated = kept = 0
    for origin, it in arriving.items():
        if (document := stored.get(origin)) is None:
            await _create(tx, personality_id, origin, it)
            created += 1
        elif _says(document) == _says(it):
            kept += 1
        else:
            await _update(tx, document, it)
            updated += 1
    return Counts(created, updated, kept)


def origin_of(document: found.Document) -> str:
    """What a document is known by: its id at the source, else the hash of its text."""
    return document.origin or hashlib.sha256(document.text.encode()).hexdigest()


def terms_of(title: str, passage: str) -> list[str]:
    """The stems that a passage is found by: its own and its title's."""
    return lexicon.terms(f"{title} {passage}")


async def _create(
    tx: AsyncSession, personality_id: UUID, origin: str, arrived: found.Document
) -> None:
    document = Document(
        id=clock.uuid7(),
        personality_id=personality_id,
        title=arrived.title,
        kind=arrived.kind,
        origin=origin,
        url=arrived.url,
        text=arrived.text,
        create_time=clock.now(),
    )
    tx.add(document)
    await tx.flush()
    await _cut(tx, document)


async def _update(tx: AsyncSession, document: Document, arrived: found.Document) -> None:
    """Say what the source says now; passages are found by the title, too, so they are made anew."""
    same = (document.title, document.text) == (arrived.title, arrived.text)
    document.title, document.text = arrived.title, arrived.text
    document.kind, document.url = arrived.kind, arrived.url
    await tx.flush()
    if not same:
        await knowledge_store.drop_passages(tx, document.id)
        await _cut(tx, document)


async def _cut(tx: AsyncSession, document: Document) -> None:
    rows: list[dict[str, object]] = []
    for position, passage in enumerate(passages.split(document.text)):
        stems = sorted(set(terms_of(document.title, passage)))
        rows.append({"id": clock.uuid7(), "position": position, "text": passage, "stems": stems})
        await asyncio.sleep(
            0
        )  # a stemmer is slow and knows one thread only: let others run between
    await knowledge_store.add_passages(tx, document, rows)


def _says(document: Document | found.Document) -> tuple[str, str, str, str]:
    return document.title, document.kind, document.url, document.text
