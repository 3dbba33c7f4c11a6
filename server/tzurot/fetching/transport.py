"""What a client library goes through to an address that a stranger chose.

The same rules as for files: https, by name, at a public address, with a certificate that proves it.
Nothing is followed elsewhere and nothing is unpacked: what was sent there may be secret, and what
comes from there has a size. Nothing is remembered: the next request may be somebody else's.
"""

from collections.abc import AsyncIterator, Iterable
from typing import cast

import httpcore2
import httpx2

from tzurot.fetching import targets
from tzurot.fetching.fetcher import Fetcher
from tzurot.fetching.refusals import FetchRefused

MAX_ANSWER = 8 * 1024 * 1024  # bytes; the longest reply of a model has far less
_LIMITS = httpx2.Limits(max_connections=200, max_keepalive_connections=0)


class NotPublic(httpx2.ConnectError):
    """Nobody may ask this address. For a library it is one that can't be reached."""

    def __init__(self, refused: FetchRefused) -> None:
        super().__init__(refused.sentence)
        self.refused = refused


class PublicTransport(httpx2.AsyncHTTPTransport):
    """For `httpx2.AsyncClient(transport=…, follow_redirects=False)`.

    Connections are not kept: what one person's key opened serves nobody else.

    Raises, where a request is sent:
        NotPublic: the address is none that anybody may ask.
    """

    def __init__(self, fetcher: Fetcher) -> None:
        super().__init__(verify=fetcher.ssl_context, trust_env=False, limits=_LIMITS)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=fetcher.ssl_context,
            max_connections=_LIMITS.max_connections,
            max_keepalive_connections=_LIMITS.max_keepalive_connections,
            network_backend=_OpenInternet(fetcher),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it, if its address is one that anybody may ask."""
        request.headers["Accept-Encoding"] = "identity"
        try:
            targets.parse(str(request.url))
            response = await super().handle_async_request(request)
        except FetchRefused as refused:
            raise NotPublic(refused) from refused
        if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
            await response.aclose()
            raise httpx2.RemoteProtocolError("compresses what it sends", request=request)
        response.headers.pop("set-cookie", None)  # the client would send it for everybody
        # Its type is that of both worlds; this transport is of the one.
        response.stream = _Bounded(cast("httpx2.AsyncByteStream", response.stream))
        return response


class _OpenInternet(httpcore2.AsyncNetworkBackend):
    """Connects a name to an address of it that was checked just then."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        return await self._fetcher.open(host, port)


class _Bounded(httpx2.AsyncByteStream):
    """An answer, as far as it may go."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for piece in self._stream:
            read += len(piece)
            if read > MAX_ANSWER:
                raise httpx2.ReadError(f"has more than {MAX_ANSWER:,} bytes")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()
