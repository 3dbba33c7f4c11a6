"""Files that people hand over in flows: taken in, checked while they come, read by kinds."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tzurot import clock
from tzurot.errors import FileUnreadable
from tzurot.flow import store
from tzurot.flow.tables import FlowFile


@dataclass(frozen=True, slots=True)
class Header:
    """What is said of a file before it comes; the contract has bounded its size."""

    flow_id: UUID
    size_bytes: int
    sha256: str
    name: str


def not_asked() -> FileUnreadable:
    """The flow has no use for a file now."""
    return FileUnreadable("not_supported", "The flow asks for no file at this step.")


async def received(header: Header, chunks: AsyncIterator[bytes]) -> bytes:
    """All bytes of a file, which must be those that its header describes.

    Raises:
        FileUnreadable: `too_large` or `checksum`.
    """
    content, digest = bytearray(), hashlib.sha256()
    async for chunk in chunks:
        content += chunk
        digest.update(chunk)
        if len(content) > header.size_bytes:
            said = f"{header.size_bytes:,} bytes"
            raise FileUnreadable("too_large", f"The file has more than the announced {said}.")
    if digest.hexdigest() != header.sha256 or len(content) < header.size_bytes:
        raise FileUnreadable("checksum", "The file was damaged on its way: send it again.")
    return bytes(content)


async def keep(tx: AsyncSession, header: Header, content: bytes, expire_time: datetime) -> UUID:
    """Store a file instead of those that the flow has, which then goes on until `expire_time`.

    Raises:
        FileUnreadable: the flow is not open any more.
    """
    file = FlowFile(
        id=clock.uuid7(),
        flow_id=header.flow_id,
        name=header.name,
        sha256=header.sha256,
        content=content,
        create_time=clock.now(),
    )
    if not await store.keep_file(tx, file, expire_time):
        raise not_asked()
    return file.id


async def read(tx: AsyncSession, flow_id: UUID, file_id: UUID) -> FlowFile:
    """A file of a flow that the caller has checked the ownership of.

    Raises:
        FileUnreadable: it is gone, because another one was sent after it.
    """
    found = await store.file(tx, flow_id, file_id)
    if found is None:
        raise FileUnreadable("nothing_inside", "The file is gone: send it again.")
    return found


async def is_there(tx: AsyncSession, flow_id: UUID, file_id: str) -> bool:
    """Whether an answer names a file of the flow."""
    try:
        return await store.has_file(tx, flow_id, UUID(file_id))
    except ValueError:
        return False
