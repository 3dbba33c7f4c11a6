"""A Discord with a channel and a person, and a scripted server, for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.clients.stub_server import StubServer, stub_server
from tests.fakes.discord import FakeDiscord


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """A Discord; what the bot did is checked against the vendor's rules afterwards."""
    async with FakeDiscord.start() as started:
        yield started
        started.check()


@pytest.fixture
async def server() -> AsyncIterator[StubServer]:
    async with stub_server() as started:
        yield started
