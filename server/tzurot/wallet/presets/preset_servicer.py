"""PresetService: read the message, call the room, write the message."""

import re
from typing import Any
from uuid import UUID

from tzurot.errors import FileUnreadable
from tzurot.formats.unreadable import Unreadable
from tzurot.storage import pagination
from tzurot.transport.subject import Caller, caller
from tzurot.wallet.presets import preset_file, preset_wire
from tzurot.wallet.presets.presets import Preset, Presets
from tzurot.wallet.servicer import Payers
from tzurot.wallet.v1 import preset_pb2, preset_service_pb2_grpc
from tzurot.wallet.v1 import preset_service_pb2 as pb


class PresetServicer(preset_service_pb2_grpc.PresetServiceServicer):
    """What people set of their requests, and which model they ask for."""

    def __init__(self, presets: Presets, payers: Payers) -> None:
        self._presets = presets
        self._payers = payers

    async def CreatePreset(
        self, request: pb.CreatePresetRequest, context: Any
    ) -> pb.CreatePresetResponse:
        """A new preset of the caller's."""
        me = caller(context)
        made = await self._presets.create(me.person_id, preset_wire.new_from(request))
        return pb.CreatePresetResponse(preset=await self._whole(me, made))

    async def GetPreset(self, request: pb.GetPresetRequest, context: Any) -> pb.GetPresetResponse:
        """One that the caller may use."""
        me = caller(context)
        found = await self._presets.get(me.person_id, UUID(request.preset_id))
        return pb.GetPresetResponse(preset=await self._whole(me, found))

    async def ListPresets(
        self, request: pb.ListPresetsRequest, context: Any
    ) -> pb.ListPresetsResponse:
        """A page, newest first."""
        size, filters, me = pagination.size(request.page_size), {"list": "presets"}, caller(context)
        before = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._presets.list(me.person_id, before=before, limit=size + 1)
        page, more = pagination.cut(rows, size, filters, lambda row: row.id)
        return pb.ListPresetsResponse(
            presets=[preset_wire.preset_to(it, me.person_id) for it in page], next_page_token=more
        )

    async def UpdatePreset(
        self, request: pb.UpdatePresetRequest, context: Any
    ) -> pb.UpdatePresetResponse:
        """New values for one of the caller's."""
        me = caller(context)
        change = preset_wire.change_from(request)
        changed = await self._presets.change(me.person_id, UUID(request.preset_id), change)
        return pb.UpdatePresetResponse(preset=await self._whole(me, changed))

    async def DeletePreset(
        self, request: pb.DeletePresetRequest, context: Any
    ) -> pb.DeletePresetResponse:
        """The end of one of the caller's."""
        await self._presets.delete(caller(context).person_id, UUID(request.preset_id))
        return pb.DeletePresetResponse()

    async def ClonePreset(
        self, request: pb.ClonePresetRequest, context: Any
    ) -> pb.ClonePresetResponse:
        """A new one of the caller's, like another."""
        me, new = caller(context), preset_wire.copy_from(request)
        made = await self._presets.clone(me.person_id, UUID(request.preset_id), new)
        return pb.ClonePresetResponse(preset=await self._whole(me, made))

    async def ExplainPresetFile(
        self, request: pb.ExplainPresetFileRequest, context: Any
    ) -> pb.ExplainPresetFileResponse:
        """What a file would come to."""
        try:
            return preset_wire.found_to(preset_file.read(request.content, request.file_name))
        except Unreadable as error:
            raise FileUnreadable(error.problem, error.sentence) from error

    async def ExportPreset(
        self, request: pb.ExportPresetRequest, context: Any
    ) -> pb.ExportPresetResponse:
        """One that the caller may use, as a file."""
        found = await self._presets.get(caller(context).person_id, UUID(request.preset_id))
        plain = re.sub(r"[^\w .-]+", "-", found.name).strip(" .-")
        content = preset_file.write(found)
        return pb.ExportPresetResponse(file_name=f"{plain or 'preset'}.json", content=content)

    async def PublishPreset(
        self, request: pb.PublishPresetRequest, context: Any
    ) -> pb.PublishPresetResponse:
        """One of the caller's for everybody, or for them alone."""
        me = caller(context)
        preset_id, published = UUID(request.preset_id), request.published
        changed = await self._presets.publish(me.person_id, preset_id, published=published)
        return pb.PublishPresetResponse(preset=await self._whole(me, changed))

    async def _whole(self, me: Caller, preset: Preset) -> preset_pb2.Preset:
        """With what of it comes to nothing for the caller."""
        payer = await self._payers(me, None, None)
        shortfalls = await self._presets.shortfalls(preset, payer)
        return preset_wire.preset_to(preset, me.person_id, shortfalls)
