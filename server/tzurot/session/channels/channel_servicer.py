"""ChannelService: read the message, ask or decide, write the message."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from tzurot.session.channels import listening
from tzurot.session.channels.channel_wire import (
    channel_to,
    heard_to,
    position_from,
    position_to,
    rule_from,
)
from tzurot.session.channels.channels import Channels
from tzurot.session.rooms import Rooms
from tzurot.session.said_wire import place_from, ref_from
from tzurot.session.v1 import channel_service_pb2 as pb
from tzurot.session.v1 import channel_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport.subject import caller
from tzurot.transport.wire import uuid_or_none


class ChannelServicer(channel_service_pb2_grpc.ChannelServiceServicer):
    """Who answers in channels."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._channels = Channels(rooms)

    async def GetChannel(
        self, request: pb.GetChannelRequest, context: Any
    ) -> pb.GetChannelResponse:
        """One channel."""
        found = await self._channels.get(caller(context), place_from(request.place))
        return pb.GetChannelResponse(channel=channel_to(found))

    async def ListChannels(
        self, request: pb.ListChannelsRequest, context: Any
    ) -> pb.ListChannelsResponse:
        """A page of a server's channels."""
        filters = {"platform": request.platform, "space_id": request.space_id}
        size = pagination.size(request.page_size)
        after = pagination.unseal(request.page_token, filters, position_from)
        rows = await self._channels.list(
            caller(context), request.platform, request.space_id, after, size + 1
        )
        page, more = pagination.cut(rows, size, filters, lambda row: position_to(row[1]))
        return pb.ListChannelsResponse(
            channels=[channel_to(channel) for channel, _ in page], next_page_token=more
        )

    async def ActivatePersonality(
        self, request: pb.ActivatePersonalityRequest, context: Any
    ) -> pb.ActivatePersonalityResponse:
        """A character answers, or answers otherwise."""
        place, ref = place_from(request.place), ref_from(request.personality)
        rule = rule_from(request.rule)
        found = await self._channels.activate(caller(context), place, ref, rule)
        return pb.ActivatePersonalityResponse(channel=channel_to(found))

    async def DeactivatePersonality(
        self, request: pb.DeactivatePersonalityRequest, context: Any
    ) -> pb.DeactivatePersonalityResponse:
        """A character, or all of them, answer no more."""
        place, who = place_from(request.place), uuid_or_none(request.personality_id)
        found = await self._channels.deactivate(caller(context), place, who)
        return pb.DeactivatePersonalityResponse(channel=channel_to(found))

    async def SetNextSpeaker(
        self, request: pb.SetNextSpeakerRequest, context: Any
    ) -> pb.SetNextSpeakerResponse:
        """Whose turn it is."""
        place, who = place_from(request.place), uuid_or_none(request.personality_id)
        found = await self._channels.set_next(caller(context), place, who)
        return pb.SetNextSpeakerResponse(channel=channel_to(found))

    async def ResetChannel(
        self, request: pb.ResetChannelRequest, context: Any
    ) -> pb.ResetChannelResponse:
        """A channel decides nothing any more."""
        found = await self._channels.reset(caller(context), place_from(request.place))
        return pb.ResetChannelResponse(channel=channel_to(found))

    async def WatchChannels(
        self, request: pb.WatchChannelsRequest, context: Any
    ) -> AsyncIterator[pb.WatchChannelsResponse]:
        """What to listen to, and its changes."""
        heard = listening.watch(caller(context), request.platform, self._rooms)
        async with aclosing(heard) as changes:
            async for each in changes:
                yield heard_to(each)
