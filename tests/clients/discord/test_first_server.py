"""What the how-to "Your first server" tells people to type leads to an answer on Discord."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from tests.clients.discord.harness import a_bot_process, environment
from tests.conftest import RunningServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.state import Channel, Message
from tests.test_docs import ROOT, commands, program, run

PAGE = ROOT / "docs/how-to/your-first-server.md"
SLOW = 60  # seconds: the first turn of a process loads the embedding model


async def typed(server: RunningServer, command: list[str], home: Path) -> str:
    """What a command of the terminal prints."""
    settings = {"TZUROT_HOME": str(home), "TZUROT_TOKEN": server.token}
    done = await asyncio.to_thread(run, command, TZUROT_ADDRESS=server.address, **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


async def check(settings: dict[str, str], words: list[str]) -> tuple[int | None, str, str]:
    """`tzurot-discord check` as the page types it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tzurot_discord", *words, env=settings, stdout=PIPE, stderr=PIPE
    )
    said, complained = await process.communicate()
    return process.returncode, said.decode(), complained.decode()


def said_by(fake: FakeDiscord, channel: Channel, name: str) -> list[Message]:
    return [message for message in fake.messages(channel) if message.name == name]


async def test_the_page_leads_from_a_token_to_the_first_answer(
    fake: FakeDiscord, running_server: RunningServer, tmp_path: Path
) -> None:
    lines = commands(PAGE)
    (make_token,) = [line for line in lines if line[1:3] == ["token", "create"]]
    (make_character,) = [line for line in lines if line[1:3] == ["personality", "create"]]
    assert [line[1:] for line in lines if program(line) == "tzurot-discord"] == [["check"], []]

    secret = (await typed(running_server, make_token, tmp_path)).splitlines()[-1]
    settings = environment(fake, running_server.address, secret)
    code, said, complained = await check(settings, ["check"])
    assert code == 2
    assert "Who manages a server lets it in by\nhttps://discord.com/oauth2/authorize?" in said
    assert complained == "Missing:\nIt is on no server yet.\n"

    channel, ada = fake.add_channel("harbor"), fake.add_member("ada")
    code, said, complained = await check(settings, ["check"])
    assert (code, complained) == (0, "")
    assert "The server of the characters answers, and takes TZUROT_TOKEN." in said

    await typed(running_server, make_character, tmp_path)
    async with a_bot_process(settings):
        await fake.wait_ready()
        fake.say(ada, channel, "@Marta is the lamp lit?")
        await fake.until(lambda: said_by(fake, channel, "Marta"), SLOW)
