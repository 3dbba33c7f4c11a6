"""A real site over TLS on loopback, and a fetcher for which a public address leads there."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpcore2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tzurot import clock
from tzurot.fetching import fetcher
from tzurot.fetching.fetcher import Fetcher

PUBLIC = "93.184.215.14"
NAME = "files.example.org"

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Authority:
    """Signs certificates that only those believe who trust its `file`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of a test")])
        limits = x509.BasicConstraints(ca=True, path_length=0)
        own = self._signed(self._name, self._key.public_key(), limits, clock.now())
        self.file = folder / "authority.pem"
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def server(self, *names: str, since: datetime | None = None) -> ssl.SSLContext:
        """What a server needs to be one of `names`, for a day from `since` on."""
        key = ec.generate_private_key(ec.SECP256R1())
        alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        since = since or clock.now()
        certificate = self._signed(subject, key.public_key(), alternatives, since)
        file = self._folder / f"{certificate.serial_number}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey,
        extension: x509.BasicConstraints | x509.SubjectAlternativeName,
        since: datetime,
    ) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(since - timedelta(hours=1))
            .not_valid_after(since + timedelta(days=1))
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
            .sign(self._key, hashes.SHA256())
        )


class Site:
    """Answers each path with the bytes it was given, and remembers who asked for what."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Answer] = {}
        self.requests: list[bytes] = []
        self.names: list[str | None] = []
        self.port = 0

    def gives(self, path: str, answer: bytes | Answer) -> str:
        """Put an answer at `path`, and say its address."""
        self.answers[path] = answer
        return f"https://{NAME}{path}"

    def sends_to(self, path: str, location: str, status: int = 302) -> str:
        return self.gives(path, f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\n\r\n".encode())

    def remember_name(self, _: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> None:
        self.names.append(name)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            self.requests.append(request)
            answer = self.answers[request.split(b" ")[1].decode()]
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (OSError, EOFError):
            pass  # who asked has heard enough
        finally:
            writer.close()


class Net:
    """What a fetcher sees of the world: a resolver and a network, both told by the test."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.addresses: dict[str, list[str]] = {NAME: [PUBLIC]}
        self.resolved: list[str] = []
        self.connected: list[tuple[str, int]] = []

    async def resolve(self, name: str) -> list[str]:
        self.resolved.append(name)
        if name not in self.addresses:
            raise OSError(f"no {name}")
        return self.addresses[name]

    async def connect(self, address: str, port: int) -> httpcore2.AsyncNetworkStream:
        self.connected.append((address, port))
        return await fetcher.connect("127.0.0.1", self.site.port)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def site(authority: Authority) -> AsyncIterator[Site]:
    site = Site()
    context = authority.server(NAME, "other.example.org", "xn--pple-43d.example.org")
    context.sni_callback = site.remember_name
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=context)
    site.port = server.sockets[0].getsockname()[1]
    async with server:
        yield site


@pytest.fixture
def net(site: Site) -> Net:
    return Net(site)


@pytest.fixture
def trust(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority.file)


@pytest.fixture
def fetching(net: Net, trust: ssl.SSLContext) -> Fetcher:
    return Fetcher(resolve=net.resolve, connect=net.connect, ssl_context=trust)
