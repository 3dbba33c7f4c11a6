"""LorebookService: read the message, call the room, write the message."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from tzurot.personality import lore_wire, wire
from tzurot.personality.lorebooks import Lorebooks
from tzurot.personality.v1 import lorebook_service_pb2 as pb
from tzurot.personality.v1 import lorebook_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport.subject import caller
from tzurot.transport.wire import file_parts

_MAX_FILE_NAME = 80  # characters


class LorebookServicer(lorebook_service_pb2_grpc.LorebookServiceServicer):
    """The caller's lorebooks."""

    def __init__(self, lorebooks: Lorebooks) -> None:
        self._lorebooks = lorebooks

    async def GetLorebook(
        self, request: pb.GetLorebookRequest, context: Any
    ) -> pb.GetLorebookResponse:
        """One book with its entries."""
        found = await self._lorebooks.get(caller(context).person_id, UUID(request.lorebook_id))
        return pb.GetLorebookResponse(lorebook=lore_wire.lorebook_to(*found))

    async def ListLorebooks(
        self, request: pb.ListLorebooksRequest, context: Any
    ) -> pb.ListLorebooksResponse:
        """A page, newest first."""
        size, filters = pagination.size(request.page_size), {"list": "lorebooks"}
        before = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._lorebooks.list(caller(context).person_id, before=before, limit=size + 1)
        page, more = pagination.cut(rows, size, filters, lambda row: row.id)
        return pb.ListLorebooksResponse(
            lorebooks=[lore_wire.lorebook_to(row) for row in page], next_page_token=more
        )

    async def DeleteLorebook(
        self, request: pb.DeleteLorebookRequest, context: Any
    ) -> pb.DeleteLorebookResponse:
        """The end of a book."""
        await self._lorebooks.delete(caller(context).person_id, UUID(request.lorebook_id))
        return pb.DeleteLorebookResponse()

    async def AttachLorebook(
        self, request: pb.AttachLorebookRequest, context: Any
    ) -> pb.AttachLorebookResponse:
        """A character uses a book."""
        await self._lorebooks.attach(
            caller(context).person_id,
            UUID(request.lorebook_id),
            wire.ref_from(request.personality),
        )
        return pb.AttachLorebookResponse()

    async def DetachLorebook(
        self, request: pb.DetachLorebookRequest, context: Any
    ) -> pb.DetachLorebookResponse:
        """A character uses a book no more."""
        await self._lorebooks.detach(
            caller(context).person_id,
            UUID(request.lorebook_id),
            wire.ref_from(request.personality),
        )
        return pb.DetachLorebookResponse()

    async def TestLorebook(
        self, request: pb.TestLorebookRequest, context: Any
    ) -> pb.TestLorebookResponse:
        """What some messages bring up, and why."""
        verdicts = await self._lorebooks.test(
            caller(context).person_id, UUID(request.lorebook_id), request.messages
        )
        return pb.TestLorebookResponse(matches=[lore_wire.match_to(it) for it in verdicts])

    async def ExportLorebook(
        self, request: pb.ExportLorebookRequest, context: Any
    ) -> AsyncIterator[pb.ExportLorebookResponse]:
        """A book as a file: its header, then its bytes."""
        name, data = await self._lorebooks.export(
            caller(context).person_id, UUID(request.lorebook_id)
        )
        for part in file_parts(
            pb.ExportLorebookResponse, _file_name(name), "application/json", data
        ):
            yield part


def _file_name(name: str) -> str:
    """A name that any file system takes."""
    plain = re.sub(r"[^\w .-]+", "-", name).strip(" .-")[:_MAX_FILE_NAME].strip(" .-")
    return f"{plain or 'lorebook'}.json"
