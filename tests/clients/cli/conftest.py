"""A scripted server for each test of the command line."""

from collections.abc import AsyncIterator

import pytest

from tests.clients.stub_server import StubServer, stub_server


@pytest.fixture
async def stub() -> AsyncIterator[StubServer]:
    async with stub_server() as running:
        yield running
