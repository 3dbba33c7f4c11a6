"""A scripted provider and the connections to it."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.fakes.provider import FakeProvider
from tzurot.llm.openai_compatible import connections


@pytest.fixture
async def provider() -> AsyncIterator[FakeProvider]:
    async with FakeProvider.start() as provider:
        yield provider


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with connections() as http:
        yield http
