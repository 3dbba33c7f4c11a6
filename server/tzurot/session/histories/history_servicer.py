"""HistoryService: read the message, call the room, write the message."""

from typing import Any
from uuid import UUID

from tzurot.session import wire
from tzurot.session.histories import history_wire
from tzurot.session.histories.histories import Histories
from tzurot.session.rooms import Rooms
from tzurot.session.summaries.summary_wire import summary_to
from tzurot.session.v1 import history_service_pb2 as pb
from tzurot.session.v1 import history_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport.subject import caller


class HistoryServicer(history_service_pb2_grpc.HistoryServiceServicer):
    """Conversations as a whole."""

    def __init__(self, rooms: Rooms) -> None:
        self._histories = Histories(rooms)

    async def RestoreConversation(
        self, request: pb.RestoreConversationRequest, context: Any
    ) -> pb.RestoreConversationResponse:
        """Take back the last reset."""
        found = await self._histories.restore(caller(context), UUID(request.conversation_id))
        return pb.RestoreConversationResponse(conversation=wire.conversation_to(*found))

    async def GetConversationStats(
        self, request: pb.GetConversationStatsRequest, context: Any
    ) -> pb.GetConversationStatsResponse:
        """The caller's part in numbers."""
        found = await self._histories.stats(caller(context), UUID(request.conversation_id))
        return history_wire.stats_to(found)

    async def ListSummaries(
        self, request: pb.ListSummariesRequest, context: Any
    ) -> pb.ListSummariesResponse:
        """A page of what is told of the conversation in short, newest first."""
        size = pagination.size(request.page_size)
        filters = {"summaries_of": request.conversation_id}
        after = pagination.unseal(request.page_token, filters, UUID)
        found = await self._histories.summaries(
            caller(context), UUID(request.conversation_id), after, size + 1
        )
        page, more = pagination.cut(found, size, filters, lambda read: read.it.last_message_id)
        return pb.ListSummariesResponse(
            summaries=[summary_to(it) for it in page], next_page_token=more
        )

    async def DeleteConversation(
        self, request: pb.DeleteConversationRequest, context: Any
    ) -> pb.DeleteConversationResponse:
        """The end of the caller's part."""
        erased = await self._histories.delete(caller(context), UUID(request.conversation_id))
        return pb.DeleteConversationResponse(
            deleted_message_count=erased.messages, deleted_memory_count=erased.memories
        )

    async def SetConversationNote(
        self, request: pb.SetConversationNoteRequest, context: Any
    ) -> pb.SetConversationNoteResponse:
        """The note, or none any more."""
        found = await self._histories.set_note(
            caller(context), UUID(request.conversation_id), history_wire.note_from(request)
        )
        return pb.SetConversationNoteResponse(conversation=wire.conversation_to(*found))
