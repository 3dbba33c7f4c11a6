"""`tzurot help` lists the dialogues that there are, as `/help` and the page of the commands do."""

import re
from pathlib import Path

import pytest

from docs.commands import PAGE
from tests.clients.cli.people import Person
from tests.conftest import Served


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("ada")[0], tmp_path)


async def test_it_lists_what_the_page_of_the_commands_does(ada: Person) -> None:
    listed = (await ada.document("help"))["kinds"]
    rows = re.findall(r"^\| `([a-z ]+)`", PAGE.read_text(), flags=re.M)
    assert [kind["path"] for kind in listed] == sorted(rows)
    ended = await ada.run("help")
    assert [path for path in rows if path not in ended.out] == []


async def test_it_lists_what_is_typed_here_alone(ada: Person) -> None:
    ended = await ada.run("help")
    shown = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert "tzurot chat Talk with a character." in shown
    assert "tzurot memory What characters remember of you." in shown
    alone = await ada.run("help", "memory")
    assert "tzurot" not in alone.out


async def test_a_group_is_listed_alone(ada: Person) -> None:
    listed = (await ada.document("help", "memory"))["kinds"]
    verbs = (
        *("add", "browse", "dreams", "export", "facts", "forget", "fresh"),
        *("graph", "incognito", "purge", "search", "stats", "undo"),
    )
    assert [kind["path"] for kind in listed] == [f"memory {verb}" for verb in verbs]


async def test_one_command_is_told_with_what_it_takes(ada: Person) -> None:
    ended = await ada.run("help", "history", "clear")
    shown = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert "history clear Let a character begin a conversation anew; its memories stay." in shown
    assert "[character] Which character: its name or slug." in shown


async def test_what_is_no_command_is_said(ada: Person) -> None:
    ended = await ada.run("help", "mem")
    assert ended.code != 0
    assert ended.err == "There is no command mem. `tzurot help` lists all there are.\n"
