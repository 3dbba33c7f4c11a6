"""Where the server listens: loopback in the clear, anywhere else with TLS, and a clear sentence."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import grpc.aio
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2_grpc

from tzurot import clock
from tzurot.account.v1 import account_service_pb2, account_service_pb2_grpc
from tzurot.errors import StartupError
from tzurot.transport import server
from tzurot.transport.server import Binding, Listening, Service
from tzurot.transport.subject import Caller

LOOPBACK = Binding("127.0.0.1", 0, insecure=False)
EVERYWHERE = Binding("0.0.0.0", 0, insecure=False)  # noqa: S104 - what must be refused
SERVING = health_pb2.HealthCheckResponse.SERVING


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate that signs itself, for this machine, and its key."""

    certificate: Path
    key: Path


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return _pair(tmp_path)


async def test_on_loopback_no_tls_is_needed() -> None:
    async with _serving(LOOPBACK) as listening:
        assert await _health(grpc.aio.insecure_channel(listening.address)) == SERVING


async def test_beyond_loopback_the_clear_is_refused_with_what_to_do() -> None:
    with pytest.raises(StartupError, match=r"TZUROT_TLS_CERTIFICATE.*TZUROT_INSECURE=1"):
        async with _serving(EVERYWHERE):
            raise AssertionError("it listens")


async def test_who_protects_the_network_otherwise_may_say_so() -> None:
    async with _serving(replace(EVERYWHERE, insecure=True)) as listening:
        address = listening.address.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        assert await _health(grpc.aio.insecure_channel(address)) == SERVING


async def test_with_a_certificate_calls_are_encrypted(pair: Pair) -> None:
    async with _serving(_with(LOOPBACK, pair)) as listening:
        trusting = grpc.ssl_channel_credentials(pair.certificate.read_bytes())
        assert await _health(grpc.aio.secure_channel(listening.address, trusting)) == SERVING


async def test_with_a_certificate_it_listens_beyond_loopback(pair: Pair) -> None:
    async with _serving(_with(EVERYWHERE, pair)) as listening:
        address = listening.address.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        trusting = grpc.ssl_channel_credentials(pair.certificate.read_bytes())
        assert await _health(grpc.aio.secure_channel(address, trusting)) == SERVING


async def test_with_a_certificate_nobody_is_served_in_the_clear(pair: Pair) -> None:
    async with _serving(_with(LOOPBACK, pair)) as listening:
        with pytest.raises(grpc.aio.AioRpcError) as error:
            await _health(grpc.aio.insecure_channel(listening.address))
        assert error.value.code() is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize("missing", ["certificate", "key"])
async def test_a_certificate_without_its_key_is_not_taken_for_no_tls(
    missing: str, pair: Pair
) -> None:
    binding = replace(_with(LOOPBACK, pair), **{missing: None})
    with pytest.raises(StartupError, match="needs both"):
        async with _serving(binding):
            raise AssertionError("it listens in the clear")


async def test_a_tls_file_that_is_not_there_is_named(pair: Pair) -> None:
    pair.key.unlink()
    with pytest.raises(StartupError, match=r"TLS files cannot be read: .*No such file"):
        async with _serving(_with(LOOPBACK, pair)):
            raise AssertionError("it listens")


async def test_a_tls_file_with_something_else_in_it_is_no_port_in_use(pair: Pair) -> None:
    pair.certificate.write_text("no certificate")
    with pytest.raises(StartupError, match="are no pair"):
        async with _serving(_with(LOOPBACK, pair)):
            raise AssertionError("it listens")


async def test_the_key_of_another_certificate_is_refused(pair: Pair, tmp_path: Path) -> None:
    other = _pair(tmp_path, "other")
    with pytest.raises(StartupError, match="are no pair"):
        async with _serving(_with(LOOPBACK, replace(pair, key=other.key))):
            raise AssertionError("it listens")


async def test_a_port_in_use_is_said_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartupError, match=rf"Port {port} .* in use: .*TZUROT_PORT"):
            async with _serving(replace(LOOPBACK, port=port)):
                raise AssertionError("it listens")


async def test_two_servers_do_not_share_a_port() -> None:
    async with _serving(LOOPBACK) as listening:
        port = int(listening.address.rpartition(":")[2])
        with pytest.raises(StartupError, match="is in use"):
            async with _serving(replace(LOOPBACK, port=port)):
                raise AssertionError("it listens too")


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])  # RFC 5737, RFC 2606
async def test_a_host_that_is_not_this_machine_is_no_port_in_use(host: str) -> None:
    with pytest.raises(StartupError, match=f"listen on {host}:0: .*TZUROT_HOST"):
        async with _serving(Binding(host, 0, insecure=True)):
            raise AssertionError("it listens")


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize("host", ["::1", "[::1]"])
async def test_ipv6_loopback_is_loopback_and_its_address_can_be_called(host: str) -> None:
    async with _serving(Binding(host, 0, insecure=False)) as listening:
        assert listening.address.startswith("[::1]:")
        assert await _health(grpc.aio.insecure_channel(listening.address)) == SERVING


async def test_reflection_is_for_loopback_only() -> None:
    async with _serving(replace(EVERYWHERE, insecure=True)) as listening:
        address = listening.address.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        async with grpc.aio.insecure_channel(address) as channel:
            reflection: Any = reflection_pb2_grpc.ServerReflectionStub
            call = reflection(channel).ServerReflectionInfo(timeout=5)
            assert await call.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_draining_server_says_so_to_whoever_asks_for_its_health() -> None:
    async with _serving(LOOPBACK) as listening:
        await listening.drain()
        health = await _health(grpc.aio.insecure_channel(listening.address))
        assert health == health_pb2.HealthCheckResponse.NOT_SERVING


@asynccontextmanager
async def _serving(binding: Binding) -> AsyncGenerator[Listening]:
    """A server with one service that nobody calls."""

    async def authenticate(secret: str, subject: str | None) -> Caller:
        raise AssertionError("nobody calls")

    service = Service(
        account_service_pb2.DESCRIPTOR.services_by_name["AccountService"],
        account_service_pb2_grpc.add_AccountServiceServicer_to_server,
        account_service_pb2_grpc.AccountServiceServicer(),
    )
    async with server.serve([service], authenticate, binding) as listening:
        yield listening


def _with(binding: Binding, pair: Pair) -> Binding:
    return replace(binding, certificate=pair.certificate, key=pair.key)


async def _health(opened: grpc.aio.Channel) -> int:
    async with opened as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        return (await stub.Check(health_pb2.HealthCheckRequest(), timeout=5)).status


def _pair(folder: Path, name: str = "server") -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    alternatives = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .sign(key, hashes.SHA256())
    )
    pair = Pair(folder / f"{name}.crt", folder / f"{name}.key")
    pair.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pair.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pair
