"""What changes in a card's `data` between V2 and V3; fields that the other doesn't know stay."""

from collections.abc import Iterator

from tzurot.formats.cards.outline import LISTS, REQUIRED_V2, Format, Outline
from tzurot.formats.cards.reading import BACKFILLED
from tzurot.formats.documents import Json
from tzurot.formats.found import Lorebook
from tzurot.formats.lorebooks import decorators
from tzurot.formats.narrowing import is_list, is_object

V3_ONLY = frozenset({"nickname", "group_only_greetings", "assets", "creator_notes_multilingual"})
_LISTS_V2 = LISTS - V3_ONLY


def to_v3(data: dict[str, Json], source: Outline, book: Lorebook | None) -> None:
    """Give `data` what V3 asks for, if `source` was of another version."""
    if source.format == Format.V3:
        return
    _fill(data)
    data.setdefault("group_only_greetings", [])
    notes = data.get("creator_notes")
    if isinstance(notes, str):
        data["creator_notes"] = notes.removesuffix(BACKFILLED)
    rows = list(_rows(data))
    entries = book.entries if book else ()
    for row, entry in zip(rows, entries, strict=False):
        row.setdefault("use_regex", entry.use_regex)


def to_v2(data: dict[str, Json], source: Outline | None) -> None:
    """Give `data` what V2 asks for, without what only V3 reads. `source`: None is a fresh card."""
    is_v2 = source is not None and source.spec == Format.V2
    if not is_v2:
        _fill(data)
    said = [row.get("content") for row in _rows(source.data)] if source and is_v2 else []
    known = {content for content in said if isinstance(content, str)}
    lost = [_undecorate(row, known) for row in _rows(data)]
    notes = data.get("creator_notes")
    more = any(lost) or any(data.get(key) for key in V3_ONLY)
    if more and not is_v2 and isinstance(notes, str):
        data["creator_notes"] = notes.removesuffix(BACKFILLED) + BACKFILLED


def _fill(data: dict[str, Json]) -> None:
    """Give required fields that say nothing their empty values."""
    for key in REQUIRED_V2:
        if data.get(key) is None:
            data[key] = ""
    for key in _LISTS_V2:
        if data.get(key) is None:
            data[key] = []
    if not is_object(data.get("extensions")):
        data["extensions"] = {}


def _undecorate(row: dict[str, Json], known: set[str]) -> bool:
    """Take the decorators off an entry, which V2 tells to the model. Whether there were any.

    What a V2 card itself says (`known`) stays: SillyTavern knows two of them there.
    """
    content = row.get("content")
    if not isinstance(content, str) or content in known:
        return False
    found, text = decorators.parse(content)
    row["content"] = text
    return bool(found)


def _rows(data: dict[str, Json]) -> Iterator[dict[str, Json]]:
    book = data.get("character_book")
    listed = book.get("entries") if is_object(book) else None
    for row in listed if is_list(listed) else []:
        if is_object(row):
            yield row
