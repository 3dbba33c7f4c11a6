"""The calls of a flow: begin it, read it, answer it, hand a file over, follow its work."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from uuid import uuid4

from tzurot_cli.handing import Handed, take
from tzurot_client import Client, DeadlineExceeded
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.flow.v1 import (
    Flow,
    FlowAnswer,
    FlowFileHeader,
    FlowProgress,
    FlowState,
    FlowView,
    GetFlowRequest,
    ListFlowKindsRequest,
    StartFlowRequest,
    SubmitFlowRequest,
    UploadFlowFileRequest,
    ValueKind,
    WatchFlowRequest,
)
from tzurot_client.gen.tzurot.session.v1 import Place

ITEM = "item"  # the answer that names a chosen item
HAS_GONE_ON = (ErrorReason.ETAG_MISMATCH, ErrorReason.FLOW_ACTION_UNKNOWN)

Answers = Mapping[str, Sequence[str]]
Tell = Callable[[FlowProgress], None]


async def begin(
    client: Client, path: str, arguments: Mapping[str, str], place: Place | None = None
) -> Flow:
    """A new flow. A file among the arguments is handed over once the flow asks for one."""
    files = await _files(client, path)
    given = {key: value for key, value in arguments.items() if key not in files}
    request = StartFlowRequest(path=path, arguments=given, request_id=str(uuid4()), place=place)
    flow = (await client.flow.start_flow(request)).flow or Flow()
    for key in files & arguments.keys():
        asked = _asks_a_file(flow.view or FlowView())
        if asked is None:
            break
        action, field = asked
        file_id = await upload(client, flow.id, take(arguments[key]))
        flow = await submit(client, flow, action, {field: [file_id]})
    return flow


async def _files(client: Client, path: str) -> set[str]:
    """Which arguments of a flow are files."""
    kinds = (await client.flow.list_flow_kinds(ListFlowKindsRequest())).kinds
    return {
        argument.key
        for kind in kinds
        if kind.path == path
        for argument in kind.arguments
        if argument.kind == ValueKind.FILE
    }


def _asks_a_file(view: FlowView) -> tuple[str, str] | None:
    """The action that asks for one file and nothing else, and its field."""
    files = {field.key for field in view.fields if field.kind == ValueKind.FILE}
    for action in view.actions:
        if len(action.asks) == 1 and action.asks[0] in files:
            return action.key, action.asks[0]
    return None


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
            sha256=handed.sha256,
            name=handed.name[-255:],
        )
    )
    for chunk in handed.chunks:
        yield UploadFlowFileRequest(chunk=chunk)
