"""Carries a file from Discord to the server."""

import hashlib
from collections.abc import AsyncIterator, Callable
from tempfile import TemporaryFile
from typing import IO, TypeVar

import aiohttp
import discord
from yarl import URL

from tzurot_client import Client
from tzurot_client.gen.tzurot.flow.v1 import FlowFileHeader, UploadFlowFileRequest
from tzurot_discord import errors
from tzurot_discord.inputs import Attachment

MAX_BYTES = 128 * 1024 * 1024  # the contract's limit
CHUNK = 64 * 1024  # bytes; the contract's limit
MAX_NAME = 255  # characters; the contract's limit
DOWNLOAD_SECONDS = 300.0

_DISCORDS = ("https://cdn.discordapp.com", "https://media.discordapp.net")


T = TypeVar("T")


class FileRefused(Exception):
    """A file that can't be carried; its text is a sentence for the person."""


async def carry(attachment: Attachment, flow_id: str, person: Client) -> str:
    """Upload the file for an answer; its id.

    Raises:
        FileRefused: it is too large or empty, or Discord does not give it out.
        TzurotError: the server does not take it.
    """
    if attachment.size > MAX_BYTES:
        raise FileRefused(errors.FILE_TOO_LARGE)
    if attachment.size <= 0:
        raise FileRefused(errors.FILE_EMPTY)
    with TemporaryFile() as file:  # the header has the checksum: it is known only afterwards
        sha256 = await download(attachment.url, attachment.size, file)
        header = FlowFileHeader(
            flow_id=flow_id,
            size_bytes=attachment.size,
            sha256=sha256,
            name=attachment.filename[:MAX_NAME],
        )
        return (
            await person.flow.upload_flow_file(parts(UploadFlowFileRequest, header, file))
        ).file_id


async def download(address: str, size: int, file: IO[bytes]) -> str:
    """Write the bytes into `file`; their SHA-256. Exactly as many as Discord has told.

    Raises:
        FileRefused: it is not on Discord's own hosts, or not given out.
    """
    url = URL(address)
    hosts = {*_DISCORDS, str(URL(discord.Asset.BASE).origin())}
    if not (url.scheme and url.host) or str(url.origin()) not in hosts:
        raise FileRefused(errors.FILE_LOST)
    checksum, left = hashlib.sha256(), size
    timeout = aiohttp.ClientTimeout(total=DOWNLOAD_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            async for chunk in response.content.iter_chunked(CHUNK):
                left -= len(chunk)
                if left < 0:
                    break
                checksum.update(chunk)
                file.write(chunk)
    except (aiohttp.ClientError, TimeoutError) as broken:
        raise FileRefused(errors.FILE_LOST) from broken
    if left != 0:
        raise FileRefused(errors.FILE_LOST)
    return checksum.hexdigest()


async def parts(part: Callable[..., T], header: object, file: IO[bytes]) -> AsyncIterator[T]:
    """The messages that carry a file: first its header, then its bytes."""
    yield part(header=header)
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield part(chunk=chunk)
