"""Flows that take files and work for a while: previews, progress, and results that come late."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import discord
import pytest

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted_flows import (
    DONE,
    FILE,
    PRIMARY,
    TEXT,
    WORKING,
    Action,
    Answers,
    Argument,
    Field,
    Flow,
    Kind,
    Progress,
    ScriptedFlows,
    View,
)
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.controls import labels
from tests.fakes.discord.state import Interaction, Message, Upload

IMPORT = "character import"
CARD = b'{"name": "Lilith"}' * 10_000
EDIT = ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original")
LATE = timedelta(minutes=16)


class Importing:
    """Ada in a channel, the bot, and `/character import`: a file, a preview, then work."""

    def __init__(self, fake: FakeDiscord, flows: ScriptedFlows) -> None:
        self.fake, self.flows = fake, flows
        self.channel, self.ada = fake.add_channel("meadow"), fake.add_member("ada", "Ada_L")
        self.ahead = timedelta()
        self.saved: list[bytes] = []
        ask = Argument(key="file", summary="The card", kind=FILE)
        flows.offer(Kind(path=IMPORT, summary="Move in", arguments=[ask]), _asks_a_file())
        flows.steps |= {"take": self._preview, "confirm": self._work}

    def now(self) -> datetime:
        """The bot's clock."""
        return discord.utils.utcnow() + self.ahead

    def begin(self, file: Upload | None = None) -> Interaction:
        options = {} if file is None else {"file": file}
        return self.fake.slash(self.ada, self.channel, IMPORT, options)

    async def shown(self, interaction: Interaction, title: str) -> Message:
        """The answer, once it bears this title."""

        def message() -> Message | None:
            return next((one for one in interaction.replies if _title(one) == title), None)

        found = await self.fake.until(message)
        assert found
        return found

    async def at_work(self) -> tuple[Interaction, Message]:
        """An import that was confirmed."""
        begun = self.begin(self.fake.attach("lilith.json", CARD))
        message = await self.shown(begun, "Preview")
        clicked = self.fake.click(self.ada, message, "Import")
        await self.fake.until(lambda: self.flows.requests("WatchFlow"))
        return clicked, message

    def grow_old(self, interaction: Interaction) -> None:
        """16 minutes go by, at Discord and at the bot."""
        interaction.issued -= LATE.total_seconds()
        self.ahead += LATE

    @property
    def flow(self) -> Flow:
        return list(self.flows.flows.values())[-1]

    def _preview(self, flow: Flow, answers: Answers) -> None:
        content = self.flows.files[answers["file"][0]]
        view = View(
            title="Preview",
            body=f"{len(content)} bytes: **Lilith**",
            actions=[Action(key="confirm", label="Import", style=PRIMARY)],
        )
        self.flows.advance(flow, view)

    def _work(self, flow: Flow, _: Answers) -> None:
        self.progress(0, flow)

    def progress(self, done: int, flow: Flow | None = None) -> None:
        progress = Progress(label="Moving in", done_count=done, total_count=10)
        self.flows.advance(flow or self.flow, View(title="Import", progress=progress), WORKING)

    def finish(self) -> None:
        self.saved.extend(self.flows.files.values())
        self.flows.advance(self.flow, View(title="Moved in", body="Lilith is here."), DONE)


def _asks_a_file() -> View:
    return View(
        title="Which file?",
        fields=[
            Field(key="name", label="Name", kind=TEXT),
            Field(key="file", label="Card", kind=FILE, required=True),
        ],
        actions=[
            Action(key="both", label="Both…", asks=["name", "file"]),
            Action(key="take", label="Choose…", asks=["file"]),
        ],
    )


def _title(message: Message) -> str:
    return message.embeds[0].get("title", "") if message.embeds else ""


@pytest.fixture
async def importing(fake: FakeDiscord, flows: ScriptedFlows) -> AsyncIterator[Importing]:
    importing = Importing(fake, flows)
    async with a_bot(fake, flows.address, now=importing.now):
        yield importing


async def test_j1_a_file_is_previewed_confirmed_worked_on_and_then_there(
    importing: Importing,
) -> None:
    clicked, message = await importing.at_work()
    assert message.ephemeral
    assert list(importing.flows.files.values()) == [CARD]
    assert importing.flows.headers[0].name == "lilith.json"
    assert importing.saved == []

    importing.progress(4)
    await importing.fake.until(lambda: "4 of 10" in str(message.embeds))
    assert "`████░░░░░░` 4 of 10" in message.embeds[0]["description"]
    assert labels(message) == ["Refresh"]
    importing.finish()
    await importing.shown(clicked, "Moved in")

    assert importing.saved == [CARD]
    assert message.components == []


async def test_progress_is_shown_every_second_and_a_half_at_most_and_newest(
    importing: Importing,
) -> None:
    _, message = await importing.at_work()

    for done in range(1, 8):
        importing.progress(done)
    await importing.fake.until(lambda: "7 of 10" in str(message.embeds))

    assert len(importing.fake.requested(*EDIT)) <= 2
    importing.finish()


async def test_a_file_can_be_given_in_a_form_too(importing: Importing) -> None:
    begun = importing.begin()
    message = await importing.shown(begun, "Which file?")
    form = importing.fake.click(importing.ada, message, "Choose…")
    await importing.fake.until(form.answered.is_set)

    sent = importing.fake.submit(form, {"Card": importing.fake.attach("card.json", CARD)})
    await importing.shown(sent, "Preview")

    assert list(importing.flows.files.values()) == [CARD]


async def test_a_file_that_nothing_takes_is_left_aside_and_said_so(importing: Importing) -> None:
    importing.flows.begins[IMPORT] = View(title="No need")

    begun = importing.begin(importing.fake.attach("card.json", CARD))
    message = await importing.shown(begun, "No need")

    assert "was left aside" in message.embeds[0]["description"]
    assert importing.flows.files == {}


@pytest.mark.parametrize(
    ("content", "told_size", "sentence"),
    [
        (CARD, 200 * 1024 * 1024, "128 MiB at most"),
        (b"", 0, "is empty"),
        (CARD, len(CARD) + 1, "couldn't fetch"),
        (CARD, len(CARD) - 1, "couldn't fetch"),
    ],
)
async def test_a_file_that_cannot_be_carried_is_one_sentence(
    importing: Importing, content: bytes, told_size: int, sentence: str
) -> None:
    file = importing.fake.attach("card.json", content, told_size=told_size)

    begun = importing.begin(file)
    await importing.fake.until(lambda: begun.replies)

    assert sentence in begun.replies[0].content
    assert importing.flows.files == {}


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/card.json", "https://example.com/card.json"])
async def test_a_file_that_is_not_on_discords_cdn_is_never_fetched(
    importing: Importing, url: str
) -> None:
    file = importing.fake.attach("card.json", CARD)
    file.payload["url"] = url

    begun = importing.begin(file)
    await importing.fake.until(lambda: begun.replies)

    assert "couldn't fetch" in begun.replies[0].content


async def test_h5_a_result_after_15_minutes_comes_once_as_a_direct_message(
    importing: Importing,
) -> None:
    fake = importing.fake
    clicked, message = await importing.at_work()
    importing.grow_old(clicked)
    edits = len(fake.requested(*EDIT))
    direct = fake.direct_channel(importing.ada)

    importing.progress(9)
    importing.finish()
    (late,) = await fake.until(lambda: fake.messages(direct))

    assert _title(late) == "Moved in"
    assert _title(message) == "Import"
    assert len(fake.requested(*EDIT)) == edits


async def test_h5_discord_may_forget_an_interaction_sooner_than_the_bots_clock_says(
    importing: Importing,
) -> None:
    fake = importing.fake
    clicked, _ = await importing.at_work()
    clicked.issued -= LATE.total_seconds()

    importing.progress(9)
    await fake.until(lambda: any(one.status == 401 for one in fake.requests))
    importing.finish()
    (late,) = await fake.until(lambda: fake.messages(fake.direct_channel(importing.ada)))

    assert _title(late) == "Moved in"


async def test_h5_closed_direct_messages_leave_a_word_in_the_channel_for_its_person(
    importing: Importing,
) -> None:
    fake = importing.fake
    clicked, _ = await importing.at_work()
    importing.grow_old(clicked)
    refusal = {"code": 50007, "message": "Cannot send messages to this user"}
    fake.fault("POST", "/users/@me/channels", 403, refusal)

    importing.finish()
    word = await fake.until(
        lambda: [one for one in fake.messages(importing.channel) if not one.ephemeral]
    )
    importing.ahead = timedelta()
    eve = fake.add_member("eve")
    for person in (eve, importing.ada):
        clicked = fake.click(person, word[0], "Refresh")
        await fake.until(clicked.answered.is_set)
        assert clicked.replies[0].ephemeral

    assert word[0].content.startswith("Ada\\_L: I can't send you direct messages")
    assert "Lilith" not in str(word[0].embeds) + word[0].content
    assert _title(clicked.replies[0]) == "Moved in"


async def test_looking_anew_takes_the_news_to_where_one_looks(importing: Importing) -> None:
    fake = importing.fake
    clicked, message = await importing.at_work()
    importing.grow_old(clicked)
    importing.ahead = timedelta()
    anew = fake.click(importing.ada, message, "Refresh")
    await fake.until(lambda: len(importing.flows.requests("WatchFlow")) == 2)

    importing.finish()
    await importing.shown(anew, "Moved in")

    assert fake.messages(fake.direct_channel(importing.ada)) == []
