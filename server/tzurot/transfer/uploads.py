"""A file that comes in parts: a header that says how much and what hash, then its bytes."""

import hashlib
from collections.abc import AsyncIterator

from tzurot.errors import FileUnreadable
from tzurot.formats import caps


async def collected(chunks: AsyncIterator[bytes], *, size_bytes: int, sha256: str) -> bytes:
    """The whole file.

    Raises:
        FileUnreadable: it is too large, or not what its header says.
    """
    content = bytearray()
    async for chunk in chunks:
        content += chunk
        if len(content) > min(size_bytes, caps.FILE):
            raise FileUnreadable("too_large", "The file is larger than its header says.")
    if len(content) != size_bytes or hashlib.sha256(content).hexdigest() != sha256:
        raise FileUnreadable("checksum", "The file did not arrive whole: send it again.")
    return bytes(content)
