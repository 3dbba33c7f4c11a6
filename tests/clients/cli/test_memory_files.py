"""`tzurot memory export` and `import` with the real `tzurot` at a real server."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from tests.clients.cli.people import Person
from tests.conftest import Served

MEM0 = {"results": [{"id": "m1", "memory": "Keeps bees.", "user_id": "ida", "hash": "0f"}]}


@pytest.fixture
async def ada(served: Served, tmp_path: Path) -> Person:
    """Somebody who has told a character of theirs two things."""
    person = Person(served, served.people("ada")[0], tmp_path)
    slug = await person.character("Luna", slug=f"luna-{uuid4().hex[:8]}")
    for words in ("I keep bees.", "I sailed to Kos in 2021."):
        assert (await person.run("memory", "add", words, "-p", slug)).code == 0
    return person


@pytest.fixture
async def bo(served: Served, tmp_path: Path) -> Person:
    """Somebody else, with a character of the same name."""
    person = Person(served, served.people("bo")[0], tmp_path)
    await person.character("Luna")
    return person


def rows(path: Path) -> list[str]:
    """What the memories of a file say, without its header."""
    return [json.loads(line)["text"] for line in path.read_bytes().splitlines()[1:]]


async def test_a_file_goes_out_and_moves_in_elsewhere(
    ada: Person, bo: Person, tmp_path: Path
) -> None:
    target = tmp_path / "mine.jsonl"
    ended = await ada.run("memory", "export", "-o", str(target))
    assert (ended.code, ended.out) == (0, f"{target} is written.\n")
    assert sorted(rows(target)) == ["I keep bees.", "I sailed to Kos in 2021."]

    shown = await bo.run("memory", "import", str(target), "--preview")
    assert "memories, tzurot_memories 1, jsonl" in shown.out
    assert (await bo.document("memory", "list"))["memories"] == []
    async with bo.terminal("memory", "import", str(target)) as screen:
        await screen.see("Import it?")
        screen.type("y\n")
        await screen.see("new")
        assert await screen.ended() == 0
    moved = await bo.document("memory", "list")
    assert {it["utterances"][0]["text"] for it in moved["memories"]} == set(rows(target))

    again = await bo.document("memory", "import", str(target), "--yes")
    assert [it["action"] for it in again["import"]["changes"]] == ["keep"]


async def test_what_is_wanted_can_be_said(ada: Person, tmp_path: Path) -> None:
    target = tmp_path / "some.jsonl"
    document = await ada.document(
        "memory", "export", "--sector", "episodic", "--since", "1d", "-o", str(target)
    )
    assert (document, rows(target)) == ({"files": [str(target)]}, ["I sailed to Kos in 2021."])
    ended = await ada.run("memory", "export", "-f", "mem0", "-o", "-")
    told = {row["memory"] for row in json.loads(ended.out)["results"]}
    assert told == {"I keep bees.", "I sailed to Kos in 2021."}
    ended = await ada.run("memory", "export", "-o", str(target))
    assert (ended.code, len(rows(target))) == (0, 2)


async def test_rows_of_another_program_need_a_character(bo: Person, tmp_path: Path) -> None:
    source, target = tmp_path / "mem0.json", tmp_path / "again.json"
    source.write_text(json.dumps(MEM0))
    ended = await bo.run("memory", "import", str(source), "--yes")
    assert ended.code != 0
    shown = await bo.run("memory", "import", str(source), "--preview", "-p", "Luna")
    assert "memory → memory.text" in shown.out
    assert "hash: no place for it here" in shown.out
    assert (await bo.run("memory", "import", str(source), "--yes", "-p", "Luna")).code == 0
    assert (await bo.run("memory", "export", "-f", "mem0", "-o", str(target))).code == 0
    assert json.loads(target.read_bytes()) == MEM0


async def test_a_broken_line_is_told_by_its_number(ada: Person, tmp_path: Path) -> None:
    target = tmp_path / "mine.jsonl"
    await ada.run("memory", "export", "-o", str(target))
    target.write_bytes(target.read_bytes()[:-40])
    for more in (["--preview"], ["--yes"]):
        ended = await ada.run("memory", "import", str(target), *more)
        assert ended.code == 2
        assert "Line 3 is no JSON object" in ended.err
