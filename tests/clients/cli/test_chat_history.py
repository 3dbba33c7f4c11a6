"""J2 in the terminal: a history is cleared and brought back in the middle of a talk."""

from pathlib import Path

import pytest

from tests.clients.cli.people import Person, choose
from tests.conftest import Served


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("ada")[0], tmp_path)


def told(served: Served) -> str:
    """What the last prompt had of what was said."""
    return str(served.provider.requests[-1].said)


async def test_j2_clear_then_undo(ada: Person, served: Served) -> None:
    slug = await ada.character("Mira")
    async with ada.terminal("chat", slug) as screen:
        await screen.see("you:")
        served.provider.script("Noted.", "Here I am.", "Juniper.")
        screen.type("Remember the word juniper.\n")
        await screen.see("Noted.")
        await screen.see("you:")
        screen.type("/history clear\n")
        await screen.see("Begin anew with Mira")
        await choose(screen, "clear")
        await screen.see("sees nothing of what was said before")
        await screen.see("you:")
        screen.type("Are you there?\n")
        await screen.see("Here I am.")
        assert "Remember the word" not in told(served)
        await screen.see("you:")
        screen.type("/history undo\n")
        await screen.see("You can go back once.")
        await choose(screen, "undo")
        await screen.see("It is in sight again.")
        await choose(screen, "close")
        await screen.see("you:")
        screen.type("Which word?\n")
        await screen.see("Juniper.")
        assert told(served).index("Remember the word") < told(served).index("Are you there?")
        screen.type("/quit\n")
        assert await screen.ended() == 0
