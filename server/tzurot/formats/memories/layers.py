"""Exports of memory layers: mem0, OpenMemory (both programs of that name), and plain lines.

A plain line is `{"text": …, "answer"?, "occur_time"?, "id"?}`. The others come as one document (a
list of rows, alone or under a word) or as JSON Lines. Each row stays with its memory, so that an
export gives back what has no place here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tzurot.formats import caps, dates, documents, lines, narrowing
from tzurot.formats.documents import Json
from tzurot.formats.found import (
    Aside,
    Container,
    Found,
    Kind,
    Known,
    Mapped,
    Recollection,
    SourceRow,
)
from tzurot.formats.memories.line import SECTORS
from tzurot.formats.memories.programs import BY_FORMAT, LAYERS, MEM0, PLAIN, Layer, Row
from tzurot.formats.narrowing import is_empty, is_list, is_object, items, members, text
from tzurot.formats.unreadable import Problem, Unreadable

_BOM = b"\xef\xbb\xbf"
_LISTED = 1_000  # strange fields in a preview
_NESTING = 2  # of a row in a file that goes out
_NUMBERS = 10  # of broken lines in a warning
_GONE = frozenset({"deleted", "archived"})


_FIELDS = {
    "text": "text",
    "answer": "answer",
    "id": "origin",
    "user": "senders",
    "time": "occur_time",
    "sector": "sector",
    "sectors": "other_sectors",
    "salience": "salience",
}


@dataclass(slots=True)
class _Rows:
    """A file's rows, and what of it is none."""

    layer: Layer
    rows: list[Row]
    strange: int = 0
    broken_lines: list[int] = field(default_factory=list[int])
    beside: tuple[str, ...] = ()
    """What a document has beside its rows."""


def read(data: bytes, document: Json | None) -> Found | None:
    """The memories of a file; none if it is something else. Without a `document` it is JSON Lines.

    Raises:
        Unreadable: TOO_LARGE or TOO_MANY.
    """
    found = _of_lines(data) if document is None else _of_document(document)
    if found is None:
        return None
    if len(found.rows) > caps.ROWS:
        raise Unreadable(Problem.TOO_MANY, f"The file has more than {caps.ROWS:,} memories.")
    told = [row for row in found.rows if _says_something(found.layer, row) and not _is_gone(row)]
    users = sorted({user for row in told if (user := _said(found.layer, row, "user"))})
    several = len(users) > 1
    memories = tuple(_recollection(found.layer, row, several=several) for row in told)
    return Found(
        kind=Kind.MEMORIES,
        format=found.layer.format,
        container=Container.JSONL if document is None else Container.JSON,
        memories=memories,
        fields=tuple(_fields(found)),
        kept_aside=tuple(_asides(found)),
        dropped=tuple(Aside(word, "it is no memory") for word in found.beside),
        warnings=(*_warnings(found, len(told), users), *_too_deep(found.layer, memories)),
        details={"memories": len(found.rows), "importable": len(told), "users": len(users)},
        document=b"" if document is None else data.removeprefix(_BOM),
    )


def _of_document(document: Json) -> _Rows | None:
    if is_list(document):
        return _of_list(document, LAYERS)
    root = members(document)
    for layer in LAYERS:
        for word in layer.lists:
            if is_list(root.get(word)) and (found := _of_list(items(root[word]), (layer,))):
                found.beside = tuple(it for it in root if it != word and not is_empty(root[it]))
                return found
    return _of_list([root], (MEM0, PLAIN)) if root else None


def _of_list(held: list[Json], layers: tuple[Layer, ...]) -> _Rows | None:
    first = next((row for row in held if is_object(row)), None)
    layer = next((each for each in layers if first is not None and each.owns(first)), None)
    if layer is None:
        return None
    rows = [row for row in held if is_object(row)]
    return _Rows(layer, [*rows], len(held) - len(rows))


def _of_lines(data: bytes) -> _Rows | None:
    documents.require_few(data)  # all rows are kept
    found: _Rows | None = None
    broken: list[int] = []
    for number, line in lines.numbered(data):
        row = lines.object_of(line)
        if row is None:
            broken.append(number)
        elif found:
            found.rows.append(row)
        else:
            found = _of_list([row], LAYERS)
        if found is None and (row or len(broken) > lines.TRIES):
            return None
    if found:
        found.strange, found.broken_lines = len(broken), broken[:_NUMBERS]
    return found


def _recollection(layer: Layer, row: Row, *, several: bool) -> Recollection:
    """One memory. Of a file with one user all are the importer's own; else each has its sender."""
    number = _said(layer, row, "id")
    user = _said(layer, row, "user")
    time = next((row[word] for word in layer.words["time"] if not is_empty(row.get(word))), None)
    return Recollection(
        text=text(row[layer.text_word]),
        answer=_said(layer, row, "answer"),
        origin=f"{layer.format}:{number}" if number else "",
        senders=(user,) if several and user else (),
        occur_time=dates.moment(time),
        known=_known(layer, row),
        source=_source(layer, row),
    )


def _known(layer: Layer, row: Row) -> Known:
    """What kind of thing it tells; a salience without bounds is none."""
    if "sector" not in layer.words:
        return Known()
    sector = _said(layer, row, "sector")
    sector = sector if sector in SECTORS else ""
    beside = dict.fromkeys(narrowing.texts(row.get("sectors"))) if sector else {}
    salience = narrowing.number(row.get("salience"))
    return Known(
        sector=sector,
        other_sectors=tuple(it for it in beside if it in SECTORS and it != sector),
        salience=salience if salience is not None and 0 <= salience <= 1 else None,
    )


def _source(layer: Layer, row: Row) -> SourceRow | None:
    """The row without its text: what is remembered is kept once, and what is forgotten is gone."""
    if layer.format not in BY_FORMAT:
        return None
    written = documents.dumps({**row, layer.text_word: None})
    return SourceRow(layer.format, written) if documents.fits_into(written, _NESTING) else None


def _said(layer: Layer, row: Row, field: str) -> str:
    for word in layer.words.get(field, ()):
        if said := text(row.get(word)):
            return said
    return ""


def _says_something(layer: Layer, row: Row) -> bool:
    said = row.get(layer.text_word)
    return isinstance(said, str) and bool(text(said).strip())


def _is_gone(row: Row) -> bool:
    """Whether the source keeps it only as forgotten."""
    return text(row.get("state")).lower() in _GONE or row.get("deleted") is True


def _fields(found: _Rows) -> Iterator[Mapped]:
    for place, words in found.layer.words.items():
        for word in words:
            if any(not is_empty(row.get(word)) for row in found.rows):
                yield Mapped(word, f"memory.{_FIELDS[place]}")
                break


def _asides(found: _Rows) -> Iterator[Aside]:
    known = {word for words in found.layer.words.values() for word in words}
    counted: dict[str, int] = {}
    for row in found.rows:
        for word in row.keys() - known:
            if not is_empty(row[word]):
                counted[word] = counted.get(word, 0) + 1
    for word in sorted(counted)[:_LISTED]:
        yield Aside(word, f"no place for it here; memories: {counted[word]:,}")


def _warnings(found: _Rows, told: int, users: list[str]) -> Iterator[str]:
    if found.strange:
        numbers = ", ".join(f"{number:,}" for number in found.broken_lines)
        more = ", …" if found.strange > len(found.broken_lines) else ""
        which = f" (lines {numbers}{more})" if numbers else ""
        yield f"Rows that could not be read, left out: {found.strange:,}{which}."
    if blank := sum(not _says_something(found.layer, row) for row in found.rows):
        yield f"Memories without text, left out: {blank:,}."
    if gone := len(found.rows) - told - blank:
        yield f"Memories that were deleted or archived, left out: {gone:,}."
    if len(users) > 1:
        yield f"The memories are of {len(users):,} users: say whose are yours."
    elif any(not is_empty(row.get("agent_id")) for row in found.rows):
        yield "Some memories belong to an agent of the source; here they go to this character."


def _too_deep(layer: Layer, memories: tuple[Recollection, ...]) -> Iterator[str]:
    deep = sum(memory.source is None for memory in memories) if layer.format in BY_FORMAT else 0
    if deep:
        yield f"Rows nested too deep, kept without what has no place here: {deep:,}."
