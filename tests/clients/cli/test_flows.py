"""`tzurot flow` and a real server, on a terminal: dialogues held, left open, resumed."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from tests.calling import request_for
from tests.clients.cli.people import CTRL_D, FLOW_ID, Person, choose, fill_in, plain
from tests.conftest import Served
from tests.flow.dialogue import Dialogue
from tzurot.personality.v1 import personality_pb2


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("ada")[0], tmp_path)


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
        await choose(screen, "8")
        await screen.see("* 1. Private")
        who = {"Visibility [Private]": "4", "Show its definition (y/n)": "y"}
        await fill_in(screen, who | {"Only for adults (y/n)": "y"})
        await screen.see("Saved.")
        await choose(screen, "close")
        assert await screen.ended() == 0

    mira = await ada.look_at(slug)
    assert (mira.name, mira.nickname, mira.birthday) == ("Mirabel", "Mi", "10-31")
    assert (mira.description, mira.appearance) == ("A healer.", "")
    assert mira.history == "Born\n\nin spring."
    assert mira.visibility == personality_pb2.VISIBILITY_PUBLIC
    assert (mira.definition_visible, mira.age_restricted) == (True, True)
    assert "flow resume" not in screen.shown


async def test_a_character_is_deleted_once_its_phrase_is_typed(ada: Person) -> None:
    name = f"Mira {uuid4().hex[:8]}"  # nobody else's on the shared server
    slug = await ada.character(name)
    async with ada.terminal("flow", "run", "character", "delete", f"character={slug}") as screen:
        await screen.see("0 conversations")
        await choose(screen, "Delete")
        await screen.see(f"Type: DELETE {name.upper()}")
        await fill_in(screen, {"Confirmation": "delete"})
        await screen.see("Nothing was deleted.")
        await ada.look_at(slug)
        await choose(screen, "2")
        await fill_in(screen, {"Confirmation [delete]": f"delete {name}"})
        await screen.see(f"{name} is gone")
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
    name = f"Mira {uuid4().hex[:8]}"  # nobody else's on the shared server
    slug = await ada.character(name)
    async with ada.terminal("flow", "run", "memory search") as screen:
        await screen.see(f"Such as {slug}")
        await fill_in(screen, {"character": ""})
        await screen.see("This is needed.")
        await fill_in(screen, {"character": slug, "query": "bees"})
        await screen.see(f"What {name} remembers")
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


async def test_a_character_moves_in_from_a_file(ada: Person) -> None:
    data = {"name": "Lilith", "description": "A witch."}
    card = json.dumps({"spec": "chara_card_v2", "spec_version": "2.0", "data": data})
    (ada.home / "card.json").write_text(card)
    async with ada.terminal("flow", "run", "character", "import") as screen:
        await choose(screen, "send a file")
        await fill_in(screen, {"The file": "~/card.json"})
        await screen.see("What would happen")
        await choose(screen, "move in")
        await screen.see("Lilith has moved in")
        assert await screen.ended() == 0
    (lilith,) = (await ada.document("personality", "list", "--mine"))["personalities"]
    assert (lilith["name"], lilith["description"]) == ("Lilith", "A witch.")


async def test_a_file_that_goes_with_a_screen_is_saved_where_somebody_says(ada: Person) -> None:
    slug = await ada.character("Mira")
    personality_id = (await ada.look_at(slug)).id
    for words in ("Bea was in the garden.", "Bea likes Tom.", "Tom and Bea came."):
        request = request_for("CreateMemory", personality_id=personality_id, text=words)
        await ada.client.call("CreateMemory", request)
    picture, taken = ada.home / "bees.svg", ada.home / "nowhere" / "bees.svg"
    async with ada.terminal("flow", "run", "memory graph", f"character={slug}") as screen:
        await choose(screen, "Draw it")
        await choose(screen, "save memories.svg")
        await fill_in(screen, {"where to [memories.svg]": str(taken)})
        await screen.see("written:")
        await choose(screen, "save memories.svg")
        await fill_in(screen, {"where to [memories.svg]": str(picture)})
        await screen.see("written.")
        await choose(screen, "close")
        assert await screen.ended() == 0
    assert picture.read_text().startswith("<svg")
