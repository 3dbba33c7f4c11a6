"""Brings to the server what a message comes with: pictures and texts.

What can't be brought is told to the person, one sentence for each reason. Whether a file is what
its name says, the server finds out.
"""

import asyncio
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import PurePath
from tempfile import TemporaryFile

import discord

from tzurot_client import Client, TzurotError
from tzurot_client.gen.tzurot.common.v1 import ErrorReason, FileHeader
from tzurot_client.gen.tzurot.session.v1 import UploadAttachmentRequest
from tzurot_discord import errors
from tzurot_discord.files import MAX_NAME, FileRefused, download, parts
from tzurot_discord.markup import clamp

MOST, MAX_BYTES = 10, 25 * 1024 * 1024  # of one message, of each file
AT_ONCE = 3
SECONDS = 60.0  # for each file
SHORT = 40  # characters of a name in a sentence

_PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")
_READABLE = (*_PICTURES, "application/pdf", "application/json")
_ENDING = re.compile(
    r"\.(png|jpe?g|webp|gif|pdf|txt|md|rst|jsonl?|[ct]sv|log|xml|html?|css|ya?ml|toml|ini|cfg|conf"
    r"|py|[jt]sx?|[ch]|[ch]pp|cs|java|go|rs|rb|php|sh|sql|lua|kt|swift|tex|srt)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Brought:
    """What has arrived at the server, and what to tell the person about the rest."""

    ids: list[str] = field(default_factory=list[str])
    sentences: list[str] = field(default_factory=list[str])


async def of(message: discord.Message, person: Client) -> Brought:
    """Upload all that the message comes with and that can be read, in order."""
    left_out = defaultdict[str, list[str]](list)
    brought, files = Brought(), list[discord.Attachment]()
    for attachment in message.attachments:
        if attachment.is_voice_message():
            brought.sentences.append(errors.NOT_HEARD)
        elif reason := _refusal(attachment, len(files)):
            left_out[reason].append(attachment.filename)
        else:
            files.append(attachment)
    slots = asyncio.Semaphore(AT_ONCE)
    for file, result in zip(
        files, await asyncio.gather(*(_carried(file, person, slots) for file in files)), strict=True
    ):
        if isinstance(result, _Left):
            left_out[result.reason].append(file.filename)
        else:
            brought.ids.append(result)
    for reason, names in left_out.items():
        told = ", ".join(f"`{clamp(name.replace('`', ''), SHORT)[0]}`" for name in names)
        brought.sentences.append(reason.replace("{names}", told))
    return brought


@dataclass(frozen=True, slots=True)
class _Left:
    reason: str


def _refusal(attachment: discord.Attachment, before: int) -> str | None:
    """Why a file is not even fetched; None if it is."""
    kind = (attachment.content_type or "").partition(";")[0].strip().lower()
    readable = kind in _READABLE or kind.startswith("text/")
    if not readable and not _ENDING.fullmatch(PurePath(attachment.filename).suffix):
        return errors.LEFT_OUT_UNREADABLE
    if attachment.size > MAX_BYTES:
        return errors.LEFT_OUT_LARGE
    if attachment.size <= 0:
        return errors.LEFT_OUT_UNREADABLE
    return errors.LEFT_OUT_TOO_MANY if before >= MOST else None


async def _carried(
    file: discord.Attachment, person: Client, slots: asyncio.Semaphore
) -> str | _Left:
    """The id that the server has given it."""
    try:
        async with slots, asyncio.timeout(SECONDS):
            return await _carry(file, person)
    except (FileRefused, TimeoutError):
        return _Left(errors.LEFT_OUT_LOST)
    except TzurotError as refused:
        if refused.reason is ErrorReason.FILE_UNREADABLE:
            return _Left(errors.LEFT_OUT_UNREADABLE)
        return _Left(f"-# {errors.sentence_of_flow(refused)}")


async def _carry(file: discord.Attachment, person: Client) -> str:
    with TemporaryFile() as bytes_:  # the header has the checksum: it is known only afterwards
        sha256 = await download(file.url, file.size, bytes_)
        header = FileHeader(
            name=file.filename[:MAX_NAME],
            media_type=file.content_type or "",
            size_bytes=file.size,
            sha256=sha256,
        )
        carried = parts(UploadAttachmentRequest, header, bytes_)
        stored = await person.message.upload_attachment(carried)
        return stored.attachment.id if stored.attachment else ""
