"""One person's way through Discord with the real bot and the real server: what the pictures show.

`walk` leaves a screen for each picture of docs/pictures: what stood there, as payloads of Discord
with the ids replaced that are new in each run.
"""

import asyncio
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.clients.discord.harness import a_bot
from tests.conftest import RunningServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.controls import Answer
from tests.fakes.discord.state import Interaction, Message
from tests.fakes.provider import FakeProvider
from tzurot.memory.linking import TEND_JOB

MARTA = Path(__file__).parent.parent / "docs/how-to/examples/marta-lamp"
SLOW = 60  # seconds: the server's first turn of a process loads its embedding model
EPHEMERAL = 64  # Discord "Message Flags"
AT_WORK = "⏳"

SAID = "@Marta I launch the Petrel tomorrow. Will the lamp be lit?"
ANSWER = (
    "All night, as I promised. *She turns up the wick.* Mind the reef, Ida, and let the Petrel do"
    " the rest."
)

Json = dict[str, Any]  # Any: a payload as Discord defines it
Screens = dict[str, list[Json]]
"""What each picture shows, from top to bottom."""


def stable(shown: Any, names: dict[str, str] | None = None) -> Any:
    """`shown` with ids of controls and options that are the same in each run."""
    names = {} if names is None else names
    match shown:
        case list():
            return [stable(one, names) for one in shown]
        case dict():
            return {
                key: names.setdefault(value, f"id-{len(names) + 1}")
                if key == "custom_id" or (key == "value" and shown.get("type") is None)
                else stable(value, names)
                for key, value in shown.items()
            }
        case _:
            return shown


class Walk:
    """Ida, in a channel where the bot is."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.channel = fake.add_channel("lighthouse")
        self.ida = fake.add_member("ida", "Ida")
        self.screens: Screens = {}

    async def command(self, command: str, **options: str) -> Message:
        """What a slash command is answered with."""
        asked = self.fake.slash(self.ida, self.channel, command, options)
        replies = await self.fake.until(lambda: [one for one in asked.replies if one.embeds], SLOW)
        return replies[0]

    async def press(self, message: Message, label: str) -> None:
        """Press a button, and wait for what comes of it."""
        before = message.components
        self.fake.click(self.ida, message, label)
        await self.fake.until(lambda: _settled(message, before), SLOW)

    async def choose(self, message: Message, label: str) -> Interaction:
        """Choose an option of a select, and wait for what comes of it."""
        chosen = self.fake.choose(self.ida, message, label)
        await self.fake.until(chosen.answered.is_set, SLOW)
        return chosen

    async def form(self, message: Message, label: str) -> Interaction:
        """Press a button that opens a form."""
        clicked = self.fake.click(self.ida, message, label)
        await self.fake.until(lambda: clicked.modal, SLOW)
        return clicked

    async def send(self, opened: Interaction, answers: Mapping[str, Answer]) -> None:
        """Send the form, and wait for what comes of it."""
        message = opened.message
        assert message
        before = message.components
        self.fake.submit(opened, answers)
        await self.fake.until(lambda: _settled(message, before), SLOW)

    def keep(self, picture: str, *shown: Json) -> None:
        """Keep what a picture shows."""
        self.screens[picture] = stable(list(shown))


def message(shown: Message, command: str = "") -> Json:
    """A message of the bot as it stands; `command` is what it answers."""
    payload = {
        "username": shown.name,
        "content": shown.content,
        "embeds": shown.embeds,
        "components": shown.components,
        "attachments": [{"filename": one["filename"]} for one in shown.attachments],
        "flags": shown.flags & EPHEMERAL,
    }
    used = {"used": {"by": "Ida", "command": command}} if command else {}
    return used | {"message": {key: value for key, value in payload.items() if value}}


def form(opened: Interaction) -> Json:
    """A form as it opens."""
    return {"form": opened.modal}


async def walk(fake: FakeDiscord, server: RunningServer, provider: FakeProvider) -> Screens:
    """Move Marta in, talk with her, change her, look at what she remembers, let her go."""
    fake.world.bot.name = "Tzurot"
    one = Walk(fake)
    async with a_bot(fake, server.address, server.token):
        await _move_in(one)
        await _indexed(server)
        await _remember(one)
        provider.script(ANSWER)
        await _talk(one)
        await _edit(one)
        await _delete(one)
    return one.screens


async def _move_in(one: Walk) -> None:
    command = "/character import"
    start = await one.command("character import")
    opened = await one.form(start, "Send a file")
    one.keep("import-form", form(opened))
    await one.send(opened, {"The file": one.fake.attach("notes.txt", b"Buy lamp oil")})
    one.keep("import-refused", message(start, command))

    opened = await one.form(start, "Send a file")
    backup = one.fake.attach("marta-lamp.zip", _zipped())
    await one.send(opened, {"The file": backup})
    one.keep("import-preview", message(start, command))

    choices = await one.form(start, "Options")
    one.keep("import-choices", form(choices))
    assert choices.modal
    question = next(it for it in choices.modal["components"] if "options" in it["component"])
    ida = question["component"]["options"][0]["label"]
    await one.send(choices, {question["label"]: [ida]})

    await one.press(start, "Move in")
    done = message(start, command)
    one.keep("import-working", done | {"message": done["message"] | _at_work(one.fake)})
    one.keep("import-done", done)


async def _talk(one: Walk) -> None:
    one.fake.say(one.ida, one.channel, SAID)
    answer = await one.fake.until(lambda: _spoken(one), SLOW)
    assert answer
    one.keep("answer", {"said": {"by": "Ida", "text": SAID}}, message(answer))


async def _edit(one: Walk) -> None:
    command = "/character edit"
    overview = await one.command("character edit", character="marta-lamp")
    opened = await one.form(overview, "Personality")
    one.keep("edit-form", form(opened))
    await one.send(opened, {"Tone": "calm, a little salty, kinder to Ida"})
    one.keep("edit-saved", message(overview, command))


async def _remember(one: Walk) -> None:
    found = await one.command("memory search", character="marta-lamp", query="the sea")
    one.keep("memory-search", message(found, "/memory search"))

    listed = await one.command("memory browse", character="marta-lamp")
    await one.choose(listed, "2024-04-05 03:20 UTC, Marta (marta-lamp)")
    one.keep("memory-page", message(listed, "/memory browse"))
    await one.press(listed, "Forget")
    one.keep("memory-forget", message(listed, "/memory browse"))
    await one.press(listed, "Forget for good")

    purge = await one.command("memory purge", character="marta-lamp", said="older")
    await one.press(purge, "Look")
    one.keep("memory-purge", message(purge, "/memory purge"))


async def _delete(one: Walk) -> None:
    listed = await one.command("character browse")
    one.keep("browse", message(listed, "/character browse"))
    question = await one.command("character delete", character="marta-lamp")
    one.keep("delete-question", message(question, "/character delete"))
    opened = await one.form(question, "Delete")
    one.keep("delete-form", form(opened))


async def _indexed(server: RunningServer) -> None:
    """Wait until the search finds all that moved in, and until what belongs together is linked."""
    await _emptied(server, "SELECT count(*) FROM index_outbox")
    async with server.parts.database.transaction() as tx:
        await server.parts.jobs.defer(tx, TEND_JOB)
    await _emptied(server, "SELECT count(*) FROM unlinked_memories")


async def _emptied(server: RunningServer, waiting: str) -> None:
    async with asyncio.timeout(SLOW):
        while True:
            async with server.parts.database.reading() as tx:
                if not await tx.scalar(text(waiting)):
                    return
            await asyncio.sleep(0.02)


def _spoken(one: Walk) -> Message | None:
    last = one.fake.messages(one.channel)[-1]
    return last if last.webhook and last.content == ANSWER else None


def _settled(message: Message, before: list[Json]) -> bool:
    """Whether the message is a later one than that with these controls, and at rest."""
    return message.components != before and AT_WORK not in str(message.embeds)


def _at_work(fake: FakeDiscord) -> Json:
    """What stood there while Marta moved in, and does no longer."""
    shown = [request.body.get("data") or request.body for request in fake.requests]
    last = [one for one in shown if AT_WORK in str(one.get("embeds"))][-1]
    return {"embeds": last["embeds"], "components": last["components"]}


def _zipped() -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for file in sorted(MARTA.iterdir()):
            archive.write(file, f"marta-lamp/{file.name}")
    return into.getvalue()
