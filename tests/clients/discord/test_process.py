"""The bot as a process: how it ends, and what it says to its operator when it can't begin."""

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from tests.clients.discord.harness import a_bot_process, environment
from tests.clients.discord.scripted import Turn, answer_in_turn
from tests.clients.stub_server import StubServer
from tests.fakes.discord import FakeDiscord
from tests.forking import Forked

IDENTIFY = 2  # Discord "Gateway Opcodes"
WITHIN = 10  # seconds from SIGTERM to the end


async def test_k2_sigterm_lets_running_answers_end_and_exits_with_0(
    fake: FakeDiscord, server: StubServer
) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    ending, lasting, silent = Turn("Lilith"), Turn("Bambi"), Turn("Echo")
    answer_in_turn(server, ending, lasting, silent)

    async with a_bot_process(environment(fake, server.address)) as bot:
        await fake.wait_ready()
        for turn, words in ((ending, "Soon"), (lasting, "Well"), (silent, None)):
            before = len(server.requests("Chat"))
            fake.say(ada, channel, "@everyone of you, talk")
            await fake.until(lambda count=before: len(server.requests("Chat")) > count)
            if words:
                turn.says(words)
                await fake.until(lambda text=words: _shown(fake, text))
        bot.send_signal(signal.SIGTERM)
        ending.says(" done").ends_as("Soon done.")
        lasting.says(", let me")
        async with asyncio.timeout(WITHIN):
            code = await bot.wait()

    assert code == 0
    texts = {message.name: message.content for message in fake.messages(channel) if message.webhook}
    assert texts["Lilith"] == "Soon done."
    assert texts["Bambi"].startswith("Well, let me\n*This reply was interrupted")
    assert texts["Echo"].startswith("*This reply was interrupted")
    reported = {report.turn_id for report in server.requests("ReportDelivery")}
    assert {ending.id, lasting.id} <= reported


async def test_after_sigterm_nothing_new_is_taken_in(fake: FakeDiscord, server: StubServer) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada")
    turn = Turn()
    answer_in_turn(server, turn)

    async with a_bot_process(environment(fake, server.address)) as bot:
        await fake.wait_ready()
        fake.say(ada, channel, "@Lilith hi")
        await fake.until(lambda: server.requests("Chat"))
        bot.send_signal(signal.SIGTERM)
        await _logged(bot, "stopping")
        late = fake.slash(ada, channel, "chat", {"character": "lilith", "message": "Hi"})
        await fake.until(lambda: late.replies)
        fake.say(ada, channel, "@Lilith are you leaving?")
        turn.ends_as("Bye.")
        async with asyncio.timeout(WITHIN):
            assert await bot.wait() == 0

    assert late.replies[0].content.startswith("I'm restarting")
    assert len(server.requests("Chat")) == 1


async def test_sigterm_ends_a_bot_that_cannot_reach_the_gateway(
    fake: FakeDiscord, server: StubServer
) -> None:
    fake.gateway.url = "ws://127.0.0.1:9/"  # nobody listens

    async with a_bot_process(environment(fake, server.address)) as bot:
        await fake.wait_for("GET", "/gateway/bot")
        await _logged(bot, "Failed to connect")
        bot.terminate()
        async with asyncio.timeout(WITHIN):
            assert await bot.wait() == 0


async def test_nothing_private_is_logged(fake: FakeDiscord, server: StubServer) -> None:
    channel, ada = fake.add_channel("meadow"), fake.add_member("ada", "Ada Lovelace")
    answer_in_turn(server, Turn.whole("An answer to keep."), Turn().fails("INTERNAL"))

    async with a_bot_process(environment(fake, server.address)) as bot:
        await fake.wait_ready()
        for count in (2, 4):
            fake.say(ada, channel, "@Lilith a secret")
            await fake.until(lambda count=count: len(fake.messages(channel)) == count)
        bot.terminate()
        log = await _told(bot)

    assert "stopping" in log
    for private in ("secret", "to keep", "Lovelace", fake.platform.terms.token, "a-token-for"):
        assert private not in log


async def test_a_token_that_discord_refuses_is_one_sentence_and_exit_2(
    fake: FakeDiscord, server: StubServer
) -> None:
    wrong = environment(fake, server.address) | {"DISCORD_TOKEN": "wrong"}

    async with a_bot_process(wrong) as bot:
        said = await _told(bot)

    assert bot.returncode == 2
    assert said == "Discord refuses DISCORD_TOKEN: copy it anew from the developer portal.\n"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [(4004, "refuses DISCORD_TOKEN"), (4014, "switch on its Message Content Intent")],
)
async def test_a_gateway_that_refuses_the_bot_is_one_sentence_and_exit_2(
    fake: FakeDiscord, server: StubServer, code: int, sentence: str
) -> None:
    async with _refusing_gateway(code) as url:
        fake.gateway.url = url
        async with a_bot_process(environment(fake, server.address)) as bot:
            said = await _told(bot)

    assert bot.returncode == 2
    assert sentence in said.splitlines()[-1]
    assert "Traceback" not in said


async def test_settings_that_are_missing_or_half_set_are_one_sentence_and_exit_2(
    fake: FakeDiscord,
) -> None:
    whole = environment(fake, "127.0.0.1:1")
    half = {name: value for name, value in whole.items() if name != "DISCORD_GATEWAY_URL"}
    table = {
        "DISCORD_TOKEN is not set": whole | {"DISCORD_TOKEN": ""},
        "must be set together or not at all": half,
        "TZUROT_ADDRESS: 'nowhere' is no address": whole | {"TZUROT_ADDRESS": "nowhere"},
    }

    for sentence, settings in table.items():
        async with a_bot_process(settings) as bot:
            said = await _told(bot)
        assert bot.returncode == 2
        assert sentence in said
        assert len(said.splitlines()) == 1
    assert fake.requests == []


async def _told(bot: Forked) -> str:
    """All that the process writes to its error output until it ends."""
    async with asyncio.timeout(60):
        _, errors = await bot.communicate()
    return errors.decode()


def _shown(fake: FakeDiscord, text: str) -> bool:
    return any(message.content == text for message in fake.world.messages.values())


async def _logged(process: Forked, text: str) -> None:
    """Wait for a line of the log."""
    async with asyncio.timeout(60):
        while text not in (line := (await process.stderr.readline()).decode()):
            assert line, f"ended without {text!r}"


@asynccontextmanager
async def _refusing_gateway(code: int) -> AsyncGenerator[str]:
    """A gateway that greets everybody and closes on what they answer."""

    async def serve(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str('{"op": 10, "d": {"heartbeat_interval": 45000}}')
        async for message in socket:
            if message.json()["op"] == IDENTIFY:
                await socket.close(code=code)
        return socket

    application = web.Application()
    application.add_routes([web.get("/", serve)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"ws://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
