"""OverrideService: read the message, call the room, write the message."""

from typing import Any

from tzurot.personality import wire
from tzurot.personality.overrides import override_wire
from tzurot.personality.overrides.overrides import Overrides
from tzurot.personality.v1 import override_service_pb2 as pb
from tzurot.personality.v1 import override_service_pb2_grpc
from tzurot.transport.subject import caller


class OverrideServicer(override_service_pb2_grpc.OverrideServiceServicer):
    """How the caller has characters otherwise than their cards say."""

    def __init__(self, overrides: Overrides) -> None:
        self._overrides = overrides

    async def GetPersonalityOverride(
        self, request: pb.GetPersonalityOverrideRequest, context: Any
    ) -> pb.GetPersonalityOverrideResponse:
        """The caller's."""
        ref = wire.ref_from(request.personality)
        found = await self._overrides.get(caller(context).person_id, ref)
        return pb.GetPersonalityOverrideResponse(override=override_wire.override_to(found))

    async def UpdatePersonalityOverride(
        self, request: pb.UpdatePersonalityOverrideRequest, context: Any
    ) -> pb.UpdatePersonalityOverrideResponse:
        """New values for some fields."""
        changed = await self._overrides.change(
            caller(context).person_id,
            wire.ref_from(request.personality),
            override_wire.change_from(request),
        )
        return pb.UpdatePersonalityOverrideResponse(override=override_wire.override_to(changed))
