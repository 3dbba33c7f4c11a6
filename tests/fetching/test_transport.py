"""A client library at an address that a stranger chose: the same rules, and nothing is followed."""

import gzip
import ssl
from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.fetching.conftest import NAME, Net, Site
from tzurot.fetching import transport
from tzurot.fetching.fetcher import Fetcher
from tzurot.fetching.refusals import Problem
from tzurot.fetching.transport import NotPublic, PublicTransport

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@pytest.fixture
async def http(net: Net, trust: ssl.SSLContext) -> AsyncIterator[httpx2.AsyncClient]:
    fetching = Fetcher(resolve=net.resolve, connect=net.connect, ssl_context=trust)
    through = PublicTransport(fetching)
    async with httpx2.AsyncClient(transport=through, follow_redirects=False) as client:
        yield client


async def test_what_is_sent_arrives_at_the_address_alone(
    http: httpx2.AsyncClient, net: Net, site: Site
) -> None:
    url = site.gives("/v1/models", HELLO)
    answered = await http.get(url, headers={"Authorization": "Bearer secret"})
    assert answered.text == "hello"
    assert b"authorization: bearer secret" in site.requests[0].lower()
    moved = site.sends_to("/moved", "https://other.example.org/v1/models")
    assert (await http.get(moved)).status_code == 302
    assert net.resolved == [NAME, NAME]


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        (f"http://{NAME}/", Problem.NOT_HTTPS),
        (f"https://{NAME}:8443/", Problem.BAD_ADDRESS),
        ("https://127.0.0.1/", Problem.BAD_ADDRESS),
        ("https://inside.example.org/", Problem.PRIVATE_ADDRESS),
        ("https://nowhere.example.org/", Problem.UNRESOLVABLE),
    ],
)
async def test_what_nobody_may_ask_is_not_asked(
    http: httpx2.AsyncClient, net: Net, url: str, problem: Problem
) -> None:
    net.addresses["inside.example.org"] = ["10.0.0.7"]
    with pytest.raises(NotPublic) as refused:
        await http.get(url)
    assert refused.value.refused.problem is problem
    assert net.connected == []


async def test_a_name_is_looked_up_for_every_connection(
    http: httpx2.AsyncClient, net: Net, site: Site
) -> None:
    """What was public a moment ago may lead inside by now."""
    url = site.gives("/", HELLO)
    await http.get(url)
    net.addresses[NAME] = ["169.254.169.254"]
    with pytest.raises(NotPublic):
        await http.get(url)


async def test_what_is_packed_is_not_unpacked(http: httpx2.AsyncClient, site: Site) -> None:
    packed = gzip.compress(b"0" * 1_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    url = site.gives("/", head.encode() + packed)
    with pytest.raises(httpx2.RemoteProtocolError):
        await http.get(url)


async def test_an_answer_has_an_end(
    http: httpx2.AsyncClient, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER", 1_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
    short = site.gives("/short", head % 1_000 + b"0" * 1_000)
    assert len((await http.get(short)).content) == 1_000
    long = site.gives("/long", head % 1_001 + b"0" * 1_001)
    with pytest.raises(httpx2.ReadError):
        await http.get(long)
