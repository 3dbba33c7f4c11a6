"""A machine of the test's own, and people on the shared server."""

from collections.abc import AsyncIterator

import pytest

from tests.calling import Client
from tests.conftest import Served
from tests.flow.trial import Machine, a_machine


@pytest.fixture
async def machine(database_url: str) -> AsyncIterator[Machine]:
    """A server with the trial kind, on a database of its own."""
    async with a_machine(database_url) as made:
        yield made


@pytest.fixture
async def mira(served: Served) -> Client:
    """Somebody on the shared server."""
    (client,) = served.people("mira")
    return client


@pytest.fixture
async def kael(served: Served) -> Client:
    """Somebody else."""
    (client,) = served.people("kael")
    return client
