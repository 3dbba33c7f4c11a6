"""Dialogues of the server's in a talk: a line with a slash holds one, and the talk goes on."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.calling import request_for
from tests.clients.cli.people import CTRL_D, Person, choose, fill_in, plain
from tests.conftest import Served


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("ada")[0], tmp_path)


async def remembers(ada: Person, slug: str, words: str) -> None:
    personality_id = (await ada.look_at(slug)).id
    request = request_for("CreateMemory", personality_id=personality_id, text=words)
    await ada.client.call("CreateMemory", request)


async def test_a_dialogue_is_about_who_is_talked_with_and_the_talk_goes_on(ada: Person) -> None:
    name = f"Mira {uuid4().hex[:8]}"  # nobody else's on the shared server
    slug, other = await ada.character(name), await ada.character("Kit")
    await remembers(ada, slug, "I keep bees.")
    await remembers(ada, other, "I keep cats.")
    async with ada.terminal("chat", slug) as screen:
        await screen.see("you:")
        screen.type("/memory browse\n")
        await screen.see(f"What {name} remembers of you")
        await screen.see("I keep bees.")
        await choose(screen, "1")
        await screen.see("You told ")
        await choose(screen, "Other words")
        await fill_in(screen, {"Its words [I keep bees.]": "I keep wasps.\n."})
        await screen.see("It says this from now on.")
        await choose(screen, "close")
        await screen.see("You are back in the talk.")
        await screen.see("you:")
        screen.type(f"/memory purge character={other}\n")
        await choose(screen, "look")
        await screen.see("Forget 1 memory?")
        await choose(screen, "forget")
        await fill_in(screen, {"Confirmation": "forget 1 memory"})
        await screen.see("1 memory forgotten")
        await screen.see("you:")
        screen.type("/quit\n")
        assert await screen.ended() == 0
    assert "I keep cats." not in plain(screen.shown).partition("/memory purge")[0]


async def test_leaving_a_dialogue_leads_back_and_says_how_to_go_on(ada: Person) -> None:
    slug = await ada.character("Mira")
    async with ada.terminal("chat", slug) as screen:
        await screen.see("you:")
        screen.type("/memory stats\n")
        await screen.see("choose:")
        screen.type(CTRL_D)
        await screen.see("You are back in the talk.")
        await screen.see("tzurot flow resume ")
        await screen.see("you:")
        screen.type(CTRL_D)
        assert await screen.ended() == 0


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/memory", "There are /memory add, /memory browse,"),
        ("/memory brows", "There are /memory add, /memory browse,"),
        ("/memory browse bees", "/memory browse takes character=… persona=… sector=…"),
        ("/memory browse character='bees", "This can't be read: no closing quotation."),
        ("/memory browse sector=gossip", "must be one of episodic,"),
        ("/nonsense", "There is no /nonsense: /help shows what there is."),
        ("/", "There is no /: /help shows what there is."),
    ],
)
async def test_a_line_that_names_none_is_answered_with_what_there_is(
    ada: Person, line: str, told: str
) -> None:
    slug = await ada.character("Mira")
    async with ada.terminal("chat", slug) as screen:
        await screen.see("you:")
        screen.type(f"{line}\n")
        for word in told.split(", "):
            await screen.see(word)
        await screen.see("you:")
        screen.type("/quit\n")
        assert await screen.ended() == 0
