"""FlowService: read the message, call the machine, write the message."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any
from uuid import UUID

from tzurot.flow import wire
from tzurot.flow.answering import Answering
from tzurot.flow.flows import Flows
from tzurot.flow.v1 import flow_service_pb2 as pb
from tzurot.flow.v1 import flow_service_pb2_grpc
from tzurot.storage import pagination
from tzurot.transport.subject import caller


class FlowServicer(flow_service_pb2_grpc.FlowServiceServicer):
    """Dialogues of several steps."""

    def __init__(self, flows: Flows, answering: Answering) -> None:
        self._flows = flows
        self._answering = answering

    async def ListFlowKinds(
        self, request: pb.ListFlowKindsRequest, context: Any
    ) -> pb.ListFlowKindsResponse:
        """What there is to begin."""
        return pb.ListFlowKindsResponse(
            kinds=[wire.kind_to(it) for it in self._flows.catalogue.offered(caller(context))]
        )

    async def CompleteFlowArgument(
        self, request: pb.CompleteFlowArgumentRequest, context: Any
    ) -> pb.CompleteFlowArgumentResponse:
        """Values for an argument that is being typed."""
        choices = await self._flows.catalogue.complete(
            caller(context), request.path, request.key, request.typed.strip()
        )
        return pb.CompleteFlowArgumentResponse(choices=[wire.choice_to(it) for it in choices])

    async def StartFlow(self, request: pb.StartFlowRequest, context: Any) -> pb.StartFlowResponse:
        """A new dialogue."""
        drawn = await self._flows.start(caller(context), wire.beginning_from(request))
        return pb.StartFlowResponse(flow=wire.flow_to(drawn))

    async def GetFlow(self, request: pb.GetFlowRequest, context: Any) -> pb.GetFlowResponse:
        """A dialogue as it stands."""
        drawn = await self._flows.get(caller(context), UUID(request.flow_id))
        return pb.GetFlowResponse(flow=wire.flow_to(drawn))

    async def ListFlows(self, request: pb.ListFlowsRequest, context: Any) -> pb.ListFlowsResponse:
        """A page of the caller's dialogues that go on, newest first."""
        me = caller(context)
        size, filters = pagination.size(request.page_size), {"flows": "mine"}
        before = pagination.unseal(request.page_token, filters, UUID)
        rows = await self._flows.list(me, before, size + 1)
        page, more = pagination.cut(rows, size, filters, lambda flow: flow.id)
        return pb.ListFlowsResponse(
            flows=[wire.listed_to(await self._flows.draw(me, flow)) for flow in page],
            next_page_token=more,
        )

    async def UploadFlowFile(
        self, request_iterator: AsyncIterator[pb.UploadFlowFileRequest], context: Any
    ) -> pb.UploadFlowFileResponse:
        """A file for an answer."""
        header, chunks = await wire.upload_from(request_iterator)
        file_id = await self._flows.upload(caller(context), header, chunks)
        return pb.UploadFlowFileResponse(file_id=str(file_id))

    async def SubmitFlow(
        self, request: pb.SubmitFlowRequest, context: Any
    ) -> pb.SubmitFlowResponse:
        """An answer, taken once."""
        drawn = await self._answering.submit(
            caller(context), UUID(request.flow_id), wire.answer_from(request)
        )
        return pb.SubmitFlowResponse(flow=wire.flow_to(drawn))

    async def WatchFlow(
        self, request: pb.WatchFlowRequest, context: Any
    ) -> AsyncIterator[pb.WatchFlowResponse]:
        """A dialogue and its changes, until it no longer works."""
        async with aclosing(self._flows.watch(caller(context), UUID(request.flow_id))) as changes:
            async for drawn in changes:
                yield pb.WatchFlowResponse(flow=wire.flow_to(drawn))
