"""`tzurot flow` and a real server: held on a terminal, step by step in scripts, and resumed."""

import json
import re
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.calling import Client, request_for
from tests.clients.cli.running import Ended, Terminal, terminal, tzurot
from tests.conftest import Served
from tests.flow.dialogue import Dialogue
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

    async def run(self, *command: str) -> Ended:
        """The command, through a pipe."""
        address = self.served.running.address
        return await tzurot(*self.as_themselves, *command, home=self.home, address=address)

    async def document(self, *command: str) -> dict[str, Any]:
        """What the command prints as JSON."""
        ended = await self.run(*command, "--json")
        assert (ended.code, ended.err) == (0, "")
        return json.loads(ended.out)

    async def character(self, name: str, **fields: str) -> str:
        """A new character of theirs; its slug."""
        new = personality_pb2.Personality(name=name, **fields)
        asked = request_for("CreatePersonality", personality=new)
        return (await self.client.call("CreatePersonality", asked)).personality.slug

    async def look_at(self, slug: str) -> Any:
        """The character as it is now."""
        ref = personality_pb2.PersonalityRef(slug=slug)
        asked = request_for("GetPersonality", personality=ref)
        return (await self.client.call("GetPersonality", asked)).personality


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("ada")[0], tmp_path)


async def fill_in(screen: Terminal, answers: Mapping[str, str]) -> None:
    """Answer the prompts of a form, in order."""
    for label, keys in answers.items():
        await screen.see(label)
        await screen.see(":")
        screen.type(f"{keys}\n")


async def choose(screen: Terminal, what: str) -> None:
    await screen.see("choose:")
    screen.type(f"{what}\n")


async def test_a_character_is_edited_in_its_forms(ada: Person) -> None:
    slug = await ada.character("Mira", description="A healer.", appearance="Tall.")
    async with ada.terminal("flow", "run", "character", "edit", f"character={slug}") as screen:
        await choose(screen, "identity")
        identity = {"Name [Mira]": "Mirabel", "Slug": "", "Nickname": "Mi", "Birthday": "99-99"}
        await fill_in(screen, identity | {"Tags": ""})
        await screen.see("MM-DD or YYYY-MM-DD, such as 10-31.")
        await choose(screen, "identity")
        identity = {
            "Name [Mirabel]": "",
            "Slug": "",
            "Nickname [Mi]": "",
            "Birthday [99-99]": "10-31",
        }
        await fill_in(screen, identity | {"Tags": ""})
        await screen.see("Saved.")
        await choose(screen, "2")
        await fill_in(screen, {"Description [A healer.]": "", "History": "Born"})
        screen.type("\nin spring.\n.\n")
        await fill_in(screen, {"Scenario": "", "Age": "", "Appearance [Tall.]": "-"})
        await screen.see("Saved.")
        await choose(screen, "6")
        await screen.see("* 1. Private")
        await fill_in(screen, {"Visibility [Private]": "2"})
        await screen.see("Saved.")
        await choose(screen, "close")
        assert await screen.ended() == 0

    mira = await ada.look_at(slug)
    assert (mira.name, mira.nickname, mira.birthday) == ("Mirabel", "Mi", "10-31")
    assert (mira.description, mira.appearance) == ("A healer.", "")
    assert mira.history == "Born\n\nin spring."
    assert mira.visibility == personality_pb2.VISIBILITY_PUBLIC
    assert "flow resume" not in screen.shown


async def test_a_character_is_deleted_once_its_phrase_is_typed(ada: Person) -> None:
    slug = await ada.character("Mira")
    async with ada.terminal("flow", "run", "character", "delete", f"character={slug}") as screen:
        await screen.see("0 conversations")
        await choose(screen, "Delete")
        await screen.see("Type: DELETE MIRA")
        await fill_in(screen, {"Confirmation": "delete"})
        await screen.see("Nothing was deleted.")
        await ada.look_at(slug)
        await choose(screen, "2")
        await fill_in(screen, {"Confirmation [delete]": "delete mira"})
        await screen.see("Mira is gone")
        assert await screen.ended() == 0
    listed = await ada.document("personality", "list", "--mine")
    assert listed == {"personalities": []}


async def test_an_edit_without_options_is_a_dialogue_on_a_terminal(ada: Person) -> None:
    slug = await ada.character("Mira")
    async with ada.terminal("personality", "edit", slug) as screen:
        await choose(screen, "close")
        await screen.see("Closed")
        assert await screen.ended() == 0
    ended = await ada.run("personality", "edit", slug)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("Nothing to change: ")


async def test_what_a_dialogue_needs_and_was_not_given_is_asked(ada: Person) -> None:
    slug = await ada.character("Mira")
    async with ada.terminal("flow", "run", "memory search") as screen:
        await screen.see(f"Such as {slug}")
        await fill_in(screen, {"character": ""})
        await screen.see("This is needed.")
        await fill_in(screen, {"character": slug, "query": "bees"})
        await screen.see("What Mira remembers")
        await screen.see("choose:")


async def test_the_end_of_the_input_leaves_it_open_and_another_terminal_goes_on(
    ada: Person,
) -> None:
    slug = await ada.character("Mira")
    async with ada.terminal("flow", "run", "character edit", f"character={slug}") as screen:
        await choose(screen, "identity")
        await screen.see("Name [Mira]:")
        screen.type(CTRL_D)
        assert await screen.ended() == 0
    (told,) = FLOW_ID.findall(plain(screen.shown))
    assert f"`tzurot --as {ada.client.subject} flow resume {told}`" in plain(screen.shown)

    (flow,) = (await ada.document("flow", "open"))["flows"]
    assert (flow["id"], flow["path"]) == (told, "character edit")
    async with ada.terminal("flow", "resume", told) as screen:
        await choose(screen, "identity")
        identity = {"Name": "Mirabel", "Slug": "", "Nickname": "", "Birthday": "", "Tags": ""}
        await fill_in(screen, identity)
        await screen.see("Saved.")
        await choose(screen, "close")
        assert await screen.ended() == 0
    assert (await ada.look_at(slug)).name == "Mirabel"
    assert await ada.document("flow", "open") == {"flows": []}


async def test_ctrl_c_leaves_it_open(ada: Person) -> None:
    async with ada.terminal("flow", "run", "memory", "browse") as screen:
        await screen.see("choose:")
        assert await screen.interrupted() == 130
    (flow,) = (await ada.document("flow", "open"))["flows"]
    assert FLOW_ID.findall(plain(screen.shown)) == [flow["id"]]
    assert "Traceback" not in screen.shown


async def test_what_was_begun_elsewhere_is_gone_on_with(ada: Person) -> None:
    slug = await ada.character("Mira")
    begun = await Dialogue.start(ada.client, "character edit", character=slug)
    await begun.answer("identity", birthday="99-99")
    async with ada.terminal("flow", "resume", begun.flow.id) as screen:
        await screen.see("such as 10-31.")
        await choose(screen, "identity")
        await fill_in(screen, {"Name": "", "Slug": "", "Nickname": "", "Birthday [99-99]": "-"})
        await fill_in(screen, {"Tags": ""})
        await screen.see("Saved.")


async def test_what_was_typed_is_offered_again_if_the_dialogue_went_on_elsewhere(
    ada: Person,
) -> None:
    slug = await ada.character("Mira")
    begun = await Dialogue.start(ada.client, "character edit", character=slug)
    async with ada.terminal("flow", "resume", begun.flow.id) as screen:
        await choose(screen, "about")
        await fill_in(screen, {"Creator": "Ada", "Notes": "Made at night."})
        screen.type(".\n")
        await screen.see("Version")
        await begun.answer("visibility", visibility="public")
        screen.type("2\n")
        await screen.see("It went on elsewhere in the meantime")
        await choose(screen, "about")
        await fill_in(
            screen, {"Creator [Ada]": "", "Notes [Made at night.]": "", "Version [2]": ""}
        )
        await screen.see("Saved.")
    mira = await ada.look_at(slug)
    assert (mira.creator, mira.creator_notes) == ("Ada", "Made at night.")
    assert mira.visibility == personality_pb2.VISIBILITY_PUBLIC


async def test_a_script_takes_one_step_at_a_time(ada: Person) -> None:
    slug = await ada.character("Mira")
    command = ("flow", "run", "character", "edit", f"character={slug}")
    flow = (await ada.document(*command))["flow"]
    assert (flow["state"], flow["view"]["title"]) == ("FLOW_STATE_OPEN", "Mira")

    step = ("flow", "submit", flow["id"])
    entered = ("name=Mirabel", "nickname=a=b", "tags=owl, night")
    after = (await ada.document(*step, "identity", *entered, "--etag", flow["etag"]))["flow"]
    assert after["view"]["notice"] == "Saved."
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


async def test_through_a_pipe_what_can_be_done_is_shown_as_submit_takes_it(ada: Person) -> None:
    slug = await ada.character("Mira")
    ended = await ada.run("flow", "run", "character delete", f"character={slug}")
    assert ended.code == 0
    assert "\x1b" not in ended.out
    assert "\n  delete phrase=…: Delete\n" in ended.out
    flow_id = re.findall(r"`tzurot flow submit (\S+) …`", ended.out)[0]
    ended = await ada.run("flow", "submit", flow_id, "delete", "phrase=DELETE MIRA")
    assert "Mira is gone" in ended.out


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
    assert ended.err.count("\n") == 1
