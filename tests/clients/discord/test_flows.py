"""Flows on Discord: dashboards, forms, confirmations, whatever the server makes of them."""

import logging
import re
from collections.abc import AsyncIterator

import pytest

from tests.clients.discord.harness import a_bot
from tests.clients.discord.scripted_flows import (
    BOOLEAN,
    CHOICE,
    CHOICES,
    DANGER,
    DONE,
    LONG_TEXT,
    PRIMARY,
    TEXT,
    Action,
    Answers,
    Argument,
    Choice,
    Field,
    Flow,
    Item,
    Kind,
    ScriptedFlows,
    View,
    serving,
)
from tests.clients.stub_server import Refusal
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.controls import labels
from tests.fakes.discord.interactions import DEFERRED, DEFERRED_UPDATE, MESSAGE, MODAL, UPDATE
from tests.fakes.discord.state import Channel, Interaction, Message, User
from tests.fakes.discord.wire import Request

EDIT = "character edit"


class Desk:
    """Ada in a channel, with the bot there and `/character edit` on the server."""

    def __init__(self, fake: FakeDiscord, flows: ScriptedFlows) -> None:
        self.fake, self.flows = fake, flows
        self.channel: Channel = fake.add_channel("meadow")
        self.ada: User = fake.add_member("ada", "Ada")
        flows.offer(
            Kind(
                path=EDIT,
                summary="Change a character",
                arguments=[
                    Argument(key="character", summary="Which one", kind=TEXT, required=True)
                ],
            ),
            dashboard(),
        )
        flows.steps |= {"identity": self._rename, "close": self._close, "open": self._open}

    async def begin(self) -> Message:
        """The dashboard's message."""
        asked = self.fake.slash(self.ada, self.channel, EDIT, {"character": "lilith"})
        (reply,) = await self.fake.until(lambda: asked.replies)
        return reply

    async def answered(self, interaction: Interaction) -> Interaction:
        await self.fake.until(interaction.answered.is_set)
        return interaction

    @property
    def flow(self) -> Flow:
        return list(self.flows.flows.values())[-1]

    def _rename(self, flow: Flow, answers: Answers) -> None:
        self.flows.advance(flow, dashboard(name=answers["name"][0]))

    def _close(self, flow: Flow, _: Answers) -> None:
        self.flows.advance(flow, View(title="Saved"), DONE)

    def _open(self, flow: Flow, answers: Answers) -> None:
        self.flows.advance(flow, View(title=f"Opened {answers['item'][0]}"))


def dashboard(name: str = "Lilith", about: str = "A witch.") -> View:
    return View(
        title=f"Edit {name}",
        body="What people see of **her**.",
        fields=[
            Field(key="name", label="Name", kind=TEXT, values=[name], required=True, max_length=80),
            Field(key="about", label="About", kind=LONG_TEXT, values=[about], max_length=100_000),
            Field(key="tone", label="Tone", kind=CHOICE, values=["dry"], choices=tones()),
            Field(key="tags", label="Tags", kind=CHOICES, values=["dry", ""], choices=tones()),
            Field(key="open", label="Public", kind=BOOLEAN, values=["false"]),
        ],
        items=[Item(key="m1", title="A memory", text="of bees"), Item(title="A note")],
        item_action="open",
        actions=[
            Action(key="delete", label="Delete", style=DANGER),
            Action(
                key="identity",
                label="Identity…",
                style=PRIMARY,
                asks=["name", "tone", "tags", "open"],
            ),
            Action(key="about", label="About…", asks=["about"]),
            Action(key="close", label="Close"),
        ],
    )


def tones() -> list[Choice]:
    return [
        Choice(value="dry", label="Dry"),
        Choice(value="warm", label="Warm"),
        Choice(label="None"),
    ]


def told(message: Message) -> str:
    """All text of the message."""
    parts = [message.content]
    for embed in message.embeds:
        parts += [embed.get("title", ""), embed.get("description", "")]
    return "\n".join(part for part in parts if part)


@pytest.fixture
async def desk(fake: FakeDiscord, flows: ScriptedFlows) -> AsyncIterator[Desk]:
    desk = Desk(fake, flows)
    async with a_bot(fake, flows.address):
        yield desk


async def test_d1_a_command_shows_its_dashboard_to_its_person_alone(desk: Desk) -> None:
    message = await desk.begin()

    assert message.ephemeral
    assert message.embeds[0]["title"] == "Edit Lilith"
    assert "What people see of **her**." in told(message)
    assert "**A memory**\nof bees\n**A note**" in told(message)
    assert labels(message) == ["A memory", "Identity…", "About…", "Close", "Delete"]
    (request,) = desk.flows.requests("StartFlow")
    assert dict(request.arguments) == {"character": "lilith"}


async def test_d1_an_action_that_asks_opens_its_form_at_once_filled_in(desk: Desk) -> None:
    message = await desk.begin()

    clicked = await desk.answered(desk.fake.click(desk.ada, message, "Identity…"))

    assert clicked.callback == MODAL
    assert clicked.modal
    assert clicked.modal["title"] == "Identity…"
    name, tone, tags, public = (one["component"] for one in clicked.modal["components"])
    assert (name["value"], name["max_length"], name["required"]) == ("Lilith", 80, True)
    assert [one["label"] for one in tone["options"] if one["default"]] == ["Dry"]
    assert [one["label"] for one in tags["options"] if one["default"]] == ["Dry", "None"]
    assert [one["label"] for one in public["options"] if one["default"]] == ["No"]


async def test_d1_a_form_that_is_sent_changes_the_dashboard_in_place(desk: Desk) -> None:
    message = await desk.begin()
    form = await desk.answered(desk.fake.click(desk.ada, message, "Identity…"))

    sent = desk.fake.submit(form, {"Name": "Lilly", "Tags": ["Warm", "None"]})
    await desk.answered(sent)

    assert sent.callback == UPDATE
    assert message.embeds[0]["title"] == "Edit Lilly"
    (request,) = desk.flows.requests("SubmitFlow")
    answers = {answer.key: list(answer.values) for answer in request.answers}
    assert answers == {"name": ["Lilly"], "tone": ["dry"], "tags": ["warm", ""], "open": ["false"]}


async def test_d2_buttons_and_forms_work_after_a_restart_of_bot_and_server(
    fake: FakeDiscord,
) -> None:
    flows = ScriptedFlows()
    desk = Desk(fake, flows)
    async with serving(flows), a_bot(fake, flows.address):
        message = await desk.begin()
        form = await desk.answered(fake.click(desk.ada, message, "Identity…"))
    async with serving(flows), a_bot(fake, flows.address):
        await desk.answered(fake.submit(form, {"Name": "Lilly"}))
        assert message.embeds[0]["title"] == "Edit Lilly"
        await desk.answered(fake.click(desk.ada, message, "Close"))

    assert told(message) == "Saved"
    assert message.components == []


async def test_choosing_an_item_takes_the_action_of_the_list(desk: Desk) -> None:
    message = await desk.begin()

    await desk.answered(desk.fake.choose(desk.ada, message, "A memory"))

    assert told(message) == "Opened m1"


async def test_d3_a_flow_that_has_ended_by_itself_says_so_and_changes_nothing(desk: Desk) -> None:
    message = await desk.begin()
    desk.flows.refusals["SubmitFlow"] = Refusal("FAILED_PRECONDITION", "FLOW_EXPIRED")

    clicked = await desk.answered(desk.fake.click(desk.ada, message, "Close"))

    assert clicked.replies[0].ephemeral
    assert "has ended" in clicked.replies[0].content
    assert message.embeds[0]["title"] == "Edit Lilith"


async def test_d3_somebody_else_is_refused(desk: Desk) -> None:
    message = await desk.begin()
    eve = desk.fake.add_member("eve")

    for label in ("Close", "Identity…"):
        clicked = await desk.answered(desk.fake.click(eve, message, label))
        assert clicked.replies[0].ephemeral
        assert "isn't yours" in clicked.replies[0].content
    assert desk.flow.etag == "1"


async def test_d4_a_slow_server_is_announced_in_time_and_shown_later(desk: Desk) -> None:
    message = await desk.begin()
    desk.flows.delays |= {"SubmitFlow": 2.3, "StartFlow": 2.3}

    clicked = desk.fake.click(desk.ada, message, "Close")
    asked = desk.fake.slash(desk.ada, desk.channel, EDIT, {"character": "x"})
    await desk.fake.until(lambda: told(message) == "Saved" and asked.replies)

    assert (clicked.callback, asked.callback) == (DEFERRED_UPDATE, DEFERRED)
    assert asked.replies[0].ephemeral
    assert clicked.answered.is_set()


async def test_d4_a_form_that_comes_too_late_is_a_sentence_in_time(desk: Desk) -> None:
    message = await desk.begin()
    desk.flows.delays["GetFlow"] = 4

    clicked = await desk.answered(desk.fake.click(desk.ada, message, "Identity…"))

    assert clicked.callback == MESSAGE
    assert clicked.replies[0].ephemeral
    assert clicked.replies[0].content == "My server didn't answer in time. Try again."


@pytest.fixture
async def long_desk(desk: Desk) -> Desk:
    desk.flows.begins[EDIT] = dashboard(about="A long story. " * 500)
    desk.flows.steps["about"] = lambda flow, answers: desk.flows.advance(
        flow, dashboard(about=answers["about"][0])
    )
    return desk


async def test_d5_a_text_longer_than_a_form_is_not_cut_unasked(long_desk: Desk) -> None:
    desk = long_desk
    message = await desk.begin()

    clicked = await desk.answered(desk.fake.click(desk.ada, message, "About…"))

    assert clicked.callback == UPDATE
    assert "**About** has 7,000 characters" in told(message)
    assert "the last 3,000 characters are **cut off**" in told(message)
    assert labels(message) == ["View all", "Edit the first 4000 characters…", "Cancel"]
    await desk.answered(desk.fake.click(desk.ada, message, "Cancel"))
    assert message.embeds[0]["title"] == "Edit Lilith"


async def test_d5_all_of_it_can_be_read_and_the_beginning_edited(long_desk: Desk) -> None:
    desk = long_desk
    message = await desk.begin()
    await desk.answered(desk.fake.click(desk.ada, message, "About…"))

    read = await desk.answered(desk.fake.click(desk.ada, message, "View all"))
    form = await desk.answered(
        desk.fake.click(desk.ada, message, "Edit the first 4000 characters…")
    )
    await desk.answered(desk.fake.submit(form, {}))

    (path,) = (one["url"].partition("/cdn")[2] for one in read.replies[0].attachments)
    assert read.replies[0].ephemeral
    assert ("A long story. " * 500).strip() in desk.fake.world.files[path][1].decode()
    (request,) = desk.flows.requests("SubmitFlow")
    assert request.answers[0].values[0] == ("A long story. " * 500)[:4000]
    assert message.embeds[0]["title"] == "Edit Lilith"


async def test_d6_of_two_clicks_one_counts_and_the_other_shows_how_it_stands(desk: Desk) -> None:
    message = await desk.begin()
    desk.flows.steps["delete"] = lambda flow, _: desk.flows.advance(flow, View(title="Sure?"))
    first = desk.fake.click(desk.ada, message, "Delete")
    second = desk.fake.click(desk.ada, message, "Delete")

    await desk.answered(first)
    await desk.answered(second)

    assert desk.flow.etag == "2"
    assert message.embeds[0]["title"] == "Sure?"
    notices = [one.json for one in desk.fake.requests if "has changed meanwhile" in str(one.json)]
    assert len(notices) == 1


async def test_an_action_that_is_gone_shows_how_the_flow_stands(desk: Desk) -> None:
    message = await desk.begin()
    del desk.flows.steps["close"]

    await desk.answered(desk.fake.click(desk.ada, message, "Close"))

    assert "can't be done any more" in told(message)
    assert message.embeds[0]["title"] == "Edit Lilith"


async def test_what_was_written_at_length_is_given_back_if_it_comes_too_late(desk: Desk) -> None:
    desk.flows.steps["about"] = lambda flow, _: desk.flows.advance(flow)
    message = await desk.begin()
    form = await desk.answered(desk.fake.click(desk.ada, message, "About…"))
    desk.flows.advance(desk.flow)

    sent = desk.fake.submit(form, {"About": "My work of an hour. " * 20})
    await desk.fake.until(lambda: sent.followups)

    (path,) = (one["url"].partition("/cdn")[2] for one in sent.followups[0].attachments)
    assert desk.fake.world.files[path][1].decode() == "My work of an hour. " * 20
    assert "has changed meanwhile" in told(message)


async def test_d8_a_forged_or_foreign_control_reaches_nobody(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    message = await desk.begin()
    true_id = message.components[1]["components"][0]["custom_id"]
    before = len(desk.flows.calls)
    forged = [
        re.sub(r":1:", ":2:", true_id),
        true_id[:-1] + "!",
        "persistent_view:42",
        "v1:a:b:c:d",
    ]

    for custom_id in forged:
        clicked = await desk.answered(desk.fake.forge(desk.ada, message, custom_id))
        assert clicked.replies[0].ephemeral
        assert clicked.replies[0].content.startswith("This button is not mine")

    assert len(desk.flows.calls) == before
    assert caplog.text.count("refused a control") == len(forged)


async def test_a_server_that_is_down_is_one_sentence(fake: FakeDiscord) -> None:
    flows = ScriptedFlows()
    desk = Desk(fake, flows)
    async with serving(flows), a_bot(fake, flows.address):
        message = await desk.begin()
    async with a_bot(fake, "127.0.0.1:9"):
        for label in ("Close", "Identity…"):
            clicked = await desk.answered(fake.click(desk.ada, message, label))
            assert "can't reach my server" in clicked.replies[0].content


async def test_what_the_server_refuses_is_told_in_its_words(desk: Desk) -> None:
    desk.flows.refusals["StartFlow"] = Refusal(
        "PERMISSION_DENIED", "NOT_EDITOR", "Only an editor of *Lilith* may do that."
    )

    asked = desk.fake.slash(desk.ada, desk.channel, EDIT, {"character": "lilith"})
    await desk.answered(asked)

    assert asked.replies[0].ephemeral
    assert asked.replies[0].content == "Only an editor of *Lilith* may do that."


async def test_k3_nothing_of_a_flow_and_no_token_is_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    message = await desk.begin()
    form = await desk.answered(desk.fake.click(desk.ada, message, "Identity…"))
    desk.flows.refusals["SubmitFlow"] = Refusal("FAILED_PRECONDITION", "FLOW_EXPIRED", "of bees")
    await desk.answered(desk.fake.submit(form, {"Name": "Lilly"}))
    await desk.answered(desk.fake.forge(desk.ada, message, "v1:secret"))

    assert "refused a control" in caplog.text
    for private in ("Lilith", "Lilly", "bees", "secret", "ada", desk.fake.platform.terms.token):
        assert private not in caplog.text


async def test_flows_work_in_a_direct_message(desk: Desk) -> None:
    asked = desk.fake.slash(
        desk.ada, desk.fake.direct_channel(desk.ada), EDIT, {"character": "lilith"}
    )
    (message,) = await desk.fake.until(lambda: asked.replies)

    await desk.answered(desk.fake.click(desk.ada, message, "Close"))

    assert told(message) == "Saved"


async def test_nothing_of_a_name_formats_or_pings(desk: Desk) -> None:
    name = "*_~|>#`[x](y) @everyone <@1> **"
    desk.flows.begins[EDIT] = View(
        title=name,
        body=f"# {name}",
        notice=f"> {name}",
        items=[Item(title=name, text=f"-# {name}")],
    )

    message = await desk.begin()

    for text in (message.embeds[0]["title"], message.embeds[0]["description"]):
        assert "@everyone" not in text
        assert not re.search(r"(?<!\\)<@", text)
        assert not re.search(r"(?<!\\)[_~|\[\]]", text)
        assert not re.search(r"^\s*(#|>|-#)", text, re.MULTILINE)
    assert all(
        one.body["data"]["allowed_mentions"] == {"parse": []} for one in callbacks(desk.fake)
    )


def callbacks(fake: FakeDiscord) -> list[Request]:
    template = "/interactions/{interaction_id}/{interaction_token}/callback"
    return fake.requested("POST", template)
