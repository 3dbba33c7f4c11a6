"""What there is to do is told from the catalogue, and the page of the commands from the same."""

import re

import pytest

from docs.commands import PAGE, commands_page
from docs.commands import kinds as on_the_page
from tests.calling import Client, request_for
from tests.conftest import Served
from tests.flow.dialogue import Dialogue, starting


async def kinds(client: Client) -> dict[str, str]:
    """What the server offers, with its sentences."""
    listed = (await client.call("ListFlowKinds")).kinds
    return {kind.path: kind.summary for kind in listed}


async def told(client: Client) -> dict[str, str]:
    """The same as help tells it, group by group."""
    flow = await Dialogue.start(client, "help")
    found = dict[str, str]()
    for group in [item.title for item in flow.view.items]:
        await flow.choose(group)
        found |= {item.title.removeprefix("/"): item.text for item in flow.view.items}
        await flow.answer("back")
    return found


async def test_help_lists_what_the_catalogue_offers(mira: Client) -> None:
    offered, shown = await kinds(mira), await told(mira)
    assert shown.keys() == offered.keys() - {"help"}
    assert len(shown) > 15
    for path, sentence in shown.items():
        assert sentence.startswith(offered[path])


async def test_a_command_is_told_with_what_it_takes(mira: Client) -> None:
    flow = await Dialogue.start(mira, "help", command="/History clear")
    assert flow.view.title == "/history clear"
    assert "Let a character begin a conversation anew; its memories stay." in flow.view.body
    assert {item.title: item.text for item in flow.view.items} == {
        "[character]": "Which character: its name or slug.",
        "[conversation]": "Which conversation.",
    }
    await flow.answer("back")
    assert flow.view.title == "/history"
    await flow.choose("/history clear")
    assert flow.view.title == "/history clear"


async def test_a_group_can_be_named(mira: Client) -> None:
    flow = await Dialogue.start(mira, "help", command="memory")
    verbs = (
        *("add", "browse", "dreams", "export", "facts", "forget", "fresh"),
        *("graph", "incognito", "purge", "search", "stats", "undo"),
    )
    assert set(flow.items) == {f"/memory {verb}" for verb in verbs}


async def test_what_a_client_offers_by_itself_stands_beside_the_groups(mira: Client) -> None:
    commands = [
        {"name": "/chat", "description": "Talk to a character"},
        {"name": "Continue", "description": "More of it,\nin a message's menu"},
        {"name": "/memory", "description": "A name that the server has"},
    ]
    request = request_for("StartFlow", path="help", client_commands=commands)
    flow = Dialogue(mira, (await mira.call("StartFlow", request)).flow)
    own = [(item.title, item.text, item.key) for item in flow.view.items[-3:]]
    assert own == [
        ("/chat", "Talk to a character", ""),
        ("Continue", "More of it, in a message's menu", ""),
        ("/memory", "A name that the server has", ""),
    ]
    await flow.choose("/turn")
    await flow.choose("/turn why")
    await flow.answer("back")
    await flow.answer("back")
    assert [(item.title, item.text, item.key) for item in flow.view.items[-3:]] == own
    named = request_for(
        "StartFlow", path="help", client_commands=commands, arguments={"command": "chat"}
    )
    assert (await mira.call("StartFlow", named)).flow.view.title == "Help"


async def test_a_command_that_is_none_is_refused(mira: Client) -> None:
    refusal = await mira.refused("StartFlow", starting("help", command="fly away"))
    assert refusal.reason == "FLOW_KIND_NOT_FOUND"


async def test_commands_are_completed(mira: Client) -> None:
    asked = request_for("CompleteFlowArgument", path="help", key="command", typed="/turn")
    choices = (await mira.call("CompleteFlowArgument", asked)).choices
    assert [choice.value for choice in choices] == ["turn why"]


@pytest.mark.parametrize("argument", [{}, {"command": "channel activate"}])
async def test_moderators_commands_are_told_to_those_whose_client_vouches(
    argument: dict[str, str], mira: Client, served: Served
) -> None:
    wanted = {"name": "unvouched", "scopes": ["flow.write", "flow.read"], "acts_for": ["*"]}
    issued = request_for("CreateServiceToken", service_token=wanted)
    token = (await served.client().call("CreateServiceToken", issued)).secret
    unvouched = served.client(subject=mira.subject, token=token)
    if argument:
        refusal = await unvouched.refused("StartFlow", starting("help", **argument))
        assert refusal.reason == "FLOW_KIND_NOT_FOUND"
        assert (await Dialogue.start(mira, "help", **argument)).view.body.endswith("moderators.")
    else:
        assert "channel activate" not in await told(unvouched)
        assert "channel activate" in await told(mira)


def test_the_page_of_the_commands_is_fresh() -> None:
    assert PAGE.read_text() == commands_page(), "run make docs"


async def test_page_help_and_catalogue_have_the_same_commands(mira: Client) -> None:
    offered = await kinds(mira)
    assert {kind.path: kind.summary for kind in on_the_page()} == offered
    rows = re.findall(r"^\| `([a-z ]+)`", PAGE.read_text(), flags=re.M)
    assert sorted(rows) == sorted(offered)
    assert set(rows) - {"help"} == (await told(mira)).keys()
