"""Fetching from a real site over TLS: what arrives, and what never gets through."""

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpcore2
import pytest

from tests.fetching.conftest import NAME, PUBLIC, Authority, Net, Site
from tzurot import clock
from tzurot.fetching import fetcher
from tzurot.fetching.fetcher import Fetched, Fetcher
from tzurot.fetching.refusals import FetchRefused, Problem

LIMIT = 100_000
PRIVATE = "10.0.0.7"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 5\r\n\r\nhello"


async def fetch(fetching: Fetcher, url: str, seconds: float = 10) -> Fetched:
    return await fetching.fetch(url, limit_bytes=LIMIT, seconds=seconds)


async def refusal(fetching: Fetcher, url: str, seconds: float = 10) -> Problem:
    with pytest.raises(FetchRefused) as refused:
        await fetch(fetching, url, seconds)
    assert refused.value.sentence.endswith(".")
    return refused.value.problem


# What arrives


async def test_a_file_arrives_with_its_type(fetching: Fetcher, site: Site) -> None:
    url = site.gives("/a.png?size=512", HELLO)
    assert await fetch(fetching, url) == Fetched(b"hello", "image/png", url)


async def test_the_server_is_asked_by_name_at_the_address_that_was_checked(
    fetching: Fetcher, site: Site, net: Net
) -> None:
    await fetch(fetching, site.gives("/a", HELLO))
    assert net.connected == [(PUBLIC, 443)]
    assert site.names == [NAME]
    assert b"\r\nHost: files.example.org\r\n" in site.requests[0]


async def test_nothing_is_sent_but_what_a_download_needs(fetching: Fetcher, site: Site) -> None:
    cookie = b"HTTP/1.1 302 Found\r\nSet-Cookie: a=b\r\nLocation: /b\r\n\r\n"
    site.gives("/b", HELLO)
    await fetch(fetching, site.gives("/a", cookie))
    for request in site.requests:
        names = {line.split(b":")[0].lower() for line in request.split(b"\r\n")[1:] if line}
        assert names == {b"host", b"user-agent", b"accept", b"accept-encoding", b"connection"}
        assert b"Accept-Encoding: identity\r\n" in request


@pytest.mark.parametrize(
    "written",
    [
        "https://files.example.org/a",
        "HTTPS://FILES.EXAMPLE.ORG/a",
        "https://files.example.org./a",
        "https://files.example.org:443/a",
        "https://@files.example.org/a",
        "https://files.example.org/a#part",
        "https://files。example．org/a",
        "https://files.example.org/b/../a",
    ],
)
async def test_one_address_written_in_many_ways(
    written: str, fetching: Fetcher, site: Site, net: Net
) -> None:
    site.gives("/a", HELLO)
    assert (await fetch(fetching, written)).url == "https://files.example.org/a"
    assert net.resolved == [NAME]
    assert site.names == [NAME]


async def test_a_name_with_letters_of_another_script_is_what_it_is(
    fetching: Fetcher, site: Site, net: Net
) -> None:
    net.addresses["xn--pple-43d.example.org"] = [PUBLIC]
    site.gives("/a", HELLO)
    fetched = await fetch(fetching, "https://\u0430pple.example.org/a")  # a Cyrillic а
    assert fetched.url == "https://xn--pple-43d.example.org/a"


async def test_a_body_in_chunks_arrives_whole(fetching: Fetcher, site: Site) -> None:
    chunked = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
    )
    assert (await fetch(fetching, site.gives("/a", chunked))).content == b"hello"


async def test_a_body_as_large_as_the_limit_arrives(fetching: Fetcher, site: Site) -> None:
    full = b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * LIMIT
    assert len((await fetch(fetching, site.gives("/a", full))).content) == LIMIT


@pytest.mark.parametrize(
    ("claimed", "media_type"),
    [
        (b"Content-Type: Text/HTML; charset=utf-8\r\n", "text/html"),
        (b"Content-Type: image/svg+xml\r\n", "image/svg+xml"),
        (b"Content-Type: <script>\r\n", ""),
        (b"Content-Type: a/b/c\r\n", ""),
        (b"Content-Type: \xff\xfe/x\r\n", ""),
        (b"", ""),
    ],
)
async def test_the_type_is_one_or_nothing(
    claimed: bytes, media_type: str, fetching: Fetcher, site: Site
) -> None:
    url = site.gives("/a", b"HTTP/1.1 200 OK\r\n" + claimed + b"\r\nhello")
    assert (await fetch(fetching, url)).media_type == media_type


async def test_the_next_address_of_a_name_is_tried(
    site: Site, net: Net, trust: ssl.SSLContext
) -> None:
    net.addresses[NAME] = ["93.184.215.15", PUBLIC]

    async def half(address: str, port: int) -> httpcore2.AsyncNetworkStream:
        if address != PUBLIC:
            raise httpcore2.ConnectError("refused")
        return await net.connect(address, port)

    fetching = Fetcher(resolve=net.resolve, connect=half, ssl_context=trust)
    assert (await fetch(fetching, site.gives("/a", HELLO))).content == b"hello"


# Addresses


async def test_a_name_is_resolved_once_and_what_it_says_later_does_not_matter(
    site: Site, net: Net, trust: ssl.SSLContext
) -> None:
    said = iter([[PUBLIC], [PRIVATE], ["127.0.0.1"]])
    asked: list[str] = []

    async def rebinding(name: str) -> list[str]:
        asked.append(name)
        return next(said)

    fetching = Fetcher(resolve=rebinding, connect=net.connect, ssl_context=trust)
    await fetch(fetching, site.gives("/a", HELLO))
    assert asked == [NAME]
    assert net.connected == [(PUBLIC, 443)]


async def test_a_redirect_to_the_same_name_is_checked_anew(
    site: Site, net: Net, trust: ssl.SSLContext
) -> None:
    said = iter([[PUBLIC], [PRIVATE]])

    async def rebinding(_: str) -> list[str]:
        return next(said)

    fetching = Fetcher(resolve=rebinding, connect=net.connect, ssl_context=trust)
    site.gives("/b", HELLO)
    assert await refusal(fetching, site.sends_to("/a", "/b")) is Problem.PRIVATE_ADDRESS
    assert net.connected == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    "addresses", [[PRIVATE], [PUBLIC, PRIVATE], [PRIVATE, PUBLIC], [PUBLIC, "::1"]]
)
async def test_one_private_address_is_enough_to_refuse_a_name(
    addresses: list[str], fetching: Fetcher, site: Site, net: Net
) -> None:
    net.addresses[NAME] = addresses
    url = site.gives("/a", HELLO)
    assert await refusal(fetching, url) is Problem.PRIVATE_ADDRESS
    assert net.connected == []


async def test_what_the_system_says_of_this_machine_is_refused(net: Net) -> None:
    async def system(_: str) -> list[str]:
        return list(await fetcher.resolve("localhost"))

    fetching = Fetcher(resolve=system, connect=net.connect)
    assert await refusal(fetching, "https://files.example.org/") is Problem.PRIVATE_ADDRESS
    assert net.connected == []


async def test_a_name_without_an_address_is_unresolvable(fetching: Fetcher, net: Net) -> None:
    assert await refusal(fetching, "https://nobody.example.org/") is Problem.UNRESOLVABLE
    net.addresses["empty.example.org"] = []
    assert await refusal(fetching, "https://empty.example.org/") is Problem.UNRESOLVABLE


async def test_a_proxy_of_the_environment_is_not_used(
    fetching: Fetcher, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[bytes] = []

    async def trap(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        used.append(await reader.read(100))
        writer.close()

    server = await asyncio.start_server(trap, "127.0.0.1", 0)
    async with server:
        proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, proxy)
        await fetch(fetching, site.gives("/a", HELLO))
    assert used == []


# Redirects


async def test_three_redirects_are_followed(fetching: Fetcher, site: Site, net: Net) -> None:
    net.addresses["other.example.org"] = [PUBLIC]
    site.gives("/d", HELLO)
    site.sends_to("/c", "/d", 308)
    site.sends_to("/b", "//other.example.org/c", 301)
    fetched = await fetch(fetching, site.sends_to("/a", "b", 307))
    assert fetched == Fetched(b"hello", "image/png", "https://other.example.org/d")
    assert site.names == [NAME, NAME, "other.example.org", "other.example.org"]


async def test_a_loop_of_redirects_ends(fetching: Fetcher, site: Site) -> None:
    site.sends_to("/b", "/a")
    assert await refusal(fetching, site.sends_to("/a", "/b")) is Problem.TOO_MANY_REDIRECTS
    assert len(site.requests) == 4


@pytest.mark.parametrize(
    ("location", "problem"),
    [
        ("http://files.example.org/b", Problem.NOT_HTTPS),
        ("ftp://files.example.org/b", Problem.NOT_HTTPS),
        ("file:///etc/passwd", Problem.NOT_HTTPS),
        ("data:text/plain,hello", Problem.NOT_HTTPS),
        ("https://files.example.org:8443/b", Problem.BAD_ADDRESS),
        ("https://a:b@files.example.org/b", Problem.BAD_ADDRESS),
        ("https://127.0.0.1/b", Problem.BAD_ADDRESS),
        ("https://[::1]/b", Problem.BAD_ADDRESS),
        ("//169.254.169.254/latest/meta-data", Problem.BAD_ADDRESS),
        ("https://2130706433/b", Problem.BAD_ADDRESS),
        ("https://[", Problem.BAD_ADDRESS),
        ("https://inside.example.org/b", Problem.PRIVATE_ADDRESS),
        ("https://nobody.example.org/b", Problem.UNRESOLVABLE),
    ],
)
async def test_a_redirect_is_held_to_the_same_rules(
    location: str, problem: Problem, fetching: Fetcher, site: Site, net: Net
) -> None:
    net.addresses["inside.example.org"] = [PRIVATE]
    site.gives("/b", HELLO)
    assert await refusal(fetching, site.sends_to("/a", location)) is problem
    assert net.connected == [(PUBLIC, 443)]


# Answers that are not taken


@pytest.mark.parametrize("status", [204, 206, 304, 401, 404, 500])
async def test_only_a_file_is_taken(status: int, fetching: Fetcher, site: Site) -> None:
    url = site.gives("/a", f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode())
    assert await refusal(fetching, url) is Problem.BAD_STATUS


async def test_a_redirect_to_nowhere_is_a_bad_status(fetching: Fetcher, site: Site) -> None:
    url = site.gives("/a", b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")
    assert await refusal(fetching, url) is Problem.BAD_STATUS


async def test_a_length_above_the_limit_is_believed(fetching: Fetcher, site: Site) -> None:
    url = site.gives("/a", b"HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n")
    assert await refusal(fetching, url) is Problem.TOO_LARGE


async def test_a_body_without_a_length_is_cut_off_at_the_limit(
    fetching: Fetcher, site: Site
) -> None:
    sent = 0

    async def endless(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(10_000):
            writer.write(b"8000\r\n" + bytes(0x8000) + b"\r\n")
            await writer.drain()
            sent += 0x8000

    assert await refusal(fetching, site.gives("/a", endless)) is Problem.TOO_LARGE
    assert sent < 10_000 * 0x8000 // 10, "the server was left as soon as it was too much"


async def test_a_length_that_lies_ends_where_it_says(fetching: Fetcher, site: Site) -> None:
    url = site.gives("/a", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" + b"!" * LIMIT)
    assert (await fetch(fetching, url)).content == b"hello"


async def test_a_length_beside_chunks_does_not_hide_their_size(
    fetching: Fetcher, site: Site
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"20000\r\n" + bytes(0x20000) + b"\r\n0\r\n\r\n"
    assert await refusal(fetching, site.gives("/a", head + body)) is Problem.TOO_LARGE


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br", "zstd", "deflate", "identity, gzip"])
async def test_a_compressed_body_is_refused_unread(
    encoding: str, fetching: Fetcher, site: Site
) -> None:
    bomb = gzip.compress(bytes(10_000_000))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(bomb)}"
    url = site.gives("/a", head.encode() + b"\r\n\r\n" + bomb)
    assert await refusal(fetching, url) is Problem.BAD_RESPONSE


async def test_a_compressed_file_stays_compressed(fetching: Fetcher, site: Site) -> None:
    bomb = gzip.compress(bytes(10_000_000))
    assert (
        await fetch(fetching, site.gives("/a", b"HTTP/1.1 200 OK\r\n\r\n" + bomb))
    ).content == bomb


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"1\r\na\r\n" * 50_000
        + b"0\r\n\r\n",
    ],
    ids=lambda answer: repr(answer[:60]),
)
async def test_what_is_not_a_whole_answer_is_refused(
    answer: bytes, fetching: Fetcher, site: Site
) -> None:
    assert await refusal(fetching, site.gives("/a", answer)) is Problem.BAD_RESPONSE


# Time


async def test_a_file_that_drips_is_not_waited_for(fetching: Fetcher, site: Site) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.02)

    assert await refusal(fetching, site.gives("/a", drip), seconds=0.3) is Problem.TIMEOUT


async def test_all_redirects_share_one_time_limit(fetching: Fetcher, site: Site) -> None:
    async def late(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /a\r\n\r\n")

    assert await refusal(fetching, site.gives("/a", late), seconds=0.5) is Problem.TIMEOUT


async def test_a_resolver_that_hangs_is_not_waited_for(net: Net) -> None:
    async def hang(_: str) -> list[str]:
        await asyncio.Event().wait()
        return [PUBLIC]

    fetching = Fetcher(resolve=hang, connect=net.connect)
    assert await refusal(fetching, f"https://{NAME}/", seconds=0.05) is Problem.TIMEOUT


async def test_a_server_that_never_speaks_tls_is_not_waited_for(
    fetching: Fetcher, site: Site
) -> None:
    async with _listening(None, silent=True) as port:
        site.port = port
        assert await refusal(fetching, f"https://{NAME}/", seconds=0.3) is Problem.TIMEOUT


# Who answers


async def test_nobody_at_the_address_is_unreachable(fetching: Fetcher, site: Site) -> None:
    async with _listening(None) as port:
        site.port = port
    assert await refusal(fetching, f"https://{NAME}/") is Problem.UNREACHABLE


async def test_a_server_without_tls_is_unreachable(fetching: Fetcher, site: Site) -> None:
    async with _listening(None) as port:
        site.port = port
        assert await refusal(fetching, f"https://{NAME}/") is Problem.UNREACHABLE


async def test_a_certificate_for_another_name_is_refused(
    fetching: Fetcher, site: Site, authority: Authority
) -> None:
    async with _listening(authority.server("elsewhere.example.org")) as port:
        site.port = port
        assert await refusal(fetching, f"https://{NAME}/") is Problem.BAD_CERTIFICATE


async def test_a_certificate_that_has_expired_is_refused(
    fetching: Fetcher, site: Site, authority: Authority
) -> None:
    async with _listening(authority.server(NAME, since=clock.now() - timedelta(days=9))) as port:
        site.port = port
        assert await refusal(fetching, f"https://{NAME}/") is Problem.BAD_CERTIFICATE


async def test_a_certificate_of_an_unknown_authority_is_refused(site: Site, net: Net) -> None:
    fetching = Fetcher(resolve=net.resolve, connect=net.connect)  # trusts what the system trusts
    assert await refusal(fetching, site.gives("/a", HELLO)) is Problem.BAD_CERTIFICATE
    assert site.requests == []


async def test_an_authority_named_by_the_environment_is_not_trusted(
    site: Site, net: Net, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    fetcher.certificates.cache_clear()
    fetching = Fetcher(resolve=net.resolve, connect=net.connect)
    assert await refusal(fetching, site.gives("/a", HELLO)) is Problem.BAD_CERTIFICATE


@asynccontextmanager
async def _listening(context: ssl.SSLContext | None, *, silent: bool = False) -> AsyncIterator[int]:
    """A server that says the same to everybody, or nothing."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if silent:
            await reader.read()
        else:
            writer.write(HELLO)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]
