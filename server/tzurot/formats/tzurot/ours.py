"""Our own export of a character: one JSON document, written and read back without a loss.

It holds the character by the names of `found.Character`, its picture, lorebooks and documents, and
beside them the document that the character once came from.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime

from tzurot.formats import custom_fields, documents, lorebooks, narrowing
from tzurot.formats.cards import sillytavern
from tzurot.formats.custom_fields import Collected
from tzurot.formats.documents import Json
from tzurot.formats.found import Character, Container, Document, Found, Kind, Lorebook, Mapped
from tzurot.formats.shapes.values import birthday
from tzurot.formats.tzurot import values
from tzurot.formats.unreadable import Problem, Unreadable

FORMAT = "tzurot.character"
VERSION = 1
_NESTING = 4  # of a lorebook's source in the file
_TEXTS = tuple(it.name for it in fields(Character) if it.type is str)
_LISTS = ("alternate_greetings", "group_greetings", "tags")
_PLAIN = ("depth_prompt_depth", "regex_scripts", "age_restricted")  # what is JSON as it is
_MAPPED = (
    *(name for name in _TEXTS if name != "depth_prompt_role"),
    *(*_LISTS, "regex_scripts", "custom_fields", "age_restricted"),
)


@dataclass(frozen=True, slots=True)
class Export:
    """What our export holds. The source is the document that the character was imported from."""

    character: Character
    lorebooks: tuple[Lorebook, ...] = ()
    documents: tuple[Document, ...] = ()
    source_format: str = ""
    source_document: bytes = b""


def write(export: Export) -> bytes:
    """The file of a character. Its `assets` stay out: the source tells of them."""
    character = export.character
    picture = character.avatar
    said = {name: getattr(character, name) for name in (*_TEXTS, *_LISTS, *_PLAIN)}
    said["custom_fields"] = custom_fields.rows_of(character.custom_fields)
    return documents.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "character": said,
            "avatar": base64.b64encode(picture).decode() if picture else None,
            "lorebooks": [_book_to(book) for book in export.lorebooks],
            "documents": [_document_to(document) for document in export.documents],
            "source": _source_to(export.source_format, export.source_document),
        },
        indent=2,
    )


def read(data: bytes, document: Json) -> Found | None:
    """What our own export holds, or None if it is something else.

    Raises:
        Unreadable: NOT_SUPPORTED for a newer version, BLANK_NAME, WRONG_TYPE, TOO_LARGE.
    """
    del data  # the document says it all
    top = narrowing.members(document)
    if top.get("format") != FORMAT:
        return None
    if top.get("version") != VERSION:
        raise Unreadable(
            Problem.NOT_SUPPORTED,
            f"The file is of version {narrowing.text(top.get('version')) or 'unknown'} of "
            f"Tzurot's format; this server reads version {VERSION}.",
        )
    character, warnings = _character(top)
    source = narrowing.members(top.get("source"))
    return Found(
        kind=Kind.TZUROT_CHARACTER,
        format="tzurot_character_v1",
        container=Container.JSON,
        spec_version=str(VERSION),
        name=character.name,
        character=character,
        lorebooks=tuple(_book_from(row) for row in narrowing.rows(top.get("lorebooks"))),
        documents=tuple(_document_from(row) for row in narrowing.rows(top.get("documents"))),
        fields=tuple(
            Mapped(f"character.{name}", name) for name in _MAPPED if getattr(character, name)
        ),
        warnings=warnings,
        details={"slug": character.slug, "source_format": narrowing.text(source.get("format"))},
        document=_source_from(source),
    )


def _character(top: Mapping[str, Json]) -> tuple[Character, tuple[str, ...]]:
    said = narrowing.members(top.get("character"))
    texts = {name: narrowing.text(said.get(name)) for name in _TEXTS}
    if not texts["name"].strip():
        raise Unreadable(Problem.BLANK_NAME, "The character has no name.")
    texts["birthday"] = birthday(texts["birthday"])
    texts["depth_prompt_role"] = sillytavern.role_of(said.get("depth_prompt_role"))
    values.require_short(texts)
    lists = {
        name: tuple(narrowing.text(item) for item in narrowing.items(said.get(name)))
        for name in _LISTS
    }
    avatar, warnings = values.picture(top.get("avatar"), "avatar")
    custom = Collected()
    problems = custom.add_rows(said.get("custom_fields"))
    character = replace(
        Character(name=""),
        **texts,
        **lists,
        depth_prompt_depth=sillytavern.depth_of(said.get("depth_prompt_depth")),
        regex_scripts=sillytavern.rows_of(said.get("regex_scripts")),
        custom_fields=custom.fields,
        age_restricted=_decided(said.get("age_restricted")),
        avatar=avatar,
    )
    told = (f"Custom field {number + 1} is left out: {it}." for number, it in problems.items())
    return character, (*warnings, *told, *sillytavern.warnings(character.regex_scripts))


def _decided(value: Json) -> bool | None:
    return None if narrowing.is_empty(value) else narrowing.flag(value)


def _book_to(book: Lorebook) -> dict[str, Json]:
    return {
        "spec": "lorebook_v3",
        "data": lorebooks.write_character_book(book),
        "source": _source_to(book.format, book.document),
    }


def _book_from(row: Mapping[str, Json]) -> Lorebook:
    book = lorebooks.character_book(narrowing.members(row.get("data")))
    source = narrowing.members(row.get("source"))
    return replace(book, format=narrowing.text(source.get("format")), document=_source_from(source))


def _document_to(document: Document) -> dict[str, Json]:
    time = document.create_time
    return {
        "title": document.title,
        "kind": document.kind,
        "origin": document.origin,
        "url": document.url,
        "text": document.text,
        "create_time": time.isoformat() if time else None,
    }


def _document_from(row: Mapping[str, Json]) -> Document:
    said = {name: narrowing.text(row.get(name)) for name in ("title", "kind", "origin", "url")}
    try:
        time = datetime.fromisoformat(narrowing.text(row.get("create_time")))
    except ValueError:
        time = None
    return Document(text=narrowing.text(row.get("text")), create_time=time, **said)


def _source_to(format_name: str, document: bytes) -> Json:
    if not (format_name or document):
        return None
    return {"format": format_name, "document": _embedded(document) if document else None}


def _embedded(document: bytes) -> Json:
    """The document, or its text if inside of ours it would be nested too deep to be read again."""
    try:
        documents.loads(b"[" * _NESTING + document + b"]" * _NESTING)
    except Unreadable:
        return document.decode()
    return documents.loads(document)


def _source_from(source: Mapping[str, Json]) -> bytes:
    document = source.get("document")
    if isinstance(document, str):
        return narrowing.text(document).encode()
    return b"" if document is None else documents.dumps(document)
