"""Fetches one file from an address that a stranger chose. Read `Fetcher.fetch`.

A name is resolved once, every address it stands for is checked, and the connection goes to an
address that was checked: a name that changes its mind in between (DNS rebinding) gains nothing.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Generator, Iterable, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import cast

import httpcore2
import httpx2

from tzurot.fetching import targets
from tzurot.fetching.refusals import FetchRefused, Problem

MAX_REDIRECTS = 3
CONNECT_SECONDS = 4.0  # for each address of a name
CONNECT_ATTEMPTS = 3  # addresses of a name
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS: dict[bytes | str, bytes | str] = {
    "User-Agent": "Tzurot",
    "Accept": "*/*",
    "Accept-Encoding": "identity",  # what is counted on the wire is then what arrives in memory
    "Connection": "close",
}
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")  # RFC 6838, 4.2

# A file that comes in crumbs costs a processor more than a network: each piece is an event.
_FREE_PIECES = 10_000
_MEAN_PIECE = 64  # bytes

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""The numeric addresses of a name, the best one first; raises OSError if there are none."""

Connect = Callable[[str, int], Awaitable[httpcore2.AsyncNetworkStream]]
"""Opens TCP to a numeric address that was checked, and a port; raises httpcore2.NetworkError."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file. `media_type` is what its server claims, or empty; `url` is where it was at last."""

    content: bytes
    media_type: str
    url: str


async def resolve(name: str) -> Sequence[str]:
    """Ask the system's resolver."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(name, targets.HTTPS_PORT, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


async def connect(address: str, port: int) -> httpcore2.AsyncNetworkStream:
    """Connect directly, whatever proxy the environment names."""
    # The library has a second AnyIOBackend, for when anyio is missing, that hides the type.
    backend = cast("httpcore2.AsyncNetworkBackend", httpcore2.AnyIOBackend())
    return await backend.connect_tcp(address, port, timeout=CONNECT_SECONDS)


@cache
def certificates() -> ssl.SSLContext:
    """Those that come with us, loaded once."""
    return httpx2.create_ssl_context(trust_env=False)


class Fetcher:
    """Fetches files over https. Keeps nothing between two calls but the certificates it trusts."""

    def __init__(
        self,
        *,
        resolve: Resolve = resolve,
        connect: Connect = connect,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._resolve = resolve
        self._connect = connect
        self._ssl_context = ssl_context or certificates()

    @property
    def ssl_context(self) -> ssl.SSLContext:
        """Whose certificates are believed."""
        return self._ssl_context

    async def open(self, host: str, port: int) -> httpcore2.AsyncNetworkStream:
        """TCP to `host`, which must be on the open internet.

        Raises:
            FetchRefused: it isn't, or there is no such name.
            httpcore2.NetworkError, httpcore2.TimeoutException: nobody answers there.
        """
        addresses = await self._public_addresses(host)
        return await _Pinned(addresses, self._connect).connect_tcp(host, port)

    async def fetch(self, url: str, *, limit_bytes: int, seconds: float) -> Fetched:
        """The file at `url`: at most `limit_bytes`, within `seconds` altogether.

        Raises:
            FetchRefused: for whatever keeps the file from being fetched.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(targets.parse(url), limit_bytes)
        except TimeoutError as error:
            raise FetchRefused(Problem.TIMEOUT, "Fetching the file took too long.") from error

    async def _follow(self, url: httpx2.URL, limit_bytes: int) -> Fetched:
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._ask(url, limit_bytes)
            if isinstance(answer, Fetched):
                return answer
            url = answer
        raise FetchRefused(Problem.TOO_MANY_REDIRECTS, f"{url.host} is one redirect too many.")

    async def _ask(self, url: httpx2.URL, limit_bytes: int) -> Fetched | httpx2.URL:
        """The file, or the address where it is instead."""
        host = url.raw_host.decode("ascii")
        addresses = await self._public_addresses(host)
        asked = httpcore2.URL(scheme="https", host=host, port=None, target=url.raw_path)
        with _failures_named(host):
            async with aclosing(_Pinned(addresses, self._connect)) as network:
                connection = httpcore2.AsyncHTTPConnection(
                    asked.origin, ssl_context=self._ssl_context, network_backend=network
                )
                async with connection.stream("GET", asked, headers=_HEADERS) as response:
                    return await _read(response, url, limit_bytes)

    async def _public_addresses(self, host: str) -> Sequence[str]:
        try:
            addresses = await self._resolve(host)
        except (OSError, UnicodeError) as error:
            raise FetchRefused(Problem.UNRESOLVABLE, f"There is no {host}.") from error
        if not addresses:
            raise FetchRefused(Problem.UNRESOLVABLE, f"There is no {host}.")
        # One public address excuses no other: whoever mixes them wants the other one.
        if not all(targets.is_public(address) for address in addresses):
            raise FetchRefused(Problem.PRIVATE_ADDRESS, f"{host} is not on the open internet.")
        return list(dict.fromkeys(addresses))


class _Pinned(httpcore2.AsyncNetworkBackend):
    """Connects to addresses that were checked, and never looks at the name."""

    def __init__(self, addresses: Sequence[str], connect: Connect) -> None:
        self._addresses = addresses
        self._connect = connect
        self._opened: list[httpcore2.AsyncNetworkStream] = []

    async def aclose(self) -> None:
        """Close what is left: the library forgets a connection whose TLS handshake is cancelled."""
        for stream in self._opened:
            await stream.aclose()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        stream = await self._first(port)
        self._opened.append(stream)
        return stream

    async def _first(self, port: int) -> httpcore2.AsyncNetworkStream:
        *others, last = self._addresses[:CONNECT_ATTEMPTS]
        for address in others:
            try:
                return await self._connect(address, port)
            except (httpcore2.NetworkError, httpcore2.TimeoutException):
                continue
        return await self._connect(last, port)


async def _read(
    response: httpcore2.Response, url: httpx2.URL, limit_bytes: int
) -> Fetched | httpx2.URL:
    headers = httpx2.Headers(response.headers)
    if response.status in _REDIRECTS and "location" in headers:
        return targets.redirected(url, headers["location"])
    if response.status != 200:
        raise FetchRefused(Problem.BAD_STATUS, f"{url.host} answers with {response.status}.")
    if headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise FetchRefused(Problem.BAD_RESPONSE, f"{url.host} compresses what it sends.")
    if int(headers.get("content-length", "0")) > limit_bytes:
        raise _too_large(limit_bytes)
    content = await _body(response, limit_bytes)
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(content, media_type if _MEDIA_TYPE.fullmatch(media_type) else "", str(url))


async def _body(response: httpcore2.Response, limit_bytes: int) -> bytes:
    body = bytearray()
    count = 0
    async with aclosing(response.aiter_stream()) as pieces:
        async for piece in pieces:
            body += piece
            count += 1
            if len(body) > limit_bytes:
                raise _too_large(limit_bytes)
            if count > _FREE_PIECES and len(body) < count * _MEAN_PIECE:
                raise FetchRefused(Problem.BAD_RESPONSE, "The file comes in crumbs.")
    return bytes(body)


def _too_large(limit_bytes: int) -> FetchRefused:
    return FetchRefused(Problem.TOO_LARGE, f"The file has more than {limit_bytes:,} bytes.")


@contextmanager
def _failures_named(host: str) -> Generator[None]:
    try:
        yield
    except httpcore2.ProtocolError as error:
        raise FetchRefused(Problem.BAD_RESPONSE, f"{host} does not send a whole file.") from error
    except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            raise FetchRefused(
                Problem.BAD_CERTIFICATE, f"Nothing proves that this is {host}: its certificate."
            ) from error
        raise FetchRefused(Problem.UNREACHABLE, f"{host} cannot be reached.") from error
