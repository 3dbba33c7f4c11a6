"""SharingService: read the message, call the room, write the message."""

from typing import Any
from uuid import UUID

from tzurot.personality import wire
from tzurot.personality.sharing import sharing_wire
from tzurot.personality.sharing.shares import Sharing
from tzurot.personality.v1 import sharing_service_pb2 as pb
from tzurot.personality.v1 import sharing_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport.subject import caller


class SharingServicer(sharing_service_pb2_grpc.SharingServiceServicer):
    """Who may do what with a character."""

    def __init__(self, sharing: Sharing) -> None:
        self._sharing = sharing

    async def SharePersonality(
        self, request: pb.SharePersonalityRequest, context: Any
    ) -> pb.SharePersonalityResponse:
        """A role for somebody."""
        given = await self._sharing.share(
            caller(context).person_id,
            wire.ref_from(request.personality),
            request.subject,
            sharing_wire.role_from(request.role),
        )
        return pb.SharePersonalityResponse(share=sharing_wire.share_to(given))

    async def UnsharePersonality(
        self, request: pb.UnsharePersonalityRequest, context: Any
    ) -> pb.UnsharePersonalityResponse:
        """The end of a role."""
        await self._sharing.unshare(
            caller(context).person_id, wire.ref_from(request.personality), request.subject
        )
        return pb.UnsharePersonalityResponse()

    async def ListPersonalityShares(
        self, request: pb.ListPersonalitySharesRequest, context: Any
    ) -> pb.ListPersonalitySharesResponse:
        """A page, the latest given first."""
        ref = wire.ref_from(request.personality)
        size, filters = pagination.size(request.page_size), {"shares": str(ref)}
        before = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._sharing.list(
            caller(context).person_id, ref, before=before, limit=size + 1
        )
        page, more = pagination.cut(rows, size, filters, lambda row: row.id)
        return pb.ListPersonalitySharesResponse(
            shares=[sharing_wire.share_to(it) for it in page], next_page_token=more
        )
