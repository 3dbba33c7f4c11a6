"""`/attach` and `--attach`: pictures and texts that something is said with, at a real server."""

from pathlib import Path

import pytest

from tests.clients.cli.people import Person
from tests.clients.cli.running import Ended, tzurot
from tests.conftest import Served
from tests.personality.test_pictures import file_of, halves


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("ada")[0], tmp_path)


@pytest.fixture
async def lilith(ada: Person) -> str:
    """A character of Ada's; the scripted model repeats what it was told."""
    return await ada.character("Lilith")


async def chats(who: Person, *command: str, said: str) -> Ended:
    address = who.served.running.address
    return await tzurot(
        *who.as_themselves, "chat", *command, home=who.home, address=address, said=said
    )


async def test_a_file_goes_with_the_next_line_and_no_other(
    ada: Person, lilith: str, tmp_path: Path
) -> None:
    notes = tmp_path / "my notes.txt"
    notes.write_text("Honey\nand wax")
    said = f"/attach {notes}\nWhat is it?\nAnd now?\n"
    ended = await chats(ada, lilith, said=said)
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    assert lines[0] == "my notes.txt goes with your next message (text, 1 kB)."
    assert lines[1:5] == ['You said: "[file "my notes.txt"]', "| Honey", "| and wax", ""]
    assert lines[5] == 'What is it?"'
    assert lines[-1] == 'You said: "And now?"'


async def test_several_go_together_and_quotation_marks_are_a_shells(
    ada: Person, lilith: str, tmp_path: Path
) -> None:
    (tmp_path / "bees.png").write_bytes(file_of(halves()))
    (tmp_path / "a.txt").write_text("Honey")
    said = f'/attach "{tmp_path}/bees.png"\n/attach ~/a.txt\nLook!\n'
    ended = await chats(ada, lilith, said=said)
    assert "bees.png goes with your next message (picture, 1 kB)." in ended.out
    assert '[picture "bees.png", which you can\'t see]\n\n[file "a.txt"]\n| Honey' in ended.out


async def test_the_first_line_can_have_files_from_the_start(
    ada: Person, lilith: str, tmp_path: Path
) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"in {name}")
    files = ("--attach", str(tmp_path / "a.txt"), "--attach", str(tmp_path / "b.txt"))
    ended = await chats(ada, lilith, *files, said="Look!\n")
    assert "| in a.txt" in ended.out
    assert "| in b.txt" in ended.out


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.txt", None, "missing.txt can't be read: no such file or directory."),
        ("empty.txt", b"", "empty.txt is empty."),
        ("program", b"MZ\0\0", "Attach a picture (PNG, JPEG, GIF, WebP), a text (plain, Markdown)"),
        ("big.txt", b"x" * (25 * 1024 * 1024 + 1), "big.txt has more than 25 MB"),
        ("", None, "is a folder: name a file in it."),
    ],
    ids=["missing", "empty", "program", "big", "folder"],
)
async def test_what_cannot_be_attached_says_what_to_do(
    ada: Person, lilith: str, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ended = await chats(ada, lilith, "--attach", str(tmp_path / name), said="Look!\n")
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err


async def test_on_a_terminal_a_wrong_path_is_told_and_the_talk_goes_on(
    ada: Person, lilith: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("Honey")
    async with ada.terminal("chat", lilith) as screen:
        await screen.see("you:")
        screen.type("/attach nowhere.txt\n")
        await screen.see("nowhere.txt can't be read")
        await screen.see("you:")
        screen.type("/attach\n")
        await screen.see("Say /attach with its path.")
        screen.type(f"/attach {tmp_path}/a.txt\n")
        await screen.see("goes with your next message")
        await screen.see("you:")
        screen.type("Look!\n")
        await screen.see("| Honey")
        await screen.see("you:")
        screen.type("/quit\n")
        assert await screen.ended() == 0


async def test_a_message_has_ten_files_at_most(ada: Person, lilith: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Honey")
    ended = await chats(ada, lilith, *("--attach", str(tmp_path / "a.txt")) * 11, said="Look!\n")
    assert (ended.code, ended.out) == (2, "")
    assert "10 files at most" in ended.err
