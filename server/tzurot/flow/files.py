"""Files that people hand over in flows: kept with it, and read by kinds."""

import hashlib
from dataclasses import dataclass
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


async def keep(tx: AsyncSession, flow_id: UUID, name: str, content: bytes) -> UUID:
    """Store a file instead of the others that the flow has; returns its id."""
    file = FlowFile(
        id=clock.uuid7(),
        flow_id=flow_id,
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        create_time=clock.now(),
    )
    await store.put_file(tx, file)
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
