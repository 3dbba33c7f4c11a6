"""Handing files over: read one from disk, send it in parts, follow its import; write what comes."""

import hashlib
import io
import os
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rich.progress import Progress

from tzurot_cli.console import console, one_line, show_json
from tzurot_cli.failing import CommandFailed
from tzurot_client import Client
from tzurot_client.gen.tzurot.common.v1 import FileHeader
from tzurot_client.gen.tzurot.personality.v1 import PersonalityRef
from tzurot_client.gen.tzurot.transfer.v1 import (
    ImportHeader,
    ImportPersonalityRequest,
    ImportPersonalityResponse,
    ImportPreview,
    ImportResult,
)

CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Handed:
    """A file's bytes, or an https address where the server finds it."""

    name: str
    content: bytes = field(default=b"", repr=False)
    url: str = ""

    @property
    def sha256(self) -> str:
        """Of its bytes, as headers have it."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def chunks(self) -> Iterator[bytes]:
        """Its bytes in parts that a message takes."""
        for start in range(0, len(self.content), CHUNK_BYTES):
            yield self.content[start : start + CHUNK_BYTES]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What its person says about an import."""

    personality: PersonalityRef | None = None
    as_copy: bool = False
    overwrite: bool = False
    callers: tuple[str, ...] = ()


def take(path: str) -> Handed:
    """What lies at a path: a file; a folder as a ZIP of it; or an https address as it is."""
    if path.startswith(("https://", "http://")):
        return Handed(path, url=path)
    try:
        found = Path(path)
        content = _zipped(found) if found.is_dir() else found.read_bytes()
    except OSError as error:
        raise CommandFailed(
            f"{path} can't be read: {(error.strerror or str(error)).lower()}."
        ) from error
    if not content:
        raise CommandFailed(f"{found.name} is empty.", reason="FILE_UNREADABLE")
    return Handed(found.name, content)


async def preview(client: Client, handed: Handed, wishes: Wishes) -> ImportPreview:
    """What an import would do, with a bar for somebody who watches."""
    async for event in _followed(client, _parts(handed, wishes, only=True)):
        if event.preview is not None:
            return event.preview
    raise CommandFailed("The server ended before it had said what the file is.", 1)


async def move_in(client: Client, handed: Handed, wishes: Wishes, digest: str = "") -> ImportResult:
    """Import it, with the same bar."""
    async for event in _followed(client, _parts(handed, wishes, digest=digest)):
        if event.result is not None:
            return event.result
    raise CommandFailed("The server ended before the import did: run it again.", 1)


async def _followed(
    client: Client, parts: AsyncIterator[ImportPersonalityRequest]
) -> AsyncIterator[ImportPersonalityResponse]:
    """What the server tells of an import; how far it is shows on a bar."""
    with Progress(
        console=console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("sending", total=None)
        async for event in client.transfer.import_personality(parts):
            if event.progress is not None:
                bar.update(
                    task,
                    description=one_line(event.progress.label),
                    completed=event.progress.done_count,
                    total=event.progress.total_count or None,
                )
            yield event


async def _parts(
    handed: Handed, wishes: Wishes, *, only: bool = False, digest: str = ""
) -> AsyncIterator[ImportPersonalityRequest]:
    yield ImportPersonalityRequest(
        header=ImportHeader(
            size_bytes=len(handed.content),
            sha256="" if handed.url else handed.sha256,
            url=handed.url,
            validate_only=only,
            digest=digest,
            personality=wishes.personality,
            as_copy=wishes.as_copy,
            overwrite_own_edits=wishes.overwrite,
            caller_sender_ids=list(wishes.callers),
            name=handed.name[-255:],
        )
    )
    for chunk in handed.chunks:
        yield ImportPersonalityRequest(chunk=chunk)


class Part(Protocol):
    """A response that is a file's header or its next bytes."""

    header: FileHeader | None
    chunk: bytes | None


async def received(parts: AsyncIterator[Part]) -> Handed:
    """A file that the server streams.

    Raises:
        CommandFailed: it did not arrive whole.
    """
    return (await received_all(parts))[0]


async def received_all(parts: AsyncIterator[Part]) -> list[Handed]:
    """All files that the server streams, one after another: at least one.

    Raises:
        CommandFailed: one did not arrive whole.
    """
    files: list[tuple[FileHeader, bytearray]] = []
    async for part in parts:
        if part.header or not files:
            files.append((part.header or FileHeader(), bytearray()))
        files[-1][1].extend(part.chunk or b"")
    if not files or any(hashlib.sha256(data).hexdigest() != it.sha256 for it, data in files):
        raise CommandFailed("The file did not arrive whole: run the command again.", 1)
    return [Handed(Path(header.name).name, bytes(data)) for header, data in files]


def write(handed: Handed, output: str | None) -> str:
    """Write a received file; where it is now. `-` is stdout; nothing is overwritten unasked."""
    if output == "-":
        sys.stdout.buffer.write(handed.content)
        return "-"
    target = Path(output or handed.name)
    is_named = output is not None and not target.is_dir()
    if target.is_dir():
        target /= handed.name
    if target.exists() and not is_named:
        raise CommandFailed(f"{target} is there already: say where to with --output.")
    try:
        target.write_bytes(handed.content)
    except OSError as error:
        raise CommandFailed(
            f"{target} can't be written: {(error.strerror or '').lower()}."
        ) from error
    return str(target)


def write_all(files: Sequence[Handed], folder: str | None) -> list[str]:
    """Write received files into a folder, made if need be; none if one is there already."""
    into = Path(folder or ".")
    for file in files:
        if (into / file.name).exists():
            raise CommandFailed(
                f"{into / file.name} is there already: name a folder with --output."
            )
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandFailed(f"{into} is no folder: {(error.strerror or '').lower()}.") from error
    return [write(file, str(into)) for file in files]


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files(folder):
            archive.writestr(str(Path(folder.name) / path.relative_to(folder)), path.read_bytes())
    return packed.getvalue()


def _files(folder: Path) -> Iterator[Path]:
    """All files below, none by a link; in a stable order."""
    for root, folders, names in os.walk(folder):
        folders.sort()
        yield from (
            Path(root) / name for name in sorted(names) if not (Path(root) / name).is_symlink()
        )


def tell_written(paths: Sequence[str], *, as_document: bool) -> None:
    """Say where files were written; nothing of one that went to stdout itself."""
    files = [path for path in paths if path != "-"]
    if as_document and files:
        show_json({"files": files})
        return
    for path in files:
        print(f"{one_line(path)} is written.")
