"""A file that comes in parts: a header that says how much and what hash, then its bytes."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

from tzurot.errors import FileUnreadable, InvalidField


async def opened(parts: AsyncIterator[Any]) -> tuple[Any, AsyncIterator[bytes]]:
    """A file's header, and its bytes as they come.

    Raises:
        InvalidField: the header is not the first part, or, while the bytes are read, not the only.
    """
    first = await anext(parts, None)
    if first is None or first.WhichOneof("part") != "header":
        raise _header_misplaced()
    return first.header, _chunks(parts)


async def collected(
    chunks: AsyncIterator[bytes], *, size_bytes: int, sha256: str, limit_bytes: int
) -> bytes:
    """The whole file.

    Raises:
        FileUnreadable: it is too large, or not what its header says.
    """
    content = bytearray()
    async for chunk in chunks:
        content += chunk
        if len(content) > min(size_bytes, limit_bytes):
            raise FileUnreadable("too_large", "The file is larger than its header says.")
    if len(content) != size_bytes or hashlib.sha256(content).hexdigest() != sha256:
        raise FileUnreadable("checksum", "The file did not arrive whole: send it again.")
    return bytes(content)


async def _chunks(parts: AsyncIterator[Any]) -> AsyncIterator[bytes]:
    async for part in parts:
        if part.WhichOneof("part") != "chunk":
            raise _header_misplaced()
        yield part.chunk


def _header_misplaced() -> InvalidField:
    return InvalidField([("header", "header.first", "must come once and first")])
