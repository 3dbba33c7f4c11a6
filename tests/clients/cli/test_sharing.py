"""Sharing characters and giving them other names, on the command line, with a real server."""

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


class TestShares:
    async def test_a_character_is_shared_listed_and_taken_back(
        self, ada: Person, bea: Person
    ) -> None:
        slug, guest = await ada.character("Lilith"), bea.client.subject or ""
        ended = await ada.run("personality", "share", slug, guest, "--role", "editor")
        assert (ended.code, ended.out) == (0, f"{guest} co-owns it now and may change it.\n")
        assert "editor" in (await bea.run("personality", "list", "--mine")).out
        ended = await bea.run("personality", "shares", slug)
        (heads, row) = (line.split() for line in ended.out.splitlines())
        assert heads == ["who", "name", "role", "since"]
        assert row[:3] == [guest, guest, "editor"]
        ended = await ada.run("personality", "unshare", slug, guest)
        assert (ended.code, ended.out) == (0, f"{guest} has no role there any more.\n")
        assert (await bea.run("personality", "show", slug)).code == 2

    async def test_each_command_has_its_json(self, ada: Person, bea: Person) -> None:
        slug, guest = await ada.character("Lilith"), bea.client.subject or ""
        command = ("personality", "share", slug, guest, "--role", "blocked")
        share = (await ada.document(*command))["share"]
        assert (share["subject"], share["role"]) == (guest, "PERSONALITY_ROLE_BLOCKED")
        assert (await ada.document("personality", "shares", slug))["shares"] == [share]
        assert await ada.document("personality", "unshare", slug, guest) == {}
        assert (await ada.document("personality", "shares", slug))["shares"] == []

    async def test_what_is_no_role_or_no_right_is_told(self, ada: Person, bea: Person) -> None:
        slug = await ada.character("Lilith", visibility=2)
        command = ("personality", "share", slug, "local:cid", "--role")
        assert "'owner' is not one of" in (await ada.run(*command, "owner")).err
        ended = await bea.run(*command, "editor")
        assert (ended.code, ended.out) == (2, "")
        assert ended.err == f"Only its owner may do this with `{slug}`.\n"


class TestAliases:
    async def test_a_name_is_added_used_listed_and_removed(self, ada: Person) -> None:
        slug = await ada.character("Lilith")
        ended = await ada.run("personality", "alias", "add", slug, "Night Lady")
        assert (ended.code, ended.out, ended.err) == (0, "Night Lady is your name now.\n", "")
        assert slug in (await ada.run("personality", "show", "night lady")).out
        ended = await ada.run("personality", "alias", "list", "Night Lady")
        row = ended.out.splitlines()[1].split()
        assert row[1:4] == ["Night", "Lady", "you"]
        assert (await ada.run("personality", "alias", "remove", row[0])).code == 0
        assert (await ada.run("personality", "show", "night lady")).code == 2

    async def test_what_else_the_name_means_goes_to_stderr(self, ada: Person) -> None:
        mark = f"Lil_{uuid4().hex[:8]}"
        first, second = await ada.character(mark), await ada.character("Other")
        ended = await ada.run("personality", "alias", "add", second, mark, "--global")
        assert ended.out == f"{mark} is a name for everybody now.\n"
        assert ended.err == (
            f"“{mark}” is also the name of {mark} ({first}, yours).\n"
            f"“{mark}” now means {mark} ({first}, yours).\n"
        )

    async def test_each_command_has_its_json(self, ada: Person) -> None:
        slug = await ada.character("Lilith")
        made = await ada.document("personality", "alias", "add", slug, "Lil", "--global")
        assert (made["alias"]["alias"], made["alias"]["global"]) == ("Lil", True)
        listed = await ada.document("personality", "alias", "list", slug)
        assert listed["aliases"] == [made["alias"]]
        assert await ada.document("personality", "alias", "list") == {"aliases": []}
        alias_id = made["alias"]["id"]
        assert await ada.document("personality", "alias", "remove", alias_id) == {}
