"""MessageService: read the message, call the room, write the message."""

from collections.abc import AsyncIterator
from datetime import UTC
from typing import Any

from tzurot.session import said_wire
from tzurot.session.attachments import attachment_wire
from tzurot.session.attachments.attachments import Attachments
from tzurot.session.channels.lines import Lines, Overheard
from tzurot.session.messages import forgetting
from tzurot.session.messages.message_wire import shown_to
from tzurot.session.messages.messages import Messages
from tzurot.session.rooms import Rooms
from tzurot.session.said_wire import message_ref_from, ref_from
from tzurot.session.v1 import attachment_pb2, message_service_pb2_grpc
from tzurot.session.v1 import message_service_pb2 as pb
from tzurot.transport.subject import caller


class MessageServicer(message_service_pb2_grpc.MessageServiceServicer):
    """What was said, and what is said besides."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._messages = Messages(rooms)
        self._lines = Lines(rooms.database)
        self._attachments = Attachments(rooms.database)

    async def GetMessage(
        self, request: pb.GetMessageRequest, context: Any
    ) -> pb.GetMessageResponse:
        """One message."""
        found = await self._messages.get(caller(context), message_ref_from(request.message))
        return pb.GetMessageResponse(message=shown_to(found))

    async def ListAlternatives(
        self, request: pb.ListAlternativesRequest, context: Any
    ) -> pb.ListAlternativesResponse:
        """What stands in a message's place."""
        ref = message_ref_from(request.message)
        found = await self._messages.alternatives(caller(context), ref)
        return pb.ListAlternativesResponse(messages=[shown_to(it) for it in found])

    async def EditMessage(
        self, request: pb.EditMessageRequest, context: Any
    ) -> pb.EditMessageResponse:
        """Other words."""
        ref = message_ref_from(request.message)
        edited = await self._messages.edit(caller(context), ref, request.text)
        return pb.EditMessageResponse(message=shown_to(edited) if edited else None)

    async def DeleteMessage(
        self, request: pb.DeleteMessageRequest, context: Any
    ) -> pb.DeleteMessageResponse:
        """The end of a message."""
        erased = await self._messages.delete(caller(context), message_ref_from(request.message))
        return pb.DeleteMessageResponse(
            deleted_message_count=erased.messages, deleted_memory_count=erased.memories
        )

    async def ForgetRecentMessages(
        self, request: pb.ForgetRecentMessagesRequest, context: Any
    ) -> pb.ForgetRecentMessagesResponse:
        """The end of what was said lately."""
        ref = ref_from(request.personality) if request.HasField("personality") else None
        duration = request.duration.ToTimedelta()
        gone = await forgetting.forget(caller(context), duration, ref, self._rooms)
        return pb.ForgetRecentMessagesResponse(
            deleted_message_count=gone.messages,
            deleted_memory_count=gone.memories,
            deleted_fact_count=gone.facts,
        )

    async def AddAlternative(
        self, request: pb.AddAlternativeRequest, context: Any
    ) -> pb.AddAlternativeResponse:
        """Other words beside a message."""
        ref = message_ref_from(request.message)
        added = await self._messages.add(caller(context), ref, request.text)
        return pb.AddAlternativeResponse(message=shown_to(added))

    async def ChooseMessage(
        self, request: pb.ChooseMessageRequest, context: Any
    ) -> pb.ChooseMessageResponse:
        """Going on with a message."""
        chosen = await self._messages.choose(caller(context), message_ref_from(request.message))
        return pb.ChooseMessageResponse(message=shown_to(chosen))

    async def BranchConversation(
        self, request: pb.BranchConversationRequest, context: Any
    ) -> pb.BranchConversationResponse:
        """Going on right after a message."""
        last = await self._messages.branch(caller(context), message_ref_from(request.message))
        return pb.BranchConversationResponse(message=shown_to(last))

    async def RecordMessages(
        self, request: pb.RecordMessagesRequest, context: Any
    ) -> pb.RecordMessagesResponse:
        """What was said in passing."""
        place = said_wire.place_from(request.place)
        heard = [_overheard_from(it) for it in request.messages]
        count = await self._lines.record(caller(context), place, heard)
        return pb.RecordMessagesResponse(recorded_count=count)

    async def UploadAttachment(
        self, request_iterator: AsyncIterator[pb.UploadAttachmentRequest], context: Any
    ) -> pb.UploadAttachmentResponse:
        """A picture or a text that is to be said."""
        me = caller(context)
        stored = await attachment_wire.received(request_iterator, me, self._attachments)
        return pb.UploadAttachmentResponse(attachment=stored)


def _overheard_from(it: attachment_pb2.AmbientMessage) -> Overheard:
    return Overheard(
        platform_message_id=it.platform_message_id,
        author_subject=it.author_subject,
        author_name=" ".join(it.author_name.split()),
        text=it.text,
        create_time=it.create_time.ToDatetime(UTC),
    )
