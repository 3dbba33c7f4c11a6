"""Attachments as messages, and their uploads."""

from collections.abc import AsyncIterator
from typing import Any

from tzurot.errors import FileUnreadable
from tzurot.formats.unreadable import Problem
from tzurot.session.attachments.attachment_files import MAX_BYTES
from tzurot.session.attachments.attachments import Attachments
from tzurot.session.tables import Attachment
from tzurot.session.v1 import attachment_pb2
from tzurot.transport import uploads
from tzurot.transport.subject import Caller
from tzurot.transport.wire import moment_or_none

_TOO_LARGE = f"The file has more than {MAX_BYTES // 1024**2} MB: send a smaller one."


async def received(
    parts: AsyncIterator[Any], me: Caller, attachments: Attachments
) -> attachment_pb2.Attachment:
    """Take in what a call of UploadAttachment brings.

    Raises:
        InvalidField, FileUnreadable, LimitReached: by their names.
    """
    header, chunks = await uploads.opened(parts)
    if header.size_bytes > MAX_BYTES:
        raise FileUnreadable(Problem.TOO_LARGE, _TOO_LARGE)
    content = await uploads.collected(
        chunks, size_bytes=header.size_bytes, sha256=header.sha256, limit_bytes=MAX_BYTES
    )
    return attachment_to(await attachments.take_in(me.person_id, header.name, content))


def attachment_to(row: Attachment) -> attachment_pb2.Attachment:
    """A stored attachment, without its content."""
    return attachment_pb2.Attachment(
        id=str(row.id),
        name=row.name,
        media_type=row.media_type,
        size_bytes=len(row.content),
        description=row.description,
        expire_time=moment_or_none(row.expire_time),
    )
