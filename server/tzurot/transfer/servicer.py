"""TransferService: read the message, call the room, write the message."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

from tzurot.formats import caps
from tzurot.memory.filters import Filter
from tzurot.memory.v1 import memory_filter_pb2
from tzurot.personality.v1 import personality_pb2
from tzurot.transfer import wire
from tzurot.transfer.exporting import Exporting
from tzurot.transfer.importing import Importing
from tzurot.transfer.memory_exporting import Asked, MemoryExporting
from tzurot.transfer.moving import Progress
from tzurot.transfer.plans import Result, Upload
from tzurot.transfer.v1 import transfer_service_pb2 as pb
from tzurot.transfer.v1 import transfer_service_pb2_grpc
from tzurot.transport import uploads
from tzurot.transport.subject import Caller, caller
from tzurot.transport.wire import CHUNK_BYTES, file_header, file_parts, uuid_or_none

Parts = AsyncIterator[pb.ImportPersonalityRequest]
Responses = AsyncIterator[pb.ImportPersonalityResponse]
FilterOf = Callable[[memory_filter_pb2.MemoryFilter], Filter]
"""Reads the filter of a request: the memory room's own words."""


class TransferServicer(transfer_service_pb2_grpc.TransferServiceServicer):
    """Moving in and out."""

    def __init__(
        self,
        importing: Importing,
        exporting: Exporting,
        memory_exporting: MemoryExporting,
        filter_of: FilterOf,
    ) -> None:
        self._importing = importing
        self._exporting = exporting
        self._memory_exporting = memory_exporting
        self._filter_of = filter_of

    async def ImportPersonality(self, request_iterator: Parts, context: Any) -> Responses:
        """A file of another program: what it is, or all of it taken in."""
        me = caller(context)
        header, chunks = await uploads.opened(request_iterator)
        if header.url:
            content = await self._importing.fetch(header.url)
        else:
            content = await uploads.collected(
                chunks,
                size_bytes=header.size_bytes,
                sha256=header.sha256,
                limit_bytes=caps.FILE,
            )
        upload = Upload(content, header.name, wire.options_from(header))
        works = self._previewed if header.validate_only else self._applied
        async for response in _told(partial(works, me, upload)):
            yield response

    async def ExportPersonality(
        self, request: pb.ExportPersonalityRequest, context: Any
    ) -> AsyncIterator[pb.ExportPersonalityResponse]:
        """A character as a file: its header, then its bytes."""
        file = await self._exporting.export(
            caller(context).person_id,
            wire.ref_from(request.personality),
            wire.format_from(request.format),
        )
        for part in file_parts(
            pb.ExportPersonalityResponse, file.name, file.media_type, file.content
        ):
            yield part

    async def ExportMemories(
        self, request: pb.ExportMemoriesRequest, context: Any
    ) -> AsyncIterator[pb.ExportMemoriesResponse]:
        """What is remembered of the caller as a file: its header, then its bytes."""
        asked = Asked(
            uuid_or_none(request.personality_id),
            self._filter_of(request.filter),
            wire.memory_format_from(request.format),
        )
        async with self._memory_exporting.packed(caller(context), asked) as file:
            header = file_header(file.name, file.media_type, file.size_bytes, file.sha256)
            yield pb.ExportMemoriesResponse(header=header)
            async for chunk in file.chunks(CHUNK_BYTES):
                yield pb.ExportMemoriesResponse(chunk=chunk)

    async def _previewed(
        self, me: Caller, upload: Upload, progress: Progress
    ) -> pb.ImportPersonalityResponse:
        preview = await self._importing.preview(me, upload, progress)
        return pb.ImportPersonalityResponse(preview=wire.preview_to(preview))

    async def _applied(
        self, me: Caller, upload: Upload, progress: Progress
    ) -> pb.ImportPersonalityResponse:
        result = await self._importing.apply(me, upload, progress)
        return pb.ImportPersonalityResponse(result=_result(result))


async def _told(work: Callable[[Progress], Awaitable[pb.ImportPersonalityResponse]]) -> Responses:
    """The progress of a work, then what it ends with. If the caller leaves, nothing is kept."""
    told: asyncio.Queue[pb.ImportPersonalityResponse | None] = asyncio.Queue()

    async def progress(label: str, done: int, total: int) -> None:
        told.put_nowait(pb.ImportPersonalityResponse(progress=wire.progress_to(label, done, total)))

    async def working() -> pb.ImportPersonalityResponse:
        try:
            return await work(progress)
        finally:
            told.put_nowait(None)

    running = asyncio.create_task(working())
    try:
        while (response := await told.get()) is not None:
            yield response
        yield await running
    finally:
        running.cancel()
        await asyncio.wait({running})


def _result(result: Result) -> pb.ImportResult:
    return pb.ImportResult(
        preview=wire.preview_to(result.preview),
        personality=(
            personality_pb2.Personality(id=str(result.personality_id), slug=result.slug)
            if result.personality_id
            else None
        ),
        warnings=result.warnings,
    )
