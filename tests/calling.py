"""Calling any RPC by its name, as anybody, and reading how it is refused.

mira = served.client(subject="local:mira")
me = (await mira.call("GetMe")).person
refusal = await mira.refused("GetTurn", GetTurnRequest(turn_id=...))
assert refusal.reason == "TURN_NOT_FOUND"
"""

import importlib
import pkgutil
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

import grpc
import grpc.aio
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2, status_pb2

import tzurot
from tzurot.common.v1 import access_pb2

ENDLESS = frozenset({"WatchChannels"})  # of these a call waits for the first answer alone
SECONDS = 60.0  # that a call of a test may take: the first ones load the embedding model

Asked = Message | Sequence[Message] | None  # one request, the parts of an upload, or an empty one


def declared_services() -> list[ServiceDescriptor]:
    """Every service of the contracts, whether it is served or not."""
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(tzurot.__path__, "tzurot.")
        if found.name.endswith("_service_pb2")
    ]
    return [service for m in modules for service in m.DESCRIPTOR.services_by_name.values()]


METHODS: Mapping[str, MethodDescriptor] = {
    method.name: method for service in declared_services() for method in service.methods
}


def path_of(method: MethodDescriptor) -> str:
    """The method as it stands in the `:path` of a call."""
    return f"/{method.containing_service.full_name}/{method.name}"


def scope_of(method: MethodDescriptor) -> str:
    """The scope that the contract asks for."""
    options: Any = method.GetOptions()
    return options.Extensions[access_pb2.access].scope


def request_for(name: str, /, **fields: Any) -> Any:
    """A request of the RPC `name`."""
    return GetMessageClass(METHODS[name].input_type)(**fields)


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a call was refused: what a client of any language can read from its status."""

    code: grpc.StatusCode
    reason: str
    metadata: Mapping[str, str]
    message: str
    domain: str = "tzurot"
    localized: str = ""
    fields: tuple[str, ...] = ()
    retry_seconds: float | None = None


def refusal_of(error: grpc.aio.AioRpcError) -> Refusal:
    """The details of a refused call; without ErrorInfo the reason is empty."""
    details = (error.trailing_metadata() or {}).get("grpc-status-details-bin")
    told = status_pb2.Status.FromString(details if isinstance(details, bytes) else b"")
    found = Refusal(error.code(), "", {}, error.details() or "", domain="")
    for detail in told.details:
        kind = detail.type_url.rpartition(".")[2]
        if kind == "ErrorInfo":
            info = error_details_pb2.ErrorInfo.FromString(detail.value)
            reason = info.reason.removeprefix("ERROR_REASON_")
            found = replace(found, reason=reason, domain=info.domain, metadata=dict(info.metadata))
        elif kind == "LocalizedMessage":
            localized = error_details_pb2.LocalizedMessage.FromString(detail.value)
            found = replace(found, localized=localized.message)
        elif kind == "BadRequest":
            bad = error_details_pb2.BadRequest.FromString(detail.value)
            found = replace(found, fields=tuple(it.field for it in bad.field_violations))
        elif kind == "RetryInfo":
            retry = error_details_pb2.RetryInfo.FromString(detail.value)
            found = replace(found, retry_seconds=retry.retry_delay.ToTimedelta().total_seconds())
    return found


@dataclass(frozen=True, slots=True)
class Client:
    """One who calls: a token, and on whose behalf."""

    channel: grpc.aio.Channel
    token: str | None = field(default=None, repr=False)
    subject: str | None = None

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What goes along with each call."""
        token = (("authorization", f"Bearer {self.token}"),) if self.token else ()
        return token + ((("tzurot-subject", self.subject),) if self.subject else ())

    async def call(self, name: str, request: Asked = None, seconds: float | None = SECONDS) -> Any:
        """The response of a unary RPC, or the list of all responses of a streaming one.

        Raises:
            grpc.aio.AioRpcError: it was refused.
        """
        if name in ENDLESS:
            async with aclosing(self.stream(name, request, seconds)) as responses:
                return [await anext(responses)]
        if METHODS[name].server_streaming:
            return [response async for response in self.stream(name, request, seconds)]
        return await self._rpc(name)(
            self._asked(name, request), metadata=self.metadata, timeout=seconds
        )

    async def stream(
        self, name: str, request: Asked = None, seconds: float | None = SECONDS
    ) -> AsyncGenerator[Any]:
        """The responses of a streaming RPC as they come; leaving the loop leaves the call."""
        call = self._rpc(name)(self._asked(name, request), metadata=self.metadata, timeout=seconds)
        try:
            async for response in call:
                yield response
        finally:
            call.cancel()

    async def refused(self, name: str, request: Asked = None) -> Refusal:
        """How the call is refused; an answer fails the test."""
        try:
            answer = await self.call(name, request)
        except grpc.aio.AioRpcError as error:
            return refusal_of(error)
        raise AssertionError(f"{name} was answered: {answer}")

    def _asked(self, name: str, request: Asked) -> Any:
        """What goes out: an upload as the iterator of its parts."""
        one = request if request is not None else request_for(name)
        if not METHODS[name].client_streaming:
            return one
        return iter([one] if isinstance(one, Message) else one)

    def _rpc(self, name: str) -> Any:
        method = METHODS[name]
        sent = "stream" if method.client_streaming else "unary"
        kind = f"{sent}_{'stream' if method.server_streaming else 'unary'}"
        return getattr(self.channel, kind)(
            path_of(method),
            request_serializer=GetMessageClass(method.input_type).SerializeToString,
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
