"""SettingService: read the message, ask what counts or decide, write the message."""

from typing import Any

from tzurot.session.rooms import Rooms
from tzurot.session.said_wire import place_from, ref_from
from tzurot.session.settings.deciding import Deciding
from tzurot.session.settings.setting_wire import outcome_to, setting_to, value_from
from tzurot.session.settings.settings import SETTINGS
from tzurot.session.v1 import setting_service_pb2 as pb
from tzurot.session.v1 import setting_service_pb2_grpc
from tzurot.transport.subject import caller


class SettingServicer(setting_service_pb2_grpc.SettingServiceServicer):
    """What people decide about conversations."""

    def __init__(self, rooms: Rooms) -> None:
        self._deciding = Deciding(rooms)

    async def ListSettings(
        self, request: pb.ListSettingsRequest, context: Any
    ) -> pb.ListSettingsResponse:
        """All that can be decided."""
        return pb.ListSettingsResponse(settings=[setting_to(it) for it in SETTINGS])

    async def ExplainSettings(
        self, request: pb.ExplainSettingsRequest, context: Any
    ) -> pb.ExplainSettingsResponse:
        """What counts for the caller, and why."""
        ref = ref_from(request.personality) if request.HasField("personality") else None
        place = place_from(request.place) if request.HasField("place") else None
        found = await self._deciding.explain(caller(context), ref, place)
        return pb.ExplainSettingsResponse(
            settings=[outcome_to(outcome) for outcome in found.outcomes.values()]
        )

    async def SetPersonSetting(
        self, request: pb.SetPersonSettingRequest, context: Any
    ) -> pb.SetPersonSettingResponse:
        """The caller decides for themselves."""
        ref = ref_from(request.personality) if request.HasField("personality") else None
        value = value_from(request.value, given=request.HasField("value"))
        lasts = request.duration.ToTimedelta() if request.HasField("duration") else None
        outcome = await self._deciding.for_person(caller(context), ref, request.key, value, lasts)
        return pb.SetPersonSettingResponse(setting=outcome_to(outcome))

    async def SetPersonalitySetting(
        self, request: pb.SetPersonalitySettingRequest, context: Any
    ) -> pb.SetPersonalitySettingResponse:
        """An editor decides for a character."""
        ref = ref_from(request.personality)
        value = value_from(request.value, given=request.HasField("value"))
        outcome = await self._deciding.for_personality(caller(context), ref, request.key, value)
        return pb.SetPersonalitySettingResponse(setting=outcome_to(outcome))

    async def SetChannelSetting(
        self, request: pb.SetChannelSettingRequest, context: Any
    ) -> pb.SetChannelSettingResponse:
        """A moderator decides for a channel."""
        place = place_from(request.place)
        value = value_from(request.value, given=request.HasField("value"))
        outcome = await self._deciding.for_channel(
            caller(context), place, request.key, value, bound=request.bound
        )
        return pb.SetChannelSettingResponse(setting=outcome_to(outcome))

    async def SetSystemSetting(
        self, request: pb.SetSystemSettingRequest, context: Any
    ) -> pb.SetSystemSettingResponse:
        """The operator decides for the server."""
        value = value_from(request.value, given=request.HasField("value"))
        outcome = await self._deciding.for_system(request.key, value)
        return pb.SetSystemSettingResponse(setting=outcome_to(outcome))
