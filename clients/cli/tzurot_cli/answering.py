"""The calls of a flow: begin it, read it, answer it, hand a file over, follow its work."""

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from uuid import uuid4

from tzurot_cli.handing import CHUNK_BYTES, Handed
from tzurot_client import Client, DeadlineExceeded
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.flow.v1 import (
    Flow,
    FlowAnswer,
    FlowFileHeader,
    FlowProgress,
    FlowState,
    GetFlowRequest,
    StartFlowRequest,
    SubmitFlowRequest,
    UploadFlowFileRequest,
    WatchFlowRequest,
)

ITEM = "item"  # the answer that names a chosen item
HAS_GONE_ON = (ErrorReason.ETAG_MISMATCH, ErrorReason.FLOW_ACTION_UNKNOWN)

Answers = Mapping[str, Sequence[str]]
Tell = Callable[[FlowProgress], None]


async def begin(client: Client, path: str, arguments: Mapping[str, str]) -> Flow:
    """A new flow."""
    request = StartFlowRequest(path=path, arguments=dict(arguments), request_id=str(uuid4()))
    return (await client.flow.start_flow(request)).flow or Flow()


async def read(client: Client, flow_id: str) -> Flow:
    """A flow as it stands."""
    return (await client.flow.get_flow(GetFlowRequest(flow_id=flow_id))).flow or Flow()


async def submit(client: Client, flow: Flow, action: str, answers: Answers) -> Flow:
    """The flow after an action; `flow` is the one that was shown."""
    request = SubmitFlowRequest(
        flow_id=flow.id,
        etag=flow.etag,
        action=action,
        answers=[FlowAnswer(key=key, values=list(values)) for key, values in answers.items()],
    )
    return (await client.flow.submit_flow(request)).flow or Flow()


async def followed(client: Client, flow: Flow, tell: Tell) -> Flow:
    """The flow once the server no longer works at it, however long that takes.

    It still works only if the server stopped telling.
    """
    while flow.state == FlowState.WORKING:
        told = False
        try:
            async for response in client.flow.watch_flow(WatchFlowRequest(flow_id=flow.id)):
                flow, told = response.flow or flow, True
                if flow.view and flow.view.progress:
                    tell(flow.view.progress)
        except DeadlineExceeded:
            if told:  # the call has an end, the work may go on after it
                continue
            raise
        break
    return flow


async def upload(client: Client, flow_id: str, handed: Handed) -> str:
    """Hand a file over; the id that answers a field."""
    sent = await client.flow.upload_flow_file(_parts(flow_id, handed))
    return sent.file_id


async def _parts(flow_id: str, handed: Handed) -> AsyncIterator[UploadFlowFileRequest]:
    yield UploadFlowFileRequest(
        header=FlowFileHeader(
            flow_id=flow_id,
            size_bytes=len(handed.content),
            sha256=hashlib.sha256(handed.content).hexdigest(),
            name=handed.name[-255:],
        )
    )
    for start in range(0, len(handed.content), CHUNK_BYTES):
        yield UploadFlowFileRequest(chunk=handed.content[start : start + CHUNK_BYTES])
