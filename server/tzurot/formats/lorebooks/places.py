"""Which lorebook a document is, and where in it the book's words and rows stand."""

from collections.abc import Mapping
from dataclasses import dataclass

from tzurot.formats.documents import Json
from tzurot.formats.lorebooks.dialects import AGNAI, CARD, NOVELAI, RISU, SILLYTAVERN, Dialect, Row
from tzurot.formats.lorebooks.smaller import is_folder
from tzurot.formats.narrowing import is_empty, is_list, is_object, members, numbered, rows
from tzurot.formats.unreadable import Problem, Unreadable

V3_SPEC = "lorebook_v3"
V2_BOOK = "v2_character_book"

_BOOK_WORDS = frozenset(
    {"name", "description", "scan_depth", "token_budget", "recursive_scanning"}
)  # of the card format, and our fields
_CARD_MARKS = frozenset({"first_mes", "char_name", "char_persona", "mes_example", "character_book"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a book is in its document."""

    format: str
    dialect: Dialect
    header: Row
    """The object with the book's own words."""
    key: str
    """Where in `header` the rows are: a list, or an object of rows by some number."""
    words: frozenset[str]
    """What of our fields the header has words for; they are the same words."""

    def rows(self) -> list[tuple[str | int, Row]]:
        """The rows that are entries, each with its key or index, in the order of display."""
        held = numbered(self.header.get(self.key))
        found = [(at, row) for at, row in held if is_object(row)]
        if self.dialect is RISU:
            return [(at, row) for at, row in found if not is_folder(row)]
        return displayed(found) if self.dialect is SILLYTAVERN else found


def displayed(found: list[tuple[str | int, Row]]) -> list[tuple[str | int, Row]]:
    """Rows in the order in which SillyTavern shows them, if all say their place."""
    places = [place for _, row in found if isinstance(place := row.get("displayIndex"), int)]
    if len(places) < len(found):
        return found
    return [found[n] for n in sorted(range(len(found)), key=places.__getitem__)]


def find(document: Json) -> Place | None:
    """The book that a document is; none if it is something else, such as a character card.

    Raises:
        Unreadable: WRONG_TYPE; it says what it is, but has no rows.
    """
    if is_list(document):
        dialect = _of_bare_list(document)
        return dialect and Place(V2_BOOK, dialect, {"entries": document}, "entries", _BOOK_WORDS)
    root = members(document)
    if not root or _is_card(root):
        return None
    named = _by_its_word(root)
    if named is None:
        return of_book(root)
    if not isinstance(named.header.get(named.key), list | dict):
        raise Unreadable(
            Problem.WRONG_TYPE, f"This {named.format} lorebook has no list `{named.key}`."
        )
    return named


def of_book(book: Mapping[str, Json]) -> Place | None:
    """A book without an envelope, as in a card or a world info file."""
    header = dict(book)
    held = header.get("entries")
    if not isinstance(held, list | dict):
        return None
    sample = [row for _, row in numbered(header["entries"]) if is_object(row)]
    if any("key" in row and "keys" not in row for row in sample):
        return Place("st_world_info", SILLYTAVERN, header, "entries", frozenset({"name"}))
    if any("keys" in row for row in sample):
        return Place(V2_BOOK, CARD, header, "entries", _BOOK_WORDS)
    unknown = set(header) - _BOOK_WORDS - {"entries", "extensions", "originalData"}
    if sample or (unknown and not _BOOK_WORDS & header.keys()):
        return None  # without rows only the words beside them tell that it is a book
    if isinstance(held, dict):
        return Place("st_world_info", SILLYTAVERN, header, "entries", frozenset({"name"}))
    return Place(V2_BOOK, CARD, header, "entries", _BOOK_WORDS)


def inside_card(book: Mapping[str, Json]) -> Place:
    """The book of a card: whatever its rows look like, it is one."""
    return of_book(book) or Place(V2_BOOK, CARD, dict(book), "entries", _BOOK_WORDS)


def _by_its_word(root: Row) -> Place | None:
    if root.get("spec") == V3_SPEC:
        inner = of_book(members(root.get("data")))
        dialect = inner.dialect if inner else CARD
        return Place(V3_SPEC, dialect, members(root.get("data")), "entries", _BOOK_WORDS)
    if root.get("type") == "risu" and "data" in root:
        return Place("risu", RISU, root, "data", frozenset())
    if root.get("kind") == "memory" and "entries" in root:
        return Place("agnai", AGNAI, root, "entries", frozenset({"name", "description"}))
    if "lorebookVersion" in root:
        return Place("novelai", NOVELAI, root, "entries", frozenset())
    return None


def _is_card(root: Row) -> bool:
    """A whole card has its own reader, even if a book lies beside its other fields."""
    spec = root.get("spec")
    inner = members(root.get("data"))
    return (
        (isinstance(spec, str) and spec.startswith("chara_card"))
        or any(not is_empty(root.get(mark)) for mark in _CARD_MARKS)
        or any(mark in inner for mark in _CARD_MARKS)
    )


def _of_bare_list(held: list[Json]) -> Dialect | None:
    for row in rows(held):
        if "content" in row and "keys" in row:
            return CARD
        if "content" in row and "key" in row:
            return SILLYTAVERN
    return None
