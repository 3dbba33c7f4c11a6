"""A server of flows that a test writes: its kinds, what each answer leads to, how slow it is.

What it holds outlives a `serving` block: entering another one is a restart of the server.
"""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import grpc
from grpc_status import rpc_status

from tests.clients.stub_server import Refusal
from tzurot.flow.v1 import flow_kind_pb2, flow_pb2, flow_service_pb2, flow_service_pb2_grpc

Kind = flow_kind_pb2.FlowKind
Argument = flow_kind_pb2.FlowArgument
Choice = flow_kind_pb2.Choice
View = flow_pb2.FlowView
Field = flow_pb2.FlowField
Item = flow_pb2.FlowItem
Action = flow_pb2.FlowAction
Flow = flow_pb2.Flow
Progress = flow_pb2.FlowProgress
TEXT, LONG_TEXT = flow_kind_pb2.VALUE_KIND_TEXT, flow_kind_pb2.VALUE_KIND_LONG_TEXT
CHOICE, CHOICES = flow_kind_pb2.VALUE_KIND_CHOICE, flow_kind_pb2.VALUE_KIND_CHOICES
BOOLEAN, FILE = flow_kind_pb2.VALUE_KIND_BOOLEAN, flow_kind_pb2.VALUE_KIND_FILE
PRIMARY, DANGER = flow_pb2.FLOW_ACTION_STYLE_PRIMARY, flow_pb2.FLOW_ACTION_STYLE_DANGER
OPEN, WORKING = flow_pb2.FLOW_STATE_OPEN, flow_pb2.FLOW_STATE_WORKING
DONE, CLOSED = flow_pb2.FLOW_STATE_DONE, flow_pb2.FLOW_STATE_CLOSED

Answers = dict[str, list[str]]
Step = Callable[[Flow, Answers], None]
"""What an action does to its flow."""


class ScriptedFlows(flow_service_pb2_grpc.FlowServiceServicer):
    """Flows by id, each its person's own, as the contract has it."""

    def __init__(self) -> None:
        self.address = ""
        self.kinds: list[Kind] = []
        self.begins: dict[str, View] = {}
        """What a kind shows first, by path."""
        self.steps: dict[str, Step] = {}
        """By action."""
        self.choices: list[Choice] = []
        self.delays: dict[str, float] = {}
        """Seconds that a method takes, by its name."""
        self.refusals: dict[str, Refusal] = {}
        self.flows: dict[str, Flow] = {}
        self.files: dict[str, bytes] = {}
        self.headers: list[Any] = []
        self.calls: list[tuple[str, Any]] = []
        self._owners: dict[str, str] = {}
        self._by_request: dict[str, str] = {}
        self._changed = asyncio.Event()

    def offer(self, kind: Kind, begin: View) -> None:
        """Let this kind be begun."""
        self.kinds.append(kind)
        self.begins[kind.path] = begin

    def requests(self, method: str) -> list[Any]:
        return [request for name, request in self.calls if name == method]

    def advance(
        self, flow: Flow, view: View | None = None, state: flow_pb2.FlowState = OPEN
    ) -> None:
        """Let a flow go on: another view, another etag."""
        if view is not None:
            flow.view.CopyFrom(view)
        flow.state = state
        flow.etag = str(int(flow.etag) + 1)
        self._changed.set()
        self._changed = asyncio.Event()

    # The contract

    async def ListFlowKinds(self, request: Any, context: Any) -> Any:  # noqa: N802 (the contract's)
        await self._arrived("ListFlowKinds", request, context)
        return flow_service_pb2.ListFlowKindsResponse(kinds=self.kinds)

    async def CompleteFlowArgument(self, request: Any, context: Any) -> Any:  # noqa: N802 (the contract's)
        await self._arrived("CompleteFlowArgument", request, context)
        return flow_service_pb2.CompleteFlowArgumentResponse(choices=self.choices)

    async def StartFlow(self, request: Any, context: Any) -> Any:  # noqa: N802 (the contract's)
        subject = await self._arrived("StartFlow", request, context)
        if request.path not in self.begins:
            await _refuse(context, Refusal("NOT_FOUND", "FLOW_KIND_NOT_FOUND"))
        flow_id = self._by_request.setdefault(request.request_id, str(uuid4()))
        if flow_id not in self.flows:
            view = self.begins[request.path]
            flow = Flow(id=flow_id, etag="1", path=request.path, state=OPEN, view=view)
            self.flows[flow_id], self._owners[flow_id] = flow, subject
        return flow_service_pb2.StartFlowResponse(flow=self.flows[flow_id])

    async def GetFlow(self, request: Any, context: Any) -> Any:  # noqa: N802 (the contract's)
        flow = await self._own("GetFlow", request, context)
        return flow_service_pb2.GetFlowResponse(flow=flow)

    async def SubmitFlow(self, request: Any, context: Any) -> Any:  # noqa: N802 (the contract's)
        flow = await self._own("SubmitFlow", request, context)
        if request.etag != flow.etag:
            await _refuse(context, Refusal("ABORTED", "ETAG_MISMATCH", etag=flow.etag))
        if request.action not in self.steps:
            refusal = Refusal("INVALID_ARGUMENT", "FLOW_ACTION_UNKNOWN", action=request.action)
            await _refuse(context, refusal)
        answers = {answer.key: list(answer.values) for answer in request.answers}
        self.steps[request.action](flow, answers)
        return flow_service_pb2.SubmitFlowResponse(flow=flow)

    async def UploadFlowFile(self, request_iterator: Any, context: Any) -> Any:  # noqa: N802 (the contract's)
        parts = [part async for part in request_iterator]
        header, chunks = parts[0].header, [part.chunk for part in parts[1:]]
        await self._own("UploadFlowFile", header, context)
        content = b"".join(chunks)
        assert max(map(len, chunks)) <= 65536
        assert (header.size_bytes, header.sha256) == (
            len(content),
            hashlib.sha256(content).hexdigest(),
        )
        file_id = str(uuid4())
        self.headers.append(header)
        self.files[file_id] = content
        return flow_service_pb2.UploadFlowFileResponse(file_id=file_id)

    async def WatchFlow(self, request: Any, context: Any) -> AsyncIterator[Any]:  # noqa: N802 (the contract's)
        flow = await self._own("WatchFlow", request, context)
        while True:
            changed = self._changed
            yield flow_service_pb2.WatchFlowResponse(flow=flow)
            if flow.state != WORKING:
                return
            await changed.wait()

    async def _own(self, method: str, request: Any, context: Any) -> Flow:
        subject = await self._arrived(method, request, context)
        if self._owners.get(request.flow_id) != subject:
            await _refuse(context, Refusal("NOT_FOUND", "FLOW_NOT_FOUND"))
        return self.flows[request.flow_id]

    async def _arrived(self, method: str, request: Any, context: Any) -> str:
        """Who asks."""
        self.calls.append((method, request))
        await asyncio.sleep(self.delays.get(method, 0))
        if method in self.refusals:
            await _refuse(context, self.refusals[method])
        metadata = dict(context.invocation_metadata())
        return metadata.get("tzurot-subject", "")


@asynccontextmanager
async def serving(flows: ScriptedFlows) -> AsyncGenerator[None]:
    """Serve on the port of the time before, or on a free one."""
    server = grpc.aio.server()
    flow_service_pb2_grpc.add_FlowServiceServicer_to_server(flows, server)
    port = server.add_insecure_port(flows.address or "127.0.0.1:0")
    flows.address = f"127.0.0.1:{port}"
    await server.start()
    try:
        yield
    finally:
        await server.stop(None)


async def _refuse(context: Any, refusal: Refusal) -> None:
    await context.abort_with_status(rpc_status.to_status(refusal.status))
