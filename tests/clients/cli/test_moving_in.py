"""Moving in with the real `tzurot` at a real server: libraries, backups, and what came of them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clients.cli.running import Ended, terminal, tzurot
from tests.conftest import Served
from tests.transfer import backup, library
from tests.transfer.handing import sample
from tzurot import clock
from tzurot.formats import chats

ANSI = re.compile(r"\x1b\[[0-9;]*m")


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
    said = [found.histories[0].messages for found in kept]
    was = chats.read(library.jsonl(library.HEADER, *library.FIRST).encode())
    assert was
    assert was.histories[0].messages in said, "with times, alternatives and rows"


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
    assert backup.MINE in await shell.does("memory", "search", "afraid of the deep", "-p", slug)
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
    await shell.does("personality", "edit", slug, "--visibility", "public")

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


async def test_a_preview_reads_well_on_a_terminal_and_then_it_asks(
    shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "Aurora.json"
    file.write_bytes(sample("cards/tk_full_v2_card.json"))
    start = ("--token", shell.served.running.token, "--as", shell.subject, "personality", "import")
    address = shell.served.running.address
    for answer, is_there in (("n", False), ("y", True)):
        async with terminal(*start, str(file), home=tmp_path, address=address) as screen:
            shown = await screen.see("Import it? [y/N]:")
            screen.type(f"{answer}\r")
            code = await screen.ended()
        shown = ANSI.sub("", shown)
        words = " ".join(shown.split())
        assert "file character card, chara_card_v2 2.0, json name Aurora" in words
        assert "greetings 3 lore entries 1" in words
        assert "data.first_mes → greeting" in words
        assert re.search(r"new +personality +1 +[0-9]+ B +Aurora", shown)
        assert (code == 0) == is_there
        mine = (await shell.tells("personality", "list", "--mine"))["personalities"]
        assert bool(mine) == is_there
    assert "say hello with `tzurot chat aurora" in screen.shown


async def test_what_comes_again_is_shown_with_its_slug(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "Aurora.json"
    file.write_bytes(sample("cards/tk_full_v2_card.json"))
    await shell.does("personality", "import", str(file), "--yes")
    (mine,) = (await shell.tells("personality", "list", "--mine"))["personalities"]
    shown = await shell.does("personality", "import", str(file), "--preview")
    assert f"Aurora ({mine['slug']})" in " ".join(shown.split())
    told = await shell.tells("personality", "import", str(file), "--preview")
    changes = {it["resource"]: (it["name"], it["slug"]) for it in told["changes"]}
    assert changes["personality"] == ("Aurora", mine["slug"])


async def test_a_preview_for_a_program_says_all_by_name(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "book.json"
    file.write_bytes(sample("lorebooks/syn_st_world_full_fields.json"))
    told = await shell.tells("lorebook", "import", str(file), "--preview")
    assert {name: told[name] for name in ("kind", "name", "lorebook_entries", "has_avatar")} == {
        "kind": "lorebook",
        "name": None,
        "lorebook_entries": 2,
        "has_avatar": False,
    }
    (change,) = told["changes"]
    assert (change["action"], change["resource"], change["name"]) == ("create", "lorebook", "book")
    assert (await shell.tells("lorebook", "list"))["lorebooks"] == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (sample("cards/quirk_no_card.png"), "no character card"),
        (sample("cards/tk_invalid_missing_name.json"), "no name"),
        (b"GIF89a", "GIF picture holds no character card"),
        (b"", "is empty"),
    ],
    ids=["no card", "no name", "gif", "empty"],
)
async def test_a_file_that_can_not_be_used_ends_with_its_reason(
    content: bytes, words: str, shell: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(content)
    for more in (["--preview"], ["--yes"]):
        ended = await shell.run("personality", "import", str(file), *more, "--json")
        assert (ended.code, ended.err) == (2, "")
        error = json.loads(ended.out)["error"]
        assert error["reason"] == "FILE_UNREADABLE"
        assert error["message"]
    ended = await shell.run("personality", "import", str(file), "--preview")
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err


async def test_a_path_with_nothing_there_is_told(shell: Shell, tmp_path: Path) -> None:
    ended = await shell.run("personality", "import", str(tmp_path / "nothing.png"), "--yes")
    assert (ended.code, ended.out) == (2, "")
    assert "can't be read: no such file or directory." in ended.err


async def test_an_export_overwrites_nothing_unasked(shell: Shell, tmp_path: Path) -> None:
    card = tmp_path / "Io.png"
    card.write_bytes(library.card("Io"))
    made = await shell.tells("personality", "import", str(card), "--yes")
    slug = made["personality"]["slug"]
    target = tmp_path / "there.png"
    assert await shell.does("personality", "export", slug, "-o", str(target)) == (
        f"{target} is written.\n"
    )
    assert target.read_bytes().startswith(b"\x89PNG")
    folder = tmp_path / "out"
    folder.mkdir()
    await shell.does("personality", "export", slug, "-f", "v3", "-o", str(folder))
    (written,) = folder.iterdir()
    assert json.loads(written.read_bytes())["data"]["name"] == "Io"
    written.write_text("mine")
    ended = await shell.run("personality", "export", slug, "-f", "v3", "-o", str(folder))
    assert ended.code == 2
    assert "is there already" in ended.err
    assert written.read_text() == "mine"


async def test_lorebooks_are_listed_tried_used_and_deleted(shell: Shell, tmp_path: Path) -> None:
    folder = library.build(tmp_path / "SillyTavern")
    world = folder / "data" / "default-user" / "worlds" / "Harbor.json"
    await shell.does("lorebook", "import", str(world), "--yes")
    (book,) = (await shell.tells("lorebook", "list"))["lorebooks"]
    assert (book["name"], book["entry_count"]) == ("Harbor", 1)
    assert library.BELLS in await shell.does("lorebook", "show", book["id"])
    (match,) = (await shell.tells("lorebook", "test", book["id"], "Is that a bell?"))["matches"]
    assert match["activated"] is True

    made = await shell.tells("personality", "create", "--name", "Keeper")
    slug = made["personality"]["slug"]
    await shell.does("lorebook", "attach", book["id"], slug)
    (used,) = (await shell.tells("lorebook", "list"))["lorebooks"]
    assert used["personality_ids"] == [made["personality"]["id"]]
    await shell.does("lorebook", "detach", book["id"], slug)
    target = tmp_path / "exported.json"
    await shell.does("lorebook", "export", book["id"], "-o", str(target))
    assert json.loads(target.read_bytes())["entries"] == json.loads(world.read_bytes())["entries"]
    await shell.does("lorebook", "delete", book["id"], "--yes")
    assert (await shell.tells("lorebook", "list"))["lorebooks"] == []


async def test_knowledge_and_personas_are_shown_and_deleted(shell: Shell, tmp_path: Path) -> None:
    folder = backup.build(tmp_path)
    made = await shell.tells("personality", "import", str(folder), "--yes", "--me", backup.ME)
    slug = made["personality"]["slug"]
    (known,) = (await shell.tells("knowledge", "list", slug))["documents"]
    assert known["title"] == "The Foghorn"
    assert backup.STORY in await shell.does("knowledge", "show", known["id"])
    await shell.does("knowledge", "delete", known["id"], "--yes")
    assert (await shell.tells("knowledge", "list", slug))["documents"] == []

    (ida,) = [
        persona
        for persona in (await shell.tells("persona", "list"))["personas"]
        if persona["name"] == "Ida"
    ]
    await shell.does("persona", "delete", ida["id"], "--yes")
    assert len((await shell.tells("persona", "list"))["personas"]) == 1


async def test_a_claim_that_is_rejected_gives_nobody_anything(
    shell: Shell, other: Shell, tmp_path: Path
) -> None:
    folder = backup.build(tmp_path)
    made = await shell.tells("personality", "import", str(folder), "--yes", "--me", backup.ME)
    slug = made["personality"]["slug"]
    await shell.does("personality", "edit", slug, "--visibility", "public")
    claimed = (await other.tells("claim", "create", slug, backup.HER))["claim"]
    await shell.does("claim", "reject", claimed["id"])
    (seen,) = (await other.tells("claim", "list"))["claims"]
    assert seen["state"].endswith("REJECTED")
    assert (await other.tells("memory", "list", "-p", slug))["memories"] == []
