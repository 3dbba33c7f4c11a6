"""`tzurot-discord check` says what the bot has, what it lacks, and how it is invited."""

from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from tests.clients.discord.harness import environment, pointed_at, start
from tests.clients.stub_server import TOKEN, StubServer
from tests.fakes.discord import FakeDiscord
from tzurot_client import connect
from tzurot_discord import checking
from tzurot_discord.checking import Findings

MANAGE_WEBHOOKS, EMBED_LINKS, VIEW_CHANNEL = 1 << 29, 1 << 14, 1 << 10  # Discord "Permissions"


async def checked(fake: FakeDiscord, server: StubServer, *, reads: bool = True) -> Findings:
    with pointed_at(fake):
        async with connect(server.address, TOKEN) as tzurot:
            return await checking.check(fake.platform.terms.token, tzurot, reads=reads)


async def run(*words: str, **settings: str) -> tuple[int | None, str, str]:
    """The program's exit code, and what it says on its two streams."""
    process = await start(settings, *words)
    said, complained = await process.communicate()
    return process.returncode, said.decode(), complained.decode()


def test_it_asks_for_exactly_what_it_needs() -> None:
    link = urlsplit(checking.invitation(42))
    asked = {key: value[0] for key, value in parse_qs(link.query).items()}
    assert (link.netloc, asked["client_id"]) == ("discord.com", "42")
    assert asked["scope"].split() == ["bot", "applications.commands"]
    # See and send, embed, attach, read, webhooks, threads: Discord "Permissions".
    assert int(asked["permissions"]) == sum(1 << bit for bit in (10, 11, 14, 15, 16, 29, 38))
    assert not discord.Permissions(int(asked["permissions"])).administrator


async def test_with_all_it_needs_nothing_is_missing(fake: FakeDiscord, server: StubServer) -> None:
    fake.add_channel("meadow")
    found = await checked(fake, server)
    assert found.missing == []
    assert any(checking.invitation(fake.world.application_id) in line for line in found.told)
    assert "The Message Content Intent is on." in found.told


async def test_it_says_what_is_missing_in_which_channel(
    fake: FakeDiscord, server: StubServer
) -> None:
    fake.add_channel("meadow").denied = MANAGE_WEBHOOKS
    fake.add_channel("forest").denied = MANAGE_WEBHOOKS
    fake.add_channel("harbor").denied = MANAGE_WEBHOOKS | EMBED_LINKS
    fake.add_channel("garden")
    guild = next(iter(fake.world.guilds.values())).name
    assert (await checked(fake, server)).missing == [
        f"{guild}: it may not *Manage Webhooks* in #meadow, #forest.",
        f"{guild}: it may not *Manage Webhooks*, *Embed Links* in #harbor.",
    ]


async def test_what_it_does_not_see_is_no_lack(fake: FakeDiscord, server: StubServer) -> None:
    fake.add_channel("attic").denied = VIEW_CHANNEL | MANAGE_WEBHOOKS
    assert (await checked(fake, server)).missing == []


async def test_on_no_server_it_says_so(fake: FakeDiscord, server: StubServer) -> None:
    assert (await checked(fake, server)).missing == ["It is on no server yet."]


async def test_without_its_server_it_says_what_to_look_at(fake: FakeDiscord) -> None:
    fake.add_channel("meadow")
    with pointed_at(fake):
        async with connect("127.0.0.1:9", TOKEN) as nowhere:
            found = await checking.check(fake.platform.terms.token, nowhere, reads=True)
    assert found.missing == [
        "The server of the characters can't be reached: TZUROT_ADDRESS says where it is."
    ]


async def test_as_a_command_it_ends_by_itself(fake: FakeDiscord, server: StubServer) -> None:
    channel = fake.add_channel("meadow")
    code, said, complained = await run("check", **environment(fake, server.address))
    assert (code, complained) == (0, "")
    assert "https://discord.com/oauth2/authorize?client_id=" in said
    channel.denied = MANAGE_WEBHOOKS
    code, said, complained = await run("check", **environment(fake, server.address))
    assert code == 2
    assert "may not *Manage Webhooks* in #meadow." in complained


async def test_a_token_that_discord_refuses_is_told(fake: FakeDiscord, server: StubServer) -> None:
    wrong = environment(fake, server.address) | {"DISCORD_TOKEN": "wrong"}
    code, _, complained = await run("check", **wrong)
    assert code == 2
    assert complained.startswith("Discord refuses DISCORD_TOKEN")


@pytest.mark.parametrize("words", [["chek"], ["check", "more"]])
async def test_another_word_is_no_command(words: list[str]) -> None:
    code, _, complained = await run(*words)
    assert code == 2
    assert "tzurot-discord check" in complained
