"""A Discord with a channel and a person, and a scripted server, for each test."""

import sys
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_address

import pytest

from tests.clients.discord.recording import record
from tests.clients.discord.scripted_flows import ScriptedFlows, serving
from tests.clients.stub_server import Refusal, StubServer, stub_server
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.wire import Request

QUIET = {"parse": []}
_elsewhere: list[object] = []
"""Addresses outside of this machine that anything in this process has connected to."""


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    match arguments[1]:
        case (str(host), *_) if not ip_address(host.partition("%")[0]).is_loopback:
            _elsewhere.append(arguments[1])
        case _:
            pass


sys.addaudithook(_watch)  # it stays for good, and costs nothing


@pytest.fixture
async def fake(request: pytest.FixtureRequest) -> AsyncIterator[FakeDiscord]:
    """A Discord; what the bot did is checked against the vendor's rules afterwards.

    So is that nobody was pinged, and that nobody has spoken to another machine.
    """
    async with FakeDiscord.start() as started:
        yield started
        record(started, request.node.name)
        started.check()
        assert list(_pinging(started)) == []
        assert _elsewhere == []


def _pinging(fake: FakeDiscord) -> Iterator[Request]:
    """What the bot has said or edited without keeping the names in it from pinging."""
    for request in fake.requests:
        told = request.body.get("data") or request.body
        if (told.get("content") or told.get("embeds")) and told.get("allowed_mentions") != QUIET:
            yield request


def _no_flow(_: object) -> None:
    raise Refusal("NOT_FOUND", "FLOW_KIND_NOT_FOUND")


@pytest.fixture
async def server() -> AsyncIterator[StubServer]:
    """A server that has what a test gives it, and no flow."""
    async with stub_server() as started:
        started.answers["StartFlow"] = _no_flow
        yield started


@pytest.fixture
async def flows() -> AsyncIterator[ScriptedFlows]:
    """A server that knows flows and nothing else."""
    scripted = ScriptedFlows()
    async with serving(scripted):
        yield scripted
