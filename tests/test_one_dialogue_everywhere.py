"""A dialogue begun on Discord is finished in a terminal, over the death of server and bot.

Everything is real but Discord: `tzurot-server`, `tzurot-discord` and `tzurot` are processes.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clients.cli.running import Ended, tzurot
from tests.clients.discord.harness import a_bot_process, environment
from tests.executable import Serving, run, serving
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.state import Channel, Interaction, Message, User
from tests.forking import Forked
from tzurot_client import NotFound, connect
from tzurot_client.gen.tzurot.common.v1 import ErrorReason
from tzurot_client.gen.tzurot.flow.v1 import SubmitFlowRequest

FLOWS = ("flow.read", "flow.write")
BOT = ("personality.read", "session.chat", "session.read", *FLOWS)
TERMINAL = ("personality.read", "personality.write", *FLOWS)


@dataclass(frozen=True, slots=True)
class Alive:
    """A server and a bot that run."""

    server: Serving
    bot: Forked

    async def kill(self) -> None:
        """As `kill -9` does it."""
        self.server.kill()
        self.bot.kill()
        await self.server.ended()
        await self.bot.communicate()


class World:
    """Ada and Eve on Discord and at their terminals, and one database."""

    def __init__(self, fake: FakeDiscord, database_url: str, home: Path) -> None:
        self.fake, self._url, self._home = fake, database_url, home
        self.channel: Channel = fake.add_channel("meadow")
        self.ada: User = fake.add_member("ada", "Ada")
        self.eve: User = fake.add_member("eve", "Eve")
        self._tokens: dict[str, str] = {}

    async def create_tokens(self) -> None:
        """One for the bot, one for the terminal; both for Discord's people and nobody's own."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._create_token("bot", BOT))
            tasks.create_task(self._create_token("terminal", TERMINAL))

    async def _create_token(self, name: str, scopes: tuple[str, ...]) -> None:
        allowed = [f"--scope={scope}" for scope in scopes]
        made = await run(
            *("token", "create", "--name", name, "--acts-for", "discord:*", *allowed),
            home=self._home,
            database_url=self._url,
        )
        assert (made.code, made.err) == (0, "")
        self._tokens[name] = made.out.strip()

    @asynccontextmanager
    async def alive(self) -> AsyncGenerator[Alive]:
        """A server and a bot, started together."""
        async with serving("serve", home=self._home, database_url=self._url) as server:
            settings = environment(self.fake, server.address, self._tokens["bot"])
            async with a_bot_process(settings) as bot:
                await self.fake.wait_ready(timeout=30)
                yield Alive(server, bot)
            await self.fake.until(lambda: not self.fake.gateway.connected)

    async def run(self, alive: Alive, who: User, *command: str) -> Ended:
        """`tzurot --as` somebody of Discord."""
        return await tzurot(
            *("--token", self._tokens["terminal"], "--as", f"discord:{who.id}"),
            *command,
            home=self._home,
            address=alive.server.address,
        )

    async def document(self, alive: Alive, who: User, *command: str) -> Any:
        """What the command prints as JSON."""
        ended = await self.run(alive, who, *command, "--json")
        assert (ended.code, ended.err) == (0, "")
        return json.loads(ended.out)

    async def reason(self, alive: Alive, who: User, flow_id: str) -> ErrorReason | str:
        """Why somebody may not close a dialogue."""
        async with connect(alive.server.address, self._tokens["terminal"]) as client:
            person = client.acting_for(f"discord:{who.id}")
            closing = SubmitFlowRequest(flow_id=flow_id, etag="1", action="close")
            with pytest.raises(NotFound) as refused:
                await person.flow.submit_flow(closing)
        return refused.value.reason

    async def answered(self, interaction: Interaction) -> Interaction:
        await self.fake.until(interaction.answered.is_set)
        return interaction


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with FakeDiscord.start() as fake:
        world = World(fake, database_url, tmp_path)
        await world.create_tokens()
        yield world
        fake.check()


async def test_a_dialogue_begun_on_discord_is_finished_in_a_terminal_and_by_nobody_else(
    world: World,
) -> None:
    fake, ada, eve = world.fake, world.ada, world.eve
    async with world.alive() as alive:
        await world.run(alive, ada, "personality", "create", "--name", "Lilith")
        begun = fake.slash(ada, world.channel, "character edit", {"character": "lilith"})
        message = (await fake.until(lambda: begun.replies))[0]
        form = await world.answered(fake.click(ada, message, "Biography"))
        await world.answered(fake.submit(form, {"Description": "Keeps bees."}))
        unsent = await world.answered(fake.click(ada, message, "Personality"))
        await alive.kill()
    assert "Keeps bees." in told(message)

    async with world.alive() as alive:
        # The same message goes on: for Ada, and not for Eve who has got hold of its controls.
        await world.answered(fake.submit(unsent, {"Tone": "dry"}))
        assert "dry" in told(message)
        stolen = fake.click(eve, message, "Identity")
        assert "isn't yours" in (await world.answered(stolen)).replies[0].content

        (flow,) = (await world.document(alive, ada, "flow", "open"))["flows"]
        assert (flow["path"], flow["view"]["title"]) == ("character edit", "Lilith")
        assert (await world.document(alive, eve, "flow", "open"))["flows"] == []
        tried = [("show",), ("resume",), ("submit", "identity", "name=Eve's")]
        for refused in await asyncio.gather(
            *(world.run(alive, eve, "flow", word, flow["id"], *more) for word, *more in tried)
        ):
            assert (refused.code, refused.out) == (2, "")
            assert "`tzurot flow open` shows yours" in refused.err
        assert await world.reason(alive, eve, flow["id"]) is ErrorReason.FLOW_NOT_FOUND

        step = ("flow", "submit", flow["id"])
        await world.document(alive, ada, *step, "identity", "nickname=Lil")
        closed = await world.document(alive, ada, *step, "close")
        assert closed["flow"]["state"] == "FLOW_STATE_CLOSED"

        # What was finished in the terminal is over on Discord too.
        late = await world.answered(fake.click(ada, message, "Identity"))
        assert late.modal is None
        assert told(message).startswith("Closed")
        lilith = (await world.document(alive, ada, "personality", "show", "lilith"))["personality"]

    assert {key: lilith.get(key) for key in ("name", "nickname", "description", "tone")} == {
        "name": "Lilith",
        "nickname": "Lil",
        "description": "Keeps bees.",
        "tone": "dry",
    }


def told(message: Message) -> str:
    """All text of the message."""
    texts = [message.content]
    for embed in message.embeds:
        texts += [embed.get("title", ""), embed.get("description", "")]
    return "\n".join(text for text in texts if text)
