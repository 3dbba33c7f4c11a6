"""A file that is imported, as it comes in parts."""

from collections.abc import AsyncIterator

from tzurot.formats import caps
from tzurot.transport import uploads


async def collected(chunks: AsyncIterator[bytes], *, size_bytes: int, sha256: str) -> bytes:
    """The whole file.

    Raises:
        FileUnreadable: it is too large, or not what its header says.
    """
    return await uploads.collected(
        chunks, size_bytes=size_bytes, sha256=sha256, limit_bytes=caps.FILE
    )
