"""Files that something is said with: read, sent to the server, and told what they became."""

from collections.abc import AsyncIterator
from pathlib import Path

from tzurot_cli import handing
from tzurot_cli.console import one_line
from tzurot_cli.failing import CommandFailed
from tzurot_cli.handing import Handed
from tzurot_client import Client
from tzurot_client.gen.tzurot.common.v1 import FileHeader
from tzurot_client.gen.tzurot.session.v1 import Attachment, UploadAttachmentRequest

MAX_BYTES = 25 * 1024 * 1024
MAX_FILES = 10  # of one message
_LONGEST_NAME = 255  # characters


async def upload(client: Client, path: str) -> Attachment:
    """Send the picture or text at a path, so that it can be said.

    Raises:
        CommandFailed: there is no such file, or it is too large.
        TzurotError: the server can't use it.
    """
    handed = _read(path)
    return (await client.message.upload_attachment(_parts(handed))).attachment or Attachment()


def told(attachment: Attachment) -> str:
    """One sentence about what goes with the next message."""
    kind = "picture" if attachment.media_type.startswith("image/") else "text"
    size = max(1, attachment.size_bytes // 1000)
    return f"{one_line(attachment.name, 80)} goes with your next message ({kind}, {size} kB)."


def _read(path: str) -> Handed:
    named = path.strip()
    if len(named) > 1 and named[0] == named[-1] and named[0] in "\"'":
        named = named[1:-1]  # as a shell would take it
    found = Path(named).expanduser()
    if found.is_dir():
        raise CommandFailed(f"{named} is a folder: name a file in it.")
    handed = handing.take(str(found))
    if handed.url:
        raise CommandFailed(f"{named} is an address: save what is there, and name the file.")
    if len(handed.content) > MAX_BYTES:
        raise CommandFailed(f"{handed.name} has more than 25 MB: save it smaller and name that.")
    return handed


async def _parts(handed: Handed) -> AsyncIterator[UploadAttachmentRequest]:
    yield UploadAttachmentRequest(
        header=FileHeader(
            name=handed.name[-_LONGEST_NAME:],
            size_bytes=len(handed.content),
            sha256=handed.sha256,
        )
    )
    for chunk in handed.chunks:
        yield UploadAttachmentRequest(chunk=chunk)
