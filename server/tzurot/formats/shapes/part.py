"""What one piece of a shapes.inc export gives: its config, its memories, its stories.

A backup is several pieces, put together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tzurot.formats import caps, documents
from tzurot.formats.documents import Json
from tzurot.formats.found import (
    Aside,
    Character,
    Container,
    Document,
    Face,
    Found,
    History,
    Kind,
    Mapped,
    Recollection,
)
from tzurot.formats.unreadable import Problem, Unreadable


@dataclass(frozen=True, slots=True)
class Part:
    """One piece, or several together.

    `kept` is what the stored document gets of it: what belongs to the character. What belongs to
    people (memories, chats, how they want to be called) is in rows of theirs and never in there.
    """

    character: Character | None = None
    documents: tuple[Document, ...] = ()
    memories: tuple[Recollection, ...] = ()
    histories: tuple[History, ...] = ()
    personas: tuple[Face, ...] = ()
    fields: tuple[Mapped, ...] = ()
    kept_aside: tuple[Aside, ...] = ()
    dropped: tuple[Aside, ...] = ()
    warnings: tuple[str, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict[str, object])
    kept: Mapping[str, Json] = field(default_factory=dict[str, Json])


def counted(source: str, destination: str, taken: int, rows: int) -> tuple[Mapped, ...]:
    """How many of the rows under `source` have a place here, if any has."""
    return (Mapped(source, destination, f"{taken:,} of {rows:,}"),) if taken else ()


def require_few(rows: Sequence[Json], what: str) -> None:
    """Refuse more rows than can move.

    Raises:
        Unreadable: TOO_MANY.
    """
    if len(rows) > caps.ROWS:
        raise Unreadable(
            Problem.TOO_MANY, f"There are {len(rows):,} {what}; at most {caps.ROWS:,} can move."
        )


def together(parts: Iterable[Part]) -> Part:
    """The parts as one, in their order; the first character is the one."""
    parts = tuple(parts)
    characters = (part.character for part in parts if part.character)
    return Part(
        character=next(characters, None),
        documents=tuple(it for part in parts for it in part.documents),
        memories=tuple(it for part in parts for it in part.memories),
        histories=tuple(it for part in parts for it in part.histories),
        personas=tuple(it for part in parts for it in part.personas),
        fields=tuple(it for part in parts for it in part.fields),
        kept_aside=tuple(it for part in parts for it in part.kept_aside),
        dropped=tuple(it for part in parts for it in part.dropped),
        warnings=tuple(it for part in parts for it in part.warnings),
        details={name: value for part in parts for name, value in part.details.items()},
        kept={name: value for part in parts for name, value in part.kept.items()},
    )


def found(kind: Kind, part: Part, *, name: str = "", document: Json = None) -> Found:
    """`part` as what the file holds; `document` is what is stored of it, nothing if empty."""
    return Found(
        kind=kind,
        format=kind.value,
        container=Container.JSON,
        name=part.character.name if part.character else name,
        character=part.character,
        documents=part.documents,
        memories=part.memories,
        histories=part.histories,
        personas=part.personas,
        fields=part.fields,
        kept_aside=part.kept_aside,
        dropped=part.dropped,
        warnings=part.warnings,
        details=part.details,
        document=documents.dumps(document) if document else b"",
    )
