"""A lorebook as its file says it, and the same with what becomes of each part."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from tzurot.formats import caps
from tzurot.formats.documents import Json
from tzurot.formats.found import Container, Found, Kind, Lorebook, LoreEntry
from tzurot.formats.lorebooks import decorators, places
from tzurot.formats.lorebooks.dialects import OURS, Row, entry_of
from tzurot.formats.lorebooks.leftovers import Leftovers
from tzurot.formats.lorebooks.places import V2_BOOK, Place
from tzurot.formats.narrowing import count, flag, members, text
from tzurot.formats.unreadable import Problem, Unreadable

_BOM = b"\xef\xbb\xbf"
_LISTED = 500  # decorated entries in a preview


def read(data: bytes, document: Json) -> Found | None:
    """The lorebook that a file is; none if it is something else. `data` is the file's bytes.

    Raises:
        Unreadable: WRONG_TYPE or TOO_MANY.
    """
    place = places.find(document)
    if place is None:
        return None
    book = replace(book_at(place), document=data.removeprefix(_BOM))
    left = Leftovers(place, document)
    return Found(
        kind=Kind.LOREBOOK,
        format=place.format,
        container=Container.JSON,
        spec_version=_version(members(document)),
        name=book.name,
        lorebooks=(book,),
        fields=left.fields(),
        kept_aside=left.aside(),
        warnings=left.warnings(book),
        details=details(place, book),
        document=book.document,
    )


def character_book(book: dict[str, Json]) -> Lorebook:
    """The book in a card, as its `character_book` says it.

    Raises:
        Unreadable: TOO_MANY.
    """
    return replace(book_at(places.inside_card(book)), format=V2_BOOK)


def book_at(place: Place) -> Lorebook:
    """The book at its place in a document, without the document.

    Raises:
        Unreadable: TOO_MANY.
    """
    rows = place.rows()
    if len(rows) > caps.ENTRIES:
        raise Unreadable(
            Problem.TOO_MANY, f"The lorebook has more than {caps.ENTRIES:,} entries: {len(rows):,}."
        )
    said = header_of(place)
    recursive = said.get("recursive_scanning")
    return Lorebook(
        entries=tuple(entry_of(place.dialect, row) for _, row in rows),
        name=text(said.get("name")),
        description=text(said.get("description")),
        scan_depth=count(said.get("scan_depth")),
        token_budget=count(said.get("token_budget")),
        recursive_scanning=None if recursive is None else flag(recursive),
        format=place.format,
    )


def header_of(place: Place) -> Mapping[str, Json]:
    """The book's own words: its format's, and ours for what the format has no word for."""
    said = {word: place.header.get(word) for word in place.words}
    return {**said, **members(place.header.get(OURS))}


def details(place: Place, book: Lorebook) -> dict[str, object]:
    """What a preview shows of a book: counts of the document."""
    entries = book.entries
    found: dict[str, object] = {
        "name": book.name or None,
        "entries": len(entries),
        "enabled": sum(entry.enabled for entry in entries),
        "constant": sum(entry.constant for entry in entries),
        "with_secondary": sum(bool(entry.secondary_keys) for entry in entries),
        "key_count": sum(len(entry.keys) for entry in entries),
        "regex_entries": sum(_says_regex(row) for _, row in place.rows()),
        "scan_depth": book.scan_depth,
        "token_budget": book.token_budget,
        "recursive_scanning": book.recursive_scanning,
    }
    decorated = [
        shown for number, entry in enumerate(entries) if (shown := _decorated(number, entry))
    ]
    return {**found, "decorators": decorated[:_LISTED]} if decorated else found


def _says_regex(row: Row) -> bool:
    return flag(row.get("use_regex")) or flag(row.get("useRegex"))


def _decorated(number: int, entry: LoreEntry) -> dict[str, object] | None:
    found, content = decorators.parse(entry.content)
    if not found:
        return None
    listed = [{"name": one.name, "value": one.value, "fallback": one.fallback} for one in found]
    return {"index": number, "decorators": listed, "content": content}


def _version(root: Row) -> str:
    for word in ("spec_version", "lorebookVersion", "ver"):
        if isinstance(root.get(word), int | Decimal | str):
            return text(root[word])
    return ""
