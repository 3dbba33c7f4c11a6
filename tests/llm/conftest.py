"""The connections to providers that a server shares among its models."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from tzurot.llm.openai_compatible import connections


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with connections() as http:
        yield http
