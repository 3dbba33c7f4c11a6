"""The way out: a character as a file, with every value of what it was imported from.

What was changed here since is changed in the file, and nothing else. A picture that was not changed
goes out as it came in.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tzurot.formats import custom_fields, detection, tzurot
from tzurot.formats.cards import charx, png, writing
from tzurot.formats.cards.writing import Base, CardVersion
from tzurot.formats.found import Character, Document, Kind, Lorebook
from tzurot.formats.unreadable import Unreadable
from tzurot.personality import sources
from tzurot.personality.avatars import faces, pictures
from tzurot.personality.characters import Characters, Personality, Ref
from tzurot.personality.fields import LISTS, TEXTS
from tzurot.personality.knowledge.knowledge import Knowledge
from tzurot.personality.lorebooks.lorebooks import Lorebooks
from tzurot.personality.sources import Imported
from tzurot.storage.database import Database

_PNG = b"\x89PNG"


class Format(StrEnum):
    """What a character can go out as."""

    TZUROT = "tzurot"
    CARD_V2 = "v2"
    CARD_V3 = "v3"
    PNG = "png"
    CHARX = "charx"


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes out."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A character with all that goes along."""

    slug: str
    character: Character
    books: Sequence[Lorebook]
    documents: Sequence[Document]
    source: Imported | None
    change_time: datetime
    own_picture: bool
    """Whether the picture was changed here since the import."""

    @property
    def original(self) -> bytes:
        """The picture or archive that it came in, if it came in one."""
        if self.source is None or self.source.kind == Kind.TZUROT_CHARACTER:
            return b""
        return self.source.file or b""


class Exporting:
    """Gives characters out."""

    def __init__(
        self,
        database: Database,
        characters: Characters,
        lorebooks: Lorebooks,
        knowledge: Knowledge,
    ) -> None:
        self._database = database
        self._characters = characters
        self._lorebooks = lorebooks
        self._knowledge = knowledge

    async def export(self, person_id: UUID, ref: Ref, wanted: Format) -> File:
        """A character as a file; only who may read its definition gets one.

        Raises:
            PersonalityNotFound, DefinitionHidden: by their names.
        """
        async with self._database.transaction() as tx:
            here = (await self._characters.readable(tx, person_id, ref)).personality
            face = await faces.of(tx, here)
            source = await sources.of(tx, here.id)
            leaving = _Leaving(
                slug=here.slug,
                character=_character(here, source, face.content if face else None),
                books=await self._lorebooks.books_of(tx, here.id),
                documents=await self._knowledge.documents_of(tx, here.id),
                source=source,
                change_time=here.update_time,
                own_picture=bool(face) and here.avatar_sha256 != _brought(source),
            )
        return await asyncio.to_thread(_written, leaving, wanted)


def _written(leaving: _Leaving, wanted: Format) -> File:
    match wanted:
        case Format.TZUROT:
            return File(f"{leaving.slug}.json", "application/json", _own(leaving))
        case Format.CARD_V2:
            return File(f"{leaving.slug}.json", "application/json", _card(leaving, CardVersion.V2))
        case Format.CARD_V3:
            return File(f"{leaving.slug}.json", "application/json", _card(leaving, CardVersion.V3))
        case Format.PNG:
            return File(f"{leaving.slug}.png", "image/png", _png(leaving))
        case Format.CHARX:
            return File(f"{leaving.slug}.charx", "application/zip", _charx(leaving))


def _card(leaving: _Leaving, version: CardVersion) -> bytes:
    book = leaving.books[0] if leaving.books else None
    return writing.card(
        version, leaving.character, book=book, base=_base(leaving.source), now=leaving.change_time
    )


def _png(leaving: _Leaving) -> bytes:
    """The picture it came in, if it was a PNG; else the avatar; else a plain one."""
    picture = leaving.character.avatar or pictures.blank()
    if leaving.original.startswith(_PNG) and not leaving.own_picture:
        picture = leaving.original
    v2, v3 = _card(leaving, CardVersion.V2), _card(leaving, CardVersion.V3)
    return png.write(picture, v2, v3)


def _charx(leaving: _Leaving) -> bytes:
    with_icon = bool(leaving.original) and not leaving.original.startswith(_PNG)
    icon = leaving.character.avatar if leaving.own_picture or not with_icon else None
    return charx.write(_card(leaving, CardVersion.V3), original=leaving.original, icon=icon)


def _own(leaving: _Leaving) -> bytes:
    source = leaving.source if leaving.source and leaving.source.document else None
    return tzurot.write(
        tzurot.Export(
            character=leaving.character,
            lorebooks=tuple(leaving.books),
            documents=tuple(leaving.documents),
            source_format=source.format if source else "",
            source_document=source.document if source else b"",
        )
    )


def _character(here: Personality, source: Imported | None, avatar: bytes | None) -> Character:
    said: dict[str, Any] = {name: getattr(here, name) for name in ("name", *TEXTS)}
    said |= {name: tuple(getattr(here, name)) for name in LISTS}
    said["regex_scripts"] = tuple(here.regex_scripts)
    said["custom_fields"] = custom_fields.fields_of(here.custom_fields)
    said["age_restricted"] = here.age_restricted
    said |= {name: getattr(here, name) for name in ("depth_prompt_depth", "depth_prompt_role")}
    character = Character(**said, slug=here.slug, avatar=avatar)
    return replace(character, origin=source.origin) if source else character


def _base(source: Imported | None) -> Base | None:
    """What a card was imported from, as it was read; None if nothing was."""
    if source is None or not source.document:
        return None
    try:
        found = detection.read(source.document)
    except Unreadable:
        return None  # it came inside another file, which said so
    if found.character is None:
        return None
    book = found.lorebooks[0] if found.lorebooks else None
    return Base(found.format, source.document, found.character, book)


def _brought(source: Imported | None) -> str | None:
    return source.avatar_sha256 if source else None
