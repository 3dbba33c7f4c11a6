"""Memories on the command line, with a real server: found, explained, counted and drawn."""

from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree

import pytest

from tests.clients.cli.people import Person
from tests.conftest import Served

STORIES = (
    "I sailed to Kos with Jonas.",
    "My friend Jonas mends the lighthouse.",
    "The lighthouse needs a keeper.",
    "I painted the lighthouse.",
    "I told </text><script>alert(1)</script> to Jonas ]]> and Mary.",
)


@pytest.fixture(scope="module")
def served(understanding: Served) -> Served:
    """Memories are found by their meaning, too."""
    return understanding


@pytest.fixture
async def ada(served: Served, tmp_path: Path) -> Person:
    """Somebody who has told a character all that."""
    person = Person(served, served.people("ada")[0], tmp_path)
    slug = await person.character("Luna", visibility=2, slug=f"luna-{uuid4().hex[:8]}")
    for story in STORIES:
        assert (await person.run("memory", "add", story, "-p", slug)).code == 0
    await served.indexed()
    return person


@pytest.fixture
def eve(served: Served, tmp_path: Path) -> Person:
    return Person(served, served.people("eve")[0], tmp_path)


async def slug_of(person: Person) -> str:
    listed = await person.document("personality", "list", "--mine")
    return str(listed["personalities"][0]["slug"])


async def test_a_search_says_why_in_words_and_with_explain_in_numbers(ada: Person) -> None:
    slug = await slug_of(ada)
    command = ("memory", "search", "Who mends the lighthouse?", "-p", slug)
    ended = await ada.run(*command)
    _, words, why, *_ = ended.out.splitlines()
    assert words == "  My friend Jonas mends the lighthouse."
    assert why.startswith('  you said "mends" and "lighthouse"')
    assert "wording 0." not in ended.out
    assert "  wording 0." in (await ada.run(*command, "--explain")).out
    (hit, *_) = (await ada.document(*command, "--explain"))["hits"]
    assert hit["reasons"][0] == 'you said "mends" and "lighthouse"'
    assert hit["parts"]["keyword"] > 0
    (hit, *_) = (await ada.document(*command))["hits"]
    assert (hit["reasons"], hit["parts"]) == ([], None)


async def test_whom_and_what_they_are_about_is_a_table_and_a_picture(
    ada: Person, tmp_path: Path
) -> None:
    slug = await slug_of(ada)
    ended = await ada.run("memory", "graph", "-p", slug)
    rows = [line.split() for line in ended.out.splitlines()]
    for row in (["Jonas", "name", "3"], ["lighthouse", "topic", "3"], ["Luna", "personality", "5"]):
        assert row in rows
    assert ["you", "Jonas", "3", "named", "together"] in rows
    assert ended.err == f"{len(rows[1 : rows.index([])])} nodes of 5 memories.\n"

    file = tmp_path / "graph.svg"
    for view in ("relationships", "waypoints"):
        command = ("memory", "graph", "--view", view, "--svg", str(file))
        ended = await ada.run(*command)
        assert ended.out.startswith(f"{file} is written: ")
        root = ElementTree.parse(file).getroot()  # noqa: S314  our own server's
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert not [it for it in root.iter() if it.tag.endswith("script")]
    assert "</text><script>" in "".join(root.itertext())


async def test_nobody_else_sees_any_of_it(ada: Person, eve: Person) -> None:
    slug = await slug_of(ada)
    for view in ("relationships", "waypoints"):
        graph = await eve.document("memory", "graph", "-p", slug, "--view", view, "--svg", "-")
        assert (graph["nodes"], graph["edges"]) == ([], [])
        assert "Jonas" not in graph["svg"]
    assert (await eve.document("memory", "stats", "-p", slug))["memory_count"] == 0


async def test_they_are_counted_and_shown_with_what_they_are(ada: Person) -> None:
    slug = await slug_of(ada)
    ended = await ada.run("memory", "stats", "-p", slug)
    assert "memories       5\n" in ended.out
    assert f"Luna ({slug})" in ended.out
    (memory, *_) = (await ada.document("memory", "list", "-p", slug))["memories"]
    shown = (await ada.run("memory", "show", memory["id"])).out
    for line in ("kind           exchange", "recalled       never", "stands out     "):
        assert line in shown
