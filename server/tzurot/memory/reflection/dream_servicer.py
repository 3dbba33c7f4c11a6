"""DreamService: read the message, call the room, write the message."""

from typing import Any
from uuid import UUID

from tzurot.memory.reflection.dream_wire import dream_to
from tzurot.memory.reflection.dreams import Dreams
from tzurot.memory.servicer import Own
from tzurot.memory.v1 import dream_service_pb2 as pb
from tzurot.memory.v1 import dream_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport.subject import caller
from tzurot.transport.wire import uuid_or_none


class DreamServicer(dream_service_pb2_grpc.DreamServiceServicer):
    """What characters dreamt of a person, of whichever of their personas."""

    def __init__(self, dreams: Dreams, own: Own) -> None:
        self._dreams = dreams
        self._own = own

    async def ListDreams(
        self, request: pb.ListDreamsRequest, context: Any
    ) -> pb.ListDreamsResponse:
        """A page, newest first."""
        personality_id = uuid_or_none(request.personality_id)
        size, filters = pagination.size(request.page_size), {"dreams": request.personality_id}
        before = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._dreams.list(
            await self._own(caller(context)),
            personality_id=personality_id,
            before=before,
            limit=size + 1,
        )
        page, more = pagination.cut(rows, size, filters, lambda dream: dream.dream_id)
        return pb.ListDreamsResponse(dreams=[dream_to(it) for it in page], next_page_token=more)

    async def DeleteDream(
        self, request: pb.DeleteDreamRequest, context: Any
    ) -> pb.DeleteDreamResponse:
        """The end of a dream."""
        own = await self._own(caller(context))
        await self._dreams.delete(own, UUID(request.dream_id))
        return pb.DeleteDreamResponse()
