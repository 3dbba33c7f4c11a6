"""Sponsors as messages, and back."""

from uuid import UUID

from tzurot.transport.wire import moment
from tzurot.wallet.sponsors.sponsors import Gift, Given
from tzurot.wallet.v1 import sponsor_pb2
from tzurot.wallet.v1 import sponsor_service_pb2 as pb


def gift_from(request: pb.SponsorSpaceRequest) -> Gift:
    """What somebody wants to give."""
    return Gift(
        platform=request.platform,
        space_id=request.space_id,
        key_id=UUID(request.api_key_id),
        cap_micros=request.cap_micros,
        member_cap_micros=request.member_cap_micros,
        model=request.model,
    )


def caps_from(request: pb.UpdateSponsorRequest) -> tuple[int | None, int | None]:
    """Micro-dollars a day for all and for each; None: as before."""
    micros = request.cap_micros if request.HasField("cap_micros") else None
    each = request.member_cap_micros if request.HasField("member_cap_micros") else None
    return micros, each


def sponsor_to(it: Given) -> sponsor_pb2.Sponsor:
    """A sponsor as its person sees it."""
    row = it.sponsor
    return sponsor_pb2.Sponsor(
        id=str(row.id),
        api_key_id=str(row.key_id),
        platform=row.platform,
        space_id=row.space_id,
        model=row.model,
        cap_micros=it.today.cap_micros or 0,
        member_cap_micros=row.member_cap_micros,
        spent_micros=it.today.spent_micros,
        reset_time=moment(it.today.reset_time),
        reached_percent=it.today.reached_percent,
        recent_micros=it.recent_micros,
        recent_request_count=it.recent_requests,
        create_time=moment(row.create_time),
    )
