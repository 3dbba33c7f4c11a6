"""`tzurot flow` and a real server, in scripts: one step at a time, as JSON or as text."""

import re
from pathlib import Path
from uuid import uuid4

import pytest

from tests.clients.cli.people import Person
from tests.conftest import Served


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("ada")[0], tmp_path)


async def test_a_script_takes_one_step_at_a_time(ada: Person) -> None:
    slug = await ada.character("Mira")
    command = ("flow", "run", "character", "edit", f"character={slug}")
    flow = (await ada.document(*command))["flow"]
    assert (flow["state"], flow["view"]["title"]) == ("FLOW_STATE_OPEN", "Mira")

    step = ("flow", "submit", flow["id"])
    entered = ("name=Mirabel", "nickname=a=b", "tags=owl, night")
    after = (await ada.document(*step, "identity", *entered, "--etag", flow["etag"]))["flow"]
    assert after["view"]["body"].startswith("Saved.")
    mira = await ada.look_at(slug)
    assert (mira.name, mira.nickname, list(mira.tags)) == ("Mirabel", "a=b", ["owl", "night"])

    late = await ada.run(*step, "identity", "name=Mirai", "--etag", flow["etag"], "--json")
    assert (late.code, late.out) == (2, "")
    assert f"`tzurot flow show {flow['id']}` shows how it stands" in late.err
    await ada.document(*step, "identity", "nickname=")
    mira = await ada.look_at(slug)
    assert (mira.name, mira.nickname) == ("Mirabel", "")
    assert (await ada.document("flow", "show", flow["id"]))["flow"]["view"]["title"] == "Mirabel"
    closed = (await ada.document(*step, "close"))["flow"]
    assert closed["state"] == "FLOW_STATE_CLOSED"


async def test_a_file_among_the_arguments_is_handed_over(ada: Person, tmp_path: Path) -> None:
    card = tmp_path / "owl.json"
    card.write_text('{"name": "Strix", "description": "An owl.", "first_mes": "Who?"}')
    command = ("flow", "run", "character", "import", f"file={card}")
    flow = (await ada.document(*command))["flow"]
    assert (flow["state"], flow["view"]["title"]) == ("FLOW_STATE_OPEN", "Strix")

    missing = await ada.run("flow", "run", "character", "import", "file=nowhere.json")
    assert (missing.code, missing.out) == (2, "")
    assert "nowhere.json can't be read" in missing.err


async def test_through_a_pipe_what_can_be_done_is_shown_as_submit_takes_it(ada: Person) -> None:
    name = f"Mira {uuid4().hex[:8]}"  # nobody else's on the shared server
    slug = await ada.character(name)
    ended = await ada.run("flow", "run", "character delete", f"character={slug}")
    assert ended.code == 0
    assert "\x1b" not in ended.out
    assert "\n  delete phrase=…: Delete\n" in ended.out
    flow_id = re.findall(r"`tzurot flow submit (\S+) …`", ended.out)[0]
    ended = await ada.run("flow", "submit", flow_id, "delete", f"phrase=DELETE {name.upper()}")
    assert f"{name} is gone" in ended.out


async def test_the_catalogue_and_the_values_of_an_argument(ada: Person) -> None:
    slug = await ada.character("Mira")
    ended = await ada.run("flow", "list")
    assert ["character", "edit", "character=…"] in [
        row.split()[:3] for row in ended.out.splitlines()
    ]
    kinds = (await ada.document("flow", "list"))["kinds"]
    assert "character edit" in [kind["path"] for kind in kinds]
    ended = await ada.run("flow", "complete", "character edit", "character", "mi")
    assert [row.split()[:2] for row in ended.out.splitlines()[1:]] == [[slug, "Mira"]]


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("flow run no such", "`tzurot flow list` shows all."),
        ("flow show 0199aaaa-0000-7000-8000-000000000000", "`tzurot flow open` shows yours."),
        ("flow resume 0199aaaa-0000-7000-8000-000000000000", "`tzurot flow open` shows yours."),
        ("flow run memory browse character=x y", "`y` is no KEY=VALUE."),
        ("flow run character edit", "arguments.character: is required."),
    ],
)
async def test_what_goes_wrong_is_one_sentence(ada: Person, command: str, told: str) -> None:
    ended = await ada.run(*command.split(), "--json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.rstrip().endswith(told)
    assert ended.err.count("\n") == 1


async def test_an_action_that_is_not_there(ada: Person) -> None:
    flow = (await ada.document("flow", "run", "memory browse"))["flow"]
    ended = await ada.run("flow", "submit", flow["id"], "jump")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith(f"`tzurot flow show {flow['id']}` shows how it stands.\n")
    assert ended.err.count("\n") == 1
