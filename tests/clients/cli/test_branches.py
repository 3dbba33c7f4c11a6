"""`tzurot conversation export --branches`: a chat and its branches, as files in a folder."""

from pathlib import Path

from tests.clients.cli.people import Person
from tests.conftest import Served
from tests.transfer import library
from tzurot.formats import chats


async def test_a_chat_and_its_branches_are_written_into_a_folder(
    served: Served, tmp_path: Path
) -> None:
    ada = Person(served, served.people("ada")[0], tmp_path)
    user = library.build(tmp_path / "SillyTavern") / "data" / "default-user"
    marta = await ada.character("Marta")
    for path in ("Marta - 2024-3-1.jsonl", "Branch #1 - 2024-3-6.jsonl"):
        moved = ("import", str(user / "chats" / "Marta" / path), "-p", marta, "--yes")
        assert (await ada.run("conversation", *moved)).code == 0
    (talk,) = (await ada.document("conversation", "list"))["conversations"]
    export = ("conversation", "export", talk["id"])

    folder = tmp_path / "out" / "Marta"
    main, branch = folder / f"{marta}.jsonl", folder / f"{marta} - Branch #1.jsonl"
    ended = await ada.run(*export, "--branches", "-o", str(folder))
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"{main} is written.\n{branch} is written.\n"
    for file, rows in ((main, library.FIRST), (branch, library.BRANCH)):
        found = chats.read(file.read_bytes())
        assert found
        assert [it.text for it in found.histories[0].messages] == [row["mes"] for row in rows]

    alone = tmp_path / "alone.jsonl"
    await ada.run(*export, "-o", str(alone))
    assert alone.read_bytes() == main.read_bytes()

    main.unlink()
    branch.write_text("mine")
    ended = await ada.run(*export, "--branches", "-o", str(folder))
    assert (ended.code, branch.read_text(), main.exists()) == (2, "mine", False)
    assert f"{branch} is there already" in ended.err
    ended = await ada.run(*export, "--branches", "-o", "-")
    assert (ended.code, ended.out) == (2, "")
