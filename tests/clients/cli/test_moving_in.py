"""Moving in with the real `tzurot` at a real server: libraries, backups, and what came of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clients.cli.running import Ended, tzurot
from tests.conftest import Served
from tests.transfer import backup, library
from tzurot import clock
from tzurot.formats import chats


@dataclass(frozen=True, slots=True)
class Shell:
    """Somebody's command line."""

    served: Served
    home: Path
    subject: str

    async def run(self, *arguments: str, said: str = "") -> Ended:
        """Run a command to its end."""
        running = self.served.running
        env = {"TZUROT_ADDRESS": running.address, "TZUROT_TOKEN": running.token}
        return await tzurot("--as", self.subject, *arguments, home=self.home, env=env, said=said)

    async def does(self, *arguments: str) -> str:
        """What a command says that succeeds."""
        ended = await self.run(*arguments)
        assert ended.code == 0, ended.out + ended.err
        return ended.out

    async def tells(self, *arguments: str) -> dict[str, Any]:
        """The document of a command that succeeds."""
        return json.loads(await self.does(*arguments, "--json"))


@pytest.fixture
def shell(served: Served, tmp_path: Path) -> Shell:
    return Shell(served, tmp_path, f"local:shell-{clock.uuid7().hex[-12:]}")


@pytest.fixture
def other(served: Served, tmp_path: Path) -> Shell:
    return Shell(served, tmp_path, f"local:other-{clock.uuid7().hex[-12:]}")


def counted(changes: list[dict[str, Any]]) -> Mapping[tuple[str, str], int]:
    return {(change["action"], change["resource"]): change["count"] for change in changes}


async def test_a_library_moves_in_and_only_what_is_broken_stays_out(
    shell: Shell, tmp_path: Path
) -> None:
    folder = library.build(tmp_path / "SillyTavern")
    first = await shell.run("import", "sillytavern", str(folder), "--yes", "--json")
    assert (first.code, first.err) == (
        1,
        "2 files were not imported; all others were. Run it again.\n",
    )
    told = json.loads(first.out)
    assert [failure["file"] for failure in told["failures"]] == [
        "characters/Broken.png",
        "chats/Gone/Gone.jsonl",
    ]
    assert counted(told["changes"]) == {
        ("new", "personality"): 2,
        ("new", "avatar"): 2,
        ("new", "lorebook"): 2,
        ("as it is", "lorebook"): 1,  # the world that Marta is linked with
        ("new", "persona"): 2,
        ("new", "conversation"): 4,  # Marta's with its branch, and the group's with each member
        ("new", "message"): len(library.FIRST) + 2 + 2 * len(library.GROUP),
        ("new", "memory"): 5,
    }
    again = await shell.run("import", "sillytavern", str(folder), "--yes", "--json")
    assert again.code == 1
    assert {verb for verb, _ in counted(json.loads(again.out)["changes"])} == {"as it is"}


async def test_what_a_library_had_is_there_afterwards(shell: Shell, tmp_path: Path) -> None:
    folder = library.build(tmp_path / "SillyTavern")
    await shell.run("import", "sillytavern", str(folder), "--yes")
    slugs = {
        each["name"]: each["slug"]
        for each in (await shell.tells("personality", "list", "--mine"))["personalities"]
    }
    assert set(slugs) == {"Marta", "Nobu"}

    books = {book["name"]: book for book in (await shell.tells("lorebook", "list"))["lorebooks"]}
    assert set(books) == {"Harbor", "World One"}
    assert len(books["Harbor"]["personality_ids"]) == 1
    assert not books["World One"].get("personality_ids")

    personas = (await shell.tells("persona", "list"))["personas"]
    assert {"Mira", "Kael"} <= {persona["name"] for persona in personas}

    memories = (await shell.tells("memory", "list", "-p", slugs["Marta"]))["memories"]
    dates = {memory["occur_time"][:10] for memory in memories}
    assert {"2024-03-02", "2024-03-04"} <= dates

    talks = (await shell.tells("conversation", "list", "-p", slugs["Marta"]))["conversations"]
    assert len(talks) == 2
    kept = [await _exported(shell, talk["id"], tmp_path) for talk in talks]
    told = [chats.read(library.jsonl(library.HEADER, *library.FIRST).encode())]
    said = [[message.text for message in found.histories[0].messages] for found in kept]
    assert [message.text for message in told[0].histories[0].messages] in said
    swiped = [
        m.alternatives for found in kept for m in found.histories[0].messages if m.alternatives
    ]
    assert swiped == [("Never.", "At noon.")]


async def _exported(shell: Shell, conversation_id: str, folder: Path) -> Any:
    target = folder / f"{conversation_id}.jsonl"
    await shell.does("conversation", "export", conversation_id, "--output", str(target))
    found = chats.read(target.read_bytes())
    assert found
    return found


async def test_a_library_is_previewed_without_being_imported(shell: Shell, tmp_path: Path) -> None:
    folder = library.build(tmp_path / "SillyTavern")
    ended = await shell.run("import", "sillytavern", str(folder), "--preview")
    assert "characters/Broken.png: This picture holds no character card." in ended.err
    assert (await shell.tells("personality", "list", "--mine"))["personalities"] == []
    assert (await shell.tells("lorebook", "list"))["lorebooks"] == []


async def test_whom_nobody_can_ask_has_to_say_yes(shell: Shell, tmp_path: Path) -> None:
    folder = library.build(tmp_path / "SillyTavern")
    file = folder / "data" / "default-user" / "characters" / "Marta.png"
    for command in (
        ("import", "sillytavern", str(folder)),
        ("personality", "import", str(file)),
        ("personality", "import", str(file), "--json"),
    ):
        ended = await shell.run(*command, said="y\n")
        assert ended.code == 2
        assert "--yes" in ended.out + ended.err
    assert (await shell.tells("personality", "list", "--mine"))["personalities"] == []


async def test_a_folder_without_characters_is_none_of_sillytavern(
    shell: Shell, tmp_path: Path
) -> None:
    ended = await shell.run("import", "sillytavern", str(tmp_path), "--yes")
    assert (ended.code, ended.out) == (2, "")
    assert "SillyTavern/data/default-user" in ended.err


async def test_a_backup_moves_in_with_all_that_its_person_had(shell: Shell, tmp_path: Path) -> None:
    folder = backup.build(tmp_path)
    made = await shell.tells("personality", "import", str(folder), "--yes", "--me", backup.ME)
    slug = made["personality"]["slug"]
    assert made["import"]["kind"] == "shapes_backup"

    shown = (await shell.tells("personality", "show", slug))["personality"]
    assert shown["greeting"] == "*{{char}} lifts the lantern.* Who is there?"
    memories = (await shell.tells("memory", "list", "-p", slug))["memories"]
    told = {memory["utterances"][0]["text"]: memory["occur_time"][:10] for memory in memories}
    assert told == {
        backup.MINE: "2024-05-02",
        backup.OURS: "2024-05-04",
        "Is the lamp lit?": "2024-05-03",
        "Even in storms?": "2024-05-03",
    }
    (hit,) = (await shell.tells("knowledge", "search", slug, "foghorn"))["passages"]
    assert backup.STORY in json.dumps(hit)
    personas = (await shell.tells("persona", "list"))["personas"]
    assert ("Ida", "she/her") in {(it["name"], it.get("pronouns", "")) for it in personas}
    (talk,) = (await shell.tells("conversation", "list", "-p", slug))["conversations"]
    target = tmp_path / "talk.jsonl"
    await shell.does("conversation", "export", talk["id"], "-o", str(target))
    assert "Most of all then." in target.read_text()


async def test_what_was_somebody_elses_waits_for_them(
    shell: Shell, other: Shell, tmp_path: Path
) -> None:
    folder = backup.build(tmp_path)
    made = await shell.tells("personality", "import", str(folder), "--yes", "--me", backup.ME)
    slug = made["personality"]["slug"]
    await shell.does("personality", "edit", slug, "--public")

    waiting = (await shell.tells("claim", "waiting", slug))["unclaimed"]
    assert {row["sender_id"] for row in waiting} == {backup.HER, backup.HIM}
    assert (await other.tells("claim", "waiting", slug))["unclaimed"] == []
    for one in (shell, other):
        found = await one.does("memory", "search", "letters under the stair", "-p", slug, "--json")
        assert backup.HERS not in found
    claimed = (await other.tells("claim", "create", slug, backup.HER))["claim"]
    assert (await other.tells("memory", "list", "-p", slug))["memories"] == []

    (seen,) = (await shell.tells("claim", "list"))["claims"]
    assert seen["id"] == claimed["id"]
    await shell.does("claim", "confirm", claimed["id"])
    hers = (await other.tells("memory", "list", "-p", slug))["memories"]
    texts = {memory["utterances"][0]["text"] for memory in hers}
    assert texts == {backup.HERS, backup.OURS, backup.THEIRS}
    assert backup.HERS not in await shell.does("memory", "list", "-p", slug, "--json")

    again = await shell.tells("personality", "import", str(folder), "--yes", "--me", backup.ME)
    assert {change["action"] for change in again["import"]["changes"]} == {"keep"}
    assert len((await other.tells("memory", "list", "-p", slug))["memories"]) == 3
