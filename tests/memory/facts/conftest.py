"""What tests of facts share."""

import pytest

from tests.memory.facts.knowing import Known
from tests.memory.talk import Talk


@pytest.fixture
async def known(talk: Talk) -> Known:
    """Ada, whom a character gets to know."""
    return await Known.by(talk)
