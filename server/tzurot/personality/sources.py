"""What characters were imported from: which one a file made before, where exports start from."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.personality.names import mentions
from tzurot.personality.tables import Personality, Source

_COPY = "copy:"  # and its id: in the place of a file's hash, so that no file is taken for its own


@dataclass(frozen=True, slots=True)
class Origin:
    """How a file is known again: its id at the source if it has one, its bytes, its name."""

    source_id: str
    file_sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class Imported:
    """A source as it is stored. `file`: the whole file, where the document is not all of it."""

    kind: str
    format: str
    origin: str
    file_sha256: str
    document: bytes
    file: bytes | None = None
    avatar_sha256: str | None = None


async def made_from(
    tx: AsyncSession, owner_id: UUID, origin: Origin
) -> Sequence[tuple[Personality, Imported]]:
    """The owner's characters that may be from this source: by id, by file, by name; locked.

    Copies of characters are none: what is imported again changes what the import made.
    """
    query = (
        select(Personality, Source)
        .join(Source, Source.personality_id == Personality.id)
        .where(Personality.owner_id == owner_id, ~Source.file_sha256.startswith(_COPY))
        .order_by(Personality.id)
        .with_for_update(of=Personality)
    )
    if origin.source_id:
        query = query.where(Source.origin == origin.source_id)
    else:
        query = query.where(
            (Source.file_sha256 == origin.file_sha256)
            | (Personality.folded_name == mentions.key(origin.name))
        )
    return [(personality, _imported(source)) for personality, source in await tx.execute(query)]


async def of(tx: AsyncSession, personality_id: UUID) -> Imported | None:
    """What a character, which the caller has the right to see, was imported from."""
    query = select(Source).where(Source.personality_id == personality_id)
    source = (await tx.scalars(query)).one_or_none()
    return _imported(source) if source else None


async def copy(tx: AsyncSession, original_id: UUID, copy_id: UUID) -> None:
    """Let the copy of a character be exported as the original is."""
    imported = await of(tx, original_id)
    if imported is not None:
        await keep(tx, copy_id, replace(imported, origin="", file_sha256=f"{_COPY}{copy_id}"))


async def keep(tx: AsyncSession, personality_id: UUID, imported: Imported) -> None:
    """Store what a character was imported from, instead of what was stored before."""
    values = asdict(imported) | {"import_time": clock.now()}
    statement = insert(Source).values(personality_id=personality_id, **values)
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["personality_id"], set_=values)
    )


def _imported(source: Source) -> Imported:
    return Imported(**{field.name: getattr(source, field.name) for field in fields(Imported)})
