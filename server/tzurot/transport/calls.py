"""What every call goes through before a servicer sees it, and what every error goes through after.

Authenticate, check the scope that the contract asks for, validate the request, bound the time, run
the servicer, translate its errors, write one line to the log. Health and reflection are open.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

import grpc
import grpc.aio
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message

from tzurot import errors
from tzurot.common.v1 import access_pb2
from tzurot.transport.errors import expected, status
from tzurot.transport.subject import Call, Caller
from tzurot.transport.validation import Validation

log = logging.getLogger(__name__)

if TYPE_CHECKING:  # generic in their stubs only
    Context = grpc.aio.ServicerContext[Any, Any]
    Handler = grpc.RpcMethodHandler[Any, Any]

Authenticate = Callable[[str, str | None], Awaitable[Caller]]

UNARY_SECONDS = 10.0
STREAM_SECONDS = 180.0
UPLOAD_SECONDS = 3600.0  # a large backup over a slow line


class Calls(grpc.aio.ServerInterceptor):
    """The one interceptor of the server."""

    def __init__(self, services: list[ServiceDescriptor], authenticate: Authenticate) -> None:
        self._scopes = _scopes(services)
        self._authenticate = authenticate
        self._validation = Validation()
        self._wrapped: dict[str, Handler] = {}

    async def intercept_service(  # pyright: ignore[reportIncompatibleMethodOverride] - same at run time
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler:
        """Put our steps around the method's handler, once per method."""
        method = str(handler_call_details.method)
        if method not in self._scopes:
            return await continuation(handler_call_details)
        if method not in self._wrapped:
            self._wrapped[method] = self._around(method, await continuation(handler_call_details))
        return self._wrapped[method]

    def _around(self, method: str, handler: Handler) -> Handler:
        codec = {
            "request_deserializer": handler.request_deserializer,
            "response_serializer": handler.response_serializer,
        }
        if handler.request_streaming and handler.response_streaming:
            return grpc.stream_stream_rpc_method_handler(self._stream(method, handler), **codec)
        if handler.request_streaming:
            return grpc.stream_unary_rpc_method_handler(self._unary(method, handler), **codec)
        if handler.response_streaming:
            return grpc.unary_stream_rpc_method_handler(self._stream(method, handler), **codec)
        return grpc.unary_unary_rpc_method_handler(self._unary(method, handler), **codec)

    def _unary(self, method: str, handler: Handler) -> Callable[..., Awaitable[Any]]:
        upload = handler.request_streaming
        serve: Any = handler.stream_unary if upload else handler.unary_unary

        async def unary(request: Any, context: Context) -> Any:
            async def work() -> Any:
                cap = UPLOAD_SECONDS if upload else UNARY_SECONDS
                call = await self._admit(method, context, cap)
                async with asyncio.timeout(call.seconds_left):
                    return await serve(self._checked(request), call)

            return await _told(method, context, work)

        return unary

    def _stream(self, method: str, handler: Handler) -> Callable[..., Awaitable[None]]:
        upload = handler.request_streaming
        serve: Any = handler.stream_stream if upload else handler.unary_stream

        async def stream(request: Any, context: Context) -> None:
            async def work() -> None:
                cap = UPLOAD_SECONDS if upload else STREAM_SECONDS
                call = await self._admit(method, context, cap)
                async with asyncio.timeout(call.seconds_left):
                    responses: AsyncIterator[Message] = serve(self._checked(request), call)
                    async for response in responses:
                        await context.write(response)

            await _told(method, context, work)

        return stream

    async def _admit(self, method: str, context: Context, cap: float) -> Call:
        """Who calls, and may they.

        Raises:
            Unauthenticated, PermissionDenied: by their names.
        """
        secret, subject = _credentials(context)
        caller = await self._authenticate(secret, subject)
        scope = self._scopes[method]
        if scope not in caller.scopes:
            raise errors.ScopeMissing(scope)
        left: Any = context.time_remaining()  # None without a deadline, whatever the stubs say
        return Call(caller, context, cap if left is None else min(cap, left))

    def _checked(self, request: Message | AsyncIterator[Message]) -> Any:
        """The request, or each part of an upload as it comes, if it is well formed.

        Raises:
            InvalidField: it is not.
        """
        if isinstance(request, Message):
            self._validation.check(request)
            return request
        return self._each_checked(request)

    async def _each_checked(self, parts: AsyncIterator[Message]) -> AsyncIterator[Message]:
        async for part in parts:
            self._validation.check(part)
            yield part


async def _told(method: str, context: Context, work: Callable[[], Awaitable[Any]]) -> Any:
    """Run `work` and tell its error as a status. Cancellation is the client's leaving: no error."""
    started = time.perf_counter()
    code = "OK"
    try:
        return await work()
    except asyncio.CancelledError:
        code = "CANCELLED"
        raise
    except TimeoutError:
        code = "DEADLINE_EXCEEDED"
        await context.abort(grpc.StatusCode.DEADLINE_EXCEEDED, "The call took too long.")
    except Exception as failure:  # the edge: bugs too become a status
        if context.cancelled():  # the client left while we were writing
            code = "CANCELLED"
            return None
        error = expected(failure)
        code = error.reason
        await context.abort_with_status(status(error))
    finally:
        log.info("%s %s %.1f ms", method, code, (time.perf_counter() - started) * 1000)


def _credentials(context: Context) -> tuple[str, str | None]:
    metadata = {str(key): value for key, value in context.invocation_metadata() or ()}
    kind, _, secret = str(metadata.get("authorization", "")).partition(" ")
    if kind.lower() != "bearer" or not secret:
        raise errors.TokenMissing()
    subject = metadata.get("tzurot-subject")
    return secret, str(subject) if subject else None


def _access(options: Any) -> access_pb2.Access:
    return options.Extensions[access_pb2.access]


def _scopes(services: list[ServiceDescriptor]) -> dict[str, str]:
    """The access option of every method; a method without one is a fault of the contract."""
    scopes: dict[str, str] = {}
    for service in services:
        for method in service.methods:
            scope = _access(method.GetOptions()).scope
            if not scope:
                raise RuntimeError(f"{method.full_name} has no access option")
            scopes[f"/{service.full_name}/{method.name}"] = scope
    return scopes
