"""Somebody on the shared server, with `tzurot` on a terminal or through a pipe."""

import json
import re
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.calling import Client, request_for
from tests.clients.cli.running import Ended, Terminal, terminal, tzurot
from tests.conftest import Served
from tzurot.personality.v1 import personality_pb2

SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
FLOW_ID = re.compile(r"flow resume ([0-9a-f-]{36})")
CTRL_D = "\x04"


def plain(shown: str) -> str:
    return SEQUENCE.sub("", shown).replace("\r", "")


@dataclass(frozen=True)
class Person:
    """Somebody with a terminal, and a way to look at the server behind its back."""

    served: Served
    client: Client
    home: Path

    @property
    def as_themselves(self) -> tuple[str, ...]:
        return ("--token", self.served.running.token, "--as", self.client.subject or "")

    def terminal(self, *command: str) -> AbstractAsyncContextManager[Terminal]:
        """A terminal with this command on it."""
        address = self.served.running.address
        return terminal(*self.as_themselves, *command, home=self.home, address=address)

    async def run(self, *command: str, said: str = "") -> Ended:
        """The command, through a pipe that says this."""
        address, given = self.served.running.address, (*self.as_themselves, *command)
        return await tzurot(*given, home=self.home, address=address, said=said)

    async def document(self, *command: str) -> dict[str, Any]:
        """What the command prints as JSON."""
        ended = await self.run(*command, "--json")
        assert (ended.code, ended.err) == (0, "")
        return json.loads(ended.out)

    async def character(self, name: str, **fields: Any) -> str:
        """A new character of theirs; its slug."""
        new = personality_pb2.Personality(name=name, **fields)
        asked = request_for("CreatePersonality", personality=new)
        return (await self.client.call("CreatePersonality", asked)).personality.slug

    async def look_at(self, slug: str) -> Any:
        """The character as it is now."""
        ref = personality_pb2.PersonalityRef(slug=slug)
        asked = request_for("GetPersonality", personality=ref)
        return (await self.client.call("GetPersonality", asked)).personality


async def fill_in(screen: Terminal, answers: Mapping[str, str]) -> None:
    """Answer the prompts of a form, in order."""
    for label, keys in answers.items():
        await screen.see(label)
        await screen.see(":")
        screen.type(f"{keys}\n")


async def choose(screen: Terminal, what: str) -> None:
    await screen.see("choose:")
    screen.type(f"{what}\n")
