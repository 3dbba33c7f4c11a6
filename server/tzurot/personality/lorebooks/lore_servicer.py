"""LorebookService: read the message, call the room, write the message."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from tzurot.personality import wire
from tzurot.personality.lorebooks import lore_entry_wire, lore_wire
from tzurot.personality.lorebooks.lore_entries import LoreEntries
from tzurot.personality.lorebooks.lorebooks import Lorebooks
from tzurot.personality.v1 import lorebook_service_pb2 as pb
from tzurot.personality.v1 import lorebook_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport.subject import caller
from tzurot.transport.wire import file_parts

_MAX_FILE_NAME = 80  # characters


class LorebookServicer(lorebook_service_pb2_grpc.LorebookServiceServicer):
    """Lorebooks and their entries."""

    def __init__(self, lorebooks: Lorebooks, entries: LoreEntries) -> None:
        self._lorebooks = lorebooks
        self._entries = entries

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

    async def CreateLorebook(
        self, request: pb.CreateLorebookRequest, context: Any
    ) -> pb.CreateLorebookResponse:
        """A new, empty book of the caller's."""
        created = await self._lorebooks.create(lore_wire.new_from(request, caller(context)))
        return pb.CreateLorebookResponse(lorebook=lore_wire.lorebook_to(created))

    async def UpdateLorebook(
        self, request: pb.UpdateLorebookRequest, context: Any
    ) -> pb.UpdateLorebookResponse:
        """New values for some fields of a book."""
        changed = await self._lorebooks.change(
            caller(context).person_id, UUID(request.lorebook_id), lore_wire.change_from(request)
        )
        return pb.UpdateLorebookResponse(lorebook=lore_wire.lorebook_to(changed))

    async def CreateLorebookEntry(
        self, request: pb.CreateLorebookEntryRequest, context: Any
    ) -> pb.CreateLorebookEntryResponse:
        """An entry at the end of a book."""
        created = await self._entries.create(
            caller(context).person_id, UUID(request.lorebook_id), lore_entry_wire.new_from(request)
        )
        return pb.CreateLorebookEntryResponse(entry=lore_entry_wire.entry_to(created))

    async def UpdateLorebookEntry(
        self, request: pb.UpdateLorebookEntryRequest, context: Any
    ) -> pb.UpdateLorebookEntryResponse:
        """New values for some fields of an entry."""
        changed = await self._entries.change(
            caller(context).person_id, UUID(request.entry_id), lore_entry_wire.change_from(request)
        )
        return pb.UpdateLorebookEntryResponse(entry=lore_entry_wire.entry_to(changed))

    async def DeleteLorebookEntry(
        self, request: pb.DeleteLorebookEntryRequest, context: Any
    ) -> pb.DeleteLorebookEntryResponse:
        """The end of an entry."""
        await self._entries.delete(caller(context).person_id, UUID(request.entry_id))
        return pb.DeleteLorebookEntryResponse()

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
        me, trial = caller(context).person_id, lore_wire.trial_from(request)
        if request.WhichOneof("target") == "personality":
            who = wire.ref_from(request.personality)
            verdicts = await self._lorebooks.test_character(me, who, trial)
        else:
            verdicts = await self._lorebooks.test(me, UUID(request.lorebook_id), trial)
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
