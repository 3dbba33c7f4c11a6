"""What a servicer raises, and what its client is told of it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import grpc.aio
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tests.calling import Client, Refusal, request_for
from tzurot import clock, errors
from tzurot.session.v1 import session_service_pb2, session_service_pb2_grpc
from tzurot.transport import server
from tzurot.transport.calls import Calls
from tzurot.transport.server import Binding, Service
from tzurot.transport.subject import Caller, caller

SCOPES = frozenset({"session.read", "session.chat"})
TURN = str(clock.uuid7())
SECRET = "tzu_a-secret-of-the-database"


class Scripted(session_service_pb2_grpc.SessionServiceServicer):
    """Raises what a test gives it; a stream does so after its first response."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error
        self.left = asyncio.Event()

    async def GetTurn(  # noqa: N802 - the contract's name
        self, request: Any, context: Any
    ) -> session_service_pb2.GetTurnResponse:
        if self.error:
            raise self.error
        return session_service_pb2.GetTurnResponse()

    async def WatchTurn(  # noqa: N802 - the contract's name
        self, request: Any, context: Any
    ) -> AsyncIterator[session_service_pb2.WatchTurnResponse]:
        yield session_service_pb2.WatchTurnResponse()
        if self.error:
            raise self.error
        try:
            await asyncio.Event().wait()
        finally:
            self.left.set()


@pytest.mark.parametrize("rpc", ["GetTurn", "WatchTurn"])
async def test_an_expected_error_is_told_with_its_reason(rpc: str) -> None:
    refusal = await _refusal(rpc, errors.TurnNotFound(TURN))
    assert refusal == Refusal(
        grpc.StatusCode.NOT_FOUND,
        "TURN_NOT_FOUND",
        {"turn_id": TURN},
        message=f"You have no turn {TURN}.",
        localized=f"You have no turn {TURN}.",
    )


@pytest.mark.parametrize("rpc", ["GetTurn", "WatchTurn"])
async def test_a_bug_is_told_by_an_id_that_the_log_has_with_the_details(
    rpc: str, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = await _refusal(rpc, ValueError(SECRET))
    assert (refusal.code.name, refusal.reason) == ("INTERNAL", "INTERNAL")
    error_id = refusal.metadata["error_id"]
    assert UUID(error_id)
    assert SECRET not in str(refusal)
    (logged,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert error_id in logged.getMessage()
    assert logged.exc_info
    assert str(logged.exc_info[1]) == SECRET


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT 1", {}, Exception(SECRET)),
        InterfaceError("SELECT 1", {}, Exception(SECRET)),
        PoolTimeoutError(SECRET),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_database_that_is_away_is_told_without_its_address(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = await _refusal("GetTurn", error)
    assert (refusal.code.name, refusal.reason) == ("UNAVAILABLE", "STORAGE_UNAVAILABLE")
    assert refusal.retry_seconds == 2
    assert SECRET not in str(refusal)
    assert SECRET not in caplog.text


async def test_work_that_takes_too_long_by_itself_is_a_deadline() -> None:
    refusal = await _refusal("GetTurn", TimeoutError())
    assert refusal.code is grpc.StatusCode.DEADLINE_EXCEEDED


async def test_who_leaves_a_stream_ends_its_work() -> None:
    async with _serving(Scripted()) as (scripted, client):
        async for _ in client.stream("WatchTurn", request_for("WatchTurn", turn_id=TURN)):
            break
        await asyncio.wait_for(scripted.left.wait(), 60)


async def test_every_call_leaves_one_line_in_the_log_without_what_was_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="tzurot")
    async with _serving(Scripted()) as (_, client):
        await client.call("GetTurn", request_for("GetTurn", turn_id=TURN))
    lines = [it.getMessage() for it in caplog.records if it.name == "tzurot.transport.calls"]
    assert len(lines) == 1
    assert lines[0].startswith("/tzurot.session.v1.SessionService/GetTurn OK ")
    assert TURN not in caplog.text


async def test_a_request_that_is_no_protobuf_is_refused() -> None:
    async with _serving(Scripted()) as (_, client):
        call = client.channel.unary_unary("/tzurot.session.v1.SessionService/GetTurn")
        code = await call(b"\xff\xff\xff", metadata=client.metadata, timeout=5).code()
    assert code is not grpc.StatusCode.OK


async def test_a_message_above_four_megabytes_is_refused() -> None:
    async with _serving(Scripted()) as (_, client):
        refusal = await client.refused("GetTurn", request_for("GetTurn", turn_id="x" * 5_000_000))
    assert refusal.code is grpc.StatusCode.RESOURCE_EXHAUSTED


def test_a_method_without_an_access_option_keeps_the_server_from_starting() -> None:
    file = FileDescriptorProto(name="open.proto", package="open")
    file.message_type.add(name="Nothing")
    service = file.service.add(name="Open")
    service.method.add(name="Door", input_type=".open.Nothing", output_type=".open.Nothing")
    pool = DescriptorPool()
    pool.Add(file)
    with pytest.raises(RuntimeError, match=r"open\.Open\.Door has no access option"):
        Calls([pool.FindServiceByName("open.Open")], _authenticate)


def test_a_servicer_that_is_called_past_the_interceptor_does_not_serve() -> None:
    with pytest.raises(TypeError, match=r"through transport\.calls\.Calls"):
        caller(object())


async def _refusal(rpc: str, error: Exception) -> Refusal:
    async with _serving(Scripted(error)) as (_, client):
        return await client.refused(rpc, request_for(rpc, turn_id=TURN))


async def _authenticate(secret: str, subject: str | None) -> Caller:
    return Caller(clock.uuid7(), clock.uuid7(), "local:owner", SCOPES, clock.uuid7())


@asynccontextmanager
async def _serving(scripted: Scripted) -> AsyncGenerator[tuple[Scripted, Client]]:
    service = Service(
        session_service_pb2.DESCRIPTOR.services_by_name["SessionService"],
        session_service_pb2_grpc.add_SessionServiceServicer_to_server,
        scripted,
    )
    binding = Binding("127.0.0.1", 0, insecure=False)
    async with (
        server.serve([service], _authenticate, binding) as listening,
        grpc.aio.insecure_channel(listening.address) as channel,
    ):
        yield scripted, Client(channel, "any")
