"""PersonalityService: read the message, call the room, write the message."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

from tzurot.personality import wire
from tzurot.personality.characters import Characters
from tzurot.personality.v1 import personality_service_pb2 as pb
from tzurot.personality.v1 import personality_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport.subject import caller
from tzurot.transport.wire import CHUNK_BYTES

_MAX_MATCHES = 25


class PersonalityServicer(personality_service_pb2_grpc.PersonalityServiceServicer):
    """The characters."""

    def __init__(self, characters: Characters, forget: Callable[[UUID], Awaitable[None]]) -> None:
        """`forget` clears the search index of everybody's memories of a deleted personality."""
        self._characters = characters
        self._forget = forget

    async def GetPersonality(
        self, request: pb.GetPersonalityRequest, context: Any
    ) -> pb.GetPersonalityResponse:
        """One personality."""
        me = caller(context)
        found = await self._characters.get(me.person_id, wire.ref_from(request.personality))
        hanging = await self._characters.belongings(found.id)
        return pb.GetPersonalityResponse(personality=wire.personality_to(found, me, hanging))

    async def ListPersonalities(
        self, request: pb.ListPersonalitiesRequest, context: Any
    ) -> pb.ListPersonalitiesResponse:
        """A page of what the caller sees, newest first."""
        me = caller(context)
        size, filters = pagination.size(request.page_size), {"mine": str(request.mine)}
        after = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._characters.list(
            me.person_id,
            mine=request.mine,
            after=after,
            limit=size + 1,
        )
        page, more = pagination.cut(rows, size, filters, lambda row: row.id)
        return pb.ListPersonalitiesResponse(
            personalities=[wire.personality_to(row, me) for row in page], next_page_token=more
        )

    async def CreatePersonality(
        self, request: pb.CreatePersonalityRequest, context: Any
    ) -> pb.CreatePersonalityResponse:
        """A new personality of the caller's."""
        me = caller(context)
        created = await self._characters.create(wire.new_from(request, me))
        return pb.CreatePersonalityResponse(personality=wire.personality_to(created, me))

    async def UpdatePersonality(
        self, request: pb.UpdatePersonalityRequest, context: Any
    ) -> pb.UpdatePersonalityResponse:
        """New values for some fields."""
        me = caller(context)
        changed = await self._characters.change(
            me.person_id, wire.ref_from(request.ref), wire.change_from(request)
        )
        return pb.UpdatePersonalityResponse(personality=wire.personality_to(changed, me))

    async def DeletePersonality(
        self, request: pb.DeletePersonalityRequest, context: Any
    ) -> pb.DeletePersonalityResponse:
        """The end of a personality and of all that hangs on it."""
        me = caller(context)
        deleted = await self._characters.delete(me.person_id, wire.ref_from(request.personality))
        await self._forget(deleted)
        return pb.DeletePersonalityResponse()

    async def ResolvePersonalities(
        self, request: pb.ResolvePersonalitiesRequest, context: Any
    ) -> pb.ResolvePersonalitiesResponse:
        """Who a text mentions, or whose name starts with a prefix."""
        me = caller(context)
        limit = pagination.size(request.limit, default=_MAX_MATCHES, maximum=_MAX_MATCHES)
        if request.WhichOneof("query") == "text":
            matches = await self._characters.resolve(me.person_id, request.text, limit)
        else:
            matches = await self._characters.complete(me.person_id, request.prefix, limit)
        return pb.ResolvePersonalitiesResponse(matches=[wire.match_to(m, me) for m in matches])

    async def DownloadAvatar(
        self, request: pb.DownloadAvatarRequest, context: Any
    ) -> AsyncIterator[pb.DownloadAvatarResponse]:
        """A picture: its header, then its bytes."""
        me = caller(context)
        avatar = await self._characters.avatar(me.person_id, wire.ref_from(request.personality))
        yield pb.DownloadAvatarResponse(
            header=pb.AvatarHeader(
                media_type=avatar.media_type,
                size_bytes=len(avatar.content),
                sha256=avatar.sha256,
            )
        )
        for start in range(0, len(avatar.content), CHUNK_BYTES):
            yield pb.DownloadAvatarResponse(chunk=avatar.content[start : start + CHUNK_BYTES])
