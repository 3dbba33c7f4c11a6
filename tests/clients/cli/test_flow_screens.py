"""How `tzurot flow` draws and asks whatever a server sends: every kind of field, work, malice."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.clients.cli.running import Terminal, terminal, tzurot
from tests.clients.discord.scripted_flows import (
    BOOLEAN,
    CHOICE,
    CHOICES,
    CLOSED,
    DONE,
    FILE,
    LONG_TEXT,
    TEXT,
    WORKING,
    Action,
    Answers,
    Choice,
    Field,
    Flow,
    Item,
    Kind,
    Progress,
    ScriptedFlows,
    View,
    serving,
)
from tests.clients.stub_server import Refusal

SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
NASTY = "a\x1b]0;owned\x07b\x1b[2J\u202ec\x9b31m\x08[red]d[/red]\u2066e"
PLAIN = "abc[red]d[/red]e"
OWLS = [Choice(value="barn", label="Barn owl", description="White."), Choice(value="eagle")]
RUN = ("flow", "run", "owl", "count")


def plain(shown: str) -> str:
    return SEQUENCE.sub("", shown).replace("\r", "")


@pytest.fixture
async def flows() -> AsyncIterator[ScriptedFlows]:
    scripted = ScriptedFlows()
    async with serving(scripted):
        yield scripted


def asking(flows: ScriptedFlows, *fields: Field) -> list[Answers]:
    """Let `owl count` ask these; what was answered, in the end."""
    send = Action(key="send", label="Send", asks=[field.key for field in fields])
    flows.offer(Kind(path="owl count"), View(title="Owls", fields=fields, actions=[send]))
    answered: list[Answers] = []

    def step(flow: Flow, answers: Answers) -> None:
        answered.append(answers)
        flows.advance(flow, View(title="Counted."), DONE)

    flows.steps["send"] = step
    return answered


async def say(screen: Terminal, *seen_and_typed: str) -> None:
    """Wait for what is at even places, type what is at odd ones."""
    for seen, keys in zip(seen_and_typed[::2], seen_and_typed[1::2], strict=True):
        await screen.see(seen)
        screen.type(f"{keys}\n")


async def test_each_kind_of_field_is_asked_in_its_own_way(
    flows: ScriptedFlows, tmp_path: Path
) -> None:
    answered = asking(
        flows,
        Field(key="name", label="Name", required=True),
        Field(key="notes", label="Notes", kind=LONG_TEXT, values=["Old.\nNotes."]),
        Field(key="best", label="Best", kind=CHOICE, choices=OWLS, values=["barn"]),
        Field(key="all", label="All", kind=CHOICES, choices=OWLS),
        Field(key="loud", label="Loud", kind=BOOLEAN, values=["false"]),
    )
    async with terminal(*RUN, home=tmp_path, address=flows.address) as screen:
        await screen.see("Old. Notes.")
        await say(screen, "choose:", "7", "There is no 7", "", "Choose by", "send")
        await say(screen, "Name:", "", "This is needed.", "-", "This is needed.", "  Hedwig ")
        await say(screen, "Notes [Old. Notes.]:", "She", "…", "", "…", "sleeps.", "…", ".")
        await screen.see("* 1. Barn owl: White.")
        await say(screen, "Best [Barn owl]:", "3", "There is no 3", "EAGLE")
        await say(screen, "All:", "1, 2 1", "Loud (y/n) [no]:", "perhaps", "Say y or n.", "Y")
        await screen.see("Counted.")
        assert await screen.ended() == 0
    assert answered == [
        {
            "name": ["Hedwig"],
            "notes": ["She\n\nsleeps."],
            "best": ["eagle"],
            "all": ["barn", "eagle"],
            "loud": ["true"],
        }
    ]


async def test_a_file_is_uploaded_and_a_folder_as_a_zip(
    flows: ScriptedFlows, tmp_path: Path
) -> None:
    owls = tmp_path / "my owls"
    owls.mkdir()
    (owls / "barn.txt").write_text("white" * 40_000)
    (owls / "none.txt").write_text("")
    answered = asking(flows, *(Field(key=key, label=key, kind=FILE) for key in ("one", "many")))
    async with terminal(*RUN, home=tmp_path, address=flows.address) as screen:
        await say(screen, "choose:", "1", "one:", "nowhere.png", "can't be read", "http://a.b/c")
        await say(screen, "Give a path of this machine.", "~/my owls/none.txt")
        await say(screen, "none.txt is empty.", "'~/my owls/barn.txt'", "many:", str(owls))
        await screen.see("Counted.")
    (answers,) = answered
    assert flows.files[answers["one"][0]] == b"white" * 40_000
    (tmp_path / "sent.zip").write_bytes(flows.files[answers["many"][0]])
    with ZipFile(tmp_path / "sent.zip") as sent:
        assert sent.namelist() == ["my owls/barn.txt", "my owls/none.txt"]
    assert [header.name for header in flows.headers] == ["barn.txt", "my owls"]


async def test_a_file_that_the_server_cannot_use_is_asked_again(
    flows: ScriptedFlows, tmp_path: Path
) -> None:
    (tmp_path / "owl.txt").write_text("who")
    asking(flows, Field(key="file", label="File", kind=FILE))
    flows.refusals["UploadFlowFile"] = Refusal("INVALID_ARGUMENT", "FILE_UNREADABLE", "No owl.")
    async with terminal(*RUN, home=tmp_path, address=flows.address) as screen:
        await say(screen, "choose:", "1", "File:", "~/owl.txt")
        await screen.see("No owl.")
        flows.refusals.clear()
        await say(screen, "File:", "~/owl.txt")
        await screen.see("Counted.")


async def test_a_script_hands_a_file_over_by_its_path(flows: ScriptedFlows, tmp_path: Path) -> None:
    (tmp_path / "owl.txt").write_text("who")
    answered = asking(flows, Field(key="file", label="File", kind=FILE), Field(key="name"))
    await tzurot(*RUN, home=tmp_path, address=flows.address)
    (flow_id,) = flows.flows
    pairs = (f"file={tmp_path}/owl.txt", "name=@owl")
    command = ("flow", "submit", flow_id, "send", *pairs)
    ended = await tzurot(*command, home=tmp_path, address=flows.address)
    assert (ended.code, ended.err) == (0, "")
    assert flows.files[answered[0]["file"][0]] == b"who"
    assert answered[0]["name"] == ["@owl"]


async def test_work_is_followed_with_a_bar(flows: ScriptedFlows, tmp_path: Path) -> None:
    asking(flows)

    def work(flow: Flow, _: Answers) -> None:
        flows.advance(flow, View(title="Owls", progress=Progress(label="listening")), WORKING)

    flows.steps["send"] = work
    async with terminal(*RUN, home=tmp_path, address=flows.address) as screen:
        await say(screen, "choose:", "send")
        await screen.see("listening")
        (flow,) = flows.flows.values()
        counting = Progress(label="counting", done_count=3, total_count=4)
        flows.advance(flow, View(title="Owls", progress=counting), WORKING)
        await screen.see("counting")
        await screen.see("75%")
        flows.advance(flow, View(title="Four owls."), DONE)
        await screen.see("Four owls.")
        assert await screen.ended() == 0


async def test_leaving_work_says_how_to_come_back(flows: ScriptedFlows, tmp_path: Path) -> None:
    asking(flows)
    flows.steps["send"] = lambda flow, _: flows.advance(
        flow, View(title="Owls", progress=Progress(label="listening")), WORKING
    )
    async with terminal(*RUN, home=tmp_path, address=flows.address) as screen:
        await say(screen, "choose:", "send")
        await screen.see("listening")
        assert await screen.interrupted() == 130
        await screen.see(f"flow resume {next(iter(flows.flows))}")


async def test_an_item_is_chosen_by_its_number_and_others_are_only_shown(
    flows: ScriptedFlows, tmp_path: Path
) -> None:
    items = [
        Item(title="Seen today", text="Two of them."),
        Item(key="b", title="Barn owl"),
        Item(key="e", title="Eagle owl"),
    ]
    more = Action(key="more", label="More")
    view = View(title="Owls", items=items, item_action="show", actions=[more])
    flows.offer(Kind(path="owl count"), view)
    flows.steps["show"] = lambda flow, answers: flows.advance(
        flow, View(title=f"Owl {answers['item'][0]}"), CLOSED
    )
    async with terminal(*RUN, home=tmp_path, address=flows.address) as screen:
        shown = await screen.see("choose:")
        screen.type("2\n")
        await screen.see("Owl e")
    assert "  Seen today\n     Two of them.\n  1. Barn owl\n  2. Eagle owl\n  3. More" in plain(
        shown
    )


async def test_nothing_that_a_server_sends_steers_the_terminal(
    flows: ScriptedFlows, tmp_path: Path
) -> None:
    choices = [Choice(value="x", label=NASTY, description=NASTY)]
    fields = [
        Field(key=key, label=NASTY, description=NASTY, kind=kind, values=[NASTY], choices=choices)
        for key, kind in (("a", TEXT), ("b", LONG_TEXT), ("c", CHOICE))
    ]
    fields[0].error = NASTY
    view = View(
        title=NASTY,
        body=f"**{NASTY}**\n- `{NASTY}`",
        notice=NASTY,
        fields=fields,
        items=[Item(key="k", title=NASTY, text=NASTY)],
        item_action="show",
        actions=[Action(key="send", label=NASTY, asks=["a", "b", "c"])],
    )
    flows.offer(Kind(path="owl count"), view)
    flows.steps["send"] = lambda flow, _: flows.advance(flow, View(title="Well.", body=NASTY), DONE)
    async with terminal(*RUN, home=tmp_path, address=flows.address) as screen:
        await say(screen, "choose:", "2", f"{PLAIN} [{PLAIN}]:", "")
        await say(screen, f"{PLAIN} [{PLAIN}]:", "", f"{PLAIN} [{PLAIN}]:", "")
        await screen.see("Well.")
        assert await screen.ended() == 0
    for forbidden in ("\x1b]", "\x07", "\x1b[2J", "\x9b", "\x08", "\u202e", "\u2066"):
        assert forbidden not in screen.shown
    sent = flows.requests("SubmitFlow")[0].answers
    assert [list(answer.values) for answer in sent] == [[NASTY]] * 3  # kept, as it was
    for command in (("flow", "show", next(iter(flows.flows))), RUN):
        for more in ((), ("--json",)):
            ended = await tzurot(*command, *more, home=tmp_path, address=flows.address)
            assert ended.code == 0
            assert not {"\x1b", "\x07", "\x9b", "\x08", "\u202e", "\u2066"} & set(ended.out)


async def test_a_server_that_goes_away_leaves_a_way_back(
    flows: ScriptedFlows, tmp_path: Path
) -> None:
    asking(flows)
    flows.refusals["SubmitFlow"] = Refusal("UNAVAILABLE", "DRAINING", "The server stops.")
    async with terminal(*RUN, home=tmp_path, address=flows.address) as screen:
        await say(screen, "choose:", "send")
        await screen.see("The server stops.")
        await screen.see(f"`tzurot flow resume {next(iter(flows.flows))}`")
        assert await screen.ended() == 1


async def test_a_dialogue_that_has_expired_ends_with_what_to_do(
    flows: ScriptedFlows, tmp_path: Path
) -> None:
    asking(flows)
    gone = Refusal("FAILED_PRECONDITION", "FLOW_EXPIRED", "The flow has expired.")
    flows.refusals["SubmitFlow"] = gone
    async with terminal(*RUN, home=tmp_path, address=flows.address) as screen:
        await say(screen, "choose:", "send")
        await screen.see("The flow has expired: begin it again with `tzurot flow run`.")
        assert await screen.ended() == 2
    assert "flow resume" not in screen.shown
