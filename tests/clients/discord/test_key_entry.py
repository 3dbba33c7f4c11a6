"""A key that is entered on Discord is in the form that is sent, and nowhere else."""

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.clients.discord.harness import a_bot
from tests.clients.discord.test_flows_with_server import EPHEMERAL, SCOPES, Desk, prefilled, told
from tests.conftest import RunningServer, a_server
from tests.fakes.discord import FakeDiscord
from tests.fakes.keys import FakeInternet, Standing
from tests.wallet.keys.test_canary import dump
from tzurot.account.tokens import NewToken


@pytest.fixture
async def internet(tmp_path: Path) -> AsyncIterator[FakeInternet]:
    async with FakeInternet.open(tmp_path) as internet:
        yield internet


@pytest.fixture
async def server(
    database_url: str, internet: FakeInternet, tmp_path: Path
) -> AsyncIterator[RunningServer]:
    nobody = {"model_base_url": "http://127.0.0.1:9", "model": "nobody"}
    async with a_server(database_url, tmp_path / "home", internet.fetcher, **nobody) as running:
        yield running


async def test_a_key_is_in_the_form_that_is_sent_and_nowhere_else(
    fake: FakeDiscord,
    server: RunningServer,
    internet: FakeInternet,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = f"sk-or-v1-canary-{uuid4().hex}"
    new = NewToken("discord bot", SCOPES, acts_for=("discord:*",))
    _, token = await server.parts.tokens.create(new)
    desk = Desk(fake, server, token)
    async with a_bot(fake, server.address, token):
        message = await desk.begin("wallet keys")
        assert message.flags & EPHEMERAL
        for standing, words in ((Standing.UNKNOWN, "refuses"), (Standing.GOOD, "lets you in")):
            internet.knows(secret, standing)
            form = await desk.click(message, "Add a key")
            assert secret not in prefilled(form).values()
            await desk.fill_in(form, {"Whose key it is": ["OpenRouter"], "The key": secret})
            await fake.until(lambda words=words: words in str(message.embeds))
        assert f"ends in {secret[-4:]}" in told(message) + str(message.components)

    entered = [it for session in fake.gateway.sessions.values() for it in session.sent]
    carrying = [it for it in entered if secret in json.dumps(it, default=str)]
    assert [it["t"] for it in carrying] == ["INTERACTION_CREATE"] * 2
    assert "data" in carrying[0]["d"]
    sent = "\n".join(f"{it.path} {it.query} {it.headers} {it.json}" for it in fake.requests)
    assert f"ends in {secret[-4:]}" in sent
    assert secret not in sent
    assert secret not in "".join(
        str(one.embeds) + one.content for one in fake.messages(desk.channel)
    )
    assert secret not in await dump(server.parts.database)
    assert "discord" in caplog.text
    assert secret not in caplog.text
