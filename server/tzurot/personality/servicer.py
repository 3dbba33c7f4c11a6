"""PersonalityService: read the message, call the room, write the message."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from tzurot.personality import wire
from tzurot.personality.avatars.avatars import MAX_BYTES, Avatars
from tzurot.personality.characters import Characters
from tzurot.personality.cloning import Cloning
from tzurot.personality.names.resolving import Match
from tzurot.personality.sharing.sharing import Access
from tzurot.personality.v1 import personality_service_pb2 as pb
from tzurot.personality.v1 import personality_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport import uploads
from tzurot.transport.subject import caller
from tzurot.transport.wire import CHUNK_BYTES

_MAX_MATCHES = 25


class PersonalityServicer(personality_service_pb2_grpc.PersonalityServiceServicer):
    """The characters."""

    def __init__(
        self,
        characters: Characters,
        cloning: Cloning,
        avatars: Avatars,
        forget: Callable[[UUID], Awaitable[None]],
    ) -> None:
        """`forget` clears the search index of everybody's memories of a deleted personality."""
        self._characters = characters
        self._cloning = cloning
        self._avatars = avatars
        self._forget = forget

    async def GetPersonality(
        self, request: pb.GetPersonalityRequest, context: Any
    ) -> pb.GetPersonalityResponse:
        """One personality."""
        me = caller(context)
        found = await self._characters.get(me.person_id, wire.ref_from(request.personality))
        hanging = await self._characters.belongings(me.person_id, found.personality.id)
        (shown,) = await self._shown([found])
        return pb.GetPersonalityResponse(personality=wire.personality_to(*shown, hanging))

    async def ListPersonalities(
        self, request: pb.ListPersonalitiesRequest, context: Any
    ) -> pb.ListPersonalitiesResponse:
        """A page of what the caller sees, newest first."""
        me = caller(context)
        wanted = wire.wanted_from(request)
        size, filters = pagination.size(request.page_size), {"wanted": repr(wanted)}
        after = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._characters.list(me.person_id, wanted, after=after, limit=size + 1)
        page, more = pagination.cut(rows, size, filters, lambda row: row.personality.id)
        return pb.ListPersonalitiesResponse(
            personalities=[wire.personality_to(*it) for it in await self._shown(page)],
            next_page_token=more,
        )

    async def CreatePersonality(
        self, request: pb.CreatePersonalityRequest, context: Any
    ) -> pb.CreatePersonalityResponse:
        """A new personality of the caller's."""
        me = caller(context)
        created = await self._characters.create(wire.new_from(request, me))
        (shown,) = await self._shown([created])
        return pb.CreatePersonalityResponse(personality=wire.personality_to(*shown))

    async def UpdatePersonality(
        self, request: pb.UpdatePersonalityRequest, context: Any
    ) -> pb.UpdatePersonalityResponse:
        """New values for some fields."""
        me = caller(context)
        changed = await self._characters.change(
            me.person_id, wire.ref_from(request.ref), wire.change_from(request)
        )
        (shown,) = await self._shown([changed])
        return pb.UpdatePersonalityResponse(personality=wire.personality_to(*shown))

    async def DeletePersonality(
        self, request: pb.DeletePersonalityRequest, context: Any
    ) -> pb.DeletePersonalityResponse:
        """The end of a personality and of all that hangs on it."""
        me = caller(context)
        deleted = await self._characters.delete(me.person_id, wire.ref_from(request.personality))
        await self._forget(deleted)
        return pb.DeletePersonalityResponse()

    async def ClonePersonality(
        self, request: pb.ClonePersonalityRequest, context: Any
    ) -> pb.ClonePersonalityResponse:
        """A copy that is the caller's."""
        wanted = wire.copy_from(request, caller(context))
        copied = await self._cloning.clone(wire.ref_from(request.personality), wanted)
        (shown,) = await self._shown([copied])
        return pb.ClonePersonalityResponse(personality=wire.personality_to(*shown))

    async def ResolvePersonalities(
        self, request: pb.ResolvePersonalitiesRequest, context: Any
    ) -> pb.ResolvePersonalitiesResponse:
        """Who a text mentions, what a name can mean, or whose name starts with a prefix."""
        me = caller(context)
        limit = pagination.size(request.limit, default=_MAX_MATCHES, maximum=_MAX_MATCHES)
        match request.WhichOneof("query"):
            case "text":
                matches = await self._characters.resolve(me.person_id, request.text, limit)
            case "name":
                meant = await self._characters.meant(me.person_id, request.name, limit)
                matches = [Match(access) for access in meant]
            case _:
                matches = await self._characters.complete(me.person_id, request.prefix, limit)
        owners = await self._characters.owners([match.access for match in matches])
        return pb.ResolvePersonalitiesResponse(
            matches=[wire.match_to(it, owners[it.access.personality.id]) for it in matches]
        )

    async def _shown(self, found: Sequence[Access]) -> list[tuple[Access, str]]:
        """Each with what its owner is called."""
        owners = await self._characters.owners(found)
        return [(it, owners[it.personality.id]) for it in found]

    async def UploadAvatar(
        self, request_iterator: AsyncIterator[pb.UploadAvatarRequest], context: Any
    ) -> pb.UploadAvatarResponse:
        """A picture in parts: the new face."""
        me = caller(context)
        header, chunks = await uploads.opened(request_iterator)
        content = await uploads.collected(
            chunks, size_bytes=header.size_bytes, sha256=header.sha256, limit_bytes=MAX_BYTES
        )
        changed = await self._avatars.give(me.person_id, wire.ref_from(header.personality), content)
        (shown,) = await self._shown([changed])
        return pb.UploadAvatarResponse(personality=wire.personality_to(*shown))

    async def DeleteAvatar(
        self, request: pb.DeleteAvatarRequest, context: Any
    ) -> pb.DeleteAvatarResponse:
        """No face any more."""
        me = caller(context)
        changed = await self._avatars.take_away(me.person_id, wire.ref_from(request.personality))
        (shown,) = await self._shown([changed])
        return pb.DeleteAvatarResponse(personality=wire.personality_to(*shown))

    async def DownloadAvatar(
        self, request: pb.DownloadAvatarRequest, context: Any
    ) -> AsyncIterator[pb.DownloadAvatarResponse]:
        """A picture: its header, then its bytes."""
        me = caller(context)
        avatar = await self._avatars.get(me.person_id, wire.ref_from(request.personality))
        yield pb.DownloadAvatarResponse(
            header=pb.AvatarHeader(
                media_type=avatar.media_type,
                size_bytes=len(avatar.content),
                sha256=avatar.sha256,
            )
        )
        for start in range(0, len(avatar.content), CHUNK_BYTES):
            yield pb.DownloadAvatarResponse(chunk=avatar.content[start : start + CHUNK_BYTES])
