"""SessionService: read the message, call the room, write the message."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any
from uuid import UUID

from tzurot.session import conversations, said_wire, trace_wire, turn, wire
from tzurot.session.archive import ConversationFilter
from tzurot.session.chats import exporting
from tzurot.session.conversations import Conversations
from tzurot.session.delivery import replay
from tzurot.session.histories.histories import Histories
from tzurot.session.messages import message_wire
from tzurot.session.messages.messages import Messages
from tzurot.session.rooms import Rooms
from tzurot.session.turns import State, TurnId
from tzurot.session.v1 import session_service_pb2 as pb
from tzurot.session.v1 import session_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport.subject import caller
from tzurot.transport.wire import file_parts, moment_or_none, uuid_or_none

_CANCEL_SHARE = 0.8  # of a call's time, to wait until a turn has ended; then it is told as it is


class SessionServicer(session_service_pb2_grpc.SessionServiceServicer):
    """Where people and characters talk."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._conversations = Conversations(rooms)
        self._histories = Histories(rooms)
        self._messages = Messages(rooms)

    async def Chat(self, request: pb.ChatRequest, context: Any) -> AsyncIterator[pb.ChatResponse]:
        """Say something, and follow how it is answered."""
        me, said = caller(context), said_wire.said_from(request, context)
        chat = partial(turn.chat, said, me, self._rooms)
        feed = self._rooms.delivery.start(me.person_id, said, chat)
        async for event in feed.follow():
            yield pb.ChatResponse(event=wire.event_to(event))

    async def WatchTurn(
        self, request: pb.WatchTurnRequest, context: Any
    ) -> AsyncIterator[pb.WatchTurnResponse]:
        """Follow a turn from any event on."""
        turn_id, me = TurnId(UUID(request.turn_id)), caller(context)
        async for event in replay.watch(turn_id, me, self._rooms, after=request.after_sequence):
            yield pb.WatchTurnResponse(event=wire.event_to(event))

    async def CancelTurn(
        self, request: pb.CancelTurnRequest, context: Any
    ) -> pb.CancelTurnResponse:
        """Stop a turn."""
        turn_id, me = UUID(request.turn_id), caller(context)
        if (await self._conversations.turn(me, turn_id)).state == State.RUNNING:
            patience = context.seconds_left * _CANCEL_SHARE
            await self._rooms.replicas.cancel(TurnId(turn_id), patience)
        return pb.CancelTurnResponse(turn=wire.turn_to(await self._conversations.turn(me, turn_id)))

    async def ReportDelivery(
        self, request: pb.ReportDeliveryRequest, context: Any
    ) -> pb.ReportDeliveryResponse:
        """Remember which messages of the platform show a reply."""
        await self._conversations.report(
            caller(context), UUID(request.turn_id), request.platform_message_ids
        )
        return pb.ReportDeliveryResponse()

    async def ClaimDelivery(
        self, request: pb.ClaimDeliveryRequest, context: Any
    ) -> pb.ClaimDeliveryResponse:
        """Say whether an instance is the one to show a turn."""
        claimed = await self._conversations.claim(
            caller(context), UUID(request.turn_id), UUID(request.instance_id)
        )
        return pb.ClaimDeliveryResponse(
            granted=claimed.granted, expire_time=moment_or_none(claimed.expire_time)
        )

    async def GetTurn(self, request: pb.GetTurnRequest, context: Any) -> pb.GetTurnResponse:
        """One turn."""
        found = await self._conversations.turn(caller(context), UUID(request.turn_id))
        return pb.GetTurnResponse(turn=wire.turn_to(found))

    async def ListTurns(self, request: pb.ListTurnsRequest, context: Any) -> pb.ListTurnsResponse:
        """A page of turns, newest first."""
        size = pagination.size(request.page_size)
        filters = {"turns_of": request.conversation_id}
        after = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._conversations.turns(
            caller(context),
            uuid_or_none(request.conversation_id),
            after,
            size + 1,
        )
        page, more = pagination.cut(rows, size, filters, lambda row: row.id)
        return pb.ListTurnsResponse(turns=[wire.turn_to(row) for row in page], next_page_token=more)

    async def GetTurnTrace(
        self, request: pb.GetTurnTraceRequest, context: Any
    ) -> pb.GetTurnTraceResponse:
        """How a turn came to its end."""
        turn_id = UUID(request.turn_id)
        traced = await self._conversations.trace(caller(context), turn_id)
        return pb.GetTurnTraceResponse(
            turn=wire.turn_to(traced.turn),
            trace=trace_wire.trace_to(turn_id, traced.document, traced.words)
            if traced.document
            else None,
        )

    async def GetConversation(
        self, request: pb.GetConversationRequest, context: Any
    ) -> pb.GetConversationResponse:
        """One conversation."""
        found = await self._conversations.get(caller(context), UUID(request.conversation_id))
        return pb.GetConversationResponse(conversation=wire.conversation_to(*found))

    async def ListConversations(
        self, request: pb.ListConversationsRequest, context: Any
    ) -> pb.ListConversationsResponse:
        """A page of conversations, the newest spoken in first."""
        size = pagination.size(request.page_size)
        filters = {"personality": request.personality_id, "platform": request.platform}
        after = pagination.unseal(request.page_token, filters, conversations.before)
        wanted = ConversationFilter(uuid_or_none(request.personality_id), request.platform, after)
        rows = await self._conversations.list(caller(context), wanted, size + 1)
        page, more = pagination.cut(rows, size, filters, lambda row: conversations.position(row[0]))
        return pb.ListConversationsResponse(
            conversations=[wire.conversation_to(*row) for row in page], next_page_token=more
        )

    async def ResetConversation(
        self, request: pb.ResetConversationRequest, context: Any
    ) -> pb.ResetConversationResponse:
        """Start a conversation afresh."""
        found = await self._histories.reset(caller(context), UUID(request.conversation_id))
        return pb.ResetConversationResponse(conversation=wire.conversation_to(*found))

    async def ListMessages(
        self, request: pb.ListMessagesRequest, context: Any
    ) -> pb.ListMessagesResponse:
        """A page of what the caller said and was answered, newest first."""
        size = pagination.size(request.page_size)
        filters = {"messages_of": request.conversation_id}
        after = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._conversations.messages(
            caller(context),
            UUID(request.conversation_id),
            after,
            size + 1,
        )
        page, more = pagination.cut(rows, size, filters, lambda row: row.id)
        return pb.ListMessagesResponse(
            messages=[message_wire.shown_to(it) for it in await self._messages.shown(page)],
            next_page_token=more,
        )

    async def ExportConversation(
        self, request: pb.ExportConversationRequest, context: Any
    ) -> AsyncIterator[pb.ExportConversationResponse]:
        """The caller's part of a conversation as a file, or several: header, then bytes."""
        stored = await exporting.read(self._rooms, caller(context), UUID(request.conversation_id))
        files = exporting.files(stored)
        while file := await asyncio.to_thread(next, files, None):  # one at a time: each can be long
            for part in file_parts(
                pb.ExportConversationResponse, file.name, "application/jsonl", file.content
            ):
                yield part
            if not request.with_branches:
                return
