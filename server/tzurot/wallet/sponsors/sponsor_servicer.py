"""SponsorService: read the message, call the room, write the message."""

from typing import Any
from uuid import UUID

from tzurot.transport.subject import caller
from tzurot.wallet.sponsors import sponsor_wire as wire
from tzurot.wallet.sponsors.sponsors import Sponsors
from tzurot.wallet.v1 import sponsor_service_pb2 as pb
from tzurot.wallet.v1 import sponsor_service_pb2_grpc


class SponsorServicer(sponsor_service_pb2_grpc.SponsorServiceServicer):
    """What the caller's keys give to spaces."""

    def __init__(self, sponsors: Sponsors) -> None:
        self._sponsors = sponsors

    async def SponsorSpace(
        self, request: pb.SponsorSpaceRequest, context: Any
    ) -> pb.SponsorSpaceResponse:
        """Have a key pay in a space."""
        given = await self._sponsors.put(caller(context), wire.gift_from(request))
        return pb.SponsorSpaceResponse(sponsor=wire.sponsor_to(given))

    async def ListSponsors(
        self, request: pb.ListSponsorsRequest, context: Any
    ) -> pb.ListSponsorsResponse:
        """What the caller sponsors."""
        found = await self._sponsors.list(caller(context).person_id)
        return pb.ListSponsorsResponse(sponsors=[wire.sponsor_to(it) for it in found])

    async def UpdateSponsor(
        self, request: pb.UpdateSponsorRequest, context: Any
    ) -> pb.UpdateSponsorResponse:
        """Give more or less."""
        given = await self._sponsors.change(
            caller(context).person_id, UUID(request.sponsor_id), *wire.caps_from(request)
        )
        return pb.UpdateSponsorResponse(sponsor=wire.sponsor_to(given))

    async def DeleteSponsor(
        self, request: pb.DeleteSponsorRequest, context: Any
    ) -> pb.DeleteSponsorResponse:
        """Pay for others no more."""
        await self._sponsors.end(caller(context).person_id, UUID(request.sponsor_id))
        return pb.DeleteSponsorResponse()
