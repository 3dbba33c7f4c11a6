"""TransferService: read the message, call the room, write the message."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from tzurot.formats import caps
from tzurot.personality.v1 import personality_pb2
from tzurot.transfer import wire
from tzurot.transfer.exporting import Exporting
from tzurot.transfer.importing import Importing
from tzurot.transfer.plans import Result, Upload
from tzurot.transfer.v1 import transfer_service_pb2 as pb
from tzurot.transfer.v1 import transfer_service_pb2_grpc
from tzurot.transport import uploads
from tzurot.transport.subject import Caller, caller
from tzurot.transport.wire import file_parts

Parts = AsyncIterator[pb.ImportPersonalityRequest]
Responses = AsyncIterator[pb.ImportPersonalityResponse]


class TransferServicer(transfer_service_pb2_grpc.TransferServiceServicer):
    """Moving in and out."""

    def __init__(self, importing: Importing, exporting: Exporting) -> None:
        self._importing = importing
        self._exporting = exporting

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
        if header.validate_only:
            preview = await self._importing.preview(me, upload)
            yield pb.ImportPersonalityResponse(preview=wire.preview_to(preview))
            return
        async for response in self._applied(me, upload):
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

    async def _applied(self, me: Caller, upload: Upload) -> Responses:
        """The progress of an import, then its result. If the caller leaves, nothing is kept."""
        told: asyncio.Queue[pb.ImportPersonalityResponse | None] = asyncio.Queue()

        async def progress(label: str, done: int, total: int) -> None:
            told.put_nowait(
                pb.ImportPersonalityResponse(progress=wire.progress_to(label, done, total))
            )

        async def apply() -> Result:
            try:
                return await self._importing.apply(me, upload, progress)
            finally:
                told.put_nowait(None)

        work = asyncio.create_task(apply())
        try:
            while (response := await told.get()) is not None:
                yield response
            yield pb.ImportPersonalityResponse(result=await self._result(me, await work))
        finally:
            work.cancel()
            await asyncio.wait({work})

    async def _result(self, me: Caller, result: Result) -> pb.ImportResult:
        return pb.ImportResult(
            preview=wire.preview_to(result.preview),
            personality=(
                personality_pb2.Personality(id=str(result.personality_id), slug=result.slug)
                if result.personality_id
                else None
            ),
            warnings=result.warnings,
        )
