"""Lorebooks and documents with the real `tzurot` at a real server."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.clients.cli.people import Person
from tests.conftest import Served


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    (client,) = served.people("ada")
    return Person(served, client, tmp_path)


async def a_book(who: Person, **fields: str) -> str:
    """A new book; its id."""
    options = [part for name, value in fields.items() for part in (f"--{name}", value)]
    made = await who.document("lorebook", "create", "--name", "Coast", *options)
    return made["lorebook"]["id"]


async def an_entry(who: Person, book: str, *options: str) -> Any:
    """A new entry of a book."""
    return (await who.document("lorebook", "entry", "add", book, *options))["entry"]


async def test_a_book_is_created_changed_and_deleted(ada: Person) -> None:
    ended = await ada.run("lorebook", "create", "--name", "Coast", "--budget", "500")
    assert ended.code == 0, ended.err
    ((_, book),) = (line.split() for line in ended.out.splitlines() if line.startswith("id"))
    edited = await ada.document(
        "lorebook", "edit", book, "--description", "Of Varn.", "--recursive", "--clear",
        "token-budget",
    )  # fmt: skip
    kept = {name: edited["lorebook"][name] for name in ("name", "description", "token_budget")}
    assert kept == {"name": "Coast", "description": "Of Varn.", "token_budget": None}
    assert edited["lorebook"]["recursive_scanning"] is True
    nothing = await ada.run("lorebook", "edit", book)
    assert (nothing.code, "Nothing to change" in nothing.err) == (2, True)
    assert (await ada.run("lorebook", "delete", book, "--yes")).out == "It is deleted.\n"
    assert (await ada.document("lorebook", "list"))["lorebooks"] == []


async def test_an_entry_is_added_with_all_its_options_and_shown(ada: Person) -> None:
    book = await a_book(ada)
    entry = await an_entry(
        ada, book, "--content", "It hums.", "-k", "tower", "-k", "/tow+er/i", "--second-key",
        "night", "--logic", "not-any", "--name", "Tower", "--off", "--always", "--patterns",
        "--match-case", "--parts", "--scan-depth", "0", "--order", "2.5", "--priority", "-1",
        "--place", "at-depth", "--depth", "0", "--role", "user", "--outlet", "x", "--probability",
        "40", "--sticky", "1", "--cooldown", "2", "--delay", "3", "--group", "a, b",
        "--group-weight", "7", "--group-override", "--group-scoring", "--exclude-recursion",
        "--prevent-recursion", "--delay-until-recursion", "2", "--ignore-budget",
    )  # fmt: skip
    said = {
        "content": "It hums.", "keys": ["tower", "/tow+er/i"], "secondary_keys": ["night"],
        "logic": "SECONDARY_LOGIC_NOT_ANY", "name": "Tower", "enabled": False, "constant": True,
        "use_regex": True, "case_sensitive": True, "match_whole_words": False, "scan_depth": 0,
        "insertion_order": 2.5, "priority": -1.0, "place": "LORE_PLACE_AT_DEPTH", "depth": 0,
        "role": "PROMPT_ROLE_USER", "outlet": "x", "probability": 40, "sticky": 1, "cooldown": 2,
        "delay": 3, "group": "a, b", "group_weight": 7, "position": 0, "lorebook_id": book,
        "group_override": True, "use_group_scoring": True, "exclude_recursion": True,
        "prevent_recursion": True, "delay_until_recursion": 2, "ignore_budget": True,
    }  # fmt: skip
    assert {name: entry[name] for name in said} == said
    assert set(entry) == {*said, "id", "etag"}  # there is an option for each field
    by_number = await ada.run("lorebook", "entry", "show", book, "0")
    by_id = await ada.run("lorebook", "entry", "show", book, entry["id"])
    assert (by_number.code, by_number.out) == (0, by_id.out)
    shown = dict(line.split(maxsplit=1) for line in by_number.out.splitlines())
    assert (shown["keys"], shown["place"]) == ("tower, /tow+er/i", "at-depth 0")
    assert (shown["logic"], shown["role"], shown["enabled"]) == ("not-any", "user", "no")
    for name in set(said) - {"position", "lorebook_id"}:
        assert name.replace("_", " ") in by_number.out, name
    listed = (await ada.run("lorebook", "show", book)).out
    assert all(word in listed for word in (entry["id"], "Tower", "at-depth 0", "It hums."))


async def test_what_is_zero_or_switched_off_on_purpose_is_shown(ada: Person) -> None:
    book = await a_book(ada)
    entry = await an_entry(
        ada, book, "--content", "It hums.", "--probability", "0", "--parts", "--any-case",
        "--ignore-budget",
    )  # fmt: skip
    edited = await ada.run("lorebook", "entry", "edit", entry["id"], "--no-ignore-budget")
    assert edited.code == 0, edited.err
    shown = (await ada.run("lorebook", "entry", "show", book, "0")).out.splitlines()
    lines = [" ".join(line.split()) for line in shown]
    assert {"probability 0", "match whole words no", "case sensitive no"} <= set(lines)
    assert not any(line.startswith("ignore budget") for line in lines)


async def test_an_entry_is_changed_and_removed(ada: Person) -> None:
    book = await a_book(ada)
    entry = (await an_entry(ada, book, "--content", "Old.", "-k", "harbor", "--sticky", "2"))["id"]
    changed = await ada.document(
        "lorebook", "entry", "edit", entry, "-k", "port", "--clear", "sticky", "--on"
    )
    assert changed["entry"]["keys"] == ["port"]
    assert (changed["entry"]["content"], changed["entry"]["sticky"]) == ("Old.", None)
    nothing = await ada.run("lorebook", "entry", "edit", entry)
    assert (nothing.code, "Nothing to change" in nothing.err) == (2, True)
    wrong = await ada.run("lorebook", "entry", "edit", entry, "--clear", "moon")
    assert (wrong.code, "`moon`" in wrong.err) == (2, True)
    assert (await ada.run("lorebook", "entry", "remove", entry, "--yes")).out == "It is removed.\n"
    gone = await ada.run("lorebook", "entry", "show", book, "0")
    assert (gone.code, "no entry 0" in gone.err) == (2, True)


async def test_a_test_says_of_each_entry_if_where_and_why(ada: Person) -> None:
    book = await a_book(ada)
    await an_entry(ada, book, "--content", "Old.", "-k", "harbor", "--name", "Harbor")
    await an_entry(ada, book, "--content", "Deep.", "-k", "sea", "--place", "at-depth")
    await an_entry(ada, book, "--content", "Gone.", "-k", "harbor", "--off", "--name", "Off")
    ended = await ada.run("lorebook", "test", book, "Is that the sea?", "No.", "The harbor!")
    assert ended.code == 0, ended.err
    head, harbor, sea, off = ended.out.splitlines()
    assert head.split() == ["nr", "entry", "told", "where", "why"]
    assert harbor.split()[:4] == ["0", "Harbor", "yes", "before-character"]
    assert "`harbor`" in harbor
    assert sea.split()[:5] == ["1", "sea", "yes", "at-depth", "4"]
    assert off.split() == ["2", "Off", "no", "-", "switched", "off"]
    document = await ada.document("lorebook", "test", book, "The harbor!")
    assert [it["activated"] for it in document["matches"]] == [True, False, False]


async def test_all_books_of_a_character_are_tested_with_its_name(ada: Person) -> None:
    slug = await ada.character("Lilith")
    for number in range(2):
        book = await a_book(ada)
        await an_entry(ada, book, "--content", "{{char}} hums.", "-k", "{{char}}", "--name", "Self")
        attached = await ada.run("lorebook", "attach", book, slug)
        assert attached.code == 0, number
    found = await ada.document("lorebook", "test", slug, "Who is Lilith?", "--character")
    assert [it["content"] for it in found["matches"]] == ["Lilith hums."] * 2
    none = await ada.document("lorebook", "test", slug, "Who is it?", "--character")
    assert not any(it["activated"] for it in none["matches"])


async def test_an_export_is_the_book_as_it_was_edited(ada: Person, tmp_path: Path) -> None:
    book = await a_book(ada)
    await an_entry(ada, book, "--content", "Old.", "-k", "harbor")
    target = tmp_path / "coast.json"
    await ada.run("lorebook", "export", book, "-o", str(target))
    written = json.loads(target.read_bytes())
    assert [row["content"] for row in written["data"]["entries"]] == ["Old."]


async def test_files_are_added_to_what_a_character_knows(ada: Person, tmp_path: Path) -> None:
    slug = await ada.character("Lilith")
    bells, tower = tmp_path / "bells.md", tmp_path / "tower.txt"
    bells.write_text("# The Bells of Ys\n\nUnder the sea the bells ring at night.\n")
    tower.write_text("The tower hums when fog comes.\n")
    ended = await ada.run("knowledge", "add", slug, str(bells), str(tower))
    assert ended.code == 0, ended.err
    assert "The Bells of Ys" in ended.out
    listed = (await ada.document("knowledge", "list", slug))["documents"]
    assert len(listed) == 2
    (hit, *_) = (await ada.document("knowledge", "search", slug, "When do bells ring?"))["passages"]
    assert hit["title"] == "The Bells of Ys"
    (fog := tmp_path / "fog.txt").write_text("The fog is thick.\n")
    named = await ada.document("knowledge", "add", slug, str(fog), "--title", "Fog")
    assert [it["title"] for it in named["documents"]] == ["Fog"]
    shown = await ada.run("knowledge", "show", listed[-1]["id"])
    assert "the bells ring" in shown.out


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [("card.png", b"\x89PNG\r\n\x1a\n1234", "picture"), ("empty.txt", b"", "is empty")],
)
async def test_a_file_that_is_no_text_is_refused_with_a_reason(
    name: str, content: bytes, told: str, ada: Person, tmp_path: Path
) -> None:
    slug = await ada.character("Lilith")
    (tmp_path / name).write_bytes(content)
    ended = await ada.run("knowledge", "add", slug, str(tmp_path / name))
    assert ended.code == 2
    assert told in ended.err


async def test_one_title_is_for_one_document(ada: Person, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Words.")
    files = [str(tmp_path / name) for name in ("a.txt", "b.txt")]
    ended = await ada.run("knowledge", "add", "tzu", *files, "--title", "Both")
    assert (ended.code, "one by one" in ended.err) == (2, True)
