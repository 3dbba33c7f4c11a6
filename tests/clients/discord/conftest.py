"""A Discord with a channel and a person, and a scripted server, for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.clients.discord.recording import record
from tests.clients.discord.scripted_flows import ScriptedFlows, serving
from tests.clients.stub_server import StubServer, stub_server
from tests.fakes.discord import FakeDiscord


@pytest.fixture
async def fake(request: pytest.FixtureRequest) -> AsyncIterator[FakeDiscord]:
    """A Discord; what the bot did is checked against the vendor's rules afterwards."""
    async with FakeDiscord.start() as started:
        yield started
        record(started, request.node.name)
        started.check()


@pytest.fixture
async def server() -> AsyncIterator[StubServer]:
    async with stub_server() as started:
        yield started


@pytest.fixture
async def flows() -> AsyncIterator[ScriptedFlows]:
    """A server that knows flows and nothing else."""
    scripted = ScriptedFlows()
    async with serving(scripted):
        yield scripted
