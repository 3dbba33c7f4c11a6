"""The chunks of a PNG or APNG, walked one by one (PNG Specification 3, §5 and §11.3.3).

Image libraries stop at the picture's data and keep one text per keyword; cards lie behind it and
come twice. A file that is cut off gives the chunks before the cut.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from tzurot.formats import caps
from tzurot.formats.unreadable import Problem, Unreadable

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHUNKS = 100_000  # a picture of 128 MiB in the usual pieces of 8 KiB has 16,384
_FRAME = 12  # bytes of a chunk beside its data: length, type, checksum
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: where it lies in the file, its type, and its data uncopied."""

    start: int
    end: int
    type: bytes
    data: memoryview
    intact: bool
    """Whether its checksum is right."""

    @property
    def is_text(self) -> bool:
        """Whether it is one of the three kinds of text."""
        return self.type in _TEXTS

    @property
    def keyword(self) -> str:
        """Of a text: what it is about, as it is spelled."""
        return bytes(self.data[:80]).partition(b"\0")[0].decode("latin-1")


def walk(data: bytes) -> Iterator[Chunk]:
    """The chunks of a PNG up to IEND, or up to where the file is cut off.

    Raises:
        Unreadable: CORRUPT: it is no PNG; or TOO_MANY.
    """
    if not data.startswith(SIGNATURE):
        raise Unreadable(Problem.CORRUPT, "This is not a PNG.")
    view, start = memoryview(data), len(SIGNATURE)
    for _ in range(_CHUNKS):
        if start + _FRAME > len(data):
            return
        length = int.from_bytes(view[start : start + 4])
        end = start + _FRAME + length
        if end > len(data):
            return
        kind = bytes(view[start + 4 : start + 8])
        checksum = int.from_bytes(view[end - 4 : end])
        intact = zlib.crc32(view[start + 4 : end - 4]) == checksum
        yield Chunk(start, end, kind, view[start + 8 : end - 4], intact)
        if kind == b"IEND":
            return
        start = end
    raise Unreadable(Problem.TOO_MANY, f"The PNG has more than {_CHUNKS:,} chunks.")


def content(chunk: Chunk) -> bytes:
    """The bytes of a text chunk's text, inflated.

    Raises:
        Unreadable: CORRUPT or TOO_LARGE.
    """
    start = bytes(chunk.data[:81]).find(b"\0") + 1
    if not start:
        raise Unreadable(Problem.CORRUPT, "A text of the PNG has no keyword.")
    if chunk.type == b"zTXt":
        return _inflated(chunk.data[start + 1 :])
    if chunk.type == b"tEXt":
        return bytes(chunk.data[start:])
    rest = bytes(chunk.data[start + 2 :])  # after the flag and the method of compression
    parts = rest.split(b"\0", 2)  # language, translated keyword, text
    if len(parts) != 3:
        raise Unreadable(Problem.CORRUPT, "An iTXt chunk of the PNG is cut off.")
    return _inflated(memoryview(parts[2])) if chunk.data[start] else parts[2]


def text_chunk(keyword: bytes, text: bytes) -> bytes:
    """A tEXt chunk, ready to be put into a PNG."""
    body = b"tEXt" + keyword + b"\0" + text
    return (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)


def _inflated(data: memoryview) -> bytes:
    try:
        text = zlib.decompressobj().decompress(data, caps.INFLATED_CHUNK + 1)
    except zlib.error as error:
        raise Unreadable(
            Problem.CORRUPT, f"A text of the PNG can't be inflated: {error}."
        ) from error
    if len(text) > caps.INFLATED_CHUNK:
        raise Unreadable(
            Problem.TOO_LARGE,
            f"A text of the PNG inflates to more than {caps.INFLATED_CHUNK // 1024 // 1024} MiB.",
        )
    return text
