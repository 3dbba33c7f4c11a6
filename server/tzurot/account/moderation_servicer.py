"""ModerationService: read the message, decide, write the message."""

from typing import Any
from uuid import UUID

from tzurot.account import moderation_wire as wire
from tzurot.account.moderation import Moderation
from tzurot.account.v1 import moderation_service_pb2 as pb
from tzurot.account.v1 import moderation_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport.subject import caller


class ModerationServicer(moderation_service_pb2_grpc.ModerationServiceServicer):
    """For who keeps strangers and the server apart."""

    def __init__(self, moderation: Moderation) -> None:
        self._moderation = moderation

    async def CreateDenial(
        self, request: pb.CreateDenialRequest, context: Any
    ) -> pb.CreateDenialResponse:
        """Keep somebody from being answered."""
        denial = await self._moderation.deny(caller(context), wire.new_denial_from(request))
        return pb.CreateDenialResponse(denial=wire.denial_to(denial))

    async def ListDenials(
        self, request: pb.ListDenialsRequest, context: Any
    ) -> pb.ListDenialsResponse:
        """A page of denials, newest first."""
        size = pagination.size(request.page_size)
        filters = {"denials": f"{request.platform}:{request.within_space_id}"}
        after = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._moderation.list(
            caller(context), request.platform, request.within_space_id, after, size + 1
        )
        page, more = pagination.cut(rows, size, filters, lambda row: row.id)
        return pb.ListDenialsResponse(
            denials=[wire.denial_to(row) for row in page], next_page_token=more
        )

    async def DeleteDenial(
        self, request: pb.DeleteDenialRequest, context: Any
    ) -> pb.DeleteDenialResponse:
        """Take a denial back."""
        await self._moderation.allow(
            caller(context), UUID(request.denial_id), request.platform, request.within_space_id
        )
        return pb.DeleteDenialResponse()

    async def GetMaintenance(
        self, request: pb.GetMaintenanceRequest, context: Any
    ) -> pb.GetMaintenanceResponse:
        """Whether the server is being worked on."""
        return wire.maintenance_to(await self._moderation.maintenance())

    async def SetMaintenance(
        self, request: pb.SetMaintenanceRequest, context: Any
    ) -> pb.SetMaintenanceResponse:
        """Begin or end work on the server."""
        await self._moderation.maintain(request.message)
        return pb.SetMaintenanceResponse()

    async def SetAgeStanding(
        self, request: pb.SetAgeStandingRequest, context: Any
    ) -> pb.SetAgeStandingResponse:
        """Say what holds of a person's age."""
        await self._moderation.set_age(request.subject, wire.age_from(request))
        return pb.SetAgeStandingResponse()

    async def RevokeAgeVerification(
        self, request: pb.RevokeAgeVerificationRequest, context: Any
    ) -> pb.RevokeAgeVerificationResponse:
        """Forget that the caller proved to be an adult."""
        await self._moderation.revoke_age(caller(context))
        return pb.RevokeAgeVerificationResponse()
