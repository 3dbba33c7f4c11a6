"""JSON Lines from strangers: one object a line, blank lines passed over, a BOM skipped."""

import re
from collections.abc import Iterator

from tzurot.formats import caps, documents
from tzurot.formats.documents import Json
from tzurot.formats.narrowing import is_object
from tzurot.formats.unreadable import Problem, Unreadable

_SAYS_SOMETHING = re.compile(rb"\S")
TRIES = 10  # broken lines at the beginning before a file is taken for something else


def objects(data: bytes) -> Iterator[tuple[bytes, dict[str, Json] | None]]:
    """Each line that isn't blank, and the object that it holds; none for a broken one.

    Raises:
        Unreadable: TOO_LARGE, or TOO_MANY when more than `caps.ROWS` lines were taken.
    """
    for _, line in numbered(data):
        yield line, object_of(line)


def numbered(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each line that isn't blank, with its number in the file, from 1.

    Raises:
        Unreadable: TOO_LARGE, or TOO_MANY when more than `caps.ROWS` lines were taken.
    """
    if len(data) > caps.FILE:
        raise Unreadable(
            Problem.TOO_LARGE, f"The file is larger than {caps.FILE // 1024 // 1024} MiB."
        )
    if data.count(b"\n{") > caps.ROWS:
        raise _too_many()
    for taken, line in enumerate(_lines(data.removeprefix(b"\xef\xbb\xbf"))):
        if taken > caps.ROWS:
            raise _too_many()
        yield line


def _too_many() -> Unreadable:
    return Unreadable(Problem.TOO_MANY, f"The file has more than {caps.ROWS:,} lines.")


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """U+2028 and its kin may stand in a text and end no line, so `splitlines` won't do."""
    end, number = 0, 1
    while found := _SAYS_SOMETHING.search(data, end):
        number += data.count(b"\n", end, found.start())
        end = data.find(b"\n", found.start())
        end = len(data) if end < 0 else end
        yield number, data[found.start() : end].rstrip()


def object_of(line: bytes) -> dict[str, Json] | None:
    """The object that a line holds; none if it is broken or something else."""
    if not line.startswith(b"{"):
        return None
    try:
        row = documents.loads(line)
    except Unreadable:
        return None
    return row if is_object(row) else None
