"""The gRPC server: address, TLS, health, reflection."""

# The health and reflection packages carry no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_health.v1._async import HealthServicer
from grpc_reflection.v1alpha import reflection

from tzurot.errors import StartupError
from tzurot.transport.calls import Authenticate, Calls

LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")

_OPTIONS = (
    ("grpc.so_reuseport", 0),  # a port in use is an error, not a second server behind it
    ("grpc.max_receive_message_length", 4 * 1024 * 1024),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
)


@dataclass(frozen=True, slots=True)
class Binding:
    """Where to listen, and how."""

    host: str
    port: int
    insecure: bool
    certificate: Path | None = None
    key: Path | None = None

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOOPBACK


@dataclass(frozen=True, slots=True)
class Service:
    """A service and who serves it."""

    descriptor: ServiceDescriptor
    add: Callable[[Any, grpc.aio.Server], None]
    servicer: object


@dataclass(frozen=True, slots=True)
class Listening:
    """A server that answers."""

    address: str
    health: Any

    async def drain(self) -> None:
        """Tell load balancers to send nobody here any more."""
        await self.health.enter_graceful_shutdown()


@asynccontextmanager
async def serve(
    services: Sequence[Service], authenticate: Authenticate, binding: Binding
) -> AsyncGenerator[Listening]:
    """Listen and answer until the context is left; calls still open then are ended.

    Raises:
        StartupError: the port is in use, or listening there would be unsafe.
    """
    descriptors = [service.descriptor for service in services]
    server = grpc.aio.server(interceptors=[Calls(descriptors, authenticate)], options=_OPTIONS)
    for service in services:
        service.add(service.servicer, server)
    state = HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(state, server)
    names = [descriptor.full_name for descriptor in descriptors]
    if binding.is_loopback:
        reflection.enable_server_reflection(
            [*names, health.SERVICE_NAME, reflection.SERVICE_NAME], server
        )
    port = _bind(server, binding)
    await server.start()
    for name in ["", *names]:
        await state.set(name, health_pb2.HealthCheckResponse.SERVING)
    try:
        yield Listening(f"{binding.host}:{port}", state)
    finally:
        await server.stop(grace=1)


def _bind(server: grpc.aio.Server, binding: Binding) -> int:
    address = f"{binding.host}:{binding.port}"
    try:
        if binding.certificate and binding.key:
            pair = (binding.key.read_bytes(), binding.certificate.read_bytes())
            return server.add_secure_port(address, grpc.ssl_server_credentials([pair]))
        if not binding.is_loopback and not binding.insecure:
            raise StartupError(
                f"Listening on {address} without TLS would send tokens in the clear: set "
                "TZUROT_TLS_CERTIFICATE and TZUROT_TLS_KEY, or TZUROT_INSECURE=1 if something "
                "else protects this network."
            )
        return server.add_insecure_port(address)
    except RuntimeError:
        raise StartupError(
            f"Port {binding.port} on {binding.host} is in use: stop what uses it, or set "
            "TZUROT_PORT to another one."
        ) from None
    except OSError as error:
        raise StartupError(f"The TLS files cannot be read: {error}.") from None
