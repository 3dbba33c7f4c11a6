"""Exports of memory layers: mem0, OpenMemory, and our own JSON Lines.

Ours is one object a line: `{"text": …, "answer"?, "occur_time"?, "id"?}`. The others come as one
document (a list of rows, alone or under a word) or as JSON Lines.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tzurot.formats import caps, dates, documents, lines
from tzurot.formats.documents import Json
from tzurot.formats.found import Aside, Container, Found, Kind, Mapped, Recollection
from tzurot.formats.narrowing import is_empty, is_list, is_object, items, members, text
from tzurot.formats.unreadable import Problem, Unreadable

Row = Mapping[str, Json]

_BOM = b"\xef\xbb\xbf"
_LISTED = 1_000  # strange fields in a preview
_GONE = frozenset({"deleted", "archived"})


@dataclass(frozen=True, slots=True)
class _Layer:
    """How one program writes a memory; of several words the first that says something counts."""

    format: str
    lists: tuple[str, ...]
    """Words under which a document may have its rows."""
    words: Mapping[str, tuple[str, ...]]
    owns: Callable[[Row], bool]
    """Whether a row is one of it."""


MEM0 = _Layer(
    "mem0",
    ("results", "memories"),
    {"text": ("memory",), "id": ("id",), "user": ("user_id",), "time": ("created_at",)},
    lambda row: "memory" in row and "id" in row and isinstance(row["memory"], str),
)
OPENMEMORY = _Layer(
    "openmemory",
    ("memories", "items", "results"),
    {
        "text": ("content", "text", "memory"),
        "id": ("id",),
        "user": ("user_id",),
        "time": ("created_at", "createdAt"),
    },
    lambda row: (
        "id" in row
        and isinstance(row.get("content"), str)
        and bool({"created_at", "createdAt", "sectors", "primary_sector", "tags"} & row.keys())
    ),
)
TZUROT = _Layer(
    "tzurot_memories",
    ("memories",),
    {"text": ("text",), "id": ("id",), "time": ("occur_time",), "answer": ("answer",)},
    lambda row: (
        isinstance(row.get("text"), str) and row.keys() <= {"text", "answer", "occur_time", "id"}
    ),
)
_LAYERS = (MEM0, OPENMEMORY, TZUROT)
_FIELDS = {
    "text": "text",
    "answer": "answer",
    "id": "origin",
    "user": "senders",
    "time": "occur_time",
}


@dataclass(slots=True)
class _Rows:
    """A file's rows, and what of it is none."""

    layer: _Layer
    rows: list[Row]
    strange: int = 0


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
    told = [
        (row, shown)
        for row in found.rows
        if (shown := _said(found.layer, row, "text").strip()) and not _is_gone(row)
    ]
    users = sorted({user for row, _ in told if (user := _said(found.layer, row, "user"))})
    return Found(
        kind=Kind.MEMORIES,
        format=found.layer.format,
        container=Container.JSONL if document is None else Container.JSON,
        memories=tuple(
            _recollection(found.layer, row, text=shown, several=len(users) > 1)
            for row, shown in told
        ),
        fields=tuple(_fields(found)),
        kept_aside=tuple(_asides(found)),
        warnings=tuple(_warnings(found, len(told), users)),
        details={"memories": len(found.rows), "importable": len(told), "users": len(users)},
        document=b"" if document is None else data.removeprefix(_BOM),
    )


def _of_document(document: Json) -> _Rows | None:
    if is_list(document):
        return _of_list(document, _LAYERS)
    root = members(document)
    for layer in _LAYERS:
        for word in layer.lists:
            if is_list(root.get(word)) and (found := _of_list(items(root[word]), (layer,))):
                return found
    return _of_list([root], (MEM0, TZUROT)) if root else None


def _of_list(held: list[Json], layers: tuple[_Layer, ...]) -> _Rows | None:
    first = next((row for row in held if is_object(row)), None)
    layer = next((each for each in layers if first is not None and each.owns(first)), None)
    if layer is None:
        return None
    rows = [row for row in held if is_object(row)]
    return _Rows(layer, [*rows], len(held) - len(rows))


def _of_lines(data: bytes) -> _Rows | None:
    documents.require_few(data)  # all rows are kept
    found: _Rows | None = None
    strange = 0
    for _, row in lines.objects(data):
        if row is None:
            strange += 1
        elif found:
            found.rows.append(row)
        else:
            found = _of_list([row], _LAYERS)
        if found is None and (row or strange > lines.TRIES):
            return None
    if found:
        found.strange = strange
    return found


def _recollection(layer: _Layer, row: Row, *, text: str, several: bool) -> Recollection:
    """One memory. Of a file with one user all are the importer's own; else each has its sender."""
    number = _said(layer, row, "id")
    user = _said(layer, row, "user")
    time = next((row[word] for word in layer.words["time"] if not is_empty(row.get(word))), None)
    return Recollection(
        text=text,
        answer=_said(layer, row, "answer"),
        origin=f"{layer.format}:{number}" if number else "",
        senders=(user,) if several and user else (),
        occur_time=dates.moment(time),
    )


def _said(layer: _Layer, row: Row, field: str) -> str:
    for word in layer.words.get(field, ()):
        if said := text(row.get(word)):
            return said
    return ""


def _is_gone(row: Row) -> bool:
    """Whether the source keeps it only as forgotten."""
    return text(row.get("state")).lower() in _GONE or row.get("deleted") is True


def _fields(found: _Rows) -> Iterator[Mapped]:
    for field, words in found.layer.words.items():
        for word in words:
            if any(not is_empty(row.get(word)) for row in found.rows):
                yield Mapped(word, f"memory.{_FIELDS[field]}")
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
        yield f"Rows that could not be read, left out: {found.strange:,}."
    if blank := sum(not _said(found.layer, row, "text").strip() for row in found.rows):
        yield f"Memories without text, left out: {blank:,}."
    if gone := len(found.rows) - told - blank:
        yield f"Memories that were deleted or archived, left out: {gone:,}."
    if len(users) > 1:
        yield f"The memories are of {len(users):,} users: say whose are yours."
    elif any(not is_empty(row.get("agent_id")) for row in found.rows):
        yield "Some memories belong to an agent of the source; here they go to this character."
