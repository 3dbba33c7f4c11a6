"""What a character may be called on the command line, and what is told when a name is unclear."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.clients.cli.people import Person
from tests.conftest import Served


@pytest.fixture
def ada(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("ada")[0], tmp_path)


@pytest.fixture
def bea(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("bea")[0], tmp_path)


async def test_a_name_does_where_a_slug_or_an_id_does(ada: Person) -> None:
    slug = await ada.character(name := "Lilith of the Night")
    shown = (await ada.document("personality", "show", slug))["personality"]
    for called in (slug, f"@{slug}", shown["id"], name, "@lilith of the night"):
        assert (await ada.document("personality", "show", called))["personality"] == shown
    for command in (
        ("memory", "list", "-p", name),
        ("conversation", "list", "-p", name),
        ("knowledge", "list", name),
        ("claim", "waiting", name),
        ("personality", "export", name, "-o", "-", "-f", "v3"),
    ):
        ended = await ada.run(*command)
        assert (ended.code, ended.err) == (0, ""), command


async def test_of_several_it_says_once_which_one_it_takes(ada: Person, bea: Person) -> None:
    name = f"Lilith_{uuid4().hex[:8]}"
    theirs = await bea.character(name, visibility=2)
    mine, older = await ada.character(name), (await ada.look_at(theirs)).owner_name
    ended = await ada.run("personality", "show", name)
    assert mine in ended.out
    assert ended.err == f"{name} means {mine} (yours); also: {theirs} by {older}\n"
    shown = (await ada.document("personality", "show", name))["personality"]
    assert shown["slug"] == mine  # and nothing but the document
    ended = await ada.run("personality", "show", theirs)
    assert (ended.code, ended.err) == (0, "")  # a slug is clear
    second = await ada.character(name)
    ended = await ada.run("memory", "list", "-p", name.upper())
    also = f"{second} (yours), {theirs} by {older}"
    assert ended.err == f"{name.upper()} means {mine} (yours); also: {also}\n"


async def test_many_of_a_name_are_told_on_one_line(ada: Person) -> None:
    slugs = [await ada.character("Legion") for _ in range(8)]
    ended = await ada.run("personality", "show", "Legion")
    (line,) = ended.err.splitlines()
    assert f"Legion means {slugs[0]} (yours)" in line
    assert line.endswith(f"{slugs[5]} (yours), and 2 more")


async def test_a_name_of_nobody_is_told_as_it_was_typed(ada: Person) -> None:
    ended = await ada.run("personality", "show", "Nobody Here")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("There is no character `Nobody Here`, or you may not see it")
    long = await ada.run("personality", "show", "x" * 100)
    assert (long.code, long.out) == (2, "")


async def test_deleting_by_a_name_deletes_the_one_that_it_means(ada: Person) -> None:
    first, second = await ada.character("Twin"), await ada.character("Twin")
    ended = await ada.run("personality", "delete", "twin", "--yes")
    assert ended.out == f"{first} is deleted.\n"
    assert (await ada.run("personality", "show", second)).code == 0


async def test_before_it_is_deleted_the_question_says_which_one(ada: Person) -> None:
    slug = await ada.character("Lilith")
    async with ada.terminal("personality", "delete", "lilith of nowhere") as screen:
        assert await screen.ended() == 2
    async with ada.terminal("personality", "delete", slug) as screen:
        await screen.see(f"Delete Lilith ({slug}), its conversations")
        screen.type("n\n")
        assert await screen.ended() == 1
    assert (await ada.run("personality", "show", slug)).code == 0


async def test_a_talk_begins_with_whom_the_name_means(ada: Person) -> None:
    slug = await ada.character("Lilith of the Night", greeting="Come in.")
    ended = await ada.run("chat", "lilith of the night", "--json")
    assert f'"slug": "{slug}"' in ended.out


async def test_a_list_shows_whose_they_are_and_takes_words_and_tags(
    ada: Person, bea: Person
) -> None:
    mark = uuid4().hex[:8]
    mine = await ada.character(f"Lilith {mark}", tags=["Calm", "night"])
    theirs = await bea.character(f"Kael {mark}", visibility=2, tags=["calm"])
    ended = await ada.run("personality", "list", "--query", mark)
    heads, *rows = (line.split() for line in ended.out.splitlines())
    assert heads == ["slug", "name", "owner", "visibility", "role", "id"]
    assert [row[0] for row in rows] == [theirs, mine]
    assert rows[0][3:6] == [bea.client.subject, "public", "-"]
    assert rows[1][3:6] == [ada.client.subject, "private", "owner"]
    for options, slugs in (
        (("--tag", "CALM"), [theirs, mine]),
        (("--tag", "calm", "--tag", "night"), [mine]),
        (("--mine",), [mine]),
    ):
        found = await ada.document("personality", "list", "--query", mark, *options)
        assert [it["slug"] for it in found["personalities"]] == slugs
