"""The gRPC server: address, TLS, health, reflection."""

# The health and reflection packages carry no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false

import errno
import socket
import ssl
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Self

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


Add = Callable[[Any, grpc.aio.Server], None]  # what protoc writes for each service


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

    @property
    def address(self) -> str:
        """Host and port as gRPC reads them: IPv6 in brackets."""
        bare = ":" in self.host and not self.host.startswith("[")
        return f"[{self.host}]:{self.port}" if bare else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Service:
    """A service and who serves it."""

    descriptor: ServiceDescriptor
    add: Add
    servicer: object

    @classmethod
    def of(cls, servicer: object) -> Self:
        """The service whose generated base class the servicer extends."""
        base = next(c for c in type(servicer).__mro__ if c.__module__.endswith("_pb2_grpc"))
        stubs = import_module(base.__module__)
        messages = import_module(base.__module__.removesuffix("_grpc"))
        name = base.__name__.removesuffix("Servicer")
        add = getattr(stubs, f"add_{base.__name__}_to_server")
        return cls(messages.DESCRIPTOR.services_by_name[name], add, servicer)


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
        yield Listening(replace(binding, port=port).address, state)
    finally:
        await server.stop(grace=1)


def _bind(server: grpc.aio.Server, binding: Binding) -> int:
    credentials = _credentials(binding)
    if credentials is None and not binding.is_loopback and not binding.insecure:
        raise StartupError(
            f"Listening on {binding.address} without TLS would send tokens in the clear: set "
            "TZUROT_TLS_CERTIFICATE and TZUROT_TLS_KEY, or TZUROT_INSECURE=1 if something "
            "else protects this network."
        )
    try:
        if credentials:
            return server.add_secure_port(binding.address, credentials)
        return server.add_insecure_port(binding.address)
    except RuntimeError:
        raise StartupError(_why_refused(binding)) from None


def _credentials(binding: Binding) -> grpc.ServerCredentials | None:
    """The certificate and its key, if they are configured and fit.

    Raises:
        StartupError: one is missing or unreadable, or they are no pair.
    """
    if not binding.certificate and not binding.key:
        return None
    if not binding.certificate or not binding.key:
        raise StartupError("TLS needs both TZUROT_TLS_CERTIFICATE and TZUROT_TLS_KEY.")
    try:
        # gRPC would say of a wrong file no more than that it cannot bind.
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            binding.certificate, binding.key, password=""
        )
        pair = (binding.key.read_bytes(), binding.certificate.read_bytes())
    except ssl.SSLError as error:
        reason = error.reason or "a file is no PEM"
        raise StartupError(f"The TLS certificate and key are no pair: {reason}.") from None
    except OSError as error:
        raise StartupError(f"The TLS files cannot be read: {error}.") from None
    return grpc.ssl_server_credentials([pair])


def _why_refused(binding: Binding) -> str:
    """Why nobody can listen there: gRPC doesn't say, a socket of our own does."""
    in_use = (
        f"Port {binding.port} on {binding.host} is in use: stop what uses it, or set "
        "TZUROT_PORT to another one."
    )
    try:
        host = binding.host.strip("[]")
        family, kind, _, _, address = socket.getaddrinfo(
            host, binding.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return in_use
        return f"Nobody can listen on {binding.address}: {error.strerror}; set TZUROT_HOST."
    return in_use  # until a moment ago
