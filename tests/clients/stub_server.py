"""A server with scripted answers on a real port, and a cable to it that a test can cut.

It speaks the whole contract by its descriptors. A method without an answer gives an empty message,
or an empty stream.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import grpc
from google.protobuf import any_pb2, message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from tzurot.account.v1 import account_service_pb2, admin_service_pb2
from tzurot.flow.v1 import flow_service_pb2
from tzurot.memory.v1 import dream_service_pb2, fact_service_pb2, memory_service_pb2
from tzurot.personality.v1 import personality_service_pb2
from tzurot.session.v1 import (
    channel_service_pb2,
    history_service_pb2,
    message_service_pb2,
    session_service_pb2,
)
from tzurot.skill.v1 import skill_service_pb2
from tzurot.wallet.v1 import sponsor_service_pb2, wallet_service_pb2

TOKEN = "a-token-for-tests"
FILES = (
    account_service_pb2,
    admin_service_pb2,
    channel_service_pb2,
    flow_service_pb2,
    history_service_pb2,
    dream_service_pb2,
    fact_service_pb2,
    memory_service_pb2,
    message_service_pb2,
    personality_service_pb2,
    session_service_pb2,
    skill_service_pb2,
    sponsor_service_pb2,
    wallet_service_pb2,
)

Answer = Callable[[Any], Any]


class Refusal(Exception):
    """An answer that is an error, told as the contract says."""

    def __init__(self, code: str, reason: str, message: str = "", **metadata: str) -> None:
        super().__init__(code, reason)
        self.status = status_pb2.Status(code=code_pb2.Code.Value(code), message="for developers")
        info = error_details_pb2.ErrorInfo(
            domain="tzurot", reason=f"ERROR_REASON_{reason}", metadata=metadata
        )
        told = error_details_pb2.LocalizedMessage(locale="en-US", message=message)
        for detail in (info, told):
            packed = any_pb2.Any()
            packed.Pack(detail)
            self.status.details.append(packed)


@dataclass
class Call:
    """A call as it arrived."""

    method: str
    request: Any
    metadata: dict[str, str]
    seconds_left: float


@dataclass
class StubServer:
    """Answers by method name: a callable that takes the request and gives the response.

    For a stream it is an async generator function; a list of callables is used up one by one.
    """

    address: str = ""
    answers: dict[str, Answer | list[Answer]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def requests(self, method: str) -> list[Any]:
        """The requests of one method, in order."""
        return [call.request for call in self.calls if call.method == method]

    def _answer(self, method: MethodDescriptor, request: Any) -> Any:
        answer = self.answers.get(method.name)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if answer is None:
            return message_factory.GetMessageClass(method.output_type)()
        return answer(request)

    async def _arrived(
        self, method: MethodDescriptor, request: Any, context: grpc.aio.ServicerContext
    ) -> None:
        metadata = {key: str(value) for key, value in context.invocation_metadata() or ()}
        call = Call(method.name, request, metadata, context.time_remaining() or 0)
        self.calls.append(call)
        if metadata.get("authorization") != f"Bearer {TOKEN}":
            raise Refusal("UNAUTHENTICATED", "TOKEN_INVALID", "The service token is unknown.")

    async def unary(
        self, method: MethodDescriptor, request: Any, context: grpc.aio.ServicerContext
    ) -> Any:
        try:
            await self._arrived(method, request, context)
            answer = self._answer(method, request)
            return await answer if isinstance(answer, Awaitable) else answer
        except Refusal as refusal:
            await context.abort_with_status(rpc_status.to_status(refusal.status))

    async def upload(
        self, method: MethodDescriptor, parts: AsyncIterator[Any], context: grpc.aio.ServicerContext
    ) -> Any:
        """The request of such a call is the list of its parts."""
        return await self.unary(method, [part async for part in parts], context)

    async def stream(
        self, method: MethodDescriptor, request: Any, context: grpc.aio.ServicerContext
    ) -> AsyncIterator[Any]:
        try:
            await self._arrived(method, request, context)
            if method.name not in self.answers:
                return
            async for response in self._answer(method, request):
                yield response
        except Refusal as refusal:
            await context.abort_with_status(rpc_status.to_status(refusal.status))


@asynccontextmanager
async def stub_server(
    port: int = 0, credentials: grpc.ServerCredentials | None = None
) -> AsyncGenerator[StubServer, None]:
    stub = StubServer()
    server = grpc.aio.server()
    for file in FILES:
        for service in file.DESCRIPTOR.services_by_name.values():
            methods = {method.name: _handler(stub, method) for method in service.methods}
            handler = grpc.method_handlers_generic_handler(service.full_name, methods)
            server.add_generic_rpc_handlers((handler,))
    where = f"127.0.0.1:{port}"
    if credentials:
        bound = server.add_secure_port(where, credentials)
    else:
        bound = server.add_insecure_port(where)
    stub.address = f"127.0.0.1:{bound}"
    await server.start()
    try:
        yield stub
    finally:
        await server.stop(None)


def _handler(stub: StubServer, method: MethodDescriptor) -> grpc.RpcMethodHandler:
    read = message_factory.GetMessageClass(method.input_type).FromString
    write = message_factory.GetMessageClass(method.output_type).SerializeToString
    if method.client_streaming:
        return grpc.stream_unary_rpc_method_handler(partial(stub.upload, method), read, write)
    if method.server_streaming:
        return grpc.unary_stream_rpc_method_handler(partial(stub.stream, method), read, write)
    return grpc.unary_unary_rpc_method_handler(partial(stub.unary, method), read, write)


class Cable:
    """Carries bytes between a client and a server until it is cut."""

    def __init__(self, server: str) -> None:
        self._host, _, port = server.rpartition(":")
        self._port = int(port)
        self._writers: list[asyncio.StreamWriter] = []
        self._refusing = False
        self.address = ""
        self.connections = 0

    def cut(self, *, refuse: bool = False) -> None:
        """Break all connections; with `refuse` the next ones break too."""
        self._refusing = refuse
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self._refusing:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        self._writers += [writer, far_writer]
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass  # the cable was cut: the other direction ends by itself
    finally:
        writer.close()


@asynccontextmanager
async def cable_to(server: str) -> AsyncGenerator[Cable, None]:
    cable = Cable(server)
    listening = await asyncio.start_server(cable.carry, "127.0.0.1", 0)
    cable.address = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield cable
    finally:
        cable.cut(refuse=True)
        listening.close()
