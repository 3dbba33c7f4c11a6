"""A lorebook as a file: its source with what differs, or a new one in Character Card V3's words."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace

from tzurot.formats import documents
from tzurot.formats.documents import Json
from tzurot.formats.found import Lorebook, LoreEntry
from tzurot.formats.lorebooks import dialects, places
from tzurot.formats.lorebooks.dialects import CARD, OURS, Row
from tzurot.formats.lorebooks.places import V3_SPEC, Place
from tzurot.formats.lorebooks.reading import book_at
from tzurot.formats.narrowing import is_object, items, members
from tzurot.formats.unreadable import Unreadable

_HEADER = ("name", "description", "scan_depth", "token_budget", "recursive_scanning")
_DIGITS = 19  # of a row's number; a longer one is a name


def write(book: Lorebook, base: Lorebook | None) -> bytes:
    """The file of a book, in the format of its document, or of `base`'s if it has none.

    Without any document it is a new `lorebook_v3`. From a document everything stays that the book
    doesn't say otherwise, unknown values included; one that says the same comes back verbatim. One
    that is not a lorebook counts as none.
    """
    source = book.document or (base.document if base else b"")
    parsed = _parsed(source)
    if parsed is None:
        return documents.dumps({"spec": V3_SPEC, "data": write_character_book(book)}, indent=2)
    document, place, was = parsed
    if _same(was, book):
        return source
    header = _changed(place, was, book)
    if isinstance(document, list):
        return documents.dumps(_bare(header), indent=2)
    if place.header is members(document).get("data"):
        return documents.dumps({**members(document), "data": header}, indent=2)
    return documents.dumps(header, indent=2)


def write_character_book(book: Lorebook, base: Mapping[str, Json] | None = None) -> dict[str, Json]:
    """The book as a card's `character_book`; `base` is the one that the card had, if any.

    With `base` only what differs is changed: unknown fields of entries survive.
    """
    if base is not None:
        place = places.inside_card(base)
        return _changed(place, book_at(place), book)
    header: Row = {"extensions": {}, "entries": [dialects.new(CARD, e) for e in book.entries]}
    said = {name: value for name in _HEADER if (value := getattr(book, name)) not in ("", None)}
    return {**said, **header}


def _parsed(source: bytes) -> tuple[Json, Place, Lorebook] | None:
    """The document, where in it the book is, and what it says; None: it is no lorebook."""
    try:
        document = documents.loads(source)
        place = places.find(document)
        return (document, place, book_at(place)) if place else None
    except Unreadable:
        return None


def _same(one: Lorebook, other: Lorebook) -> bool:
    return replace(one, format="", document=b"") == replace(other, format="", document=b"")


def _bare(header: Row) -> Json:
    """A list of rows alone, unless there is more to say or nothing to tell it by."""
    return header["entries"] if len(header) == 1 and header["entries"] else header


def _changed(place: Place, was: Lorebook, book: Lorebook) -> Row:
    """The object with the book's words and rows, saying what the book says."""
    header = dict(place.header)
    for name in _HEADER:
        value: object = getattr(book, name)
        if value == getattr(was, name):
            continue
        if name in place.words:
            header[name] = value
        else:
            header[OURS] = {**members(header.get(OURS)), name: value}
    if book.entries != was.entries:
        header[place.key] = _rows(place, was.entries, book.entries)
    return header


def _rows(place: Place, old: Sequence[LoreEntry], new: Sequence[LoreEntry]) -> Json:
    """The rows of `new`, each from the row that it came from; what is no entry stays among them."""
    existing = place.rows()
    found = [
        (None, dialects.new(place.dialect, entry))
        if index is None
        else (existing[index][0], dialects.rewritten(place.dialect, existing[index][1], entry))
        for entry, index in zip(new, origins(new, old), strict=True)
    ]
    held = place.header.get(place.key)
    if is_object(held):
        return _numbered(held, found)
    kept = {at for at, _ in existing}
    others = deque((at, row) for at, row in enumerate(items(held)) if at not in kept)
    placed: list[Json] = []
    for at, row in found:
        while others and isinstance(at, int) and others[0][0] < at:
            placed.append(others.popleft()[1])
        placed.append(row)
    return [*placed, *(row for _, row in others)]


def _numbered(held: Mapping[str, Json], found: Sequence[tuple[str | int | None, Row]]) -> Json:
    """SillyTavern's object of rows: new ones get the next number, a new order is told by index."""
    numbers = [int(name) for name in held if name.isdecimal() and len(name) < _DIGITS]
    uid = max(numbers, default=-1)
    shown = _next_shown(row for at, row in found if at is not None)
    placed: list[tuple[str, Row]] = []
    for at, row in found:
        if at is not None:
            placed.append((str(at), row))
            continue
        uid += 1
        placed.append((str(uid), {"uid": uid, **row}))
        if shown is not None:
            placed[-1][1]["displayIndex"] = shown
            shown += 1
    if not _reads_so(placed, held):
        placed = [(name, {**row, "displayIndex": n}) for n, (name, row) in enumerate(placed)]
    if _all_shown(placed):  # then rows can stay where they are in the file
        where = {name: n for n, name in enumerate(held)}
        placed.sort(key=lambda it: where.get(it[0], len(where)))
    strange = [(name, row) for name, row in held.items() if not isinstance(row, dict)]
    return {**dict(placed), **dict(strange)}


def _next_shown(rows: Iterable[Row]) -> int | None:
    """The place of a row after these; None if they don't all say their own."""
    shown = [row.get("displayIndex") for row in rows]
    numbers = [place for place in shown if isinstance(place, int)]
    return max(numbers) + 1 if numbers and len(numbers) == len(shown) else None


def _reads_so(placed: Sequence[tuple[str, Row]], held: Mapping[str, Json]) -> bool:
    """Whether rows are read in this order: as they are shown, or else as they stand in the file."""
    pairs: list[tuple[str | int, Row]] = [*placed]
    if _all_shown(placed):
        return places.displayed(pairs) == pairs
    order = [name for name, _ in placed if name in held]
    kept = set(order)
    return order == [name for name in held if name in kept]


def _all_shown(placed: Sequence[tuple[str, Row]]) -> bool:
    return all(isinstance(row.get("displayIndex"), int) for _, row in placed)


def origins(new: Sequence[LoreEntry], old: Sequence[LoreEntry]) -> list[int | None]:
    """For each new entry the index of the old one that it was: the same one, or the likeliest.

    Told by its row where that is known, else by all that it says, then by name and keys, then by
    content, then by its number if as many are left as there were.
    """
    if any(entry.row is not None for entry in new):
        return [entry.row if entry.row in range(len(old)) else None for entry in new]
    found: list[int | None] = [None] * len(new)
    free = set(range(len(old)))
    for mark in (repr, _named, _content):
        _match(found, free, mark, new=new, old=old)
    if len(new) == len(old):
        for number, index in enumerate(found):
            if index is None and number in free:
                found[number] = number
    return found


def _match(
    found: list[int | None],
    free: set[int],
    mark: Callable[[LoreEntry], Hashable],
    *,
    new: Sequence[LoreEntry],
    old: Sequence[LoreEntry],
) -> None:
    waiting: dict[Hashable, deque[int]] = defaultdict(deque)
    for index in sorted(free):
        waiting[mark(old[index])].append(index)
    for number, entry in enumerate(new):
        key = mark(entry)
        if found[number] is None and key is not None and waiting.get(key):
            found[number] = waiting[key].popleft()
            free.discard(found[number] or 0)


def _named(entry: LoreEntry) -> Hashable:
    return (entry.name, entry.keys) if entry.name or entry.keys else None


def _content(entry: LoreEntry) -> Hashable:
    return entry.content or None
