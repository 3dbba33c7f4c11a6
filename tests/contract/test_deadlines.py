"""Every call has a deadline: its client's, or at the latest the server's. A turn outlives both."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import grpc.aio
import pytest

from tests.calling import Client, refusal_of, request_for
from tests.conftest import Served
from tests.contract.residents import saying
from tests.fakes.provider import Gate, Reply, echo
from tzurot import clock
from tzurot.account.v1 import account_service_pb2, account_service_pb2_grpc
from tzurot.common.v1 import error_reason_pb2
from tzurot.session.v1 import session_service_pb2, session_service_pb2_grpc
from tzurot.transport import server
from tzurot.transport.calls import STREAM_SECONDS, UNARY_SECONDS
from tzurot.transport.server import Binding, Service
from tzurot.transport.subject import Call, Caller

SCOPES = frozenset({"account.read", "session.read"})


class Patient(
    account_service_pb2_grpc.AccountServiceServicer,
    session_service_pb2_grpc.SessionServiceServicer,
):
    """Notes how long it may take; while it is `stuck` it takes longer."""

    def __init__(self) -> None:
        self.seconds_left: list[float] = []
        self.stuck = False
        self.stopped = asyncio.Event()

    async def GetMe(  # noqa: N802 - the contract's name
        self, request: Any, context: Any
    ) -> account_service_pb2.GetMeResponse:
        await self._work(context)
        return account_service_pb2.GetMeResponse()

    async def WatchTurn(  # noqa: N802 - the contract's name
        self, request: Any, context: Any
    ) -> AsyncIterator[session_service_pb2.WatchTurnResponse]:
        await self._work(context)
        yield session_service_pb2.WatchTurnResponse()

    async def _work(self, call: Call) -> None:
        self.seconds_left.append(call.seconds_left)
        try:
            if self.stuck:
                await asyncio.Event().wait()
        finally:
            self.stopped.set()


@asynccontextmanager
async def patient() -> AsyncGenerator[tuple[Patient, Client]]:
    """A server whose methods only look at the time."""
    servicer = Patient()

    async def authenticate(secret: str, subject: str | None) -> Caller:
        return Caller(clock.uuid7(), clock.uuid7(), "local:owner", SCOPES, clock.uuid7())

    services = [
        Service(
            account_service_pb2.DESCRIPTOR.services_by_name["AccountService"],
            account_service_pb2_grpc.add_AccountServiceServicer_to_server,
            servicer,
        ),
        Service(
            session_service_pb2.DESCRIPTOR.services_by_name["SessionService"],
            session_service_pb2_grpc.add_SessionServiceServicer_to_server,
            servicer,
        ),
    ]
    binding = Binding("127.0.0.1", 0, insecure=False)
    async with (
        server.serve(services, authenticate, binding) as listening,
        grpc.aio.insecure_channel(listening.address) as channel,
    ):
        yield servicer, Client(channel, "any")


@pytest.mark.parametrize(("rpc", "cap"), [("GetMe", UNARY_SECONDS), ("WatchTurn", STREAM_SECONDS)])
@pytest.mark.parametrize("seconds", [None, 10_000, 5])
async def test_a_call_has_as_long_as_its_client_says_and_the_server_allows(
    rpc: str, cap: float, seconds: float | None
) -> None:
    async with patient() as (servicer, client):
        await client.call(rpc, _request(rpc), seconds)
    (left,) = servicer.seconds_left
    if seconds is None or seconds > cap:
        assert left == cap
    else:
        assert 0 < left <= seconds + 0.01  # gRPC rounds timeouts up on the wire


@pytest.mark.parametrize("rpc", ["GetMe", "WatchTurn"])
async def test_work_for_a_call_past_its_deadline_is_stopped(rpc: str) -> None:
    async with patient() as (servicer, client):
        servicer.stuck = True
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await client.call(rpc, _request(rpc), 0.3)
        assert error.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        await asyncio.wait_for(servicer.stopped.wait(), 60)


async def test_a_deadline_ends_the_stream_and_the_turn_says_that_it_timed_out(
    served: Served,
) -> None:
    # Somebody without keys of their own: the scripted provider answers.
    (noor,) = served.people("noor")
    made = await noor.call(
        "CreatePersonality", request_for("CreatePersonality", personality={"name": "Abeille"})
    )
    gate = Gate()
    slow = Reply("Honey ", "for Ada.", gate=gate)
    # Jobs of the shared server may ask meanwhile.
    served.provider.answer = lambda it: slow if "bees make" in it.last_user_text else echo(it)
    request = saying("What do bees make?", made.personality.id)
    turn_id = ""
    with pytest.raises(grpc.aio.AioRpcError) as error:
        async for told in noor.stream("Chat", request, 2):
            turn_id = told.event.turn_id
    assert refusal_of(error.value).code is grpc.StatusCode.DEADLINE_EXCEEDED
    assert UUID(turn_id)
    watched = await noor.call("WatchTurn", request_for("WatchTurn", turn_id=turn_id))
    finished = watched[-1].event.finished
    assert finished.failure.reason == error_reason_pb2.ERROR_REASON_PROVIDER_TIMEOUT
    gate.open()
    served.provider.answer = echo


def _request(rpc: str) -> Any:
    return request_for(rpc, turn_id=str(clock.uuid7())) if rpc == "WatchTurn" else None
